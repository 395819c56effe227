"""Two states of an article side by side: which parts belong together, and which words differ."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from coranto.newsroom.differences import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coranto.newsroom.differences import Part

# Comparing word by word takes the square of their number: a part longer than any paragraph is compared as one.
WORDS: Final = 3000
ALIKE: Final = 0.4  # how much of two paragraphs has to be the same for one to be the other, changed

_PIECES = re.compile(r"\s+|\w+(?:[\u2019'-]\w+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A part in both states; one side is empty where it is new or gone."""

    label: str
    change: Change
    before: Sequence[Piece] = ()
    after: Sequence[Piece] = ()


def compare(before: Sequence[Part], after: Sequence[Part]) -> list[Row]:
    """Both states, row by row, in the order of the text."""
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    rows: list[Row] = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            rows += [Row(each.label, Change.NONE, (Piece(each.text),), (Piece(each.text),)) for each in before[a:b]]
        else:
            rows += [_row(*pair) for pair in _paired(before[a:b], after[c:d])]
    return rows


def _paired(before: Sequence[Part], after: Sequence[Part]) -> Iterator[tuple[Part | None, Part | None]]:
    """What was there beside what it became; what resembles nothing stands alone."""
    left = list(before)
    for part in after:
        place = next((n for n, each in enumerate(left) if _resembles(each, part)), None)
        if place is None:
            yield None, part
        else:
            yield from zip_longest(left[:place], (), fillvalue=None)
            yield left[place], part
            left = left[place + 1 :]
    yield from zip_longest(left, (), fillvalue=None)


def _resembles(one: Part, other: Part) -> bool:
    if one.label != other.label:
        return False
    if one.text == other.text:
        return True
    matcher = SequenceMatcher(a=one.text.split(), b=other.text.split(), autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _row(before: Part | None, after: Part | None) -> Row:
    if after is None:
        label, text = (before.label, before.text) if before else ("", "")
        return Row(label, Change.GONE, before=(Piece(text, is_changed=True),))
    if before is None:
        return Row(after.label, Change.ADDED, after=(Piece(after.text, is_changed=True),))
    if before.text == after.text:
        return Row(after.label, Change.FORM, (Piece(before.text),), (Piece(after.text),))
    return Row(after.label, Change.WORDS, *_marked(before.text, after.text))


def _marked(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    a, b = _PIECES.findall(before), _PIECES.findall(after)
    if max(len(a), len(b)) > 2 * WORDS:
        return [Piece(before, is_changed=True)], [Piece(after, is_changed=True)]
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, i, j, k, m in SequenceMatcher(a=a, b=b, autojunk=False).get_opcodes():
        is_changed = kind != "equal"
        if j > i:
            left.append(Piece("".join(a[i:j]), is_changed))
        if m > k:
            right.append(Piece("".join(b[k:m]), is_changed))
    return left, right
