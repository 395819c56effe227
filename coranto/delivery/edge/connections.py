"""One connection to the app, and an answer as it comes over it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
from collections import deque
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Protocol, cast

import httptools

if TYPE_CHECKING:
    from coranto.delivery.edge.answers import Headers
    from coranto.delivery.edge.forwarding import App, Turn

_KILOBYTE: Final = 1024
_MEGABYTE: Final = 1024 * 1024
# Without these an answer ends where the connection does (RFC 9112, section 6.3).
_FRAMED: Final = frozenset({b"content-length", b"transfer-encoding"})
_WITHOUT_BODY: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
_LARGEST_HEAD: Final = 128 * _KILOBYTE


class AppError(Exception):
    """The app gave no answer that could be passed on; `status` is what the client is told instead."""

    status = HTTPStatus.BAD_GATEWAY


class AppAwayError(AppError):
    """Nobody listens on the app's socket."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class OverloadedError(AppError):
    """Too many wait for the app already, or this one has waited too long."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class GarbledError(AppError):
    """What came is no HTTP, or ended before its end."""


class TooSlowError(AppError):
    """A deadline has passed."""

    status = HTTPStatus.GATEWAY_TIMEOUT


class ClosedEarlyError(GarbledError):
    """The connection closed before one byte of an answer: it had been kept too long, or the app died."""


class Body(Protocol):
    """What a client has sent, complete, in memory or in a file."""

    length: int

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """`head` is what goes out, down to the empty line."""

    method: bytes
    head: bytes
    body: Body | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """Times in seconds, sizes in bytes."""

    connections: int = 10  # what the app takes at once, and a little
    waiting: int = 500
    patience: float = 10.0
    connecting: float = 1.0
    head: float = 60.0
    idle: float = 60.0
    # Of one answer so much may lie here before its reading stops: the lower while all together are above `plenty`.
    high: int = _MEGABYTE
    low: int = 64 * _KILOBYTE
    plenty: int = 32 * _MEGABYTE


class AppAnswer:
    """Head and body of an answer, the body as it comes."""

    def __init__(self, connection: Connection, status: int, headers: Headers) -> None:
        self.status = status
        self.headers = headers
        self._connection: Connection | None = connection
        self._app = connection.app
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._is_complete = False
        self._failure: AppError | None = None
        self._arrived: asyncio.Future[None] | None = None

    async def read(self) -> bytes:
        """The next piece, `b""` at the end; raises `AppError` where it breaks off."""
        while not self._pieces:
            if self._failure:
                raise self._failure
            if self._is_complete:
                return b""
            await self._wait()
        if len(self._pieces) == 1:
            piece = self._pieces.popleft()
        else:
            piece = b"".join(self._pieces)
            self._pieces.clear()
        self._app.buffered -= self._size
        self._size = 0
        if self._connection:
            self._connection.resume()
        return piece

    def close(self) -> None:
        """Have no more of it."""
        self._pieces.clear()
        self._app.buffered -= self._size
        self._size = 0
        if self._connection:
            self._connection.abort()

    async def _wait(self) -> None:
        self._arrived = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._app.bounds.idle):
                await self._arrived
        except TimeoutError as error:
            self.close()
            raise TooSlowError("the app stopped in the middle of an answer") from error
        finally:
            self._arrived = None

    # What the connection tells:

    def add(self, piece: bytes) -> bool:
        """Whether there is room for more."""
        self._pieces.append(piece)
        self._size += len(piece)
        self._app.buffered += len(piece)
        self._wake()
        bounds = self._app.bounds
        return self._size < (bounds.high if self._app.buffered < bounds.plenty else bounds.low)

    def end(self, failure: AppError | None = None) -> None:
        self._connection = None
        self._is_complete = failure is None
        self._failure = failure
        self._wake()

    def _wake(self) -> None:
        if self._arrived and not self._arrived.done():
            self._arrived.set_result(None)


class Connection(asyncio.Protocol):
    """One connection to the app, for one request after the other."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._is_lost = False
        self._transport: asyncio.Transport = None  # type: ignore[assignment] # from connection_made on
        self._parser: httptools.HttpResponseParser | None = None
        self._turn: Turn | None = None
        self._head: asyncio.Future[AppAnswer] | None = None
        self._answer: AppAnswer | None = None
        self._headers: Headers = []
        self._arrived = 0
        self._is_head_request = False
        self._ends_with_connection = False
        self._sending: asyncio.Task[None] | None = None
        self._is_sent = True
        self._is_paused = False

    async def ask(self, question: Question, turn: Turn) -> AppAnswer:
        if self._is_lost:
            raise ClosedEarlyError("the app closed the connection")
        # A parser of its own for each answer: nothing of one can be taken for a part of the next.
        self._parser = httptools.HttpResponseParser(self)
        self._headers, self._arrived = [], 0
        self._is_head_request = question.method == b"HEAD"
        self._turn = turn
        head = self._head = asyncio.get_running_loop().create_future()
        try:
            if question.body is None:
                self._transport.write(question.head)
            else:
                self._is_sent = False
                self._sending = asyncio.create_task(self._send(question.head, question.body))
                await asyncio.wait((self._sending, head), return_when=asyncio.FIRST_COMPLETED)
            async with asyncio.timeout(self.app.bounds.head):
                return await head
        except BaseException as error:
            self._give_up(head)
            if isinstance(error, TimeoutError):
                raise TooSlowError("the app did not begin to answer") from error
            raise

    def abort(self) -> None:
        self._is_lost = True
        self.app.lose(self)
        if self._sending is not None:
            self._sending.cancel()
        self._transport.abort()

    def resume(self) -> None:
        if self._is_paused and not self._is_lost:
            self._is_paused = False
            self._transport.resume_reading()

    def _give_up(self, head: asyncio.Future[AppAnswer]) -> None:
        """Whoever asked has left. Once the answer is complete this connection may be somebody else's."""
        if not head.done():
            head.cancel()
            self.abort()
        elif not head.cancelled() and head.exception() is None:
            head.result().close()
        elif self._head is head:
            self.abort()

    async def _send(self, head: bytes, body: Body) -> None:
        """Write head and body through a descriptor of its own.

        Where the app answers without reading all and closes, the transport would drop the answer on the failed write.
        """
        loop = asyncio.get_running_loop()
        with socket.socket(fileno=os.dup(self._transport.get_extra_info("socket").fileno())) as raw:
            raw.setblocking(False)
            with contextlib.suppress(OSError):  # the time has run out, or the app reads no more and may still answer
                piece, left = head, body.length
                while piece:
                    async with asyncio.timeout(self.app.bounds.idle):
                        await loop.sock_sendall(raw, piece)
                    piece = body.read(min(left, 64 * _KILOBYTE)) if left else b""
                    left -= len(piece)
                self._is_sent = not left

    # asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        if self._parser is None:  # nobody has asked
            self.abort()
            return
        self._arrived += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(GarbledError(f"the app's answer is no HTTP: {error}"))
        else:
            if self._head is not None and self._arrived > _LARGEST_HEAD:
                self._fail(GarbledError("the head of the app's answer has no end"))

    def eof_received(self) -> None:
        """Nothing to keep open: the app writes no more."""

    def connection_lost(self, exc: Exception | None) -> None:
        self._is_lost = True
        self.app.lose(self)
        if self._answer is not None and self._ends_with_connection and exc is None:
            self._finish()
        elif self._arrived:
            self._fail(GarbledError("the app's answer broke off"))
        else:
            self._fail(ClosedEarlyError("the app closed the connection"))

    # The parser's side

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        headers, self._headers = self._headers, []  # what follows are trailers
        if self._parser is None or self._head is None:
            raise ValueError("more than one answer")
        status = self._parser.get_status_code()
        if status < HTTPStatus.OK:  # 100, 103: the answer itself follows
            return
        names = {name for name, _value in headers}
        has_body = not self._is_head_request and status not in _WITHOUT_BODY
        self._ends_with_connection = has_body and not names & _FRAMED
        head, self._head = self._head, None
        self._answer = AppAnswer(self, status, headers)
        if head.done():  # nobody waits for it any more
            self._answer.close()
            return
        head.set_result(self._answer)
        if not has_body:
            self._finish()

    def on_body(self, body: bytes) -> None:
        if self._answer is not None and not self._answer.add(body) and not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()

    def on_message_complete(self) -> None:
        if self._answer is not None:
            self._finish()

    def _finish(self) -> None:
        """The answer is complete: the app has a thread free again, and this connection the next request."""
        answer, parser = self._answer, self._parser
        self._answer = self._parser = None
        if answer is None or parser is None:
            return
        is_reusable = self._is_sent and not self._ends_with_connection and parser.should_keep_alive()
        self.resume()
        answer.end()
        self._leave(is_reusable=is_reusable)

    def _fail(self, failure: AppError) -> None:
        answer, head = self._answer, self._head
        self._answer = self._head = self._parser = None
        if answer is not None:
            answer.end(failure)
        elif head is not None and not head.done():
            head.set_exception(failure)
        self._leave(is_reusable=False)

    def _leave(self, *, is_reusable: bool) -> None:
        turn, self._turn = self._turn, None
        if is_reusable and not self._is_lost:
            self.app.keep(self)
        else:
            self.abort()
        if turn is not None:
            turn.give()
