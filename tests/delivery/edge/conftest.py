"""The client's half of the edge on a real socket, before an application that is made for it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvloop
from uvicorn.server import ServerState

from coranto.delivery.edge import listening
from coranto.delivery.edge.answers import Answer
from coranto.delivery.edge.bodies import ClientLeftError, spool
from coranto.delivery.edge.files import Folders, send_file
from coranto.delivery.edge.limits import Limits
from coranto.delivery.edge.options import EdgeOptions
from coranto.delivery.edge.store import Store
from coranto.delivery.rules.entitlement import Entitlements

sys.path.insert(0, str(Path(__file__).parent))
import fake_app
from talking import PATIENCE, Talk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def edge(tmp_path: Path) -> fake_app.Edge:
    """A whole edge before an app that answers as a test says."""
    return fake_app.Edge(tmp_path)


SECRET = b"a key that is used in tests alone"
PAGE = b"<p>" + b" ".join(b"%d words that are the same for everybody" % number for number in range(60)) + b"</p>"
LARGE = PAGE * 500  # more than a connection takes at once


class Paper:
    """What stands behind the protocol: it keeps its pages in a store, as the gateway does, and tells what it saw."""

    def __init__(self, *, files: Path, hosts: frozenset[str]) -> None:
        self.store = Store(limit=10_000_000, hosts=hosts)
        self.entitlements = Entitlements(SECRET)
        self.folders = Folders([files])
        self.files = files
        self.asked: list[str] = []
        self.left: list[str] = []
        self.sent = 0  # bytes of a stream
        self._gate = asyncio.Event()
        self._arrived = threading.Semaphore(0)
        self._loop: asyncio.AbstractEventLoop | None = None

    # For the test's thread

    def wait_for_arrival(self) -> None:
        assert self._arrived.acquire(timeout=PATIENCE)

    def open_gate(self) -> None:
        assert self._loop
        self._loop.call_soon_threadsafe(self._gate.set)

    def on_loop(self, action: Callable[[], Any]) -> Any:
        """What `action` returns, called where the protocol runs."""
        assert self._loop

        async def call() -> Any:
            return action()

        return asyncio.run_coroutine_threadsafe(call(), self._loop).result(PATIENCE)

    # For the protocol

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self._loop = asyncio.get_running_loop()
        path = scope["raw_path"].decode()
        self.asked.append(scope["extensions"]["coranto"]["target"].decode())
        kind = path.split("/")[1]
        answer = getattr(self, f"answer_{kind}", self.answer_page)
        await answer(scope, receive, send)

    async def say(self, send: Any, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
        length = (b"content-length", b"%d" % len(body))
        await send({"type": "http.response.start", "status": status, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": body})

    async def answer_large(self, scope: Any, receive: Any, send: Any) -> None:
        await self.answer_page(scope, receive, send, page=LARGE)

    async def answer_page(self, scope: Any, _receive: Any, send: Any, *, page: bytes = PAGE) -> None:
        headers = dict(scope["headers"])
        host, target = headers.get(b"host", b""), scope["extensions"]["coranto"]["target"]
        level = headers.get(b"x-level", b"visitor").decode()
        key = self.store.keys.key_of(target, host, level)
        if key is not None and scope["method"] in {"GET", "HEAD"}:
            surrogate = [
                (b"surrogate-control", b"max-age=600"),
                (b"surrogate-key", b"page:1"),
                (b"no-vary-search", b"key-order, params, except=()"),
                (b"vary", b"Coranto-Entitlement"),
            ]
            kept = [(b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"public, no-cache"), *surrogate]
            outcome = self.store.finish(self.store.begin(key), Answer(200, kept, page))
            if outcome.entry:
                self.store.remember(host, target, level, outcome.entry)
        await self.say(send, 200, page, (b"x-made", b"anew"))

    async def answer_slow(self, _scope: Any, _receive: Any, send: Any) -> None:
        self._arrived.release()
        await self._gate.wait()
        await self.say(send, 200, b"slowly\n")

    async def answer_echo(self, scope: Any, receive: Any, send: Any) -> None:
        self._arrived.release()
        try:
            with await spool(receive) as body:
                said = {
                    "method": scope["method"],
                    "length": body.length,
                    "sha256": hashlib.sha256(body.read(1 << 30)).hexdigest(),
                    "client": scope["client"][0],
                    "scheme": scope["scheme"],
                    "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in scope["headers"]],
                }
        except ClientLeftError:
            self.left.append(scope["raw_path"].decode())
            return
        await self.say(send, 200, json.dumps(said).encode(), (b"content-type", b"application/json"))

    async def answer_hasty(self, _scope: Any, _receive: Any, send: Any) -> None:
        """Answers before it has read what was sent."""
        await self.say(send, 403, b"no\n")

    async def answer_crash(self, _scope: Any, _receive: Any, _send: Any) -> None:
        raise RuntimeError("the application has failed")

    async def answer_nothing(self, _scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": [(b"x-made", b"anew")]})
        await send({"type": "http.response.body"})

    async def answer_stream(self, _scope: Any, _receive: Any, send: Any) -> None:
        """Forty megabytes of unknown length."""
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"connection", b"keep-alive"), (b"date", b"long ago"), (b"server", b"other")],
            }
        )
        self._arrived.release()
        for _ in range(640):
            await send({"type": "http.response.body", "body": b"." * 65_536, "more_body": True})
            self.sent += 65_536
        await send({"type": "http.response.body"})

    async def answer_few(self, _scope: Any, _receive: Any, send: Any) -> None:
        """Three pieces of unknown length."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for piece in (b"one ", b"", b"two ", b"three"):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})

    async def answer_file(self, scope: Any, _receive: Any, send: Any) -> None:
        name = scope["raw_path"].decode().removeprefix("/file/")
        headers = [(b"content-type", b"image/png"), (b"cache-control", b"max-age=9"), (b"content-length", b"0")]
        path = str(self.files / name)
        await send_file(path, scope=scope, send=send, headers=headers, folders=self.folders)


