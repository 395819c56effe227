"""Which renders are under way, and what was purged since they began."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coranto.delivery.edge.keys import Key

LONGEST: Final = 300.0  # seconds; a render that takes longer is not waited for, and what it brings is not stored

MOST_REMEMBERED: Final = 100_000


@dataclass(frozen=True, slots=True)
class Ticket:
    """A render that has begun: the page it is for, and how many purges there had been."""

    key: Key
    sequence: int
    began_at: float
    number: int


class Renders:
    """Purges are remembered for the sake of renders that began before them, and no longer than those take."""

    def __init__(self) -> None:
        self.sequence = 0
        self._all_purged = 0
        self._numbers = 0
        self._open: dict[int, Ticket] = {}
        self._purged: dict[str, int] = {}  # tag: sequence of its last purge, in the order of these

    def __len__(self) -> int:
        return len(self._open)

    @property
    def remembered(self) -> int:
        """How many purged tags are remembered."""
        return len(self._purged)

    def begin(self, key: Key, now: float) -> Ticket:
        self._numbers += 1
        ticket = self._open[self._numbers] = Ticket(key, self.sequence, now, self._numbers)
        return ticket

    def purge(self, tags: Iterable[str]) -> None:
        self.sequence += 1
        if self._open:
            for tag in tags:
                self._purged.pop(tag, None)
                self._purged[tag] = self.sequence
        if len(self._purged) > MOST_REMEMBERED:
            self._forget_which()

    def purge_all(self) -> None:
        self.sequence += 1
        self._forget_which()

    def _forget_which(self) -> None:
        """So much was purged that every render under way counts as outdated."""
        self._all_purged = self.sequence
        self._purged.clear()

    def end(self, ticket: Ticket, tags: Iterable[str]) -> int:
        """Where a purge has outdated the render, the sequence from which on nobody is given it any more; else 0.

        That is the first after it began: of a tag that was purged twice meanwhile only the second time is known, and
        whoever asked between the two must not be given what the first has outdated.
        """
        if self._open.pop(ticket.number, None) is None:
            return ticket.sequence + 1  # it took too long: what was purged meanwhile is forgotten
        last = max((self._purged.get(tag, 0) for tag in tags), default=0)
        self._forget()
        return ticket.sequence + 1 if max(last, self._all_purged) > ticket.sequence else 0

    def tidy(self, now: float) -> None:
        """Stop remembering for renders that will not come back."""
        for number, ticket in list(self._open.items()):
            if now - ticket.began_at > LONGEST:
                del self._open[number]
        self._forget()

    def _forget(self) -> None:
        if not self._open:
            self._purged.clear()
            return
        oldest = next(iter(self._open.values())).sequence
        over = list(takewhile(lambda tag: self._purged[tag] <= oldest, self._purged))
        for tag in over:
            del self._purged[tag]
