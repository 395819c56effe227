"""Old addresses lead to where things are now, for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wagtail.contrib.redirects.models import Redirect

from coranto.delivery import operations as delivery
from coranto.masthead.rules import is_reserved

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from coranto.importers.rules.reports import Report

_MAX_PATH: Final = 255
# Where the site answers whatever comes after, so that no redirect would ever be asked for.
_ANSWERED: Final = frozenset({"-", "admin", "documents", "media", "static"})

Wanted = tuple[str, str, int | None]
"""An old path, the present address, and the page there if it is one."""


def add_redirects(wanted: Iterable[Wanted], *, taken: frozenset[str], report: Report) -> None:
    """Write the redirects that are not there yet; inside the transaction that made their targets.

    `taken`: slugs at the top of the site. An old path that equals one of them, or one the site keeps for
    itself, is answered by what stands there now and is reported.
    """
    rows: dict[str, Redirect] = {}
    for old, address, page_id in wanted:
        path = Redirect.normalise_path(old)
        if path == Redirect.normalise_path(address):
            continue
        reason = _obstacle(path, taken)
        if reason:
            report.skip(kind="redirect", source_id=path, reason=reason)
            continue
        rows.setdefault(
            path,
            Redirect(old_path=path, is_permanent=True, redirect_page_id=page_id)
            if page_id
            else Redirect(old_path=path, is_permanent=True, redirect_link=address),
        )
    paths = list(rows)
    for start in range(0, len(paths), 500):
        part: Sequence[str] = paths[start : start + 500]
        for known in Redirect.objects.filter(old_path__in=part).values_list("old_path", flat=True):
            rows.pop(known, None)
    Redirect.objects.bulk_create(rows.values(), batch_size=500)
    delivery.purge_tags(tags=["missing"])
    report.redirects += len(rows)


def _obstacle(path: str, taken: frozenset[str]) -> str:
    if len(path) > _MAX_PATH:
        return "the old address is longer than 255 characters"
    first, _, rest = path.strip("/").partition("/")
    if first in _ANSWERED or (not rest and is_reserved(first)):
        return "the site itself answers at this address"
    if not rest and first in taken:
        return "another page has this address now"
    return ""
