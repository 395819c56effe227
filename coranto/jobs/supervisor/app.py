"""The app: Django, loaded once; the web processes and the worker are its forks and share its memory."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coranto.jobs.supervisor.child import Child, kill
from coranto.jobs.supervisor.keeping import Keeper
from coranto.jobs.supervisor.processes import Bell, fork
from coranto.kit.processes import die_with_parent, name_process

if TYPE_CHECKING:
    from collections.abc import Callable

_ASKED_TO_STOP = {signal.SIGTERM, signal.SIGINT}
# What is told goes to the supervisor in one piece with the readiness, pipe(7).
_LONGEST_WORD = 4000
_NICENESS = 5


@dataclass(frozen=True, kw_only=True)
class App:
    """`load` and `warm` run in this process, all others in forks of it.

    `prepare` brings the site up to date and says on its standard output what the owner should read; when it fails,
    the app ends with its exit code. `web` and `worker` are given the descriptor on which they write a byte once they
    are ready. `arrive` runs once the web processes answer, when the code may be another than before.
    """

    parent: int
    ready: int
    grace: float
    load: Callable[[], object]
    warm: Callable[[], object]
    web: Callable[[int], object]
    worker: Callable[[int], object]
    prepare: Callable[[], object] | None = None
    arrive: Callable[[], object] | None = None


def run_app(app: App) -> None:
    """Load, prepare, and keep web processes and worker alive until told to stop."""
    # Killed, not asked: its forks end with it, and nothing of them may answer beside a successor's.
    die_with_parent(app.parent, by=signal.SIGKILL)
    name_process("coranto-app")
    # Where they share a core, readers of stored pages do not wait for a page that is being made.
    os.nice(_NICENESS)
    with Bell(*_ASKED_TO_STOP, signal.SIGCHLD) as bell:
        # Nothing that is loaded is ever garbage; a collection would copy the pages that forks share.
        gc.disable()
        app.load()
        told = _prepare(app.prepare, bell) if app.prepare else ""
        if told is None:
            return
        app.warm()
        gc.collect()
        gc.freeze()
        gc.enable()
        _Parent(app, bell, told).run()


def _prepare(prepare: Callable[[], object], bell: Bell) -> str | None:
    """What the preparation said; None when it was told to stop. Raises SystemExit with its code when it failed."""
    reading, writing = os.pipe()

    def run() -> None:
        os.close(reading)
        os.dup2(writing, 1)
        prepare()

    process = fork(run, bell=bell)
    os.close(writing)
    said, was_stopped, is_open = b"", False, True
    while is_open:
        signals, ready = bell.wait(1.0, [reading])
        if _ASKED_TO_STOP & set(signals):
            was_stopped = True
            kill(process.pid, signal.SIGTERM)
        if ready:
            piece = os.read(reading, 4096)
            said += piece
            is_open = bool(piece)
    os.close(reading)
    _pid, status = os.waitpid(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if was_stopped:
        return None
    if code:
        raise SystemExit(abs(code))
    return said.decode(errors="replace").strip()


class _Parent:
    def __init__(self, app: App, bell: Bell, told: str) -> None:
        self._app = app
        self._bell = bell
        self._told = told
        self._web = Child("web", lambda ready: fork(lambda: app.web(ready), bell=bell), must_begin=True)
        self._worker = Child("worker", lambda ready: fork(lambda: app.worker(ready), bell=bell))
        self._worker.start_at = None  # readers come first
        self._keeper = Keeper([self._web, self._worker], bell)
        self._has_arrived = False
        self._stop_by: float | None = None

    def run(self) -> None:
        while not self._is_over():
            if _ASKED_TO_STOP & set(self._keeper.turn()):
                self._stop()
            if self._stop_by is None:
                self._look_at_web()

    def _look_at_web(self) -> None:
        if self._web.failed_with:
            # It cannot even begin: a reload leaves the old one in place, a start says so by ending.
            raise SystemExit(self._web.failed_with)
        if self._web.is_ready and not self._has_arrived:
            self._arrive()

    def _arrive(self) -> None:
        self._has_arrived = True
        with contextlib.suppress(OSError):  # nobody listens any more
            os.write(self._app.ready, b"1" + self._told.encode()[:_LONGEST_WORD])
            os.close(self._app.ready)
        self._worker.start_at = time.monotonic()
        if self._app.arrive:
            fork(self._app.arrive, bell=self._bell)

    def _stop(self) -> None:
        if self._stop_by is None:
            self._stop_by = time.monotonic() + self._app.grace
        self._keeper.is_stopping = True
        for child in self._keeper.children:
            child.tell(signal.SIGTERM)

    def _is_over(self) -> bool:
        if self._stop_by is None:
            return False
        if not self._keeper.groups():
            return True
        if time.monotonic() >= self._stop_by:
            self._keeper.kill()
        return False
