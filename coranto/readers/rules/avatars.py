"""A picture for somebody who has given none, drawn from a seed and from nothing else.

The seed is random: a picture made of the address would let anybody who has a list of addresses tell whose it is.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

SIDE: Final = 5
HALF: Final = 3  # columns that are drawn; the others mirror them
_SEED = re.compile(r"[0-9a-f]{16}")
# Ground and shape, each pair at least 4.5 to 1: they are told apart in both schemes, on a ground of their own.
COLOURS: Final = (
    ("#f3e3e1", "#7a2f2f"),
    ("#dfe9f0", "#2c5270"),
    ("#e4ecdf", "#3f5a34"),
    ("#f1e7d6", "#6b4a1f"),
    ("#e9e3f3", "#54437a"),
    ("#dcecea", "#1f5a58"),
)


def is_seed(text: str) -> bool:
    return _SEED.fullmatch(text) is not None


def draw_avatar(seed: str) -> str:
    """An SVG of five by five squares, the same at every call; raises `ValueError` for what is no seed."""
    if not is_seed(seed):
        raise ValueError(seed)
    digest = sha256(seed.encode()).digest()
    ground, ink = COLOURS[digest[0] % len(COLOURS)]
    bits = int.from_bytes(digest[1:3], "big")
    drawn = {(row, column) for row in range(SIDE) for column in range(HALF) if bits >> (row * HALF + column) & 1}
    mirrored = sorted(drawn | {(row, SIDE - 1 - column) for row, column in drawn})
    path = "".join(f"M{column + 1} {row + 1}h1v1h-1z" for row, column in mirrored)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE + 2} {SIDE + 2}" shape-rendering="crispEdges">'
        f'<rect width="{SIDE + 2}" height="{SIDE + 2}" fill="{ground}"/><path fill="{ink}" d="{path}"/></svg>'
    )
