"""The archive in parts, by ranges of keys: where a part begins depends on nothing that is published or withdrawn."""

from __future__ import annotations

from typing import Final

# Sitemaps may hold 50,000 addresses (sitemaps.org, protocol 0.9). So few are quickly made anew after each publication.
PART_WIDTH: Final = 1_000


def part_of(key: int) -> int:
    """The part in which the row with this key stands."""
    return key // PART_WIDTH


def bounds_of(part: int) -> tuple[int, int]:
    """The keys of a part: from the first up to, and without, the second."""
    return part * PART_WIDTH, (part + 1) * PART_WIDTH
