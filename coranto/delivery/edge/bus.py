"""Purges of other machines of the site, by Redis or PostgreSQL.

Neither keeps a message for somebody who is not listening. So everything is forgotten once a connection stands, and
while there is none every few seconds: nothing stored is then older than that.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from typing import TYPE_CHECKING, Any, Final, Protocol

from coranto.delivery.rules import datagrams

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from coranto.delivery.edge.purging import Purging

logger = logging.getLogger("coranto.edge")

FORGET_EVERY: Final = 5.0  # seconds, while nothing is heard
PROBE_AFTER: Final = 5.0  # seconds of silence, which may be that of a dead connection
ANSWER_WITHIN: Final = 5.0
CONNECT_WITHIN: Final = 5.0
LONGEST_PAUSE: Final = 5.0
_FIRST_PAUSE: Final = 0.1


class LostError(Exception):
    """The connection is gone, or there was none to be had."""


class Line(Protocol):
    """A connection that brings messages."""

    name: str

    async def connect(self) -> None:
        """Listening, when this returns; raises `LostError`."""

    async def receive(self) -> bytes | None:
        """The next message; None: it is quiet, and the other side was asked whether it is there. Raises `LostError`."""

    async def close(self) -> None: ...


def open_bus(*, redis_url: str, database_url: str, secret: str, purging: Purging) -> Bus | None:
    """None where the site has neither: then it has one machine."""
    if redis_url:
        return Bus(RedisLine(redis_url, datagrams.redis_channel(datagrams.site_of(secret.encode()))), purging)
    if database_url:
        return Bus(PostgresqlLine(database_url), purging)
    return None


class Bus:
    """Listens for as long as the edge runs."""

    def __init__(self, line: Line, purging: Purging) -> None:
        self.is_connected = False
        self._line = line
        self._purging = purging

    async def run(self) -> None:
        """Until cancelled."""
        forgetting = asyncio.create_task(self._forget_while_deaf())
        try:
            await self._listen_for_ever()
        finally:
            forgetting.cancel()
            await self._line.close()

    async def _listen_for_ever(self) -> None:
        pause = _FIRST_PAUSE
        has_said = False
        while True:
            _heed_cancellation()
            try:
                await self._line.connect()
                self._purging.forget_everything()  # who knows what was said before
                if has_said:
                    logger.warning("Purges of other machines are heard again from %s", self._line.name)
                self.is_connected, has_said, pause = True, False, _FIRST_PAUSE
                await self._listen()
            except LostError as error:
                self.is_connected = False
                if not has_said:
                    has_said = True
                    logger.warning(
                        "Purges of other machines are not heard, %s is lost (%s); until it is back everything stored "
                        "is forgotten every %d seconds",
                        self._line.name,
                        error,
                        FORGET_EVERY,
                    )
            await self._line.close()
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - that not all come back at once
            pause = min(2 * pause, LONGEST_PAUSE)

    async def _listen(self) -> None:
        while True:
            data = await self._line.receive()
            _heed_cancellation()
            if data is None:
                continue
            try:
                self._purging.carry_out(datagrams.read(data))
            except datagrams.UnreadableError as error:
                logger.warning(
                    "A purge of another machine could not be read, everything stored is forgotten: %s", error
                )
                self._purging.forget_everything()

    async def _forget_while_deaf(self) -> None:
        while True:
            await asyncio.sleep(FORGET_EVERY)
            if not self.is_connected:
                self._purging.forget_everything()


class RedisLine:
    """A subscription, on a connection that never silently becomes another one."""

    def __init__(self, url: str, channel: str) -> None:
        self.name = "Redis"
        self._url = url
        self._channel = channel
        self._connection: Any = None

    async def connect(self) -> None:
        from redis.asyncio import ConnectionPool

        with _lost_on_failure():
            async with asyncio.timeout(CONNECT_WITHIN):
                pool = ConnectionPool.from_url(self._url, protocol=2, retry=None)
                self._connection = pool.make_connection()  # type: ignore[no-untyped-call]
                await self._connection.connect()
                await self._connection.send_command("SUBSCRIBE", self._channel)
                await self._connection.read_response()

    async def receive(self) -> bytes | None:
        with _lost_on_failure():
            said = await self._read(PROBE_AFTER)
            if said is None:
                await self._connection.send_command("PING")
                said = await self._read(ANSWER_WITHIN)
                if said is None:
                    raise LostError("it does not answer")
        return said[2] if said[0] == b"message" else None

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                await connection.disconnect(nowait=True)

    async def _read(self, seconds: float) -> list[Any] | None:
        try:
            return await self._connection.read_response(timeout=seconds, disconnect_on_error=False)
        except TimeoutError:
            return None


class PostgresqlLine:
    """`LISTEN` on a connection of its own."""

    def __init__(self, url: str) -> None:
        self.name = "PostgreSQL"
        self._url = url
        self._connection: Any = None
        self._heard: AsyncIterator[Any] | None = None

    async def connect(self) -> None:
        import psycopg

        with _lost_on_failure():
            async with asyncio.timeout(CONNECT_WITHIN):
                self._connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True)
                await self._connection.execute(f"LISTEN {datagrams.POSTGRESQL_CHANNEL}")

    async def receive(self) -> bytes | None:
        with _lost_on_failure():
            if self._heard is None:
                self._heard = self._connection.notifies(timeout=PROBE_AFTER)
            async for notification in self._heard:
                return notification.payload.encode()
            self._heard = None
            async with asyncio.timeout(ANSWER_WITHIN):
                await self._connection.execute("SELECT 1")
        return None

    async def close(self) -> None:
        connection, self._connection, self._heard = self._connection, None, None
        if connection is not None:
            with contextlib.suppress(Exception):
                await connection.close()


def _heed_cancellation() -> None:
    """End where a client library took a cancellation for a timeout of its own."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


@contextlib.contextmanager
def _lost_on_failure() -> Any:
    """Whatever a client library raises means one thing here."""
    try:
        yield
    except LostError:
        raise
    except Exception as error:
        raise LostError(f"{type(error).__name__}: {error}".rstrip(": ")) from error
