"""Long work that writes again and again, beside others who have a little to write."""

from __future__ import annotations

import time
from typing import Final

from django.db import connection

# Whoever waits for SQLite's one writer looks every tenth of a second whether it is free (`sqliteDefaultBusyCallback`).
_LONGER_THAN_A_LOOK: Final = 0.15  # seconds


def let_others_write() -> None:
    """Between two transactions of long work: pause until everybody who waits on SQLite has looked once."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        time.sleep(_LONGER_THAN_A_LOOK)