class Front:
    """The protocol in a thread of its own, on a port of its own."""

    def __init__(self, files: Path, **options: Any) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()
        self.state = ServerState()
        self._options = options
        self._files = files
        self._is_up = threading.Event()
        self._failure: BaseException | None = None
        self.loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event
        self.paper: Paper
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._is_up.wait(PATIENCE)
        self._talks: list[Talk] = []

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        nowhere = Path("/nowhere")
        options = EdgeOptions(
            listener=self._listener.detach(),
            ready=-1,
            parent=0,
            app=nowhere,
            purges=nowhere,
            secret_key=nowhere,
            **self._options,
        )
        self.paper = Paper(files=self._files, hosts=options.hosts)
        self.paper._loop = self.loop
        server, watch = await listening.listen(options, self.paper, self.state)
        self._is_up.set()
        await self._stopping.wait()
        server.close()
        await listening.finish(self.state, grace=0)
        watch.stop()

    def talk(self, **how: Any) -> Talk:
        talk = Talk(self.address, **how)
        self._talks.append(talk)
        return talk

    def hang_up(self) -> None:
        while self._talks:
            self._talks.pop().close()

    def stop(self) -> None:
        self.hang_up()
        self.loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture(scope="session")
def sent_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    (folder / "picture.png").write_bytes(bytes(range(256)) * 4_000)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "inside").symlink_to(folder / "picture.png")
    (folder / "outside").symlink_to(__file__)
    (folder / "folder").mkdir()
    return folder


@pytest.fixture(scope="session")
def common_front(sent_files: Path) -> Iterator[Front]:
    front = Front(sent_files, trusted_proxies=("10.0.0.0/8",))
    yield front
    front.stop()


@pytest.fixture
def front(common_front: Front) -> Iterator[Front]:
    """The protocol as it is set up by default."""
    common_front.paper._gate = asyncio.Event()
    common_front.paper.asked.clear()
    common_front.paper.left.clear()
    common_front.paper.sent = 0
    common_front.paper.on_loop(common_front.paper.store.purge_all)
    yield common_front
    common_front.paper.open_gate()
    common_front.hang_up()


@pytest.fixture
def make_front(sent_files: Path) -> Iterator[Callable[..., Front]]:
    """One with other options, or `limits` in the words of `Limits`."""
    fronts = []

    def make(*, limits: dict[str, Any] | None = None, **options: Any) -> Front:
        fronts.append(Front(sent_files, limits=Limits(**(limits or {})), **options))
        return fronts[-1]

    yield make
    for front in fronts:
        front.paper.open_gate()
        front.stop()


@pytest.fixture
def paper(front: Front) -> Paper:
    return front.paper


@pytest.fixture(autouse=True)
def _loud(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="coranto.edge")
