"""What differs between two texts, sentence by sentence and word by word.

Nothing is lost in it: `before_of` and `after_of` give both texts back. Its cost is bounded whatever the texts: where
finding out which words stayed would take too long, a part counts as rewritten.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

T = TypeVar("T", bound="Part | str")

ALIKE: Final = 0.4  # how much of two sentences has to be the same for one to be the other, changed
# The cost of a comparison is the number of pairs of equal things; so many are compared in a few milliseconds.
PAIRS: Final = 60_000
ITEMS: Final = 20_000
BOTH: Final = 1_000  # of these changes may be scattered over all of both
CHARACTERS: Final = 200_000  # of what was rewritten at once; beyond, nobody looks what became of what
CANDIDATES: Final = 12  # so far down what is new is looked for what became of something
LONG: Final = 500  # characters of unchanged text within a changed part that are shown in full
SHOWN: Final = 140  # of longer ones at each end
PASSAGES: Final = 8
PASSAGE_LENGTH: Final = 500

# A sentence ends after its mark and the space behind it. The look behind keeps a row of ten thousand full stops from
# being walked through ten thousand times.
_SENTENCE_END = re.compile(
    r"(?<![.!?\u2026])[.!?\u2026]++[\"'\u201d\u2019\u00bb)\]]*+\s++|[\u3002\uff01\uff1f]++[\u300d\u300f\u201d]*+|\n++"
)
_SIGNS = (
    r"\s!-/:-@\[-`{-~\u2026\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019\u201a\u2013\u2014"
    r"\u00a1\u00bf\u3002\u3001\uff0c\uff01\uff1f\u300c\u300d\u300e\u300f"
)
_EAST_ASIAN = r"\u3040-\u30ff\u3400-\u9fff"
_LETTERS = rf"[^{_SIGNS}{_EAST_ASIAN}]+"
# Words with the marks that belong to their letters, and whole numbers; where no space divides words, character by
# character.
_WORDS = re.compile(rf"\s+|[{_EAST_ASIAN}]|{_LETTERS}(?:(?:['\u2019-]|(?<=\d)[.,:](?=\d)){_LETTERS})*|.", re.DOTALL)


class Change(StrEnum):
    NONE = "none"
    WORDS = "words"
    FORM = "form"
    ADDED = "added"
    GONE = "gone"


class Mark(StrEnum):
    SAME = "same"
    INSERTED = "inserted"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an article: what it is, its words, and exactly what is stored, which may differ in form alone."""

    label: str
    text: str
    exact: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    mark: Mark = Mark.SAME

    @property
    def is_long(self) -> bool:
        return self.mark == Mark.SAME and len(self.text) > LONG

    @property
    def beginning(self) -> str:
        return self.text[:SHOWN].rpartition(" ")[0] or self.text[:SHOWN]

    @property
    def end(self) -> str:
        return self.text[-SHOWN:].partition(" ")[2] or self.text[-SHOWN:]


@dataclass(frozen=True, slots=True)
class Row:
    """A part in both texts at once."""

    label: str
    change: Change
    pieces: Sequence[Piece]

    @property
    def before(self) -> Sequence[Piece]:
        return [piece for piece in self.pieces if piece.mark is not Mark.INSERTED]

    @property
    def after(self) -> Sequence[Piece]:
        return [piece for piece in self.pieces if piece.mark is not Mark.DELETED]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that belong together: changed ones, or unchanged ones that need not be shown."""

    is_changed: bool
    rows: Sequence[Row]


def difference(before: Sequence[Part], after: Sequence[Part]) -> list[Row]:
    """Both texts part by part, in the order of the text."""
    return [_row(one, other) for one, other in _aligned(before, after, _belong_together)]


def before_of(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Labels and texts of what was there before."""
    return [(row.label, _text(row.before)) for row in rows if row.change is not Change.ADDED]


def after_of(rows: Sequence[Row]) -> list[tuple[str, str]]:
    """Labels and texts of what is there after the change."""
    return [(row.label, _text(row.after)) for row in rows if row.change is not Change.GONE]


def folded(rows: Sequence[Row]) -> list[Stretch]:
    """The rows with unchanged ones gathered, so that they can be folded away."""
    grouped = groupby(rows, key=lambda row: row.change is not Change.NONE)
    return [Stretch(is_changed, list(each)) for is_changed, each in grouped]


def changed_passages(rows: Sequence[Row]) -> list[str]:
    """The sentences as they read now in which something was changed, in the order of the text; the first few."""
    found: list[str] = []
    for row in rows:
        if row.change in {Change.WORDS, Change.ADDED, Change.FORM}:
            found += [each for each in _touched(row) if each not in found]
        if len(found) >= PASSAGES:
            break
    return found[:PASSAGES]


def _touched(row: Row) -> Iterator[str]:
    whole = row.change is Change.FORM
    places: list[tuple[int, int]] = []
    length = 0
    for piece in row.pieces:
        end = length + (0 if piece.mark is Mark.DELETED else len(piece.text))
        if piece.mark is not Mark.SAME and (words := piece.text.strip()):
            start = length + piece.text.index(words)  # the space before it belongs to what stands there
            places.append((start, start + len(words)) if end > length else (length, length))
        length = end
    start = 0
    for sentence in sentences(_text(row.after)):
        end = start + len(sentence)
        if whole or any((a < end and b > start) or (a == b and start <= a < end) for a, b in places):
            yield sentence.strip()[:PASSAGE_LENGTH]
        start = end


