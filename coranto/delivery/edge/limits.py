"""How much of everything a client may take, and the one timer that sees to it."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formatdate
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Final, Protocol

from coranto.delivery.rules.repetition import Seldom

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Collection

logger = logging.getLogger("coranto.edge")

_KILOBYTE: Final = 1024
_MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Sizes in bytes, times in seconds."""

    head: int = 32 * _KILOBYTE
    fields: int = 100
    head_time: float = 10.0
    target: int = 8 * _KILOBYTE
    # Editors upload pictures and archives; nobody else sends more than a form.
    upload: int = 100 * _MEGABYTE
    body: int = _MEGABYTE
    uploading: tuple[bytes, ...] = (b"/admin/",)
    # What chunks may cost besides the body they carry.
    framing: int = 64 * _KILOBYTE
    # A body has this long from its start, and more for what has arrived at this pace.
    body_time: float = 20.0
    body_rate: int = 500
    idle_time: float = 15.0
    # A reader who takes nothing of an answer for so long is gone.
    stalled_time: float = 60.0
    connections: int = 8_000  # beyond, idle ones are closed; where there is none, no more are taken
    requests: int = 2_000  # waiting for the app, for a file, or for the rest of a body
    pipelined: int = 32  # behind one that is not answered yet
    # After a refusal what still arrives is read and dropped, so that the client comes to see the answer.
    lingering_time: float = 3.0

    def body_at(self, path: bytes) -> int:
        return self.upload if path.startswith(self.uploading) else self.body


class Watched(Protocol):
    """What the timer asks of a connection."""

    since: float  # when something last happened on it
    number: int  # how many there were before it

    def look(self, now: float) -> None:
        """Close what takes too long."""

    def close_if_idle(self) -> bool: ...


class Watch:
    """One timer for all connections, once a second: its `now` and its Date line cost a request nothing."""

    def __init__(
        self,
        limits: Limits,
        connections: Collection[Watched],
        *,
        clock: Callable[[], float] = time.monotonic,
        calendar: Callable[[], float] = time.time,
    ) -> None:
        self.limits = limits
        self._connections = connections
        self._clock, self._calendar = clock, calendar
        self._handle: asyncio.TimerHandle | None = None
        self._numbers = count(1)
        self._is_full = False  # as far as this second has shown
        self._said = Seldom(timedelta(minutes=1))
        self.now = 0.0
        self.date = b""  # the line, and the empty one that ends a head
        self._read_clocks()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._handle = loop.call_later(1.0, self.start, loop)
        self.tick()

    def stop(self) -> None:
        if self._handle:
            self._handle.cancel()

    def tick(self) -> None:
        self._read_clocks()
        self._is_full = False
        for connection in list(self._connections):
            try:
                connection.look(self.now)
            except Exception:  # the others are looked at all the same
                if self._said.may_say():
                    logger.exception("A connection could not be looked at")

    def count_in(self) -> int:
        """The number of a new connection; 0 where there is no room for it."""
        return next(self._numbers) if self._make_room() else 0

    def _make_room(self) -> bool:
        """When there are too many connections, close those that have been idle longest: a hundredth of all at once."""
        if len(self._connections) <= self.limits.connections:
            return True
        if self._is_full:  # not to look through all of them for each that comes
            return False
        wanted = most = max(1, self.limits.connections // 100)
        for connection in sorted(self._connections, key=attrgetter("since", "number")):
            wanted -= connection.close_if_idle()
            if not wanted:
                break
        self._is_full = wanted == most
        return not self._is_full

    def _read_clocks(self) -> None:
        self.now = self._clock()
        self.date = f"date: {formatdate(self._calendar(), usegmt=True)}\r\n\r\n".encode("ascii")
