"""What all processes of a site share: they die with their parent, and signals reach their loop as bytes."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType

_PR_SET_PDEATHSIG = 1  # prctl(2)


def die_with_parent(parent: int, *, by: signal.Signals) -> None:
    """Have the kernel send `by` to this process when process `parent` dies; exit if it is dead already.

    Linux only; elsewhere the callers' own look at `getppid()` has to do. The kernel watches the *thread*
    that forked, so parents start processes from their main thread only.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(by), 0, 0, 0)
    if os.getppid() != parent:  # it died between the fork and the call above
        os._exit(os.EX_UNAVAILABLE)


class Bell:
    """Waits for signals without doing anything inside a handler, where locks may be held."""

    def __init__(self, *signals: signal.Signals) -> None:
        self._reading, self._writing = os.pipe()
        for end in (self._reading, self._writing):
            os.set_blocking(end, False)
        self._before = {number: signal.signal(number, _nothing) for number in signals}
        # Python writes the number of each signal that has a handler of Python's to this end.
        self._former_end = signal.set_wakeup_fd(self._writing, warn_on_full_buffer=False)

    def wait(self, seconds: float, also: Iterable[int] = ()) -> tuple[list[signal.Signals], list[int]]:
        """The signals that came and the descriptors of `also` to be read; returns after `seconds` at most."""
        ready, _, _ = select.select([self._reading, *also], [], [], max(0.0, seconds))
        arrived = b""
        if self._reading in ready:
            ready.remove(self._reading)
            with contextlib.suppress(BlockingIOError):
                arrived = os.read(self._reading, 4096)
        return [signal.Signals(number) for number in arrived], ready

    def close(self) -> None:
        signal.set_wakeup_fd(self._former_end)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        os.close(self._reading)
        os.close(self._writing)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Takes the place of the default action; the byte in the pipe tells the loop."""
