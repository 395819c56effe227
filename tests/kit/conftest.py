"""A press on 127.0.0.1 that plays any web server, and a connector that leads public addresses to it."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpcore
import pytest

from coranto.kit.fetch import Fetcher

CERTIFICATES = Path(__file__).parent / "certificates"
PUBLIC = "93.184.215.14"


@dataclass
class Press:
    """`pages` maps a path to what answers it; `asked` and `connections` are what came in."""

    pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    def page(
        self, path: str, body: bytes = b"", content_type: str = "text/html", status: int = 200, **headers: str
    ) -> None:
        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("Content-Type", content_type)
            handler.send_header("Content-Length", str(len(body)))
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            handler.wfile.write(body)

        self.pages[path] = answer

    def raw(self, path: str, *pieces: bytes, drip: bool = False) -> None:
        """Answer with these very bytes; `drip` repeats the last piece for as long as anybody listens."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.close_connection = True
            for piece in pieces:
                handler.wfile.write(piece)
            while drip and not self.closing.wait(0.01):
                handler.wfile.write(pieces[-1])

        self.pages[path] = answer


def run(press: Press, tls: ssl.SSLContext | None = None) -> Iterator[Press]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self):
            super().setup()
            press.connections += 1

        def do_GET(self):
            press.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            press.pages[self.path](self)

        def log_message(self, *args):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def handle_error(self, request, client_address):
            pass  # a client that hangs up is what many of these tests are about

    server = Server(("127.0.0.1", 0), Handler)
    press.port = server.server_address[1]
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield press
    finally:
        press.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def press():
    yield from run(Press())


@pytest.fixture
def secure_press():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "press.example.pem")
    yield from run(Press(), context)


class Detour(httpcore.NetworkBackend):
    """Notes whom it was told to connect to, and connects to the press on this machine instead."""

    def __init__(self, ports: dict[int, int]):
        self.ports = ports
        self.connected_to: list[tuple[str, int]] = []

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.connected_to.append((host, port))
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.ports[port], timeout)


@pytest.fixture
def detour(press, request):
    ports = {80: press.port}
    if "secure_press" in request.fixturenames:
        ports[443] = request.getfixturevalue("secure_press").port
    return Detour(ports)


@pytest.fixture
def trust():
    return ssl.create_default_context(cafile=CERTIFICATES / "authority.pem")


@pytest.fixture
def fetcher(detour, trust):
    with Fetcher(resolver=lambda host, port: [PUBLIC], connector=detour, tls=trust) as made:
        yield made


@pytest.fixture
def closed_port():
    """A port of this machine that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]
