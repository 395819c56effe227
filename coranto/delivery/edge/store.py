"""The page store: what is kept, found, purged and forgotten. It does no input or output and has no clock of its own."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from typing import TYPE_CHECKING, Final

from coranto.delivery.edge import admission, composing
from coranto.delivery.edge.composing import Found
from coranto.delivery.edge.drafts import drafting
from coranto.delivery.edge.entries import Entry
from coranto.delivery.edge.keys import Keys, is_plain_query
from coranto.delivery.edge.memos import Memo
from coranto.delivery.edge.pieces import to_the_end
from coranto.delivery.edge.renders import Renders, Ticket
from coranto.delivery.edge.shelves import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from coranto.delivery.edge.answers import Answer
    from coranto.delivery.edge.drafts import Draft
    from coranto.delivery.edge.keys import Key

MOST_PAGES: Final = 200_000
MOST_MISSING_PAGES: Final = 1_000
SHARE_OF_MISSING_PAGES: Final = 16  # of the bytes, as 1/n
MOST_PASSES: Final = 5_000
MOST_GAPS: Final = 5_000
MOST_TARGETS: Final = 8  # ways of writing an entry's address that are found at once
MOST_TIDIED: Final = 2_000  # entries at a time
MOST_WARMED: Final = 20  # pages made again after a purge before somebody asks
PASS_LIFE: Final = 2.0
GAP_LIFE: Final = 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an answer.

    `entry` is what to serve: stored, or, where `outdated_at` is not 0, only for those who had asked before that
    sequence. `rejection` says why there is none. `ask_again`: only whoever this was rendered for may have it.
    """

    entry: Entry | None = None
    rejection: admission.Rejection | None = None
    outdated_at: int = 0
    ask_again: bool = False

    @property
    def rejected(self) -> str:
        return self.rejection.reason if self.rejection is not None else ""

    @property
    def is_outdated(self) -> bool:
        return self.outdated_at > 0


@dataclass(frozen=True, slots=True)
class Statistics:
    """`oldest` is the age of the oldest entry in seconds."""

    hits: int
    misses: int
    entries: int
    missing_pages: int
    bytes: int
    evictions: int
    purges: int
    renders: int
    oldest: float


