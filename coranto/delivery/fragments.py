"""Parts that many pages share, with tags and a life of their own: `fragments.register(Fragment("breaking", ...))`.

Behind the edge a page holds a hole (`<esi:include>`, ESI Language Specification 1.0, W3C note, 2001) that the edge
fills; without one the same markup is put in here.
"""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from coranto.delivery import pages, tags
from coranto.kit.ids import read_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.http import HttpRequest

logger = logging.getLogger(__name__)

ADDRESS: Final = "/-/fragments/"
# A page with a gap is another one as soon as the fragment can be made.
LIFE_OF_GAP: Final = timedelta(seconds=1)


class UnknownFragmentError(LookupError):
    """There is no such fragment, or none with these parameters."""


def id_given(parameter: str) -> int:
    """The id that a parameter is. Raises `UnknownFragmentError` where it is none."""
    found = read_id(parameter)
    if found is None:
        raise UnknownFragmentError
    return found


@dataclass(frozen=True, slots=True)
class Variant:
    """One of several things a fragment may show; the edge picks one for each hit, by weight."""

    html: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Fragment:
    """`render(request, **parameters)` returns safe HTML, or variants to pick from; it says its tags with `tags.carry`.

    `parameters` are all it depends on, as strings: neither the address of the page nor who reads it. One that is not
    given is empty. Of values nobody can have asked for `render` raises `UnknownFragmentError`.
    `stale` is how long an old one may be shown while the new one is made.
    """

    name: str
    render: Callable[..., str | Sequence[Variant]]
    parameters: tuple[str, ...] = ()
    life: timedelta = pages.LIFE
    stale: timedelta = timedelta(0)


_registered: dict[str, Fragment] = {}


def register(fragment: Fragment) -> None:
    """Make a fragment available; raises `ValueError` when two rooms claim the same name."""
    if fragment.name in _registered:
        raise ValueError(f"The fragment {fragment.name!r} is registered already.")
    _registered[fragment.name] = fragment


def find(name: str) -> Fragment | None:
    return _registered.get(name)


def render(request: HttpRequest, fragment: Fragment, given: Mapping[str, str]) -> list[Variant]:
    """What the fragment shows, one or several; raises `UnknownFragmentError`."""
    made = fragment.render(request, **{name: given.get(name, "") for name in fragment.parameters})
    return [Variant(made)] if isinstance(made, str) else list(made)


def put_in(request: HttpRequest, name: str, **parameters: object) -> SafeString:
    """The fragment for a page: a hole where the edge fills it, its markup otherwise; nothing where it fails."""
    fragment = _registered[name]
    given = {key: str(value) for key, value in parameters.items()}
    if set(given) - set(fragment.parameters):
        raise TypeError(f"The fragment {name!r} takes {fragment.parameters}, not {sorted(given)}.")
    if pages.has_edge(request):
        tags.leave_hole()
        query = urlencode(sorted(given.items()))
        return format_html('<esi:include src="{}"/>', f"{ADDRESS}{name}/{'?' if query else ''}{query}")
    try:
        with tags.collecting():
            tags.expire_within(fragment.life)
            return _pick(render(request, fragment, given))
    except Exception:  # a quiet gap: the page is worth more than one part of it
        logger.exception("The fragment %s failed", name)
        tags.expire_within(LIFE_OF_GAP)
        return SafeString("")


def _pick(variants: Sequence[Variant]) -> SafeString:
    weights = [max(0, variant.weight) for variant in variants]
    if not variants:
        return SafeString("")
    chosen = random.choices(variants, weights)[0] if any(weights) else variants[0]  # noqa: S311 - nothing is secret
    return mark_safe(chosen.html)  # noqa: S308 - safe by contract
