"""How a connection is watched, refused and ended."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from coranto.delivery.edge.refusals import last_words

if TYPE_CHECKING:
    from uvicorn import Config
    from uvicorn.server import ServerState

    from coranto.delivery.edge.exchange import Exchange
    from coranto.delivery.edge.limits import Watch


class WatchedProtocol(HttpToolsProtocol):
    """What a connection does besides reading requests: it keeps answers in order, and to its limits."""

    def __init__(self, config: Config, state: ServerState, *, watch: Watch) -> None:
        super().__init__(config, state, {})
        self.watch, self.limits = watch, watch.limits
        self.since, self.number = watch.now, 0
        self.is_over = False  # nothing that still arrives is read
        self.is_half_closed = False
        self._farewell = b""  # what is said once all that was asked is answered
        self._lingers_until: float | None = None
        self._unsent, self._unsent_since = 0, 0.0
        # What of a request is being read: nothing, its head, or its body.
        self.is_between = True
        self.is_in_body = False
        self.head_since = self.body_since = 0.0
        self.body_arrived = 0

    # Answers

    @property
    def is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def go_on(self, exchange: Exchange) -> None:
        """`exchange` is answered: the next in line, or the end."""
        self.server_state.total_requests += 1
        self.since = self.watch.now
        if self.transport.is_closing():
            return
        if not exchange.keep_alive:
            self.drop_pipeline()
            self._end()
        elif self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif self._farewell:
            self._say(self._farewell)
        elif self.is_half_closed:
            self.transport.close()
        else:
            self.flow.resume_reading()

    def refuse(self, status: HTTPStatus) -> None:
        """Answer what is being read with this, after all that was asked before, and end the connection."""
        self.is_over = True
        words = last_words(status, self.watch.date)
        victim = cast("Exchange", self.cycle) if self.is_in_body else None
        if victim is None or victim.response_complete:
            self._say_in_turn(b"" if victim else words)
        elif self.pipeline and self.pipeline[0][0] is victim:  # it waits behind others
            self.pipeline.popleft()
            self._farewell = words
        else:
            victim.leave()
            if victim.response_started:
                self.transport.abort()
            else:
                self._say(words)

    def _say_in_turn(self, words: bytes) -> None:
        if self.is_answering:
            self._farewell = words
        else:
            self._say(words)

    def _say(self, words: bytes) -> None:
        if words:
            self.transport.write(words)
        self._end(may_be_sending=True)

    def _end(self, *, may_be_sending: bool = False) -> None:
        """Close; where the client may still be sending, only after it had time to read what it was told.

        A socket closed with bytes unread resets the connection, and the answer is lost with it (RFC 9112, 9.6).
        """
        self.is_over = True
        if (may_be_sending or self.is_in_body) and self.transport.can_write_eof():
            self._lingers_until = self.watch.now + self.limits.lingering_time
            self.flow.resume_reading()
            self.transport.write_eof()
        else:
            self.transport.close()

    def drop_pipeline(self) -> None:
        for exchange, _app in self.pipeline:
            cast("Exchange", exchange).leave()
        self.pipeline.clear()

    def shutdown(self) -> None:
        """Nothing new after what is being answered."""
        if self.is_answering:
            self.cycle.keep_alive = False
        else:
            self.transport.close()

    # The timer's side

    def look(self, now: float) -> None:
        transport = self.transport
        if transport is None:
            return
        unsent = transport.get_write_buffer_size()
        if self._lingers_until is not None:
            if now >= self._lingers_until:
                transport.abort()
        elif unsent:
            self._look_at_reader(unsent, now)
        elif transport.is_closing():
            return
        elif self.flow.read_paused:  # by us: what the client would send is not late
            self.head_since = self.body_since = now
        elif not self.is_between:
            if now > self._deadline():
                self.refuse(HTTPStatus.REQUEST_TIMEOUT)
        elif now - self.since > self.limits.idle_time:
            self.close_if_idle()

    def close_if_idle(self) -> bool:
        if self.is_answering or not self.is_between or self._lingers_until is not None:
            return False
        if self.transport.is_closing() or self.transport.get_write_buffer_size():
            return False  # it ends once the client has read, which may be never
        self.transport.close()
        return True

    def _deadline(self) -> float:
        """When what is being read has to be whole."""
        if self.is_in_body:
            return self.body_since + self.limits.body_time + self.body_arrived / self.limits.body_rate
        return self.head_since + self.limits.head_time

    def _look_at_reader(self, unsent: int, now: float) -> None:
        if unsent != self._unsent:
            self._unsent, self._unsent_since = unsent, now
        elif now - self._unsent_since > self.limits.stalled_time:
            self.transport.abort()
