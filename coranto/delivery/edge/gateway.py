"""What the edge does with a request that is no ready hit: render, wait, pass on, or make do with an older page.

An ASGI application. Of `scope` it expects what a client may not say to be dropped from `headers`, and the true client
in `client` and `scheme`.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import time
from datetime import timedelta
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final

from coranto.delivery.edge.answers import Answer
from coranto.delivery.edge.apologies import apologise
from coranto.delivery.edge.asking import Request, ask_as_sent, read_request
from coranto.delivery.edge.bodies import ClientLeftError, spool
from coranto.delivery.edge.bus import open_bus
from coranto.delivery.edge.connections import AppError, Bounds, TooSlowError
from coranto.delivery.edge.exchange import has_left
from coranto.delivery.edge.files import Folders
from coranto.delivery.edge.forwarding import App
from coranto.delivery.edge.metrics import CONTENT_TYPE, Counters, Lag, write_metrics
from coranto.delivery.edge.purging import PurgeSocket, Purging
from coranto.delivery.edge.rendering import Rendered, Rendering
from coranto.delivery.edge.replying import Reply, Replying
from coranto.delivery.edge.store import Outcome, Store
from coranto.delivery.rules.entitlement import VISITOR, Entitlements, derive_key
from coranto.delivery.rules.repetition import Seldom

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from coranto.delivery.edge.answers import Headers
    from coranto.delivery.edge.connections import Body
    from coranto.delivery.edge.entries import Entry
    from coranto.delivery.edge.keys import Key
    from coranto.delivery.edge.options import EdgeOptions

    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Send = Callable[[Any], Awaitable[None]]

logger = logging.getLogger("coranto.edge")

METRICS: Final = b"/-/metrics"
PATIENCE_WITH_AN_OLD_PAGE: Final = 5.0  # seconds, then readers get that; the render goes on
# Purges may meet one render after the other; then a request gets one of its own, which is as new as can be.
_ATTEMPTS: Final = 5
ROUND: Final = 1.0  # seconds
_TIDY_EVERY: Final = 10  # rounds of housekeeping
_BROKEN: Final = HTTPStatus.INTERNAL_SERVER_ERROR


class Gateway:
    """`store` and `entitlements` are shared with whoever answers ready hits."""

    def __init__(self, options: EdgeOptions, *, bounds: Bounds | None = None) -> None:
        secret = options.secret_key.read_text(encoding="utf-8").strip()
        self._options = options
        self.counters = Counters()
        self.store = Store(limit=options.store_limit, hosts=options.hosts)
        self.entitlements = Entitlements(derive_key(secret))
        self.app = App(options.app, bounds or Bounds(connections=options.app_requests))
        self.purging = Purging(self.store, self.entitlements, self.counters)
        self.purges = PurgeSocket(options.purges, self.purging)
        self.rendering = Rendering(store=self.store, app=self.app, purges=self.purges, counters=self.counters)
        self._replying = Replying(
            store=self.store,
            rendering=self.rendering,
            folders=Folders(options.roots),
            counters=self.counters,
        )
        self._bus = open_bus(
            redis_url=options.redis_url, database_url=options.database_url, secret=secret, purging=self.purging
        )
        self._lag = Lag()
        self._tasks: list[asyncio.Task[None]] = []
        self._last_request: Request | None = None
        self._said = Seldom(timedelta(seconds=10))

    async def start(self) -> None:
        """Raises OSError where the purge socket cannot be had."""
        self.purges.open()
        self._lag.start()
        self._tasks.append(asyncio.create_task(self._run_for_ever(self._keep_house)))
        if self._bus is not None:
            self._tasks.append(asyncio.create_task(self._run_for_ever(self._bus.run)))

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._lag.stop()
        self.purges.close()
        self.app.close()

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        self.purges.drain()
        request = read_request(scope, self.entitlements, has_cache_in_front=self._options.has_cache_in_front)
        try:
            if request.path == METRICS:
                await self._tell_metrics(request, send)
            elif request.is_candidate:
                await self._answer_candidate(request, receive, send)
            else:
                await self._pass_on(request, receive, send)
        except AppError as error:
            await self._apologise(error, request, send)
        except ClientLeftError:
            return

    # What may be stored ----------------------------------------------------------------------------------------

    async def _answer_candidate(self, request: Request, receive: Receive, send: Send) -> None:
        self._last_request = request
        for _ in range(_ATTEMPTS):
            asked_at = self.store.sequence
            key = self.store.keys.key_of(request.target, request.host, request.level)
            if key is None or self.store.passes(key):
                break
            entry = self.store.find(key) or self._find_stale(key, request)
            if entry is None:
                rendered, is_ours = await self._render(key, request)
                if await self._send_for_error(key, rendered, request, send):
                    return
                if rendered.outcome is None or rendered.answer is None:
                    raise rendered.error or AppError("a render brought nothing")
                if is_ours and rendered.outcome.entry is None:
                    await self._replying.relay(Reply(rendered.answer, rendered.rest), request, send)
                    return
                if rendered.outcome.ask_again or _is_outdated(rendered.outcome, asked_at):
                    continue
                entry = rendered.outcome.entry
                if entry is None:
                    break
            await self._send_entry(entry, request, send)
            return
        await self._pass_on(request, receive, send)

    async def _render(self, key: Key, request: Request) -> tuple[Rendered, bool]:
        # An app that is being replaced does not refuse connections, it lets them wait.
        patience = PATIENCE_WITH_AN_OLD_PAGE if self.store.find_for_error(key) is not None else None
        late = Rendered(error=TooSlowError("the app takes long"))
        if patience is not None and self.rendering.is_later_than(patience, key):
            return late, False
        try:
            async with asyncio.timeout(patience):
                return await self.rendering.render(key, request)
        except TimeoutError:
            return late, False
        except AppError as error:
            return Rendered(error=error), False

    def _find_stale(self, key: Key, request: Request) -> Entry | None:
        entry = self.store.find_stale(key)
        if entry is not None:
            self.counters.stale += 1
            self.rendering.render_soon(key, request)
        return entry

    async def _send_entry(self, entry: Entry, request: Request, send: Send) -> None:
        await self._replying.send_entry(entry, request, send)
        self.store.remember(request.host, request.target, request.level, entry)

    async def _send_for_error(self, key: Key, rendered: Rendered, request: Request, send: Send) -> bool:
        """Answer with what is stored and over, where a render has failed; false where there is nothing."""
        has_failed = rendered.error is not None or (rendered.answer is not None and rendered.answer.status >= _BROKEN)
        entry = self.store.find_for_error(key) if has_failed else None
        if entry is None:
            return False
        if self._said.may_say("stale"):
            reason = rendered.error or f"the app answered {rendered.answer and rendered.answer.status}"
            logger.warning("Stored pages stand in for new ones, %s%s among them: %s", key.host, key.path, reason)
        self.counters.stale += 1
        await self._replying.send_entry(entry, request, send)
        return True

    # What is passed on -----------------------------------------------------------------------------------------

    async def _pass_on(self, request: Request, receive: Receive, send: Send) -> None:
        self.counters.passes += 1
        if request.method in {b"GET", b"HEAD"}:
            await self._ask_for_one(request, None, send)
            return
        try:
            body = await spool(receive)
        except OSError:
            if self._said.may_say("body"):
                logger.exception("The body of a request could not be kept")
            await self._say_sorry(HTTPStatus.INSUFFICIENT_STORAGE, request, send)
            return
        with body:
            await self._ask_for_one(request, body, send)

    async def _ask_for_one(self, request: Request, body: Body | None, send: Send) -> None:
        began = time.perf_counter()
        answer = await self.app.ask(ask_as_sent(request, body), on_turn=lambda: _make_sure_of(request))
        # Before anybody learns of what he has done, nothing older is left to be found.
        self.purges.drain()
        took = time.perf_counter() - began
        reply = Reply(Answer(answer.status, answer.headers), answer)
        if any(name == b"coranto-staff" for name, _value in answer.headers):
            reply.more = self._tell_staff(request, took)
        await self._replying.relay(reply, request, send)

    def _tell_staff(self, request: Request, took: float) -> Headers:
        """What a colleague may want to know: where the page came from, and what readers get at its address."""
        key = self.store.keys.key_of(request.target, request.host, VISITOR)
        entry = None if key is None else self.store.find_for_error(key)
        stored = "not stored" if entry is None else f"stored; age={int(self.store.now() - entry.stored_at)}"
        return [
            (b"x-cache", f"pass; {stored}".encode("ascii")),
            (b"server-timing", f"app;dur={took * 1000:.1f}".encode("ascii")),
        ]

    # The edge's own answers ------------------------------------------------------------------------------------

    async def _apologise(self, error: AppError, request: Request, send: Send) -> None:
        if self._said.may_say(type(error).__name__):
            logger.warning("%s %s is not answered: %s", request.scope["method"], request.path.decode("latin-1"), error)
        await self._say_sorry(error.status, request, send)

    async def _say_sorry(self, status: HTTPStatus, request: Request, send: Send) -> None:
        headers, body = apologise(status, accept=request.header(b"accept"))
        await self._replying.send(status, headers, body, send)

    async def _tell_metrics(self, request: Request, send: Send) -> None:
        if not self._may_see_metrics(request):
            await self._replying.send(HTTPStatus.NOT_FOUND, [(b"content-length", b"0")], b"", send)
            return
        text = write_metrics(store=self.store, app=self.app, counters=self.counters, lag=self._lag.seconds)
        headers = [(b"content-type", CONTENT_TYPE), (b"cache-control", b"no-store")]
        await self._replying.send(HTTPStatus.OK, [*headers, (b"content-length", b"%d" % len(text))], text, send)

    def _may_see_metrics(self, request: Request) -> bool:
        """Whoever has the token; without it only a program of this machine that no proxy speaks for."""
        token = self._options.metrics_token
        said = request.header(b"authorization") or b""
        if token and hmac.compare_digest(said, b"Bearer " + token.encode()):
            return True
        if not request.scope["extensions"]["coranto"].get("is_direct"):
            return False
        try:
            return ip_address(request.client).is_loopback
        except ValueError:
            return False

    async def _run_for_ever(self, work: Callable[[], Awaitable[None]]) -> None:
        """A fault in what runs beside all requests must not end it in silence: purges might no longer be heard."""
        while True:
            try:
                await work()
            except Exception:
                logger.exception("A fault beside all requests; everything stored is forgotten, and it begins anew")
                self.purging.forget_everything()
            await asyncio.sleep(ROUND)

    async def _keep_house(self) -> None:
        """Once a second: what overflowed, fragments shown past their life, what can never be shown again."""
        rounds = 0
        while True:
            await asyncio.sleep(ROUND)
            rounds += 1
            self.purges.drain()
            due = self.store.take_due()
            if self._last_request is not None:
                for key in due:
                    self.rendering.render_soon(key, self._last_request)
            if rounds % _TIDY_EVERY == 0:
                self.store.tidy()


def _make_sure_of(request: Request) -> None:
    """Do not bother the app for whoever has left while waiting; raises `ClientLeftError`."""
    if has_left(request.scope):
        raise ClientLeftError("The client left before the app had a turn for it.")


def _is_outdated(outcome: Outcome, asked_at: int) -> bool:
    """Whether a purge met a render before this request was made; who asked before the purge may still have it."""
    return outcome.is_outdated and outcome.outdated_at <= asked_at
