"""Views that were reported to this process and are not written yet.

Readers come by the thousand at once, and a database writes for one at a time: what a second brings is written in one
transaction. A process that is killed takes that second with it.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from coranto.audience.rules import is_bot

if TYPE_CHECKING:
    from datetime import date, datetime

    from coranto.audience.rules import Marks

# While the database cannot be written to they stay here, as long as that does not cost the process its memory.
MOST: Final = 100_000


@dataclass(frozen=True, kw_only=True, slots=True)
class PendingView:
    """`hour` is when it began, by UTC; `referrer` a value of `rules.Referrer`."""

    article_id: int
    marks: Marks
    agent: str
    referrer: str
    hour: datetime

    @property
    def key(self) -> tuple[bytes, int]:
        return self.marks.visitor, self.article_id

    @property
    def day(self) -> date:
        return self.hour.date()


@dataclass(slots=True)
class Batch:
    """Each visitor's first view of each article, in the order they came, and how many were left out by hour and why.

    `people` are the visitors of each article that are no bots.
    """

    views: dict[tuple[bytes, int], PendingView] = field(default_factory=dict)
    left_out: Counter[tuple[datetime, str]] = field(default_factory=Counter)
    people: defaultdict[int, list[bytes]] = field(default_factory=lambda: defaultdict(list))

    def __bool__(self) -> bool:
        return bool(self.views or self.left_out)

    def add(self, view: PendingView) -> None:
        if self.views.setdefault(view.key, view) is view and not is_bot(view.agent):
            self.people[view.article_id].append(view.marks.visitor)


class Pending:
    """One for a process; its threads share it. At most one thread at a time takes what there is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting = Batch()
        self._in_hand = Batch()
        self._taken = 0
        self._is_at_rest = threading.Event()
        self._is_at_rest.set()

    def add(self, view: PendingView) -> bool:
        """Whether this is the visitor's first view of the article, as far as is known here."""
        with self._lock:
            if view.key in self._waiting.views or view.key in self._in_hand.views:
                return False
            if len(self._waiting.views) < MOST:
                self._waiting.add(view)
            return True

    def leave_out(self, reason: str, hour: datetime) -> None:
        with self._lock:
            self._waiting.left_out[hour, reason] += 1

    def take(self) -> Batch:
        """All there is; `done` or `put_back` follows."""
        with self._lock:
            self._in_hand, self._waiting = self._waiting, Batch()
            self._taken += 1
            self._is_at_rest.clear()
            return self._in_hand

    def done(self) -> None:
        with self._lock:
            self._in_hand = Batch()
            self._is_at_rest.set()

    def put_back(self) -> None:
        """It could not be written: it waits again, before what has come since."""
        with self._lock:
            batch = self._in_hand
            for view in self._waiting.views.values():
                batch.add(view)
            batch.left_out += self._waiting.left_out
            self._waiting, self._in_hand = batch, Batch()
            self._is_at_rest.set()

    def people_of(self, article_id: int) -> list[bytes]:
        """The marks of the people whose views of an article wait."""
        with self._lock:
            return [visitor for batch in (self._waiting, self._in_hand) for visitor in batch.people.get(article_id, ())]

    def wait_for_rest(self, seconds: float) -> int | None:
        """A number that is another as soon as something is taken; None while something is being written."""
        if not self._is_at_rest.wait(seconds):
            return None
        return self._taken

    def clear(self) -> None:
        """Forget all of it."""
        with self._lock:
            self._waiting, self._in_hand = Batch(), Batch()
            self._is_at_rest.set()
