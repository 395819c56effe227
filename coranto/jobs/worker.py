"""The worker: a loop that takes back what was lost and runs what is due. It may be killed at any instruction."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import signal
import socket
import time
from typing import TYPE_CHECKING

from django.db import Error as DatabaseError
from django.db import close_old_connections, connections
from django.utils import timezone, translation

from coranto.jobs import operations
from coranto.jobs.events import WorkerProcessBegan, WorkerProcessEnds
from coranto.jobs.operations.heartbeat import Heartbeat, Interrupted
from coranto.jobs.rules import leases
from coranto.jobs.supervisor.processes import Bell
from coranto.kit import clock, events
from coranto.kit.processes import die_with_parent, name_process

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from types import FrameType

logger = logging.getLogger(__name__)

_IDLE = 1.0
_REGULAR_LOOK = 1.0
_LONGEST_DATABASE_PAUSE = 30.0


def worker_name() -> str:
    """A name no other worker has, that tells a reader where it ran."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(4)}"


class Worker:
    """Does the work of the site's tables, one piece at a time.

    `round` does at most one piece of regular work and one task, so that neither starves the other.
    """

    def __init__(self, *, name: str, lease: timedelta = leases.LEASE) -> None:
        self.name = name
        self.lease = lease
        self._look_at = 0.0

    def round(self) -> bool:
        """One turn of the loop; whether there was anything to do."""
        close_old_connections()
        busy = False
        # A full queue must not pay for this look with every task.
        if time.monotonic() >= self._look_at:
            operations.reclaim_expired(now=clock.now())
            beat = operations.claim_beat(worker=self.name, now=clock.now(), lease=self.lease)
            if beat:
                operations.run_beat(claim=beat)
                _forget_language()
                busy = True
            else:
                self._look_at = time.monotonic() + _REGULAR_LOOK
        task = operations.claim_task(worker=self.name, now=clock.now(), lease=self.lease)
        if task:
            operations.run_task(claim=task)
            _forget_language()
            busy = True
        return busy


def _forget_language() -> None:
    # Work may have activated a reader's language or the publication's time zone; the next begins without.
    translation.deactivate()
    timezone.deactivate()


def run_worker(*, parent: int, ready: int, lease: timedelta, grace: timedelta) -> None:
    """Work until told to stop: the task in hand is finished, or after `grace` handed back."""
    die_with_parent(parent, by=signal.SIGTERM)
    name_process("coranto-worker")
    worker = Worker(name=worker_name(), lease=lease)
    signal.signal(signal.SIGALRM, _interrupt)
    with Bell(signal.SIGINT) as bell:
        stopping = _stop_on_terminate(grace)
        with contextlib.suppress(OSError):
            os.write(ready, b"1")
            os.close(ready)
        events.publish(WorkerProcessBegan())
        with contextlib.suppress(Interrupted):
            _loop(worker, bell, lambda: stopping() or os.getppid() != parent)
    events.publish(WorkerProcessEnds())
    connections.close_all()


def _stop_on_terminate(grace: timedelta) -> Callable[[], bool]:
    """Have SIGTERM end the loop after the round in hand, and interrupt that round once `grace` is over."""
    asked = False

    def terminate(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if not asked:
            # Again and again: where it may not interrupt, it tries anew a moment later.
            signal.setitimer(signal.ITIMER_REAL, max(grace.total_seconds(), 0.01), 0.2)
        asked = True

    signal.signal(signal.SIGTERM, terminate)
    return lambda: asked


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    if Heartbeat.working:
        raise Interrupted


def _loop(worker: Worker, bell: Bell, stopping: Callable[[], bool]) -> None:
    pause = _IDLE
    while not stopping():
        try:
            busy = worker.round()
        except DatabaseError as error:
            # Locked for long, or gone: what was in hand comes back by its lease.
            logger.warning("The database does not answer the worker: %s", error)
            _close_all()
            bell.wait(pause)
            pause = min(pause * 2, _LONGEST_DATABASE_PAUSE)
            continue
        except Exception:
            # A fault of the machinery itself: it is told, and the loop lives.
            logger.exception("The worker met an error of its own")
            _close_all()
            busy = False
        pause = _IDLE
        if not busy and not stopping():
            bell.wait(_IDLE)


def _close_all() -> None:
    with contextlib.suppress(DatabaseError):
        connections.close_all()