def sentences(text: str) -> list[str]:
    """The text cut after each sentence and each line; together they are the text."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    cuts = [0, *ends, len(text)]
    return [text[a:b] for a, b in pairwise(cuts) if b > a]


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _row(before: Part | None, after: Part | None) -> Row:
    if after is None:
        label, text = (before.label, before.text) if before else ("", "")
        return Row(label, Change.GONE, (Piece(text, Mark.DELETED),))
    if before is None:
        return Row(after.label, Change.ADDED, (Piece(after.text, Mark.INSERTED),))
    if before.text == after.text:
        change = Change.NONE if before == after else Change.FORM
        return Row(after.label, change, (Piece(after.text),))
    return Row(after.label, Change.WORDS, _joined(_by_sentence(before.text, after.text)))


def _belong_together(before: Part, after: Part) -> bool:
    return before.label == after.label and (before.text == after.text or resembles(before.text, after.text))


def _by_sentence(before: str, after: str) -> Iterator[Piece]:
    for one, other in _aligned(sentences(before), sentences(after), resembles):
        if one is not None and one == other:
            yield Piece(one)
        elif one is None or other is None:
            yield Piece(one or "", Mark.DELETED)
            yield Piece(other or "", Mark.INSERTED)
        else:
            yield from _by_word(one, other)


def _by_word(before: str, after: str) -> Iterator[Piece]:
    a, b = _WORDS.findall(before), _WORDS.findall(after)
    for i, j, k, m in _blocks(a, b):
        if a[i:j] == b[k:m]:
            yield Piece("".join(a[i:j]))
        else:
            yield Piece("".join(a[i:j]), Mark.DELETED)
            yield Piece("".join(b[k:m]), Mark.INSERTED)


def _joined(pieces: Iterator[Piece]) -> list[Piece]:
    """Neighbours of one kind as one; what was replaced word for word reads as one change, spaces and all."""
    told = [each for each in pieces if each.text]
    joined: list[Piece] = []
    deleted = inserted = ""
    for n, piece in enumerate(told):
        if piece.mark is Mark.DELETED:
            deleted += piece.text
        elif piece.mark is Mark.INSERTED:
            inserted += piece.text
        elif deleted and inserted and not piece.text.strip() and n + 1 < len(told):
            deleted, inserted = deleted + piece.text, inserted + piece.text
        else:
            joined += _changed(deleted, inserted)
            deleted = inserted = ""
            if joined and joined[-1].mark is Mark.SAME:
                joined[-1] = Piece(joined[-1].text + piece.text)
            else:
                joined.append(piece)
    return joined + _changed(deleted, inserted)


def _changed(deleted: str, inserted: str) -> list[Piece]:
    both = (Piece(deleted, Mark.DELETED), Piece(inserted, Mark.INSERTED))
    return [each for each in both if each.text]


# Which belongs to which -----------------------------------------------------------------------------------------


def resembles(one: str, other: str) -> bool:
    """Whether one of two texts may be the other, changed: by the words they share."""
    (a, words), (b, others) = _counted(one), _counted(other)
    enough = ALIKE * (words + others)
    return 2 * min(words, others) >= enough and 2 * (a & b).total() >= enough


# As many as are looked at in turn: what is new is held against the same few before it and after it.
@lru_cache(maxsize=4 * CANDIDATES)
def _counted(text: str) -> tuple[Counter[str], int]:
    """Its words, and how many they are; not to be changed."""
    words = Counter(each for each in _WORDS.findall(text.casefold()) if each.strip())
    return words, words.total()


def _aligned(
    before: Sequence[T], after: Sequence[T], belong: Callable[[T, T], bool]
) -> Iterator[tuple[T | None, T | None]]:
    """What was there beside what it became, in order; where one of them is missing it is gone, or new."""
    for i, j, k, m in _blocks(before, after):
        if before[i:j] == after[k:m]:
            yield from zip(before[i:j], after[k:m], strict=True)
        else:
            yield from _related(before[i:j], after[k:m], belong)


def _related(
    before: Sequence[T], after: Sequence[T], belong: Callable[[T, T], bool]
) -> Iterator[tuple[T | None, T | None]]:
    done = 0
    waiting: list[T] = []  # new ones: what is gone between the same two neighbours is told first
    is_pair = len(before) == len(after) == 1
    is_short = is_pair or sum(len(str(each)) for each in (*before, *after)) <= CHARACTERS
    for each in after:
        near = range(done, min(done + CANDIDATES, len(before))) if is_short else ()
        place = next((n for n in near if belong(before[n], each)), None)
        if place is None:
            waiting.append(each)
            continue
        yield from ((gone, None) for gone in before[done:place])
        yield from ((None, new) for new in waiting)
        yield before[place], each
        done, waiting = place + 1, []
    yield from ((gone, None) for gone in before[done:])
    yield from ((None, new) for new in waiting)


def _blocks(a: Sequence[Hashable], b: Sequence[Hashable]) -> Iterator[tuple[int, int, int, int]]:
    """Stretches of both, in order: equal ones, and ones that are not. Most of a text stays as it is at both ends."""
    short = min(len(a), len(b))
    head = next((n for n in range(short) if a[n] != b[n]), short)
    tail = next((n for n in range(short - head) if a[-1 - n] != b[-1 - n]), short - head)
    one, other = a[head : len(a) - tail], b[head : len(b) - tail]
    if head:
        yield 0, head, 0, head
    if _is_costly(one, other):
        yield head, head + len(one), head, head + len(other)
    else:
        for _kind, i, j, k, m in SequenceMatcher(a=one, b=other, autojunk=False).get_opcodes():
            yield head + i, head + j, head + k, head + m
    if tail:
        yield len(a) - tail, len(a), len(b) - tail, len(b)


def _is_costly(a: Sequence[Hashable], b: Sequence[Hashable]) -> bool:
    if len(a) + len(b) > ITEMS or min(len(a), len(b)) > BOTH:
        return True
    one, other = Counter(a), Counter(b)
    return sum(count * other[each] for each, count in one.items()) > PAIRS
