"""What the store keeps of a page or a fragment: pieces with holes, and answers made ready of them."""

from __future__ import annotations

from itertools import accumulate, count
from typing import TYPE_CHECKING, Final

from coranto.delivery.edge import heads
from coranto.delivery.edge.composing import Choice, Composition, Prepared, Reading, Resolved, draw
from coranto.delivery.edge.holes import Hole
from coranto.delivery.edge.pieces import Piece

if TYPE_CHECKING:
    from coranto.delivery.edge.admission import Admission
    from coranto.delivery.edge.answers import Answer
    from coranto.delivery.edge.composing import Fragments
    from coranto.delivery.edge.holes import Variants
    from coranto.delivery.edge.keys import Key

__all__ = ["Entry", "Prepared"]

MOST_COMPOSITIONS: Final = 8
_OVERHEAD: Final = 3_000  # an entry's own objects and its places in the indexes, as measured
_PER_TAG: Final = 150

_serials = count(1)


class Entry:
    """A stored answer.

    `choose` gives it ready to be sent, or None while fragments in `missing` have to be rendered. It is fresh until
    `expires_at`; then it may stand in until `stale_until` while a new one is made, until `error_until` while none can
    be. Where `file` is set, the body is that file's, and `headers` are those to go with it.
    """

    __slots__ = (
        "_compositions", "_fragments", "_generation", "_kept", "_only", "_parts", "_resolved", "_sources",
        "attend_at", "error_until", "expires_at", "file", "headers", "ignores_query", "is_text", "key", "missing",
        "serial", "stale_until", "starts", "status", "steps", "stored_at", "tags", "targets", "variants",
        "was_read", "weight",
    )  # fmt: skip

    def __init__(
        self, admission: Admission, answer: Answer, variants: Variants, *, fragments: Fragments, now: float
    ) -> None:
        self.key = key = admission.key
        control = admission.control
        self.serial = next(_serials)
        self.status = answer.status
        self.tags = answer.tags
        self.file = answer.header(b"x-sendfile")
        self.is_text = answer.is_text
        headers = heads.kept(answer, by_level=bool(key.level))
        self.headers = headers if self.file else []
        self.starts = heads.prepare(answer.status, headers)
        self.ignores_query = key.rule is not None and key.rule.parameters == frozenset()
        self.stored_at = now
        self.expires_at = self.attend_at = now + control.life.total_seconds()
        self.stale_until = self.expires_at + control.stale_while_revalidate.total_seconds()
        self.error_until = self.expires_at + control.stale_if_error.total_seconds()
        self.was_read = False
        self.targets: list[tuple[bytes, bytes, str]] = []
        self._fragments = fragments
        self._take_in(variants)

    def _take_in(self, variants: Variants) -> None:
        self.variants = tuple(parts for parts, _weight in variants)
        self.steps = tuple(accumulate(weight for _parts, weight in variants))
        self.missing: tuple[Key, ...] = ()
        self._generation = -1
        self._sources: list[int] | None = None
        self._resolved: Resolved = ()
        self._compositions: dict[tuple[int, ...], Composition] = {}
        self._only: Composition | None = None
        self._kept = _OVERHEAD + _PER_TAG * len(self.tags) + sum(map(len, self.starts))
        self._parts = self._weight_of_parts()
        self.weight = self._kept + self._parts

    def choose(self, encoding: int) -> Prepared | None:
        """The answer in this encoding (plain where there is no such); None where fragments are missing."""
        if self._generation != self._fragments.generation and not self._attend():
            return None
        composition = self._only or self._draw()
        return composition.ready[encoding] or self._prepare(composition)

    def look_again(self) -> None:
        """Have the fragments looked at once more: the life of one of them may have ended."""
        self._generation = -1
        self.attend_at = self.expires_at

    def is_over(self, now: float) -> bool:
        """Whether it may never be shown again."""
        return now >= max(self.expires_at, self.stale_until, self.error_until)

    def _attend(self) -> bool:
        """Bring the compositions up to date with the fragments; false where some are missing."""
        if not self.variants:  # it holds no fragments
            self._generation = self._fragments.generation
            return True
        reading = Reading(self._fragments)
        resolved = reading.resolve(self)
        self.missing = tuple(reading.missing)
        if self.missing:
            return False
        if reading.sources != self._sources:
            self._compose(resolved)
            self._sources = reading.sources
        self._generation = self._fragments.generation
        self.attend_at = min(self.expires_at, reading.until)
        return True

    def _compose(self, resolved: Resolved) -> None:
        self._compositions, self._only, self._resolved = {}, None, ()
        if any(isinstance(part, Choice) for part in resolved):
            self._resolved = resolved
        else:
            self._only = Composition([part for part in resolved if isinstance(part, Piece)], self)
            if not self._is_holed() and not self.key.is_fragment:
                self.variants, self._parts = (), 0  # the pieces will not be joined again
        self._weigh()

    def _draw(self) -> Composition:
        """One of the compositions that variants allow; the last few are kept."""
        flat, picked = draw(self._resolved, self._fragments)
        combination = tuple(picked)
        found = self._compositions.get(combination)
        if found is None:
            if len(self._compositions) >= MOST_COMPOSITIONS:
                del self._compositions[next(iter(self._compositions))]
            found = self._compositions[combination] = Composition(flat, self)
            self._weigh()
        return found

    def _prepare(self, composition: Composition) -> Prepared:
        prepared = composition.prepare()
        self._weigh()
        return prepared

    def _is_holed(self) -> bool:
        return any(isinstance(part, Hole) for parts in self.variants for part in parts)

    def _weight_of_parts(self) -> int:
        return sum(part.weight for parts in self.variants for part in parts)

    def _weigh(self) -> None:
        composed = self._only.weight if self._only else sum(each.weight for each in self._compositions.values())
        self._fragments.reweigh(self, self._kept + self._parts + composed)
