"""Keeping children alive, one turn of a loop after the other; the supervisor does it, and the app for its forks."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import signal
    from collections.abc import Sequence

    from coranto.jobs.supervisor.child import Child
    from coranto.jobs.supervisor.processes import Bell

_LONGEST_TURN = 1.0


class Keeper:
    """The children of one process. While `is_stopping`, nobody is started any more."""

    def __init__(self, children: Sequence[Child], bell: Bell) -> None:
        self.children = children
        self.is_stopping = False
        self._bell = bell

    def turn(self) -> list[signal.Signals]:
        """Start who is due, wait a moment, bury who died; the signals that came."""
        self._start_due()
        ends = {child.ready_end: child for child in self.children if child.ready_end is not None}
        signals, ready = self._bell.wait(self._pause(), ends)
        for end in ready:
            ends[end].hear_ready()
        self._reap()
        return signals

    def groups(self) -> list[int]:
        """The process groups that are there."""
        return [group for child in self.children for group in child.groups()]

    def kill(self) -> None:
        for child in self.children:
            child.kill()

    def _start_due(self) -> None:
        if self.is_stopping:
            return
        now = time.monotonic()
        for child in self.children:
            if child.start_at is not None and child.start_at <= now:
                child.start()

    def _pause(self) -> float:
        starts = [child.start_at for child in self.children if child.start_at is not None and not self.is_stopping]
        return min([_LONGEST_TURN, *(start - time.monotonic() for start in starts)])

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            # As process 1 of a container it also inherits, and buries, the orphans of its children.
            for child in self.children:
                if child.died(pid, status, stopping=self.is_stopping):
                    break
