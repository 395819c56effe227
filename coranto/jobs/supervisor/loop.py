"""The supervisor itself: open the sockets, start, replace, reload, stop."""

from __future__ import annotations

import logging
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

from coranto.delivery.rules import datagrams
from coranto.jobs.supervisor import listening, telling
from coranto.jobs.supervisor.answer import Address, wait_until_it_answers
from coranto.jobs.supervisor.child import Child, program
from coranto.jobs.supervisor.claim import FolderClaim, ServeError
from coranto.jobs.supervisor.keeping import Keeper
from coranto.jobs.supervisor.processes import Bell
from coranto.kit.processes import name_process

if TYPE_CHECKING:
    import socket

    from coranto.jobs.supervisor.child import Process
    from coranto.jobs.supervisor.site import Site

logger = logging.getLogger("coranto.serve")

APP_SOCKET = "app.sock"
_LEFTOVERS_MAY_TAKE = 5.0
# Of the time a stop may take, how much is the edge's; what is left is for what the app has in hand then.
EDGE_SHARE = 0.6


def serve(site: Site) -> int:
    """Serve `site` until SIGTERM or SIGINT; the exit code. Raises `ServeError` when it cannot begin.

    SIGHUP replaces the app without a pause; in a terminal, whose end sends it too, it stops. SIGUSR2 replaces the edge.
    """
    name_process("coranto-serve")
    claim = FolderClaim(site.run)
    public = _listen(site, claim)
    private = listening.bind_locally(site.run / APP_SOCKET) if site.edge else None
    with Bell(signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR2, signal.SIGCHLD) as bell:
        code = _Supervisor(site, claim, public, private, bell).run()
    for name in (APP_SOCKET, datagrams.SOCKET_NAME):
        (site.run / name).unlink(missing_ok=True)
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
    def __init__(
        self, site: Site, claim: FolderClaim, public: socket.socket, private: socket.socket | None, bell: Bell
    ) -> None:
        self._site = site
        self._claim = claim
        self._public = public
        self._private = private
        self._port: int = public.getsockname()[1]
        self._environment = dict(site.environment(self._port))
        # A terminal that is closed sends SIGHUP: nobody expects the site to go on without it.
        self._in_terminal = sys.stdin is not None and sys.stdin.isatty()
        self._edge = Child("edge", self._launch_edge)
        self._app = Child("app", self._launch_app, must_begin=True)
        self._keeper = Keeper([self._edge, self._app] if site.edge else [self._app], bell)
        self._noted: list[int] = []
        self._must_prepare = True
        # After a reload: what a process of the old app has made may still be stored.
        self._forget_at_takeover = self._forget_when_alone = False
        self._stop_by: float | None = None
        self._edge_ends_by = 0.0
        self._app_is_told = False
        self._code = 0

    def run(self) -> int:
        threading.Thread(target=self._announce, daemon=True).start()
        while not self._is_over():
            for number in self._keeper.turn():
                self._obey(number)
            self._note_groups()
            self._see_to_the_app()
        if not self._code:
            logger.info("Coranto has stopped")
        return self._code

    def _launch_edge(self, ready: int) -> Process:
        assert self._site.edge is not None  # noqa: S101 - no such child otherwise
        listener = self._public.fileno()
        return program(self._site.edge(listener, ready), environment=self._environment, inherited=[listener, ready])

    def _launch_app(self, ready: int) -> Process:
        listener = (self._private or self._public).fileno()
        words = self._site.app(listener, ready, self._must_prepare)
        return program(words, environment=self._environment, inherited=[listener, ready])

    def _announce(self) -> None:
        address = Address(host=self._site.host, port=self._port, is_https=self._site.is_https)
        if not wait_until_it_answers(
            address, begun=lambda: self._app.is_ready, stopping=lambda: self._stop_by is not None
        ):
            return
        self._site.say(f"Coranto is at {address.url}")
        if self._app.told:
            self._site.say(self._app.told)
        telling.tell_service_manager("READY=1")

    def _note_groups(self) -> None:
        groups = self._keeper.groups()
        if groups != self._noted:
            self._claim.write(port=self._port, groups=groups)
            self._noted = groups

    def _see_to_the_app(self) -> None:
        app = self._app
        if app.is_ready:
            self._must_prepare = False
            if self._forget_at_takeover:
                telling.forget_everything(self._site.run)
                self._forget_at_takeover = False
            if self._forget_when_alone and not app.retiring:
                telling.forget_everything(self._site.run)
                self._forget_when_alone = False
        elif self._stop_by is None and app.failed_with:
            # It has said why: a database that is away, a folder of a newer version.
            self._code = app.failed_with
            self._stop()

    def _obey(self, number: signal.Signals) -> None:
        if number == signal.SIGHUP and not self._in_terminal:
            self._reload()
        elif number == signal.SIGUSR2:
            self._replace_edge()
        elif number in {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}:
            self._stop()

    def _reload(self) -> None:
        if self._stop_by is None and self._app.is_ready and not self._app.retiring:
            logger.info("The app is replaced")
            self._must_prepare = self._forget_at_takeover = self._forget_when_alone = True
            self._app.replace()

    def _replace_edge(self) -> None:
        if self._stop_by is None and self._edge.is_ready and not self._edge.retiring:
            logger.info("The edge is replaced")
            self._edge.hand_over()

    def _stop(self) -> None:
        now = time.monotonic()
        if self._stop_by is not None:  # asked a second time
            self._stop_by = now
            return
        if not self._code:
            logger.info("Stopping; work in hand is finished first")
        self._stop_by = now + self._site.grace
        self._edge_ends_by = now + self._site.grace * EDGE_SHARE
        self._keeper.is_stopping = True
        # Those who come now are refused at once rather than left to wait for nobody.
        self._public.close()
        self._edge.tell(signal.SIGTERM)

    def _is_over(self) -> bool:
        if self._stop_by is None:
            return False
        if not self._keeper.groups():
            return True
        now = time.monotonic()
        if now >= self._stop_by:
            self._keeper.kill()
        elif not self._app_is_told and (not self._edge.groups() or now >= self._edge_ends_by):
            # The app goes last: requests that the edge has in hand are its.
            self._app_is_told = True
            self._app.tell(signal.SIGTERM)
        return False
