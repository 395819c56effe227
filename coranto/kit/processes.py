"""What processes of one site owe each other."""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import signal

_PR_SET_PDEATHSIG = 1  # prctl(2)
_PR_SET_NAME = 15
_SCHED_SETATTR: Final = {"x86_64": 314, "aarch64": 274}  # syscalls(2)
_SHORTEST_TURN: Final = 100_000  # nanoseconds, the least that is taken


def die_with_parent(parent: int, *, by: signal.Signals) -> None:
    """Have the kernel send `by` to this process when process `parent` dies; exit if it is dead already.

    Linux only; elsewhere the callers' own look at `getppid()` has to do. The kernel watches the *thread*
    that forked, so parents start processes from their main thread only.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(by), 0, 0, 0)
    if os.getppid() != parent:  # it died between the fork and the call above
        os._exit(os.EX_UNAVAILABLE)


def name_process(name: str) -> None:
    """Have `ps` and `top` show this process as `name`, at most 15 letters: forks share one command line."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def ask_for_short_turns() -> bool:
    """Have the scheduler prefer this thread's being soon to its being long at work; whether it may have understood.

    Linux since 6.12 takes the run time of an ordinary task as the length of its turns (sched_setattr(2)): who asks for
    short ones interrupts others sooner when there is something to do. Elsewhere nothing changes.
    """
    number = _SCHED_SETATTR.get(platform.machine())
    if sys.platform != "linux" or number is None:
        return False
    niceness = os.getpriority(os.PRIO_PROCESS, 0)
    # struct sched_attr: size, policy, flags, nice, priority, runtime, deadline, period
    attributes = struct.pack("=IIQiIQQQ", 48, os.SCHED_OTHER, 0, niceness, 0, _SHORTEST_TURN, 0, 0)
    return ctypes.CDLL(None, use_errno=True).syscall(number, 0, attributes, 0) == 0
