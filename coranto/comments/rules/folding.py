"""Which replies of a page are folded away: a quarrel of two people far down in a thread."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

FOLDED_BELOW: Final = 4
FEWEST_FOLDED: Final = 3


def fold(depths: Sequence[int]) -> list[tuple[int, int, bool]]:
    """Stretches of comments by their depths: from, to (not included), whether it is folded."""
    stretches, at = [], 0
    for is_deep, run in groupby(depths, key=lambda depth: depth > FOLDED_BELOW):
        length = len(list(run))
        stretches.append((at, at + length, is_deep and length >= FEWEST_FOLDED))
        at += length
    return stretches
