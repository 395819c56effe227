"""One request and its answer, where the answer is not ready: the ASGI side of a connection."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE, RequestResponseCycle

from coranto.delivery.edge.answers import HOP_BY_HOP
from coranto.delivery.edge.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn.protocols.http.flow_control import FlowControl

logger = logging.getLogger("coranto.edge")

_WITHOUT_BODY: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})
# The connection's own, of which an application has nothing to say but `connection: close`.
_NOT_PASSED: Final = HOP_BY_HOP | {b"date", b"server"}


def has_left(scope: dict[str, Any]) -> bool:
    """Whether nobody is left to answer."""
    exchange = scope["extensions"]["coranto"].get("exchange")
    return exchange is not None and exchange.disconnected


class Exchange(RequestResponseCycle):
    """uvicorn's cycle with framing for HTTP/1.0, the edge's own Date, and an end the connection decides about."""

    def __init__(
        self,
        scope: Any,
        *,
        transport: asyncio.Transport,
        flow: FlowControl,
        expects: bool,
        keep_alive: bool,
        date: Callable[[], bytes],
        on_answered: Callable[[Exchange], None],
    ) -> None:
        super().__init__(
            scope=scope,
            transport=transport,
            flow=flow,
            logger=logger,
            access_logger=logger,
            access_log=False,
            default_headers=[],
            message_event=asyncio.Event(),
            expect_100_continue=expects,
            keep_alive=keep_alive,
            on_response=lambda: on_answered(self),
        )
        self._date = date
        self._has_body = True
        self._left: int | None = None  # of the announced length; None when none was announced

    def leave(self) -> None:
        """There is nobody left to answer: what the application sends is dropped, what it awaits does not come."""
        self.disconnected = True
        self.message_event.set()

    async def send_500_response(self) -> None:
        headers, body = refusal(HTTPStatus.INTERNAL_SERVER_ERROR)
        await self.send({"type": "http.response.start", "status": 500, "headers": headers})
        await self.send({"type": "http.response.body", "body": body, "more_body": False})

    async def send(self, message: Any) -> None:
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        expected = "http.response.body" if self.response_started else "http.response.start"
        if message["type"] != expected or self.response_complete:
            raise RuntimeError(f"Expected {expected!r}, but got {message['type']!r}.")
        if self.response_started:
            self._send_body(message.get("body", b""), more=message.get("more_body", False))
        else:
            self._send_head(message["status"], message.get("headers", []))

    def _send_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        lines = [STATUS_LINE[status]]
        for name, value in headers:
            if HEADER_RE.search(name) or HEADER_VALUE_RE.search(value):
                raise RuntimeError(f"The header {name!r} cannot be sent.")
            lower = name.lower()
            if lower == b"content-length":
                self._left = int(value)
            elif lower == b"connection" and b"close" in value.lower():
                self.keep_alive = False
            if lower not in _NOT_PASSED:
                lines += [name, b": ", value, b"\r\n"]
        self._has_body = self.scope["method"] != "HEAD" and status not in _WITHOUT_BODY
        if self._has_body and self._left is None:
            lines.append(self._choose_framing())
        lines += [b"connection: close\r\n" if not self.keep_alive else self._stay(), self._date()]
        self.response_started, self.waiting_for_100_continue = True, False
        self.transport.write(b"".join(lines))

    def _choose_framing(self) -> bytes:
        if self.scope["http_version"] == "1.0":  # knows no chunks: the end of the connection is the end of the body
            self.keep_alive = False
            return b""
        self.chunked_encoding = True
        return b"transfer-encoding: chunked\r\n"

    def _stay(self) -> bytes:
        return b"connection: keep-alive\r\n" if self.scope["http_version"] == "1.0" else b""

    def _send_body(self, body: bytes, *, more: bool) -> None:
        if self._has_body:
            self._write_body(body, more=more)
        if more:
            return
        if self._has_body and self._left:
            raise RuntimeError("The answer is shorter than announced.")
        self.response_complete = True
        self.message_event.set()
        self.on_response()

    def _write_body(self, body: bytes, *, more: bool) -> None:
        if self.chunked_encoding:
            chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
            body = chunk if more else chunk + b"0\r\n\r\n"
        elif self._left is not None:
            self._left -= len(body)
            if self._left < 0:
                raise RuntimeError("The answer is longer than announced.")
        if body:
            self.transport.write(body)
