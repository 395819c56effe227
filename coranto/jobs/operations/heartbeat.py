"""Keeping hold of work while it is done."""

from __future__ import annotations

import logging
import os
import threading
import time
from typing import TYPE_CHECKING, Self

from django.db import Error as DatabaseError
from django.db import connections

from coranto.jobs.rules import leases
from coranto.kit import clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta
    from types import TracebackType

logger = logging.getLogger(__name__)


class Interrupted(BaseException):
    """The worker must stop now and the work in hand goes back. No `except Exception` may swallow it."""


def end_process() -> None:
    """End this worker at once: a thread cannot be stopped, the process that holds it can be replaced."""
    os._exit(os.EX_SOFTWARE)


class Heartbeat:
    """Calls `renew` from a thread of its own while the block runs, and `overrun` once it takes too long.

    `renew` returns whether the work is still ours; when it is not, the heart stops and the work goes on:
    it cannot be taken back, and whoever records its outcome is refused.
    """

    # Whether the main thread is inside such a block. Only there may a signal handler raise `Interrupted`:
    # raised later, it would cut off the recording of an outcome.
    working = False

    def __init__(
        self,
        *,
        renew: Callable[[datetime], bool],
        lease: timedelta,
        longest_run: timedelta,
        overrun: Callable[[datetime], None],
    ) -> None:
        self._renew = renew
        self._overrun = overrun
        self._pause = lease.total_seconds() / leases.RENEWALS
        self._longest = longest_run.total_seconds()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        Heartbeat.working = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        Heartbeat.working = False
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        started = time.monotonic()
        while not self._done.wait(min(self._pause, self._longest)):
            try:
                if time.monotonic() - started >= self._longest:
                    self._overrun(clock.now())
                    return
                if not self._renew(clock.now()):
                    logger.warning("This worker lost its lease while it was working")
                    return
            except DatabaseError as error:
                # The next beat tries again, and two more fit into the lease.
                logger.warning("A lease could not be renewed: %s", error)
            finally:
                # Connections belong to threads: this one's would stay open after it.
                connections.close_all()
