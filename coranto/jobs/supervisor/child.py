"""One kind of process that is kept alive, and when it is started again."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import time
from collections import deque
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

logger = logging.getLogger("coranto.serve")

_MANY_DEATHS = 5
_WITHIN = 30.0
_SLOWLY = 15.0
_FIRST_PAUSE = 0.2
# What a process says with its readiness goes through a pipe in one piece, pipe(7).
_LONGEST_WORD = 4096


class Process(Protocol):
    """`subprocess.Popen` and `Forked` both are one."""

    pid: int
    returncode: int | None


def program(
    words: Sequence[str], *, environment: Mapping[str, str], inherited: Sequence[int]
) -> subprocess.Popen[bytes]:
    """Start a program in a group of its own, with these descriptors.

    Ctrl-C in a terminal reaches the supervisor alone, and what a process started can be killed with it.
    """
    return subprocess.Popen(  # noqa: S603 - our own program, no word of it from outside
        words,
        env=dict(environment),
        pass_fds=inherited,
        stdin=subprocess.DEVNULL,
        process_group=0,
    )


class Child:
    """A process and its successors.

    `launch` is given the descriptor on which the process says that it is ready, and starts it. One that `must_begin`
    is not tried again when its first process gives up before it was ready.
    """

    def __init__(self, name: str, launch: Callable[[int], Process], *, must_begin: bool = False) -> None:
        self.name = name
        self._launch = launch
        self._must_begin = must_begin
        self._deaths: deque[float] = deque(maxlen=_MANY_DEATHS)
        self.start_at: float | None = time.monotonic()  # None while it runs, or is not wanted
        self.process: Process | None = None
        self.ready_end: int | None = None
        self.is_ready = False
        self._was_ever_ready = False
        self.told = ""  # what it said with its readiness
        self.failed_with = 0  # the exit code with which one that must begin gave up
        # Processes that are on their way out while a successor runs.
        self.retiring: list[Process] = []

    def start(self) -> None:
        self._stop_listening_for_ready()
        self.is_ready = False
        self.ready_end, given = os.pipe()
        try:
            self.process = self._launch(given)
        finally:
            os.close(given)
        self.start_at = None

    def replace(self) -> None:
        """Start a successor; the present process goes on until that one is ready."""
        if self.process:
            self.retiring.append(self.process)
        self.start()

    def hand_over(self) -> None:
        """Stop the present process and start its successor at once; whoever comes between waits in their socket."""
        if self.process:
            kill(self.process.pid, signal.SIGTERM)
        self.replace()

    def hear_ready(self) -> None:
        """Read what came on the ready end: a byte and perhaps words when it is ready, nothing when it went away."""
        if self.ready_end is None:
            return
        said = os.read(self.ready_end, _LONGEST_WORD)
        self.is_ready = bool(said)
        self.told = said[1:].decode(errors="replace")
        self._stop_listening_for_ready()
        if self.is_ready:
            self._was_ever_ready = True
            self.tell_retiring(signal.SIGTERM)

    def died(self, pid: int, status: int, *, stopping: bool) -> bool:
        """Note the end of process `pid` and when to start the next; False when it is not ours."""
        code = os.waitstatus_to_exitcode(status)
        for process in self.retiring:
            if process.pid == pid:
                process.returncode = code
                self.retiring.remove(process)
                return True
        if self.process is None or self.process.pid != pid:
            return False
        self.process.returncode = code
        # A web master that was killed may have left workers: nothing of it may answer beside its successor.
        kill_group(pid, signal.SIGKILL)
        self._stop_listening_for_ready()
        if stopping:
            self.process = None
            return True
        if self.retiring and not self.is_ready:
            # The successor did not come up: the one it was to replace stays.
            logger.error("The new %s process ended (%s) before it was ready; the old one goes on", self.name, code)
            self.process = self.retiring.pop()
            self.is_ready = True
            return True
        self.process = None
        if self._must_begin and code > 0 and not self._was_ever_ready:
            self.failed_with = code
        else:
            self.start_at = time.monotonic() + self._pause(code)
        return True

    def _pause(self, code: int) -> float:
        now = time.monotonic()
        self._deaths.append(now)
        recent = sum(now - death <= _WITHIN for death in self._deaths)
        if recent >= _MANY_DEATHS:
            logger.error(
                "The %s process has ended %d times within %.0f seconds (last: %s). "
                "It is tried again every %.0f seconds; the lines above say why it fails",
                *(self.name, recent, _WITHIN, code, _SLOWLY),
            )
            return _SLOWLY
        logger.warning("The %s process ended (%s) and is replaced", self.name, code)
        # The first is replaced at once: readers are waiting.
        return 0.0 if recent == 1 else _FIRST_PAUSE * 2 ** (recent - 1)

    def groups(self) -> list[int]:
        running = [self.process] if self.process else []
        return [process.pid for process in (*running, *self.retiring)]

    def tell(self, number: signal.Signals) -> None:
        if self.process:
            kill(self.process.pid, number)
        self.tell_retiring(number)

    def tell_retiring(self, number: signal.Signals) -> None:
        for process in self.retiring:
            kill(process.pid, number)

    def kill(self) -> None:
        for group in self.groups():
            kill_group(group, signal.SIGKILL)

    def _stop_listening_for_ready(self) -> None:
        if self.ready_end is not None:
            os.close(self.ready_end)
            self.ready_end = None


def kill(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def kill_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)
