"""What processes of one site owe each other."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import signal

_PR_SET_PDEATHSIG = 1  # prctl(2)
_PR_SET_NAME = 15


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
