"""The edge's side of a connection with a client.

What is in the store is answered while the request is read: no task, no thread, ready bytes straight to the transport.
All else is an exchange with the gateway, by uvicorn's ASGI path, in the order the requests came in.
"""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

import httptools

from coranto.delivery.edge.ending import WatchedProtocol
from coranto.delivery.edge.exchange import Exchange
from coranto.delivery.edge.refusals import refuse
from coranto.delivery.edge.requests import (
    VERSIONS,
    fault_of_unreadable,
    find_fault,
    for_the_app,
    in_origin_form,
    size_of,
    speaks_for_itself,
    values_of,
)

if TYPE_CHECKING:
    import asyncio

    from uvicorn import Config
    from uvicorn.server import ServerState

    from coranto.delivery.edge.answers import Headers
    from coranto.delivery.edge.clients import Proxies
    from coranto.delivery.edge.hits import Hits
    from coranto.delivery.edge.limits import Watch

logger = logging.getLogger("coranto.edge")

HEALTH: Final = b"/-/health/"


class EdgeProtocol(WatchedProtocol):
    """A connection."""

    def __init__(self, config: Config, state: ServerState, *, hits: Hits, watch: Watch, proxies: Proxies) -> None:
        super().__init__(config, state, watch=watch)
        # Nothing may follow a request that asked to close.
        self.parser.set_dangerous_leniencies(lenient_data_after_close=False)
        self.hits, self.proxies = hits, proxies
        self.url = b""
        self.headers: Headers = []
        self._arrived = 0  # the size of the chunk in hand
        self._head_size = 0  # of a head that came in more than one chunk
        self._body_limit = self._body_size = 0

    # The transport's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.number = self.watch.count_in()
        super().connection_made(cast("asyncio.Transport", transport))
        if not self.number:
            self.is_over = True
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        if self.is_over:
            return
        arrived = self._arrived = len(data)
        if self.is_between and arrived <= self.limits.head and self._answers_now():
            found = self.hits.find_whole(data)
            if found is not None:
                self.since = self.watch.now
                self.transport.writelines((found[0], self.watch.date, found[1]))
                return
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self.is_over = True  # answered as if it had not asked for another protocol, and closed
        except httptools.HttpParserError as error:
            if isinstance(error, httptools.HttpParserCallbackError):
                logger.exception("A request could not be handled")
            if not self.is_over:
                is_method = isinstance(error, httptools.HttpParserInvalidMethodError)
                self.refuse(fault_of_unreadable(data, is_method=is_method))
        else:
            if not self.is_between:
                self._measure()

    def eof_received(self) -> bool | None:  # type: ignore[override]
        """The client writes no more; it may still read what it has asked for."""
        if self.is_between and not self.is_over and self.is_answering and self.scheme == "http":
            self.is_half_closed = True
            return True
        return None

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_over = True
        self.drop_pipeline()
        super().connection_lost(exc)

    # The parser's side

    def on_message_begin(self) -> None:
        self.is_between = False

    def on_url(self, url: bytes) -> None:
        self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        target, headers = self.url, self.headers
        self.url, self.headers = b"", []  # trailers may follow
        self.since = self.watch.now
        if self.is_over:
            return
        if (
            self._answers_now()
            and not self._head_size
            and self._arrived <= self.limits.head
            and self._answer_at_once(target, headers)
        ):
            return
        self._head_size = 0
        self._begin(target, headers)

    def on_body(self, body: bytes) -> None:
        if self.is_over:
            return
        self._body_size += len(body)
        if self._body_size > self._body_limit:
            self.refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return
        super().on_body(body)

    def on_message_complete(self) -> None:
        self.is_between = True
        if self.is_in_body:
            self.is_in_body = False
            self.headers = []  # trailers
            if not self.is_over:
                super().on_message_complete()

    # Requests

    def _answers_now(self) -> bool:
        """Whether the next answer may be written at once: none is under way, and the client takes what it is given."""
        cycle = self.cycle
        return (cycle is None or cycle.response_complete) and not self.flow.write_paused

    def _answer_at_once(self, target: bytes, headers: Headers) -> bool:
        """Answer from the store; false when it has no answer."""
        fields = dict(headers)
        if len(fields) != len(headers) or len(fields) > self.limits.fields:
            return False  # what comes twice is for somebody with more time
        parser = self.parser
        found = self.hits.find(parser.get_method(), target, fields)
        if found is None:
            return False
        head, body = found
        if not parser.should_keep_alive():
            if parser.get_http_version() not in VERSIONS:
                return False
            self.transport.writelines((head, b"connection: close\r\n", self.watch.date, body))
            self.is_over = True
            self.transport.close()
        elif b"connection" in fields:  # an HTTP/1.0 client needs to be told
            self.transport.writelines((head, b"connection: keep-alive\r\n", self.watch.date, body))
        else:
            self.transport.writelines((head, self.watch.date, body))
        return True

    def _begin(self, target: bytes, headers: Headers) -> None:
        """Begin an exchange, or refuse."""
        parser = self.parser
        method, version = parser.get_method(), parser.get_http_version()
        fault = find_fault(method, target, version, headers, limits=self.limits)
        if fault is None and len(self.pipeline) >= self.limits.pipelined:
            fault = HTTPStatus.SERVICE_UNAVAILABLE
        try:
            target, headers = in_origin_form(target, headers)
        except ValueError:
            fault = fault or HTTPStatus.BAD_REQUEST
        lengths = values_of(b"content-length", headers)
        has_body = bool(lengths and int(lengths[0])) or bool(values_of(b"transfer-encoding", headers))
        if fault is None and has_body:
            fault = self._expect_body(target, lengths)
        if fault is not None:
            self.refuse(fault)
            return
        exchange = Exchange(
            self._scope(method.decode("ascii"), target, version, headers),
            transport=self.transport,
            flow=self.flow,
            expects=bool(values_of(b"expect", headers)) and version != "1.0",
            keep_alive=parser.should_keep_alive() and not parser.should_upgrade(),
            date=self._date,
            on_answered=self.go_on,
        )
        exchange.scope["extensions"]["coranto"]["exchange"] = exchange
        exchange.more_body = has_body
        if not has_body:
            exchange.message_event.set()
        self.is_in_body = has_body
        self._queue(exchange, target)

    def _expect_body(self, target: bytes, lengths: list[bytes]) -> HTTPStatus | None:
        if self.parser.should_upgrade():  # the parser does not read a body then: it would be taken for a request
            return HTTPStatus.BAD_REQUEST
        self._body_limit = self.limits.body_at(target)
        self._body_size = self.body_arrived = 0
        self.body_since = self.watch.now
        too_large = lengths and int(lengths[0]) > self._body_limit
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_large else None

    def _scope(self, method: str, target: bytes, version: str, headers: Headers) -> dict[str, Any]:
        path, _, query = target.partition(b"?")
        host, port = self.client or ("", 0)
        client = self.proxies.client_of(host, self.scheme or "http", headers)
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": version,
            "server": self.server,
            "client": (client.address, port),
            "scheme": client.scheme,
            "method": method,
            "root_path": "",
            "path": "",
            "raw_path": path,
            "query_string": query,
            "headers": for_the_app(headers, keeps_capability=self.proxies.trust(host)),
            "extensions": {"coranto": {"target": target, "is_direct": speaks_for_itself(headers)}},
            "state": {},
        }

    def _queue(self, exchange: Exchange, target: bytes) -> None:
        app = self.app
        if target.partition(b"?")[0] == HEALTH:
            app = _say_ok
        elif len(self.tasks) >= self.limits.requests:
            app = refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        was_answering, self.cycle = self.is_answering, exchange
        if was_answering:
            self.flow.pause_reading()
            self.pipeline.appendleft((exchange, app))
        else:
            self._start_asgi_task(exchange, app)

    def _date(self) -> bytes:
        return self.watch.date

    def _measure(self) -> None:
        """Note what arrived of a head or a body that is not whole yet."""
        if self.is_in_body:
            self.body_arrived += self._arrived
            if self.body_arrived - self._body_size > self._body_size + self.limits.framing:
                self.refuse(HTTPStatus.BAD_REQUEST)
            return
        if self._head_size:
            self._head_size += self._arrived
        else:
            self._head_size = size_of(self.url, self.headers) + 1  # something of it is here
            self.head_since = self.watch.now
        if len(self.url) > self.limits.target:
            self.refuse(HTTPStatus.REQUEST_URI_TOO_LONG)
        elif self._head_size > self.limits.head:
            self.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)


async def _say_ok(_scope: Any, _receive: Any, send: Any) -> None:
    headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store"), (b"content-length", b"3")]
    await send({"type": "http.response.start", "status": HTTPStatus.OK, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok\n"})
