"""Counting a view, and telling how many there are."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Final

from django.conf import settings

from coranto.audience.models import Crowd, Visit
from coranto.audience.operations.flushing import INTERVAL, flush_soon, pending
from coranto.audience.operations.pending import PendingView
from coranto.audience.operations.salting import salt_of
from coranto.audience.queries import shown_views
from coranto.audience.rules import MOST_FROM_ONE_ADDRESS, Reason, clean_agent, is_nameless, marks_of

if TYPE_CHECKING:
    from datetime import datetime

    from coranto.audience.rules import Referrer

_ATTEMPTS: Final = 3
_PATIENCE: Final = 0.05  # seconds
_MOST_ASKED_FOR: Final = 10_000  # at once; SQLite takes 32,766


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """That somebody looks at an article. `is_ahead`: it is loaded in case it will be looked at.

    `address` is that of `kit.addresses`: an IPv4 address, or the /64 of an IPv6 one.
    """

    article_id: int
    address: str
    agent: str
    referrer: Referrer
    is_staff: bool = False
    is_ahead: bool = False


def count_view(*, report: Report, now: datetime) -> None:
    """Count a view of a public article, once for each visitor and day; or note why it does not count.

    What bots view is written down as well, and left out wherever views are read: when the rules change, the past can
    be judged anew.
    """
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    agent = clean_agent(report.agent)
    if reason := _reason_to_leave_out(report, agent):
        pending.leave_out(reason, hour)
    else:
        marks = marks_of(salt=salt_of(hour.date()), site=settings.ORIGIN, address=report.address, agent=agent)
        view = PendingView(article_id=report.article_id, marks=marks, agent=agent, referrer=report.referrer, hour=hour)
        was_here = Visit.objects.filter(visitor=marks.visitor, article_id=report.article_id).exists()
        if not was_here and _is_crowded(marks.address, report.article_id):
            # Who makes up one browser after another is not to fill the disk with their marks either.
            pending.leave_out(Reason.CROWDED, hour)
        elif was_here or not pending.add(view):
            pending.leave_out(Reason.REPEATED, hour)
    flush_soon()


def _is_crowded(address: bytes, article_id: int) -> bool:
    """Whether one address has been as many visitors to the article as it can be, by what is written down."""
    full = Crowd.objects.filter(visitors__gte=MOST_FROM_ONE_ADDRESS)
    return full.filter(address=address, article_id=article_id).exists()


def tell_views(*, article_id: int) -> int:
    """What readers are told of an article at this moment, what is not written yet included.

    What other processes have written may be a second old.
    """
    for _ in range(_ATTEMPTS):
        taken = pending.wait_for_rest(_PATIENCE)
        written = _written(article_id) if taken is None else _numbers.read(article_id, taken)
        views = written + len(pending.people_of(article_id))
        # Written between the one look and the other, a view would be seen twice or not at all.
        if taken is not None and taken == pending.wait_for_rest(0):
            break
    return views


class _Numbers:
    """What the database says of articles, until something is written here, and for a second at most.

    `taken` tells what has been written here: `Pending.wait_for_rest`.
    """

    def __init__(self) -> None:
        self._taken = -1
        self._until = 0.0
        self._views: dict[int, int] = {}

    def read(self, article_id: int, taken: int) -> int:
        now = time.monotonic()
        if taken != self._taken or now >= self._until:
            self._views, self._taken, self._until = {}, taken, now + INTERVAL
        # Kept in what was there at the beginning: should it be out of date by the end, so is where it is put.
        views = self._views
        found = views.get(article_id)
        if found is None:
            found = views[article_id] = _written(article_id)
        return found


def _written(article_id: int) -> int:
    """What the database says, without those who wait here as well: another process has written them meanwhile."""
    views = shown_views([article_id])[article_id]
    waiting = pending.people_of(article_id)
    if not waiting:
        return views
    return views - Visit.objects.filter(article_id=article_id, visitor__in=waiting[:_MOST_ASKED_FOR]).count()


_numbers = _Numbers()


def _reason_to_leave_out(report: Report, agent: str) -> Reason | None:
    if report.is_ahead:
        return Reason.PREFETCH
    if is_nameless(agent):
        return Reason.NAMELESS
    return Reason.STAFF if report.is_staff else None
