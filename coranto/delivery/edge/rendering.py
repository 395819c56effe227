"""Having the app make what is not stored: each page once, however many ask for it at the same time."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from coranto.delivery.edge.admission import LARGEST
from coranto.delivery.edge.answers import Answer
from coranto.delivery.edge.asking import ask_for_all, ask_plainly
from coranto.delivery.edge.connections import AppError, OverloadedError
from coranto.delivery.edge.drafts import draft
from coranto.delivery.rules.repetition import Seldom

if TYPE_CHECKING:
    from coranto.delivery.edge.asking import Request
    from coranto.delivery.edge.connections import AppAnswer, Question
    from coranto.delivery.edge.forwarding import App
    from coranto.delivery.edge.keys import Key
    from coranto.delivery.edge.metrics import Counters
    from coranto.delivery.edge.purging import PurgeSocket
    from coranto.delivery.edge.renders import Ticket
    from coranto.delivery.edge.store import Outcome, Store

logger = logging.getLogger("coranto.edge")

MOST_WAITING: Final = 1_500
PATIENCE: Final = 30.0  # seconds somebody waits for a render another has begun
MOST_IN_BACKGROUND: Final = 50


@dataclass(slots=True)
class Rendered:
    """What a render brought. `rest` is what is still to be read of an answer that cannot be stored."""

    outcome: Outcome | None = None
    answer: Answer | None = None
    rest: AppAnswer | None = None
    error: AppError | None = None

    @property
    def reason(self) -> str:
        """Why there is nothing of it in the store; empty where there is."""
        if self.error is not None:
            return str(self.error)
        if self.outcome is None or self.answer is None or self.outcome.rejection is None:
            return ""
        return f"{self.outcome.rejected} (status {self.answer.status})"

    def close(self) -> None:
        if self.rest is not None:
            self.rest.close()
            self.rest = None


@dataclass(slots=True)
class _Render:
    task: asyncio.Task[Rendered]
    has_leader: bool
    began_at: float


class Rendering:
    """Renders under way, and those who wait for them."""

    def __init__(self, *, store: Store, app: App, purges: PurgeSocket, counters: Counters) -> None:
        self._store = store
        self._app = app
        self._purges = purges
        self._counters = counters
        self._under_way: dict[Key, _Render] = {}
        self._in_background: set[asyncio.Task[Rendered]] = set()
        self._filling: dict[tuple[Key, ...], asyncio.Task[None]] = {}
        self._waiting = 0
        self._said = Seldom(timedelta(minutes=1))

    def is_later_than(self, seconds: float, key: Key) -> bool:
        """Whether the page with this key has been in the making for longer than that."""
        under_way = self._under_way.get(key)
        return under_way is not None and time.monotonic() - under_way.began_at >= seconds

    async def render(self, key: Key, request: Request) -> tuple[Rendered, bool]:
        """The page with this key, and whether it was made for this very request: then the answer is all the caller's.

        Raises `OverloadedError`. A render goes on, and fills the store, when whoever asked has left.
        """
        under_way = self._under_way.get(key)
        if under_way is not None:
            return await self._wait(under_way), False
        render = self._begin(key, ask_for_all(key, request), has_leader=True)
        try:
            return await asyncio.shield(render.task), True
        except asyncio.CancelledError:
            render.has_leader = False
            if render.task.done() and not render.task.cancelled():
                render.task.result().close()
            raise

    def render_soon(self, key: Key, request: Request) -> None:
        """Make a page in the background, with nothing of any reader in the question."""
        if key in self._under_way or len(self._in_background) >= MOST_IN_BACKGROUND:
            return
        task = self._begin(key, ask_plainly(key, request), has_leader=False).task
        self._in_background.add(task)
        task.add_done_callback(self._in_background.discard)

    async def render_fragments(self, keys: tuple[Key, ...], request: Request) -> None:
        """Have these parts of pages in the store; what fails is a gap there."""
        task = self._filling.get(keys)
        if task is None:  # all who wait for the same page lack the same parts
            task = self._filling[keys] = asyncio.create_task(self._render_all(keys, request))
            task.add_done_callback(lambda _task: self._filling.pop(keys))
        await asyncio.shield(task)

    async def finish(self) -> None:
        """Let what is under way come to its end."""
        await asyncio.gather(*(each.task for each in self._under_way.values()), return_exceptions=True)

    async def _render_all(self, keys: tuple[Key, ...], request: Request) -> None:
        await asyncio.gather(*(self._render_fragment(key, request) for key in keys))

    async def _render_fragment(self, key: Key, request: Request) -> None:
        under_way = self._under_way.get(key)
        if under_way is None:
            under_way = self._begin(key, ask_plainly(key, request), has_leader=False)
        rendered = await self._wait(under_way)
        if rendered.reason:
            self._say("The fragment %s leaves a gap: %s", key.target, rendered.reason)

    async def _wait(self, render: _Render) -> Rendered:
        if self._waiting >= MOST_WAITING:
            raise OverloadedError("too many requests wait for one page")
        if render.has_leader:
            self._counters.coalesced += 1
        self._waiting += 1
        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.shield(render.task)
        except TimeoutError as error:
            raise OverloadedError("a request has waited too long for a page") from error
        finally:
            self._waiting -= 1

    def _begin(self, key: Key, question: Question, *, has_leader: bool) -> _Render:
        self._counters.renders += 1
        render = _Render(asyncio.create_task(self._make(key, question)), has_leader, time.monotonic())
        self._under_way[key] = render

        def end(task: asyncio.Task[Rendered]) -> None:
            del self._under_way[key]
            if not render.has_leader and not task.cancelled():
                task.result().close()

        render.task.add_done_callback(end)
        return render

    async def _make(self, key: Key, question: Question) -> Rendered:
        ticket: Ticket | None = None

        def begin() -> None:
            nonlocal ticket
            ticket = self._store.begin(key)

        try:
            asked = await self._app.ask(question, on_turn=begin)
            answer, rest = await self._read(asked)
            drafted = await draft(key, answer)
        except AppError as error:
            if ticket is not None:
                self._store.fail(ticket)
            else:
                self._store.fail(self._store.begin(key))
            return Rendered(error=error)
        except BaseException:
            if ticket is not None:
                self._store.abandon(ticket)
            raise
        assert ticket is not None  # noqa: S101 - an answer comes after a turn
        # What was purged before this answer was sent, or while it was made ready, has to be known before it is stored.
        self._purges.drain()
        outcome = self._store.finish(ticket, answer, drafted)
        self._note(outcome, answer, key)
        return Rendered(outcome, answer, rest)

    async def _read(self, asked: AppAnswer) -> tuple[Answer, AppAnswer | None]:
        """The answer, whole where it may be for the store, and else what is still to come of it."""
        answer = Answer(asked.status, asked.headers)
        if not answer.has(b"surrogate-control") and asked.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return answer, asked
        pieces: list[bytes] = []
        size = 0
        try:
            while piece := await asked.read():
                pieces.append(piece)
                size += len(piece)
                if size > LARGEST:
                    return Answer(asked.status, asked.headers, b"".join(pieces)), asked
        except BaseException:
            asked.close()
            raise
        return Answer(asked.status, asked.headers, b"".join(pieces)), None

    def _note(self, outcome: Outcome, answer: Answer, key: Key) -> None:
        if outcome.rejection is not None and outcome.rejection.is_fault:
            self._counters.refused += 1
            where = f"{outcome.rejected} ({key.host}{key.path})"
            self._say("An answer of %s was offered to the store and refused: %s", answer.view, where)

    def _say(self, sentence: str, about: str, reason: str) -> None:
        """Log, and not again for each reader of the same page."""
        if self._said.may_say(f"{about} {reason}"):
            logger.warning(sentence, about, reason)
