"""Asking the app: HTTP/1.1 over its unix socket, on a bounded number of connections that are kept.

What the app answers is read as it comes; a client that takes it slowly stops the reading, once a bounded amount lies
here, so that memory stays bounded and the app's thread is free as soon as may be.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections import deque
from typing import TYPE_CHECKING, Final

from coranto.delivery.edge.connections import (
    AppAnswer,
    AppAwayError,
    AppError,
    Bounds,
    ClosedEarlyError,
    Connection,
    OverloadedError,
    Question,
)
from coranto.delivery.rules import datagrams

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# What may be asked twice without harm; only these go out on a connection the app may just be closing.
_HARMLESS: Final = frozenset({b"GET", b"HEAD", b"OPTIONS"})
_RETRY_CONNECTING_AFTER: Final = 0.02


class App:
    """The app behind its socket, for all requests of this process."""

    def __init__(self, path: Path, bounds: Bounds | None = None) -> None:
        self.path = path
        self.bounds = bounds or Bounds()
        self.is_away = False
        self.in_flight = 0
        self.buffered = 0
        self.failures = 0  # requests that brought no answer
        self._idle: list[Connection] = []
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def waiting(self) -> int:
        return len(self._waiting)

    @property
    def kept(self) -> int:
        """Connections that wait for a request."""
        return len(self._idle)

    async def ask(self, question: Question, *, on_turn: Callable[[], None] | None = None) -> AppAnswer:
        """The head of the answer has come when this returns; raises `AppError`. The answer is to be read, or closed.

        `on_turn` is called when the wait is over and before the app is asked.
        """
        await self._take_turn()
        turn = Turn(self)
        try:
            if on_turn is not None:
                on_turn()
            return await self._ask(question, turn)
        except BaseException as error:
            turn.give()
            self.failures += isinstance(error, AppError)
            raise

    def close(self) -> None:
        """Close what is kept."""
        for connection in self._idle:
            connection.abort()
        self._idle.clear()

    async def _ask(self, question: Question, turn: Turn) -> AppAnswer:
        if question.method in _HARMLESS and question.body is None:
            while self._idle:
                connection = self._idle.pop()
                try:
                    return await connection.ask(question, turn)
                except ClosedEarlyError:
                    break  # it was being closed; once more, on a new one
        connection = await self._connect()
        return await connection.ask(question, turn)

    async def _connect(self) -> Connection:
        loop = asyncio.get_running_loop()
        # Once it is known to be away nobody waits for its return: there may be a stored page to give.
        deadline = loop.time() + (0 if self.is_away else self.bounds.connecting)
        while True:
            try:
                raw = self._open_socket()
            except OSError as error:
                if loop.time() >= deadline:
                    self.is_away = self.is_away or error.errno != errno.EAGAIN
                    raise AppAwayError(f"{self.path}: {error.strerror}") from error
                await asyncio.sleep(_RETRY_CONNECTING_AFTER)
            else:
                break
        self.is_away = False
        _transport, connection = await loop.create_unix_connection(lambda: Connection(self), sock=raw)
        return connection

    def _open_socket(self) -> socket.socket:
        """Connect at once: a unix socket does, or its queue is full (EAGAIN, which asyncio would take for progress)."""
        raw = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            raw.setblocking(False)
            raw.connect(datagrams.address_of(self.path))
        except OSError:
            raw.close()
            raise
        return raw

    async def _take_turn(self) -> None:
        if self.in_flight < self.bounds.connections:
            self.in_flight += 1
            return
        if len(self._waiting) >= self.bounds.waiting:
            raise OverloadedError("too many requests wait for the app")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self.bounds.patience):
                await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():
                self.give_turn()  # it was given in the same moment
            else:
                with contextlib.suppress(ValueError):
                    self._waiting.remove(turn)
            if isinstance(error, TimeoutError):
                raise OverloadedError("a request has waited too long for the app") from error
            raise

    def give_turn(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self.in_flight -= 1

    def keep(self, connection: Connection) -> None:
        self._idle.append(connection)

    def lose(self, connection: Connection) -> None:
        with contextlib.suppress(ValueError):
            self._idle.remove(connection)


class Turn:
    """The right to one of the connections, given on once."""

    __slots__ = ("_app",)

    def __init__(self, app: App) -> None:
        self._app: App | None = app

    def give(self) -> None:
        app, self._app = self._app, None
        if app is not None:
            app.give_turn()
