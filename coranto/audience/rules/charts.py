"""Columns of a chart, in the units of an SVG's view box. What they say in words stands in a table beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 960
HEIGHT: Final = 240
# Of the room each column has; the rest is the gap to the next.
_FILLED: Final = 0.8
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Column:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """`top` is the value at the upper edge."""

    columns: Sequence[Column]
    top: int


def chart(values: Sequence[int]) -> Chart:
    """A column for each value, from the left."""
    top = round_up(max(values, default=0))
    room = WIDTH / max(1, len(values))
    columns = []
    for place, value in enumerate(values):
        # Whatever is not nothing is to be seen.
        height = max(value / top * HEIGHT, 1.5) if value else 0
        columns.append(
            Column(
                x=round((place + (1 - _FILLED) / 2) * room, 2),
                y=round(HEIGHT - height, 2),
                width=round(room * _FILLED, 2),
                height=round(height, 2),
            )
        )
    return Chart(columns, top)


def round_up(value: int) -> int:
    """The next of 2, 4, 10, 20, 40, 100 …, so that the middle of the scale is a whole number too."""
    size = 2
    while True:
        for step in _STEPS:
            if value <= size * step:
                return size * step
        size *= 10


def share(value: int, of: int) -> float:
    """In hundredths."""
    return round(100 * value / of, 1) if of else 0.0
