"""The supervisor itself: prepare, start, replace, reload, stop."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coranto.jobs.supervisor import listening
from coranto.jobs.supervisor.answer import Address, wait_until_it_answers
from coranto.jobs.supervisor.child import Child
from coranto.jobs.supervisor.claim import FolderClaim, ServeError
from coranto.jobs.supervisor.processes import Bell

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

logger = logging.getLogger("coranto.serve")

_LEFTOVERS_MAY_TAKE = 5.0


@dataclass(frozen=True, kw_only=True)
class Site:
    """What to serve, and the words that start each process.

    `prepare` is given the port and says on its standard output what else the owner should read; an exit code
    other than 0 ends everything with that code. `web` and `worker` are given the descriptors (of the socket
    and) on which they write a byte once they are ready.
    """

    run: Path
    host: str
    port: int
    is_https: bool
    grace: float
    environment: Callable[[int], Mapping[str, str]]
    prepare: Sequence[str]
    web: Callable[[int, int], Sequence[str]]
    worker: Callable[[int], Sequence[str]]
    say: Callable[[str], None] = field(default=print)


def serve(site: Site) -> int:
    """Serve `site` until SIGTERM or SIGINT; the exit code. Raises `ServeError` when it cannot begin.

    SIGHUP replaces the web processes without a pause; in a terminal, whose end sends it too, it stops.
    """
    claim = FolderClaim(site.run)
    listener = _listen(site, claim)
    with Bell(signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD) as bell:
        code = _Supervisor(site, claim, listener, bell).run()
    claim.release()
    return code


def _listen(site: Site, claim: FolderClaim) -> socket.socket:
    ours = set(claim.earlier().get("groups", ()))
    deadline = time.monotonic() + _LEFTOVERS_MAY_TAKE
    while True:
        try:
            return listening.listen(site.host, site.port)
        except listening.PortTakenError as error:
            leftovers = [holder for holder in error.holders if holder.group in ours]
            # Children of a supervisor that was killed are dying with it: give them the moment that takes.
            if leftovers and time.monotonic() < deadline:
                time.sleep(0.1)
                continue
            raise ServeError(_port_taken(error, leftovers)) from error
        except OSError as error:
            raise ServeError(
                f"Nothing can listen on {site.host} port {site.port} ({error.strerror}). "
                "Choose others with --host and --port."
            ) from error


def _port_taken(error: listening.PortTakenError, leftovers: list[listening.Holder]) -> str:
    if leftovers:
        first = leftovers[0]
        return (
            f"Port {error.port} is held by a process left over from an earlier run of this site "
            f"(process {first.pid}: {first.command}). Stop it with: kill -9 -- -{first.group}"
        )
    advice = "Stop it, or choose another port with --port."
    if not error.holders:
        return f"Port {error.port} is taken by another program. {advice}"
    first = error.holders[0]
    return f"Port {error.port} is taken by process {first.pid} ({first.command}). {advice}"


class _Supervisor:
    def __init__(self, site: Site, claim: FolderClaim, listener: socket.socket, bell: Bell) -> None:
        self._site = site
        self._claim = claim
        self._listener = listener
        self._bell = bell
        self._port: int = listener.getsockname()[1]
        self._environment = dict(site.environment(self._port))
        # A terminal that is closed sends SIGHUP: nobody expects the site to go on without it.
        self._in_terminal = sys.stdin is not None and sys.stdin.isatty()
        self._stop_by: float | None = None
        self._web = Child(
            "web",
            lambda ready: (site.web(listener.fileno(), ready), [listener.fileno()]),
            self._environment,
        )
        worker = Child("worker", lambda ready: (site.worker(ready), []), self._environment)
        self._children = [self._web, worker]

    def run(self) -> int:
        code, told = self._prepare()
        if code or self._stop_by is not None:
            self._listener.close()
            return code
        threading.Thread(target=self._announce, args=(told,), daemon=True).start()
        while not self._is_over():
            self._start_due()
            ends = {child.ready_end: child for child in self._children if child.ready_end is not None}
            signals, ready = self._bell.wait(self._pause(), ends)
            for end in ready:
                ends[end].hear_ready()
            for number in signals:
                self._obey(number)
            self._reap()
        logger.info("Coranto has stopped")
        return 0

    def _prepare(self) -> tuple[int, str]:
        """Run the preparation to its end; its exit code and what it said."""
        process = subprocess.Popen(  # noqa: S603 - our own program
            self._site.prepare,
            env=self._environment,
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            process_group=0,
        )
        self._claim.write(port=self._port, groups=[process.pid])
        while process.poll() is None:
            signals, _ = self._bell.wait(1.0)
            if {signal.SIGTERM, signal.SIGINT} & set(signals):
                self._stop_by = time.monotonic()
                process.terminate()
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        with process.stdout as output:
            told = output.read().strip()
        if self._stop_by is not None:
            return 0, ""
        return abs(process.returncode), told

    def _announce(self, told: str) -> None:
        address = Address(host=self._site.host, port=self._port, is_https=self._site.is_https)
        if not wait_until_it_answers(address, stopping=lambda: self._stop_by is not None):
            return
        self._site.say(f"Coranto is at {address.url}")
        if told:
            self._site.say(told)

    def _start_due(self) -> None:
        if self._stop_by is not None:
            return
        now = time.monotonic()
        due = [child for child in self._children if child.start_at is not None and child.start_at <= now]
        for child in due:
            child.start()
        if due:
            self._note_groups()

    def _note_groups(self) -> None:
        self._claim.write(port=self._port, groups=[group for child in self._children for group in child.groups()])

    def _pause(self) -> float:
        starts = [child.start_at for child in self._children if child.start_at is not None]
        return min([1.0, *(start - time.monotonic() for start in starts)])

    def _obey(self, number: signal.Signals) -> None:
        if number == signal.SIGHUP and not self._in_terminal:
            if self._stop_by is None and self._web.process and not self._web.retiring:
                logger.info("The web processes are replaced")
                self._web.replace()
                self._note_groups()
        elif number in {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}:
            self._stop()

    def _stop(self) -> None:
        if self._stop_by is not None:  # asked a second time
            self._stop_by = time.monotonic()
            return
        logger.info("Stopping; work in hand is finished first")
        self._stop_by = time.monotonic() + self._site.grace
        # Those who come now are refused at once rather than left to wait for nobody.
        self._listener.close()
        for child in self._children:
            child.tell(signal.SIGTERM)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if not pid:
                return
            # As process 1 of a container it also inherits, and buries, the orphans of its children.
            for child in self._children:
                if child.died(pid, status, stopping=self._stop_by is not None):
                    break

    def _is_over(self) -> bool:
        if self._stop_by is None:
            return False
        if not any(child.groups() for child in self._children):
            return True
        if time.monotonic() >= self._stop_by:
            for child in self._children:
                child.kill()
        return False
