"""Signals that reach a loop as bytes, and a process forked from one that waits for them."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import sys
import traceback
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from coranto.kit.processes import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import FrameType


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


@dataclass(slots=True)
class Forked:
    """A process that shares its parent's memory; `returncode` is None while it runs."""

    pid: int
    returncode: int | None = None


def fork(run: Callable[[], object], *, bell: Bell) -> Forked:
    """Have `run` called in a fork of this process, in a group of its own, that ends with it.

    `bell` is the parent's: signals sent to the fork must not ring it.
    """
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    # A signal between the fork and the end of the parent's handlers would be lost: it waits.
    former = signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
    pid = os.fork()
    if pid:
        signal.pthread_sigmask(signal.SIG_SETMASK, former)
        with contextlib.suppress(OSError):  # the fork does the same; whoever comes first
            os.setpgid(pid, pid)
        return Forked(pid)
    code = 1
    try:
        os.setpgid(0, 0)
        die_with_parent(parent, by=signal.SIGTERM)  # `run` may ask for another end
        bell.close()
        signal.pthread_sigmask(signal.SIG_SETMASK, former)
        run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - whatever it is, it must not go on as a second parent
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
