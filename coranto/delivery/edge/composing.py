"""An entry's pieces with the fragments of the moment in their places."""

from __future__ import annotations

import math
from bisect import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from coranto.delivery.edge import heads, holes, pieces
from coranto.delivery.edge.encodings import GZIP, IDENTITY
from coranto.delivery.edge.keys import Key
from coranto.delivery.edge.pieces import Piece

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coranto.delivery.edge.entries import Entry
    from coranto.delivery.edge.holes import Hole

SMALLEST_COMPRESSED: Final = 512  # below, the headers weigh more than what is saved
DEEPEST: Final = 2
_OVERHEAD: Final = 500


class Prepared(NamedTuple):
    """An answer ready to be sent, but for the lines that change each second and the empty one.

    `head` is for this encoding; `not_modified` and `etag` are empty where there is nothing to compare.
    """

    head: bytes
    not_modified: bytes
    body: bytes
    etag: bytes


class Found(NamedTuple):
    """A fragment as it may be shown until a moment; no entry: a gap."""

    entry: Entry | None
    until: float


class Fragments(Protocol):
    """Where an entry finds the fragments it holds. `generation` changes whenever one of them does."""

    generation: int

    def fragment(self, key: Key) -> Found | None: ...
    def pick(self) -> float: ...
    def reweigh(self, entry: Entry, weight: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """A fragment that shows one of several things; `steps` are their weights added up."""

    variants: tuple[Resolved, ...]
    steps: tuple[int, ...]

    def pick(self, chance: float) -> int:
        return bisect(self.steps, chance * self.steps[-1])


Resolved = tuple[Piece | Choice, ...]


class Composition:
    """One page as it reads at this moment, ready in each encoding that was asked for."""

    __slots__ = ("_digest", "_starts", "ready", "weight")

    def __init__(self, flat: list[Piece], entry: Entry) -> None:
        self.ready: list[Prepared | None] = [None, None]
        self._digest = pieces.digest_of(flat)
        self._starts = entry.starts
        self.weight = _OVERHEAD
        if entry.is_text and sum(piece.length for piece in flat) >= SMALLEST_COMPRESSED:
            self._put(GZIP, pieces.join(flat))
        else:
            self.ready[GZIP] = self._put(IDENTITY, pieces.text_of(flat))

    def prepare(self) -> Prepared:
        """The plain text, made of the compressed one when somebody wants it: few do, and it is three times as large."""
        member = self.ready[GZIP]
        return self._put(IDENTITY, pieces.text_of_member(member.body if member else b""))

    def _put(self, encoding: int, body: bytes) -> Prepared:
        head, not_modified, etag = heads.finish(*self._starts, encoding, digest=self._digest, length=len(body))
        prepared = self.ready[encoding] = Prepared(head, not_modified, body, etag)
        self.weight += len(head) + len(not_modified) + len(body)
        return prepared


class Reading:
    """One look at the fragments something holds, and at those that they hold."""

    def __init__(self, fragments: Fragments) -> None:
        self.fragments = fragments
        self.missing: dict[Key, None] = {}
        self.sources: list[int] = []
        self.until = math.inf

    def resolve(self, entry: Entry) -> Resolved:
        return self._expand(entry, 0)

    def look_up(self, key: Key, depth: int = 0) -> Resolved:
        """What fills a hole; `missing` grows where it has to be rendered first."""
        found = self.fragments.fragment(key)
        if found is None:
            self.missing[key] = None
            return ()
        self.until = min(self.until, found.until)
        self.sources.append(0 if found.entry is None else found.entry.serial)
        return () if found.entry is None else self._expand(found.entry, depth + 1)

    def _expand(self, entry: Entry, depth: int) -> Resolved:
        variants = tuple(self._fill(parts, depth) for parts in entry.variants)
        return variants[0] if len(variants) == 1 else (Choice(variants, entry.steps),)

    def _fill(self, parts: tuple[Piece | Hole, ...], depth: int) -> Resolved:
        filled: list[Piece | Choice] = []
        for part in parts:
            if isinstance(part, Piece):
                filled.append(part)
            elif depth < DEEPEST:
                filled.extend(self.look_up(part.key, depth))
        return tuple(filled)


def draw(resolved: Iterable[Piece | Choice], fragments: Fragments) -> tuple[list[Piece], list[int]]:
    """Pick a variant wherever there are some: the pieces, and which variants were picked."""
    flat: list[Piece] = []
    picked: list[int] = []
    _draw(resolved, fragments, flat, picked)
    return flat, picked


def fill(text: bytes, fragments: Fragments, *, host: str) -> tuple[bytes, tuple[Key, ...]]:
    """The holes of a text that is not kept filled, and which fragments have to be rendered before that can be done."""
    reading = Reading(fragments)
    filled = []
    for part in holes.split(text, Key(host, "/", "", "")):
        if isinstance(part, bytes):
            filled.append(part)
        else:
            filled.append(pieces.text_of(draw(reading.look_up(part.key), fragments)[0]))
    return b"".join(filled), tuple(reading.missing)


def _draw(resolved: Iterable[Piece | Choice], fragments: Fragments, flat: list[Piece], picked: list[int]) -> None:
    for part in resolved:
        if isinstance(part, Piece):
            flat.append(part)
        else:
            number = part.pick(fragments.pick())
            picked.append(number)
            _draw(part.variants[number], fragments, flat, picked)
