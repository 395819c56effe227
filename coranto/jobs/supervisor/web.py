"""The web processes: gunicorn with threads, on a socket it is given, beside or without an edge."""

from __future__ import annotations

import contextlib
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.util import import_app

from coranto.jobs.events import WebProcessBegan, WebProcessEnds
from coranto.jobs.supervisor.site import THREADS
from coranto.kit import events
from coranto.kit.processes import die_with_parent, name_process

if TYPE_CHECKING:
    from collections.abc import Callable

_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes a private, unlinked file there


@dataclass(frozen=True, kw_only=True, slots=True)
class Web:
    """`application` is `module:name`; `listener` and `ready` are inherited descriptors.

    The last three are for a public socket: behind the edge, which sees to all of that, they stay empty.
    """

    application: str
    listener: int
    ready: int
    workers: int
    is_behind_edge: bool = True
    trusted_proxies: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None


def run_web(web: Web, *, parent: int) -> None:
    """Serve until told to stop."""
    # Killed, not asked: an orphan that takes its time would hold the port against the next start.
    die_with_parent(parent, by=signal.SIGKILL)
    name_process("coranto-web")
    _Application(web).run()


class _Application(BaseApplication):
    def __init__(self, web: Web) -> None:
        self._web = web
        super().__init__(prog="coranto")

    def load_config(self) -> None:
        for name, value in _settings(self._web).items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        application: Callable[..., Any] = import_app(self._web.application)
        return application


def _settings(web: Web) -> dict[str, Any]:
    return {
        "bind": [f"fd://{web.listener}"],
        "worker_class": "gthread",
        "workers": web.workers,
        "threads": THREADS,
        # Loaded once and forked: a worker that dies is replaced in milliseconds, and they share memory.
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": 20,
        # The edge keeps a few connections open for long and ends them itself; of readers there may be thousands.
        "keepalive": 75 if web.is_behind_edge else 5,
        "limit_request_line": 8190,
        "limit_request_fields": 100,
        "limit_request_field_size": 8190,
        # Left alone, gunicorn believes 127.0.0.1 and whatever its own environment variable says.
        "forwarded_allow_ips": ",".join(web.trusted_proxies),
        "certfile": str(web.certificate) if web.certificate else None,
        "keyfile": str(web.key) if web.key else None,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "worker_tmp_dir": str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None,
        "control_socket_disable": True,
        "on_starting": _leave_the_socket,
        "when_ready": _close_connections,
        "post_fork": _die_with_master,
        "post_worker_init": lambda _worker: _begin(web.ready),
        "worker_exit": lambda _arbiter, _worker: events.publish(WebProcessEnds()),
    }


def _leave_the_socket(arbiter: Any) -> None:
    # It would remove a unix socket when it stops, which its successor serves by then. Sockets it has from
    # systemd it leaves alone: ours are the supervisor's in the same way.
    arbiter.systemd = True


def _close_connections(_arbiter: Any) -> None:
    # A database connection opened while the application was loaded must not be shared by the forks.
    from django.db import connections

    connections.close_all()


def _die_with_master(_arbiter: Any, worker: Any) -> None:
    die_with_parent(worker.ppid, by=signal.SIGKILL)


def _begin(ready: int) -> None:
    events.publish(WebProcessBegan())
    _say_ready(ready)


def _say_ready(descriptor: int) -> None:
    # The supervisor hears the first worker; for the others and for replacements nobody listens any more.
    with contextlib.suppress(OSError):
        os.write(descriptor, b"1")
        os.close(descriptor)
