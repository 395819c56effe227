"""An app of a few lines behind the gateway, both in the test's own event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import uvloop

from coranto.delivery.edge.gateway import Gateway
from coranto.delivery.edge.options import EdgeOptions
from coranto.delivery.rules import datagrams

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine
    from pathlib import Path

SECRET = "a secret of tests alone"
HOLE = '<esi:include src="/-/fragments/{}/"/>'
HOST = "news.example"
PATIENCE = 20.0  # only a test that fails waits so long


@dataclass
class Asked:
    """What arrived at the app, to the byte."""

    head: bytes
    body: bytes = b""

    @property
    def method(self) -> str:
        return self.head.split(b" ", 1)[0].decode()

    @property
    def target(self) -> str:
        return self.head.split(b" ", 2)[1].decode()

    @property
    def lines(self) -> list[str]:
        return self.head.decode("latin-1").split("\r\n")[1:-2]

    def values(self, name: str) -> list[str]:
        pairs = (line.partition(": ") for line in self.lines)
        return [value for each, _, value in pairs if each.lower() == name.lower()]


class FakeApp:
    """Answers by `views[path]`, or with 404; `asked` is in the order of arrival."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.asked: list[Asked] = []
        self.connections = 0
        self.views: dict[str, Callable[[Asked, asyncio.StreamWriter], Awaitable[bool | None]]] = {}
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def start(self) -> None:
        self.path.unlink(missing_ok=True)
        self._server = await asyncio.start_unix_server(self._serve, datagrams.address_of(self.path), limit=1 << 20)

    async def stop(self) -> None:
        """Gone, with its connections and its socket."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.hang_up()
        self.path.unlink(missing_ok=True)

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    def targets(self) -> list[str]:
        return [asked.target for asked in self.asked]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while await self._answer(reader, writer):
                pass
        self._writers.discard(writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        asked = Asked(await reader.readuntil(b"\r\n\r\n"))
        self.asked.append(asked)
        view = self.views.get(asked.target.partition("?")[0], not_there)
        if not getattr(view, "is_hasty", False):
            length = asked.values("content-length")
            asked.body = await reader.readexactly(int(length[0])) if length else b""
        is_over = await view(asked, writer)
        await writer.drain()
        return not is_over


def head(status: int = 200, *lines: str, length: int | None = None) -> bytes:
    said = list(lines) if length is None else [*lines, f"Content-Length: {length}"]
    return "\r\n".join([f"HTTP/1.1 {status} Some Words", *said, "", ""]).encode()


def page(body: str | bytes, *lines: str, status: int = 200, kind: str = "text/html; charset=utf-8") -> Any:
    """A view that always gives this; without further lines it is not offered to the store."""
    raw = body.encode() if isinstance(body, str) else body

    async def view(asked: Asked, writer: asyncio.StreamWriter) -> None:
        answer = head(status, f"Content-Type: {kind}", *lines, length=len(raw))
        writer.write(answer if asked.method == "HEAD" else answer + raw)

    return view


def public(body: str | bytes, tags: str = "", *lines: str, control: str = "max-age=600", parameters: str = "") -> Any:
    """A view whose page may be stored."""
    return page(
        body,
        f'Surrogate-Control: {control}, content="ESI/1.0"',
        f"Surrogate-Key: {tags}",
        f"No-Vary-Search: key-order, params, except=({parameters})",
        "Cache-Control: public, no-cache",
        "Coranto-View: paper.views.page",
        *lines,
    )


not_there = page("Nothing here.", status=404)


class Gate:
    """A view that waits to be opened, and counts how many are before it."""

    def __init__(self, view):
        self.view = view
        self.before = 0
        self.opened = asyncio.Event()

    async def __call__(self, asked, writer):
        self.before += 1
        await self.opened.wait()
        return await self.view(asked, writer)


def serial(make):
    """A view whose n-th answer is that of `make(n)`."""
    number = 0

    async def view(asked, writer):
        nonlocal number
        number += 1
        return await make(number)(asked, writer)

    return view


@dataclass
class Got:
    """What a client of the gateway has received."""

    status: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    is_complete: bool = False

    def value(self, name: str) -> str | None:
        return next((value.decode() for each, value in self.headers if each.decode().lower() == name.lower()), None)

    @property
    def text(self) -> str:
        return self.body.decode()


class Edge:
    """The gateway and the app behind it, to be asked."""

    def __init__(self, folder: Path, **options: Any) -> None:
        self.folder = folder
        (folder / "secret-key").write_text(SECRET)
        self.app = FakeApp(folder / "app.sock")
        bounds = options.pop("bounds", None)
        self.options = EdgeOptions(
            listener=-1,
            ready=-1,
            parent=0,
            app=self.app.path,
            purges=folder / datagrams.SOCKET_NAME,
            secret_key=folder / "secret-key",
            hosts=frozenset({HOST}),
            roots=(folder,),
            **options,
        )
        self.gateway = Gateway(self.options, bounds=bounds)

    async def __aenter__(self) -> Self:
        await self.app.start()
        await self.gateway.start()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.gateway.rendering.finish()
        await self.gateway.stop()
        await self.app.stop()

    async def get(self, target: str, headers: dict[str, str] | None = None, **more: Any) -> Got:
        return await self.ask("GET", target, headers, **more)

    async def ask(
        self,
        method: str,
        target: str,
        headers: dict[str, str] | None = None,
        *,
        body: bytes = b"",
        client: str = "203.0.113.9",
        is_direct: bool = False,
        exchange: Any = None,
        on_body: Callable[[bytes], None] | None = None,
    ) -> Got:
        """Ask as the protocol does."""
        path, _, query = target.partition("?")
        sent = {"host": HOST, **({"content-length": str(len(body))} if body else {}), **(headers or {})}
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "client": (client, 40000),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in sent.items()],
            "extensions": {"coranto": {"target": target.encode(), "is_direct": is_direct, "exchange": exchange}},
        }
        got = Got()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                got.status, got.headers = int(message["status"]), message["headers"]
            else:
                got.body += message.get("body", b"")
                if on_body is not None:
                    on_body(message.get("body", b""))
                got.is_complete = not message.get("more_body", False)

        await self.gateway(scope, receive, send)
        return got

    def hit(self, target: str, encoding: int = 0) -> bytes | None:
        """What a ready hit would give: the plain body."""
        entry = self.gateway.store.find_target(HOST.encode(), target.encode(), "visitor")
        prepared = None if entry is None else entry.choose(encoding)
        return None if prepared is None else prepared.body

    def hear_nothing(self) -> None:
        """From here on purges are read where that is asked for, not when they arrive."""
        listening = self.gateway.purges._socket
        assert listening
        asyncio.get_running_loop().remove_reader(listening.fileno())

    def purge(self, *tags: str) -> None:
        """As a process of the app does, without waiting for the acknowledgement."""
        for message in datagrams.purge(tags):
            self.tell(bytes(message))

    def tell(self, data: bytes) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.connect(datagrams.address_of(self.options.purges))
            sender.send(data)


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for knows nothing of events
            await asyncio.sleep(0.002)


def run(scenario: Coroutine[Any, Any, None]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(PATIENCE):
            await scenario

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(bounded())
