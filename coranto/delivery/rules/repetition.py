"""How often the same thing is said."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import timedelta

MOST_REMEMBERED = 1_000


class Seldom:
    """Says of each thing whether it may be said: once within `every`, however often it happens."""

    def __init__(self, every: timedelta, now: Callable[[], float] = time.monotonic) -> None:
        self._every = every.total_seconds()
        self._now = now
        self._said: dict[tuple[Hashable, ...], float] = {}

    def may_say(self, *about: Hashable) -> bool:
        now = self._now()
        if now < self._said.get(about, now):
            return False
        if len(self._said) >= MOST_REMEMBERED:
            self._said.clear()
        self._said[about] = now + self._every
        return True

    def forget(self) -> None:
        self._said.clear()
