"""Seals: a drawing that stands for a name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SEAL_INKS: Final = 6
_SIDE: Final = 4
_HALF: Final = _SIDE // 2

# Shapes that fill a cell of 8 by 8, as path data from the cell's corner.
_SHAPES: Final = (
    "h8v8h-8z",
    "h8l-8 8z",
    "m8 0v8h-8z",
    "a8 8 0 0 0 8 8v-8z",
    "m0 8a8 8 0 0 1 8-8v8z",
    "m4 0l4 4-4 4-4-4z",
    "m4 0a4 4 0 0 1 0 8a4 4 0 0 1 0-8z",
    "v4h8v4h-4v-8z",
)
_MIRRORED: Final = (
    "h8v8h-8z",
    "h8v8z",
    "v8h8z",
    "v8a8 8 0 0 0 8-8z",
    "v8h8a8 8 0 0 0-8-8z",
    "m4 0l4 4-4 4-4-4z",
    "m4 0a4 4 0 0 1 0 8a4 4 0 0 1 0-8z",
    "m8 0v4h-8v4h4v-8z",
)


@dataclass(frozen=True, slots=True)
class Seal:
    """A square drawing of 32 by 32, the same for the same name: one path and which ink to print it in."""

    path: str
    ink: int


def seal_of(name: str) -> Seal:
    digest = hashlib.sha256(" ".join(name.casefold().split()).encode()).digest()
    return Seal(path="".join(_pieces(digest)), ink=digest[-1] % SEAL_INKS)


def _pieces(digest: bytes) -> Iterator[str]:
    """One cell after the other, the left half mirrored to the right; about one in five stays empty."""
    for place in range(_HALF * _SIDE):
        row, column = divmod(place, _HALF)
        chosen = digest[place] % (len(_SHAPES) + 2)
        if chosen >= len(_SHAPES):
            continue
        yield f"M{column * 8} {row * 8}{_SHAPES[chosen]}"
        yield f"M{(_SIDE - 1 - column) * 8} {row * 8}{_MIRRORED[chosen]}"
