"""One kind of process the supervisor keeps alive, and when it is started again."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import subprocess
import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

logger = logging.getLogger("coranto.serve")

_MANY_DEATHS = 5
_WITHIN = 30.0
_SLOWLY = 15.0
_FIRST_PAUSE = 0.2


class Child:
    """A process and its successors.

    `command` is given the descriptor on which the process says that it is ready, and returns its words and
    the descriptors it inherits.
    """

    def __init__(
        self,
        name: str,
        command: Callable[[int], tuple[Sequence[str], Sequence[int]]],
        environment: Mapping[str, str],
    ) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self._deaths: deque[float] = deque(maxlen=_MANY_DEATHS)
        self.start_at: float | None = time.monotonic()  # None while it runs
        self.process: subprocess.Popen[bytes] | None = None
        self.ready_end: int | None = None
        self.is_ready = False
        # Processes that are on their way out while a successor runs.
        self.retiring: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start a process in a group of its own.

        Ctrl-C in a terminal reaches the supervisor alone, and what a process started can be killed with it.
        """
        self._stop_listening_for_ready()
        self.is_ready = False
        self.ready_end, given = os.pipe()
        try:
            words, inherited = self._command(given)
            self.process = subprocess.Popen(  # noqa: S603 - our own program, no word of it from outside
                words,
                env=dict(self._environment),
                pass_fds=[given, *inherited],
                stdin=subprocess.DEVNULL,
                process_group=0,
            )
        finally:
            os.close(given)
        self.start_at = None

    def replace(self) -> None:
        """Start a successor; the present process goes on until that one is ready."""
        if self.process:
            self.retiring.append(self.process)
        self.start()

    def hear_ready(self) -> None:
        """Read what came on the ready end: a byte when the process is ready, nothing when it went away."""
        if self.ready_end is None:
            return
        self.is_ready = bool(os.read(self.ready_end, 1))
        self._stop_listening_for_ready()
        if self.is_ready:
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
            return True
        self.process = None
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
