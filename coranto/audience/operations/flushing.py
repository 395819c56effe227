"""Writing what a second has brought."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import close_old_connections, connections, router, transaction

from coranto.audience.models import ANYWHERE, Crowd, DayAgent, RunningLeftOut, RunningViews, Visit
from coranto.audience.operations.adding import add_up, insert_new
from coranto.audience.operations.pending import Pending
from coranto.audience.operations.salting import forget_old_salts
from coranto.audience.rules import MOST_FROM_ONE_ADDRESS, Reason, is_bot
from coranto.delivery import operations as delivery
from coranto.delivery.rules.repetition import Seldom
from coranto.delivery.tags import tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from coranto.audience.operations.pending import Batch, PendingView

logger = logging.getLogger(__name__)

INTERVAL: Final = 1.0  # seconds
MINUTE: Final = 60.0
# Purges make pages be put together anew: of those that changed so many a second, the others a moment later.
MOST_PURGED: Final = 20

pending = Pending()
_one_at_a_time = threading.Lock()
_to_purge: dict[int, None] = {}
_said = Seldom(timedelta(minutes=1))


def flush_views() -> int:
    """Write what waits in this process, in one transaction; how many views that were. What fails waits on."""
    with _one_at_a_time:
        batch = pending.take()
        try:
            views = _write(batch) if batch else []
        except BaseException:
            pending.put_back()
            raise
        pending.done()
        if batch:
            _to_purge.update(dict.fromkeys(view.article_id for view in views if not is_bot(view.agent)))
            delivery.purge_tags(tags=["how-we-count"])
        _purge_some()
    return len(views)


def _purge_some() -> None:
    some = list(_to_purge)[:MOST_PURGED]
    delivery.purge_tags(tags=[tag("views", each) for each in some])
    for each in some:
        del _to_purge[each]


# In a process that serves, a thread does it once a second; in all others it is done at once. ------------------


class _Flusher(threading.Thread):
    def __init__(self) -> None:
        super().__init__(name="views", daemon=True)
        self.has_work = threading.Event()
        self._is_over = threading.Event()

    def run(self) -> None:
        while not self._is_over.is_set():
            if not self.has_work.wait(timeout=MINUTE):
                forget_old_salts()
                continue
            self._is_over.wait(INTERVAL)
            self.has_work.clear()
            close_old_connections()  # as Django does between requests
            _flush_or_say()
            if _to_purge:
                self.has_work.set()
        connections.close_all()

    def end(self) -> None:
        self._is_over.set()
        self.has_work.set()
        self.join(timeout=10)


_flusher: _Flusher | None = None


def flush_soon() -> None:
    """Have what waits written within a second."""
    if _flusher is None:
        _flush_or_say()
    else:
        _flusher.has_work.set()


def start_flushing() -> None:
    """Have a thread of this process write from now on."""
    global _flusher  # noqa: PLW0603 - one for a process
    if _flusher is None:
        _flusher = _Flusher()
        _flusher.start()


def stop_flushing() -> None:
    """Write what is left, and end the thread."""
    global _flusher  # noqa: PLW0603
    if _flusher is not None:
        _flusher.end()
        _flusher = None
        _flush_or_say()


def _flush_or_say() -> None:
    try:
        flush_views()
    except Exception as error:  # a reader who reads has nothing to do with it; what waits is written later
        if _said.may_say(type(error).__name__):
            logger.exception("Views could not be written down; they wait")


# What is written ----------------------------------------------------------------------------------------------


def _write(batch: Batch) -> list[PendingView]:
    """The views that count, or would if they were no bot's."""
    left_out = Counter(batch.left_out)
    with transaction.atomic(using=router.db_for_write(Visit)):
        new = _new_of(list(batch.views.values()))
        for each in batch.views.keys() - {view.key for view in new}:
            left_out[batch.views[each].hour, Reason.REPEATED] += 1
        views = _without_crowds(new)
        for view in set(new) - set(views):
            left_out[view.hour, Reason.CROWDED] += 1
        _add_views(views, _agents_of(views))
        rows = [
            {"hour": hour, "reason": reason, "token": "", "count": count}
            for (hour, reason), count in sorted(left_out.items())
        ]
        add_up(RunningLeftOut, unique=["hour", "reason", "token"], amount="count", rows=rows)
    return views


def _new_of(views: Iterable[PendingView]) -> list[PendingView]:
    """Those of visitors who were not known to have viewed the article, whichever process they told."""
    found = _insert_visits({(view.day, view.marks.visitor, view.article_id) for view in views})
    return [view for view in views if view.key in found]


def _insert_visits(visits: Iterable[tuple[date, bytes, int]]) -> set[tuple[bytes, int]]:
    # Sorted by the mark: in the order they came, marks could be laid beside what else was written in that order. And
    # so that no two processes wait for each other.
    rows = [
        {"day": day, "visitor": visitor, "article_id": article_id}
        for day, visitor, article_id in sorted(visits, key=lambda each: each[1:])
    ]
    found = insert_new(Visit, unique=["visitor", "article_id"], rows=rows)
    return {(bytes(visitor), article_id) for visitor, article_id in found}


def _without_crowds(views: Sequence[PendingView]) -> list[PendingView]:
    """Without those by which one address would be more visitors to an article than one can be."""
    coming = Counter((view.marks.address, view.article_id) for view in views)
    days = {view.marks.address: view.day for view in views}
    rows = [
        {"day": days[address], "address": address, "article_id": article_id, "visitors": count}
        for (address, article_id), count in sorted(coming.items())
    ]
    unique = ["address", "article_id"]
    totals = add_up(Crowd, unique=unique, amount="visitors", rows=rows, returning=[*unique, "visitors"])
    room = {
        (bytes(address), article_id): MOST_FROM_ONE_ADDRESS - (total - coming[bytes(address), article_id])
        for address, article_id, total in totals
    }
    kept = []
    for view in views:
        key = (view.marks.address, view.article_id)
        room[key] -= 1
        if room[key] >= 0:
            kept.append(view)
    return kept


def _agents_of(views: Iterable[PendingView]) -> dict[tuple[date, str], int]:
    """The ids of their user agents; each has one visitor more for everybody who was not here on that day."""
    agent_of = {view.marks.visitor: (view.day, view.agent) for view in views}
    first = _insert_visits({(day, visitor, ANYWHERE) for visitor, (day, _agent) in agent_of.items()})
    visitors = Counter(dict.fromkeys(agent_of.values(), 0))
    visitors.update(agent_of[visitor] for visitor, _anywhere in first)
    rows = [
        {"day": day, "text": text, "is_bot": is_bot(text), "visitors": count}
        for (day, text), count in sorted(visitors.items())
    ]
    found = add_up(
        DayAgent, unique=["day", "text"], amount="visitors", rows=rows, returning=["visitors", "id", "day", "text"]
    )
    to_date = DayAgent._meta.get_field("day").to_python
    return {(to_date(day), text): pk for _visitors, pk, day, text in found}


def _add_views(views: Iterable[PendingView], agents: dict[tuple[date, str], int]) -> None:
    counts = Counter((view.hour, view.article_id, agents[view.day, view.agent], view.referrer) for view in views)
    rows = [
        {"hour": hour, "article_id": article_id, "agent_id": agent_id, "referrer": referrer, "token": "", "views": n}
        for (hour, article_id, agent_id, referrer), n in sorted(counts.items())
    ]
    unique = ["hour", "article_id", "agent_id", "referrer", "token"]
    add_up(RunningViews, unique=unique, amount="views", rows=rows)
