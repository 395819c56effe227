"""Ids of rows as addresses and forms name them."""

from __future__ import annotations

import re
from typing import Final

LARGEST_ID: Final = 10**18 - 1  # of as many digits as both databases hold
_ID: Final = re.compile(r"[1-9][0-9]{0,17}")


def read_id(given: str) -> int | None:
    """The id, as we write it ourselves; None for whatever else."""
    return int(given) if _ID.fullmatch(given) else None
