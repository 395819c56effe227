"""The registry of what may stand in a *placement* block.

A room above registers the kinds it can fill: `register(Placement(kind="donation-box", ...))`. The theme puts
the fragment in; behind the page cache it becomes an include of its own address, with its own life.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpRequest
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Placement:
    """One kind of placement.

    `render(request, options)` returns safe HTML, empty where there is nothing to show; `check(options)` returns
    a sentence saying what is wrong with the options an editor typed, or an empty string.
    """

    kind: str
    label: str | _StrPromise
    render: Callable[[HttpRequest, str], str]
    check: Callable[[str], str] = lambda _options: ""


_registered: dict[str, Placement] = {}


def register(placement: Placement) -> None:
    """Make a kind available; raises `ValueError` when two rooms claim the same one."""
    if placement.kind in _registered:
        raise ValueError(f"The placement kind {placement.kind!r} is registered already.")
    _registered[placement.kind] = placement


def choices() -> Iterable[tuple[str, str | _StrPromise]]:
    return [(each.kind, each.label) for each in _registered.values()]


def problem_with(kind: str, options: str) -> str:
    """What is wrong with the options, as a sentence; empty when nothing is."""
    known = _registered.get(kind)
    return known.check(options) if known else ""


def render(kind: str, options: str, request: HttpRequest) -> str:
    """The fragment's HTML; empty for a kind no room fills (any more)."""
    known = _registered.get(kind)
    return known.render(request, options) if known else ""
