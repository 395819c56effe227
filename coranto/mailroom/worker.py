"""The sender: threads beside the worker's loop that carry mails, so that neither waits for the other."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connections

from coranto.delivery.rules.repetition import Seldom
from coranto.jobs.worker import worker_name
from coranto.kit import clock
from coranto.mailroom import operations
from coranto.mailroom.models import Mail
from coranto.mailroom.operations.sending import LEASE, PACE_WINDOW
from coranto.mailroom.transports import Unavailable
from coranto.mailroom.transports.opening import open_transport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coranto.mailroom.operations import MailClaim
    from coranto.mailroom.transports import Transport

logger = logging.getLogger(__name__)

IDLE: Final = 1.0
BATCH: Final = 10
# A code somebody waits for stands at the head of the line; no batch keeps it waiting for longer.
_LONGEST_BATCH: Final = 2.0
_UPKEEP: Final = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 300.0
_PATIENCE: Final = 5.0


class Sender:
    """Carries what is due, over as many connections as there are threads, until it is told to end."""

    def __init__(
        self,
        *,
        carriers: int,
        name: str = "",
        lease: timedelta = LEASE,
        open_one: Callable[[], Transport] = open_transport,
    ) -> None:
        self.name = name or worker_name()
        self.lease = lease
        self.open_one = open_one
        self.is_over = threading.Event()
        self.is_busy = threading.Event()
        self.shut = Shut()
        self._threads = [
            threading.Thread(target=Carrier(self, is_first=not number).run, name=f"mail-{number}", daemon=True)
            for number in range(carriers)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """What is under way is finished, within some seconds; what is claimed goes back in line."""
        self.is_over.set()
        self.is_busy.set()
        deadline = time.monotonic() + _PATIENCE
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))


class Shut:
    """What takes no mail for now: the transport as a whole, or one domain. Shared by the threads of a sender."""

    def __init__(self) -> None:
        self._domains: dict[str, float] = {}
        self._until = 0.0
        self._pause = _FIRST_PAUSE
        self._lock = threading.Lock()
        self._said = Seldom(timedelta(minutes=5))

    def domains(self) -> Sequence[str]:
        now = time.monotonic()
        with self._lock:
            self._domains = {name: until for name, until in self._domains.items() if until > now}
            return list(self._domains)

    def close_domain(self, domain: str) -> None:
        with self._lock:
            self._domains[domain] = time.monotonic() + PACE_WINDOW.total_seconds() / 2

    def is_away(self) -> bool:
        return time.monotonic() < self._until

    def went_away(self, reason: str) -> None:
        with self._lock:
            if not self.is_away():
                self._until = time.monotonic() + self._pause
                self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        if self._said.may_say():
            logger.warning("No mail can be sent: %s", reason)

    def came_back(self) -> None:
        with self._lock:
            self._until, self._pause = 0.0, _FIRST_PAUSE


class Carrier:
    """One thread with one connection. The first looks for work each second, the others while there is much."""

    def __init__(self, sender: Sender, *, is_first: bool) -> None:
        self._sender = sender
        self._is_first = is_first
        self._transport: Transport | None = None
        self._upkeep_at = 0.0

    def run(self) -> None:
        pause = IDLE
        try:
            while not self._sender.is_over.is_set():
                try:
                    self._turn()
                    pause = IDLE
                except DatabaseError as error:
                    logger.warning("The database does not answer the sender: %s", error)
                    connections.close_all()
                    self._sender.is_over.wait(pause)
                    pause = min(pause * 2, 30.0)
                except Exception:
                    # A fault of the machinery itself: it is told, and the thread lives.
                    logger.exception("The sender met an error of its own")
                    self._sender.is_over.wait(IDLE)
        finally:
            if self._transport:
                self._transport.close()
            connections.close_all()

    def _turn(self) -> None:
        sender = self._sender
        if not self._is_first:
            sender.is_busy.wait()
        if sender.is_over.is_set():
            return
        close_old_connections()
        if self._is_first:
            self._keep_up()
        claims = [] if sender.shut.is_away() else self._claim()
        if len(claims) == BATCH:
            sender.is_busy.set()
        if claims:
            self._carry(claims)
        elif self._is_first:
            sender.is_over.wait(IDLE)
        else:
            sender.is_busy.clear()

    def _keep_up(self) -> None:
        if time.monotonic() >= self._upkeep_at:
            operations.reclaim_mails(now=clock.now())
            self._upkeep_at = time.monotonic() + min(_UPKEEP, self._sender.lease.total_seconds())

    def _claim(self) -> list[MailClaim]:
        return operations.claim_mails(
            worker=self._sender.name,
            now=clock.now(),
            limit=BATCH,
            lease=self._sender.lease,
            apart_from=self._sender.shut.domains(),
        )

    def _carry(self, claims: list[MailClaim]) -> None:
        began = time.monotonic()
        waiting = list(claims)
        try:
            while waiting and not self._sender.is_over.is_set() and time.monotonic() - began < _LONGEST_BATCH:
                self._deliver(waiting.pop(0))
        except Unavailable as away:
            self._sender.shut.went_away(str(away))
        finally:
            for claim in waiting:
                operations.release_mail(claim=claim, reply=claim.mail.reply)

    def _deliver(self, claim: MailClaim) -> None:
        sender = self._sender
        if claim.mail.domain in sender.shut.domains():
            operations.release_mail(claim=claim, reply=claim.mail.reply)
            return
        delivery = operations.deliver_mail(claim=claim, transport=self._open(claim))
        if delivery.state == Mail.State.SENT:
            sender.shut.came_back()
        if delivery.closed_domain:
            sender.shut.close_domain(delivery.closed_domain)

    def _open(self, claim: MailClaim) -> Transport:
        if self._transport is None:
            try:
                self._transport = self._sender.open_one()
            except Exception as error:
                operations.release_mail(claim=claim, reply=str(error))
                raise Unavailable(str(error)) from error
        return self._transport


_sender: Sender | None = None


def start_sending() -> None:
    """Have threads of this process carry mails from now on."""
    global _sender  # noqa: PLW0603 - one for a process
    if _sender is None:
        _sender = Sender(carriers=settings.MAIL_CONNECTIONS)
        _sender.start()


def stop_sending() -> None:
    global _sender
    sender, _sender = _sender, None
    if sender:
        sender.stop()
