"""The registry of what a reader may follow: whatever room lets somebody follow something lists it here.

    followed.register(Following(name="threads", label=_("Comments"), find=…))

`find(account)` returns what this account follows of that kind, in a fixed number of queries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.utils.functional import _StrPromise

    from coranto.masthead.models import Account


@dataclass(frozen=True, slots=True)
class Followed:
    """One thing somebody follows: what it is called, where it is, and where a POST ends it."""

    label: str
    url: str
    stop_url: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Following:
    """One kind of thing to follow."""

    name: str
    label: str | _StrPromise
    find: Callable[[Account], Sequence[Followed]]


_registered: dict[str, Following] = {}


def register(kind: Following) -> None:
    """Make a kind known; raises `ValueError` when two rooms claim the same name."""
    if kind.name in _registered:
        raise ValueError(f"What is followed as {kind.name!r} is registered already.")
    _registered[kind.name] = kind


def registered() -> tuple[Following, ...]:
    """All kinds, in the order of registration."""
    return tuple(_registered.values())
