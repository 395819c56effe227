"""A mail server on this machine that does what a test tells it, and remembers what it took."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage


@dataclass
class Taken:
    """A message as it came."""

    sender: str
    to: list[str]
    source: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.source, policy=policy.default)


@dataclass
class PostOffice:
    """`on_mail`, `on_rcpt` and `on_data` may answer for the server, given the address; None leaves it to the server.

    With `drops_after` a message is taken, and the connection ends before a word is said.
    """

    on_mail: Callable[[str], str | None] = lambda _address: None
    on_rcpt: Callable[[str], str | None] = lambda _address: None
    on_data: Callable[[str], str | None] = lambda _address: None
    drops_after: Callable[[str], bool] = lambda _address: False
    password: str = ""
    tls: Any = None
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    # What aiosmtpd asks -------------------------------------------------------------------------------------

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd names it
        if answer := self.on_mail(address):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd names it
        if answer := self.on_rcpt(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd names it
        to = envelope.rcpt_tos[0]
        if answer := self.on_data(to):
            return answer
        self.taken.append(Taken(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        if self.drops_after(to):
            server.transport.abort()
        return f"250 Taken as {len(self.taken)}"

    def authenticate(self, server, session, envelope, mechanism, data):
        return AuthResult(success=data.password.decode() == self.password, handled=False)

    # Its life -----------------------------------------------------------------------------------------------

    def open(self) -> PostOffice:
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        assert started.wait(20)
        return self

    def _run(self, started: threading.Event) -> None:
        self._loop.run_until_complete(self._listen())
        started.set()
        self._loop.run_forever()
        self._server.close()
        self._loop.run_until_complete(self._settle())
        self._loop.close()

    async def _listen(self) -> None:
        self._server = await self._loop.create_server(self._greet, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def _greet(self) -> SMTP:
        self.connections += 1
        return SMTP(
            self,
            hostname="post.example",
            loop=self._loop,
            tls_context=self.tls,
            require_starttls=bool(self.tls),
            authenticator=self.authenticate if self.password else None,
            auth_required=bool(self.password),
            auth_require_tls=bool(self.tls),
        )

    async def _settle(self) -> None:
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    """A mail server that takes everything, until a test tells it otherwise."""
    office = PostOffice().open()
    yield office
    office.close()


@pytest.fixture
def by_smtp(post_office, settings) -> PostOffice:
    """The site hands its mail to that server."""
    from coranto.mailroom.rules.servers import read_server

    settings.MAIL_SERVER = read_server(f"smtp://127.0.0.1:{post_office.port}")
    settings.MAIL_FROM = "post@news.example"
    settings.MAIL_BOUNCES = "bounces@news.example"
    return post_office


@pytest.fixture
def write(db) -> Callable:
    """Queue a mail to Ada, or as told."""
    from coranto.mailroom.kinds import SITE
    from coranto.mailroom.operations import queue_mail

    def queue(to="ada@reader.example", *, template="trial", context=None, kind=SITE, **more):
        return queue_mail(to=to, template=template, context=context or {}, kind=kind, **more)

    return queue


@pytest.fixture
def carry(db) -> Iterator[Callable]:
    """Send what is due, as the worker does, over one connection; the deliveries' states in order."""
    from coranto.kit import clock
    from coranto.mailroom import operations
    from coranto.mailroom.transports.opening import open_transport

    transports = []

    def send(*, later=None, limit=100):
        if not transports:
            transports.append(open_transport())
        now = clock.now() + later if later else clock.now()
        claims = operations.claim_mails(worker="wren", now=now, limit=limit)
        return [operations.deliver_mail(claim=claim, transport=transports[0]).state for claim in claims]

    yield send
    for transport in transports:
        transport.close()
