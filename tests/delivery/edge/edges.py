"""The edge as the process it is, before an application on a unix socket that does what a path says."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from talking import PATIENCE, Talk

if TYPE_CHECKING:
    from collections.abc import Callable

ARTICLE = b"<p>" + b" ".join(b"%d words of an article" % number for number in range(900)) + b"</p>"

PROGRAM = """
import sys
from pathlib import Path
from coranto.delivery.edge.limits import Limits
from coranto.delivery.edge.serving import EdgeOptions, run_edge
run_edge(eval(sys.argv[1]))
"""


def until(condition: Callable[[], object]) -> object:
    deadline = time.monotonic() + PATIENCE
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
    return value


class App:
    """`/page/…` may be stored, `/slow/…` waits for the gate, `/echo/…` says what came, `/file/…` names a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.asked: list[str] = []
        self.gate = threading.Event()
        self.arrived = threading.Semaphore(0)
        self.connections: list[socket.socket] = []
        app = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def address_string(self) -> str:
                return "edge"

            def log_message(self, *_args: object) -> None:
                pass

            def do_GET(self) -> None:
                app.answer(self)

            do_HEAD = do_POST = do_GET  # noqa: N815 - the library's names

        class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
            daemon_threads = True
            request_queue_size = 128

            def process_request(self, request: socket.socket, client_address: object) -> None:
                app.connections.append(request)
                super().process_request(request, client_address)

        path.unlink(missing_ok=True)
        self._server = Server(str(path), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.asked.append(request.path)
        body = request.rfile.read(int(request.headers.get("content-length") or 0))
        headers = {"Content-Type": "text/html; charset=utf-8", "Coranto-View": "tests.view"}
        said = ARTICLE
        kind = request.path.split("/")[1]
        if kind == "page":
            headers |= {
                "Cache-Control": "public, no-cache",
                "Surrogate-Control": "max-age=600, stale-if-error=600",
                "Surrogate-Key": "page:1",
                "No-Vary-Search": 'key-order, params, except=("page")',
            }
        elif kind == "slow":
            self.arrived.release()
            self.gate.wait(PATIENCE)
            said = b"slowly\n"
        elif kind == "echo":
            client, proto = request.headers["x-forwarded-for"], request.headers["x-forwarded-proto"]
            said = f"{request.command} {len(body)} {hashlib.sha256(body).hexdigest()} {client} {proto}".encode()
        elif kind == "file":
            headers["X-Sendfile"] = str(self.path.parent / "media" / request.path.removeprefix("/file/"))
            said = b""
        request.send_response(200)
        for name, value in {**headers, "Content-Length": str(len(said))}.items():
            request.send_header(name, value)
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(said)

    def stop(self) -> None:
        self.gate.set()
        self._server.shutdown()
        self._server.server_close()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Edge:
    """The process, on a port of its own or on a unix socket."""

    def __init__(self, folder: Path, *, at: Path | None = None, limits: str = "Limits()", **options: Any) -> None:
        self.folder = folder
        (folder / "secret-key").write_text("a key that is used in tests alone")
        (folder / "media").mkdir(exist_ok=True)
        if at is None:
            self._listener = socket.create_server(("127.0.0.1", 0))
        else:
            self._listener = socket.socket(socket.AF_UNIX)
            self._listener.bind(str(at))
            self._listener.listen(64)
        self.address = self._listener.getsockname()
        self._limits = limits
        self._options = options
        self._talks: list[Talk] = []
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """One process on the listener, which another may be using too."""
        ready, given = os.pipe()
        words = {
            "listener": self._listener.fileno(),
            "ready": given,
            "parent": os.getpid(),
            "app": self.folder / "app.sock",
            "purges": self.folder / "purge.sock",
            "secret_key": self.folder / "secret-key",
            "roots": (self.folder / "media",),
            **self._options,
        }
        said = ", ".join(f"{name}={value!r}" for name, value in words.items()).replace("PosixPath", "Path")
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, f"EdgeOptions({said}, limits={self._limits})"],
            pass_fds=[self._listener.fileno(), given],
            cwd=self.folder,
            process_group=0,
        )
        os.close(given)
        try:
            assert os.read(ready, 1) == b"1", "the edge did not start"
        finally:
            os.close(ready)
        return process

    def talk(self, kind: type[Talk] = Talk, **how: Any) -> Talk:
        self._talks.append(kind(self.address, **how))
        return self._talks[-1]

    def hang_up(self) -> None:
        while self._talks:
            self._talks.pop().close()

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        self.hang_up()
        self._listener.close()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def memory(self) -> int:
        """What it holds, in kilobytes (RSS)."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        raise AssertionError