class Store:
    """Pages and fragments within `limit` bytes.

    `find_target` and `find` give what is fresh, `find_stale` what may stand in while a new one is made and
    `find_for_error` while none can be. An entry's `choose` may say None: then the fragments in its `missing` are
    rendered like pages (`begin`, `finish`), and it is asked again. Whoever runs this asks for `take_due`, what should
    be made before the next reader asks for it, and calls `tidy`, each second.
    """

    def __init__(
        self,
        *,
        limit: int,
        hosts: Iterable[str] = (),
        now: Callable[[], float] = time.monotonic,
        pick: Callable[[], float] = random.random,
    ) -> None:
        self.keys = Keys(hosts)
        self.now = now
        self.pick = pick
        self.generation = 0
        self.hits = self.misses = self.purges = 0
        self._renders = Renders()
        share = limit // SHARE_OF_MISSING_PAGES
        self._pages = Shelf(limit=limit - share, most=MOST_PAGES, on_leaving=self._leave)
        self._missing_pages = Shelf(limit=share, most=MOST_MISSING_PAGES, on_leaving=self._leave)
        self._tagged: defaultdict[str, set[Entry]] = defaultdict(set)
        self._targets: dict[tuple[bytes, bytes, str], Entry] = {}
        self._passes: Memo[Key, float] = Memo(MOST_PASSES)
        self._gaps: Memo[Key, float] = Memo(MOST_GAPS)
        self._due: dict[Key, None] = {}

    # Finding ---------------------------------------------------------------------------------------------------

    def find_target(self, host: bytes, target: bytes, level: str) -> Entry | None:
        """What `remember` was told of a request written exactly so, while it is fresh."""
        entry = self._targets.get((host, target, level))
        if entry is None:
            bare, mark, query = target.partition(b"?")
            entry = self._targets.get((host, bare, level)) if mark else None
            # What does not matter is still looked at: a line that ends in it would be the end of another request.
            if entry is None or not entry.ignores_query or not is_plain_query(query):
                return None
        return self._read(entry)

    def find(self, key: Key) -> Entry | None:
        """What is fresh under this key."""
        entry = self._get(key)
        found = None if entry is None else self._read(entry)
        if found is None:
            self.misses += 1
        return found

    def find_stale(self, key: Key) -> Entry | None:
        """What may be shown a moment longer while a new one is made."""
        entry = self._get(key)
        return self._revisit(entry) if entry is not None and self.now() < entry.stale_until else None

    def find_for_error(self, key: Key) -> Entry | None:
        """What may be shown while the app is down."""
        entry = self._get(key)
        return self._revisit(entry) if entry is not None and self.now() < entry.error_until else None

    def remember(self, host: bytes, target: bytes, level: str, entry: Entry) -> None:
        """Find an entry by this way of writing its address from now on, as long as it is kept."""
        written = (host, target.partition(b"?")[0] if entry.ignores_query else target, level)
        if self._targets.get(written) is entry or not self._shelf_of(entry).holds(entry):
            return
        if len(entry.targets) >= MOST_TARGETS:  # odd ways of writing an address must not keep out the plain one
            self._forget_target(entry.targets.pop(0), entry)
        entry.targets.append(written)
        self._targets[written] = entry

    def passes(self, key: Key) -> bool:
        """Whether the last answer for this key could not be shared, so that nobody should wait for another's."""
        until = self._passes.get(key)
        return until is not None and self.now() < until

    # Rendering -------------------------------------------------------------------------------------------------

    @property
    def sequence(self) -> int:
        """How many purges there have been: who asks now is not given what an earlier render brings if one meets it."""
        return self._renders.sequence

    def begin(self, key: Key) -> Ticket:
        """A render for this key begins; `finish`, `fail` or `abandon` ends it."""
        return self._renders.begin(key, self.now())

    def finish(self, ticket: Ticket, answer: Answer, drafted: Draft | None = None) -> Outcome:
        """A render has brought an answer: store it where that is allowed. `drafted` may have been made before."""
        judged, variants = drafted or to_the_end(drafting(ticket.key, answer))
        outdated_at = self._renders.end(ticket, answer.tags)
        if isinstance(judged, admission.Rejection):
            return self._reject(ticket.key, answer, judged)
        self.keys.learn(judged.key, is_missing=answer.status == HTTPStatus.NOT_FOUND)
        entry = Entry(judged, answer, variants, fragments=self, now=self.now())
        if outdated_at:
            return Outcome(entry, outdated_at=outdated_at)
        self._put(entry)
        return Outcome(entry)

    def fail(self, ticket: Ticket) -> None:
        """A render brought nothing. A fragment is a gap, or what it was before, until it is tried again."""
        self._renders.end(ticket, ())
        self._leave_gap(ticket.key)

    def abandon(self, ticket: Ticket) -> None:
        """A render was given up, which says nothing of the page."""
        self._renders.end(ticket, ())

    # Forgetting ------------------------------------------------------------------------------------------------

    def purge(self, tags: Iterable[str]) -> int:
        """Forget what carries one of these tags; how many entries that were."""
        wanted = frozenset(tags)
        self._renders.purge(wanted)
        self.purges += 1
        met = {entry for tag in wanted for entry in self._tagged.get(tag, ())}
        self._warm(met)
        for entry in met:
            self._shelf_of(entry).drop(entry.key)
        return len(met)

    def purge_all(self) -> int:
        """Forget everything."""
        self._renders.purge_all()
        self.purges += 1
        met = [*self._pages, *self._missing_pages]
        for entry in met:
            self._shelf_of(entry).drop(entry.key)
        self._passes.clear()
        self._gaps.clear()
        self._due.clear()
        self.keys.forget()
        self.generation += 1
        return len(met)

    def tidy(self) -> None:
        """Once in a while: let go what can never be shown again."""
        now = self.now()
        self._renders.tidy(now)
        for shelf in (self._pages, self._missing_pages):
            # Those that have stood there longest: a look at all of a large store would hold up a hit.
            for entry in [entry for entry in islice(shelf, MOST_TIDIED) if entry.is_over(now)]:
                shelf.drop(entry.key)
            shelf.make_room()

    def take_due(self) -> list[Key]:
        """Fragments that were shown past their life, and purged pages that had readers, since this was last asked."""
        due, self._due = self._due, {}
        return [key for key in due if (entry := self._get(key)) is None or entry.expires_at <= self.now()]

    def statistics(self) -> Statistics:
        stored = [entry.stored_at for entry in self._pages]
        return Statistics(
            hits=self.hits,
            misses=self.misses,
            entries=len(self._pages),
            missing_pages=len(self._missing_pages),
            bytes=self._pages.bytes + self._missing_pages.bytes,
            evictions=self._pages.evictions + self._missing_pages.evictions,
            purges=self.purges,
            renders=len(self._renders),
            oldest=self.now() - min(stored) if stored else 0.0,
        )

    def fill(self, body: bytes, host: str) -> tuple[bytes, tuple[Key, ...]]:
        """The body of a page that is not kept with its holes filled, and the fragments to be rendered before that."""
        return composing.fill(body, self, host=host)

    # For entries -----------------------------------------------------------------------------------------------

    def fragment(self, key: Key) -> Found | None:
        """A fragment as it may be shown now; None where it has to be rendered first."""
        now = self.now()
        entry = self._pages.get(key)
        if entry is not None:
            entry.was_read = True
            if now < entry.expires_at:
                return Found(entry, entry.expires_at)
            if now < entry.stale_until:
                self._due[key] = None
                return Found(entry, now + GAP_LIFE)
        gap_until = self._gaps.get(key)
        if gap_until is None or now >= gap_until:
            return None
        return Found(entry if entry is not None and now < entry.error_until else None, gap_until)

    def reweigh(self, entry: Entry, weight: int) -> None:
        """An entry has come to weigh something else."""
        self._shelf_of(entry).reweigh(entry, weight)

    # Within ----------------------------------------------------------------------------------------------------

    def _get(self, key: Key) -> Entry | None:
        return self._pages.get(key) or self._missing_pages.get(key)

    def _shelf_of(self, entry: Entry) -> Shelf:
        return self._missing_pages if entry.status == HTTPStatus.NOT_FOUND else self._pages

    def _read(self, entry: Entry) -> Entry | None:
        now = self.now()
        if now >= entry.attend_at:
            if now >= entry.expires_at:
                return None
            entry.look_again()
        entry.was_read = True
        self.hits += 1
        return entry

    @staticmethod
    def _revisit(entry: Entry) -> Entry:
        entry.was_read = True
        entry.look_again()
        return entry

    def _put(self, entry: Entry) -> None:
        self._passes.drop(entry.key)
        self._gaps.drop(entry.key)
        self._pages.drop(entry.key)
        self._missing_pages.drop(entry.key)
        for tag in entry.tags:
            self._tagged[tag].add(entry)
        self._shelf_of(entry).put(entry)
        if not self._shelf_of(entry).holds(entry):  # larger than all there is: nobody should wait for it
            self._leave_gap(entry.key)

    def _warm(self, purged: Iterable[Entry]) -> None:
        """Have those made again that readers ask for, fronts first: their addresses are the shortest."""
        read = (entry.key for entry in purged if entry.was_read and entry.status == HTTPStatus.OK)
        for key in sorted(read, key=lambda key: len(key.target))[:MOST_WARMED]:
            self._due[key] = None

    def _leave(self, entry: Entry) -> None:
        """An entry has left its shelf."""
        for tag in entry.tags:
            tagged = self._tagged[tag]
            tagged.discard(entry)
            if not tagged:
                del self._tagged[tag]
        for written in entry.targets:
            self._forget_target(written, entry)
        entry.targets.clear()
        if entry.key.is_fragment:
            self.generation += 1

    def _forget_target(self, written: tuple[bytes, bytes, str], entry: Entry) -> None:
        if self._targets.get(written) is entry:
            del self._targets[written]

    def _reject(self, key: Key, answer: Answer, rejection: admission.Rejection) -> Outcome:
        if rejection.rule is not None:
            self.keys.learn(key._replace(rule=rejection.rule))
            return Outcome(rejection=rejection, ask_again=True)
        self._leave_gap(key)
        if answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._passes.put(key, self.now() + PASS_LIFE)
        return Outcome(rejection=rejection)

    def _leave_gap(self, key: Key) -> None:
        if key.is_fragment:
            self._gaps.put(key, self.now() + GAP_LIFE)
