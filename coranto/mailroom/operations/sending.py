"""A mail is claimed, looked at once more, carried, and settled. Whoever does it may be killed at any instruction.

queued ── claim ── sending ── hand ──► the server may have it ── settle ──► sent, refused, queued again
                      │                                  │
         lost before: queued again              lost after: unknown, and never sent again by itself
"""

from __future__ import annotations

import logging
import random
import secrets
import threading
import time
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection, models, transaction
from django.utils.translation import gettext as _

from coranto.jobs import operations as jobs
from coranto.kit import clock
from coranto.mailroom import queries
from coranto.mailroom.kinds import BULK, PERSONAL, ignores_unsubscribe
from coranto.mailroom.models import Mail, Suppression, TrailEntry
from coranto.mailroom.operations.signing import BadKey, make_parcel
from coranto.mailroom.operations.suppressing import suppress_address
from coranto.mailroom.operations.withdrawing import WITHOUT_WORDS
from coranto.mailroom.rules import replies
from coranto.mailroom.transports import Outcome, Transport, Unavailable, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from contextlib import AbstractContextManager
    from datetime import datetime

    from coranto.mailroom.models import SuppressionQuerySet

logger = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=2)
# From the mark to the end of the longest wait for an answer (transports.smtp.ANSWERING), and some more.
HANDED_LEASE: Final = timedelta(minutes=7)
# A mail that was taken up so often and never handed over may be what ends its senders: it waits longer each time.
SUSPICIOUS: Final = 10
PACE_WINDOW: Final = timedelta(seconds=10)
_RECORDING_PAUSES: Final = (0.2, 1.0, 5.0)
_turn: Final = threading.Lock()


@dataclass(frozen=True, kw_only=True, slots=True)
class MailClaim:
    """A mail in the hands of one worker, for this attempt."""

    mail: Mail
    worker: str

    def held(self) -> models.QuerySet[Mail]:
        """The row as long as no other attempt follows: one declared unknown meanwhile may still be told the truth."""
        return Mail.objects.filter(
            pk=self.mail.pk,
            worker=self.worker,
            attempts=self.mail.attempts,
            state__in=[Mail.State.SENDING, Mail.State.UNKNOWN],
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """What came of one claim; `closed_domain` has had enough of us for now."""

    state: str
    closed_domain: str = ""


def claim_mails(
    *, worker: str, now: datetime, limit: int, lease: timedelta = LEASE, apart_from: Collection[str] = ()
) -> list[MailClaim]:
    """Take the next mails that are due, but none to the domains named. Of several workers exactly one gets each.

    Looking alone takes no lock of SQLite's, so that idle workers are in nobody's way.
    """
    due = Mail.objects.due(now).elsewhere_than(apart_from)
    # A name for this once: what is read back is what was taken by this statement and no other.
    name = f"{worker}-{secrets.token_hex(4)}"
    with _in_turn(), _passing_over():
        found = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        taken = found and Mail.objects.filter(pk__in=found, state=Mail.State.QUEUED, due_at__lte=now).update(
            state=Mail.State.SENDING,
            worker=name,
            leased_until=now + lease,
            attempts=models.F("attempts") + 1,
            handed_at=None,
        )
    if not taken:
        return []
    rows = Mail.objects.filter(worker=name, state=Mail.State.SENDING).order_by("is_bulk", "due_at", "pk")
    return [MailClaim(mail=mail, worker=name) for mail in rows]


def _passing_over() -> AbstractContextManager[object]:
    """Where rows are locked one by one, those in others' hands are passed over: two senders share what is due.

    One that held some rows and waited for others could wait in a circle with whoever withdraws them.
    """
    return (
        transaction.atomic(savepoint=False) if connection.features.has_select_for_update_skip_locked else nullcontext()
    )


def deliver_mail(*, claim: MailClaim, transport: Transport) -> Delivery:
    """Send one claimed mail, unless something stands against it, and record what came of it.

    Raises `Unavailable`, the mail back in line, when the transport takes nothing; `django.db.Error` when the outcome
    cannot be recorded even after a few seconds: once its lease has run out, the mail is unknown.
    """
    mail, now = claim.mail, clock.now()
    # Who asks `hand` hears of it there.
    if mail.withdrawn_at is not None or (not transport.is_paced and _is_withdrawn(claim)):
        return _settle_withdrawn(claim)
    if kept := _keep_back(claim, now):
        return kept
    if transport.is_paced and not _may_go_now(mail.domain, now):
        release_mail(claim=claim, reply=mail.reply)
        return Delivery(state=Mail.State.QUEUED, closed_domain=mail.domain)
    try:
        outcome = transport.carry(make_parcel(mail=mail, now=now), hand=partial(_hand, claim))
    except Unavailable as away:
        release_mail(claim=claim, reply=str(away))
        raise
    except BadKey as error:
        # No mail leaves unsigned where it should be signed.
        release_mail(claim=claim, reply=str(error))
        raise Unavailable(str(error)) from error
    except Exception as error:
        logger.exception("Mail %s could not be sent", mail.pk)
        outcome = _failed(claim, error)
    if outcome is not None and outcome.is_away:
        _insist(partial(_give_back, claim.held().filter(state=Mail.State.SENDING), outcome.reply))
        raise Unavailable(outcome.reply)
    return _not_handed(claim) if outcome is None else _record_outcome(claim, outcome, transport.name)


def _keep_back(claim: MailClaim, now: datetime) -> Delivery | None:
    mail = claim.mail
    if mail.expires_at <= now:
        return _settle(claim, Mail.State.EXPIRED, reply=mail.reply)
    if against := _standing_against(mail).first():
        return _settle(claim, Mail.State.SUPPRESSED, reply=str(against.get_reason_display()))
    return None


def _not_handed(claim: MailClaim) -> Delivery:
    if _is_withdrawn(claim):
        return _settle_withdrawn(claim)
    if kept := _keep_back(claim, clock.now()):
        return kept
    logger.warning("Mail %s was taken over before it was handed on", claim.mail.pk)
    return Delivery(state=Mail.State.SENDING)


def _failed(claim: MailClaim, error: Exception) -> Outcome:
    """A fault of our own: later again, unless it may be out already."""
    was_handed = Mail.objects.filter(pk=claim.mail.pk, handed_at__isnull=False).exists()
    return Outcome(
        verdict=Verdict.UNKNOWN if was_handed else Verdict.DEFERRED, reply=f"{type(error).__name__}: {error}"
    )


def _in_turn() -> AbstractContextManager[object]:
    """SQLite has one writer, and who meets another sleeps for a while: threads of one process queue up instead."""
    return _turn if connection.vendor == "sqlite" else nullcontext()


def _standing_against(mail: Mail) -> SuppressionQuerySet:
    return queries.standing_against(
        address=mail.to,
        stream=BULK if mail.is_bulk else PERSONAL,
        ignores_unsubscribe=mail.is_bulk and ignores_unsubscribe(mail.kind),
    )


def _is_withdrawn(claim: MailClaim) -> bool:
    """Since it was claimed; or while others had it, who put it back in line."""
    return claim.held().filter(withdrawn_at__isnull=False).exists()


def _settle_withdrawn(claim: MailClaim) -> Delivery:
    return _settle(claim, Mail.State.WITHDRAWN, reply=claim.mail.reply, **WITHOUT_WORDS)


def _may_go_now(domain: str, now: datetime) -> bool:
    if not settings.MAIL_PER_MINUTE:
        return True
    allowed = max(1, round(settings.MAIL_PER_MINUTE * PACE_WINDOW / timedelta(minutes=1)))
    return jobs.take_from_limit(key=f"mail:{domain}"[:200], allowed=allowed, per=PACE_WINDOW, now=now)


def _hand(claim: MailClaim) -> bool:
    """The mark: from here on it may have been accepted.

    False when others may have it, it was withdrawn, or its address was suppressed while a connection was made.
    """
    now = clock.now()
    held = Mail.objects.filter(
        ~models.Exists(_standing_against(claim.mail)),
        pk=claim.mail.pk,
        worker=claim.worker,
        state=Mail.State.SENDING,
        leased_until__gt=now,
        handed_at=None,
        withdrawn_at=None,
    )
    with _in_turn():
        return bool(held.update(handed_at=now, leased_until=now + HANDED_LEASE))


def _record_outcome(claim: MailClaim, outcome: Outcome, transport: str) -> Delivery:
    if outcome.verdict is Verdict.DEFERRED:
        return _put_off(claim, outcome)
    return _settle(
        claim,
        Mail.State(outcome.verdict.value),
        reply=outcome.reply,
        transport=transport,
        provider_id=outcome.provider_id,
        is_gone=outcome.is_gone,
    )


def _put_off(claim: MailClaim, outcome: Outcome) -> Delivery:
    """Back in line for a later attempt, or given up."""
    mail, now = claim.mail, clock.now()
    if _is_withdrawn(claim):
        return _settle_withdrawn(claim)
    due = now + replies.wait_after(attempts=mail.attempts, chance=random.random())  # noqa: S311 - no secret
    if due >= mail.expires_at:
        return _settle(claim, Mail.State.EXPIRED, reply=outcome.reply)

    def write() -> bool:
        with transaction.atomic():
            held = claim.held().filter(state=Mail.State.SENDING)
            if not held.update(
                state=Mail.State.QUEUED, due_at=due, leased_until=None, handed_at=None, reply=outcome.reply
            ):
                return False
            _note(mail, TrailEntry.What.DEFERRED, now, outcome.reply)
        return True

    _insist(write)
    return Delivery(state=Mail.State.QUEUED, closed_domain=mail.domain if outcome.slow_down else "")


def _settle(claim: MailClaim, state: str, *, reply: str, is_gone: bool = False, **fields: Any) -> Delivery:
    mail, now = claim.mail, clock.now()
    if mail.is_secret and state in {Mail.State.SENT, Mail.State.EXPIRED}:
        fields["packed_source"] = b""

    def write() -> bool:
        if state == Mail.State.SENT and mail.attempts == 1:
            # The ordinary case is one statement, and needs no words beside the row's own.
            return bool(_close(claim, state, now, reply, fields))
        with transaction.atomic():
            if not _close(claim, state, now, reply, fields):
                return False
            if state != Mail.State.WITHDRAWN:  # whoever withdrew it has said so
                _note(mail, TrailEntry.What(state), now, reply)
            if is_gone:
                suppress_address(address=mail.to, reason=Suppression.Reason.BOUNCE, words=reply)
        return True

    if not _insist(write):
        logger.warning("Mail %s was taken over before its outcome was known: %s", mail.pk, reply)
    return Delivery(state=state)


def _close(claim: MailClaim, state: str, now: datetime, reply: str, fields: dict[str, Any]) -> int:
    return claim.held().update(state=state, settled_at=now, leased_until=None, reply=reply, **fields)


def _insist(write: Callable[[], bool]) -> bool:
    """For a few seconds: an outcome that is not recorded makes a mail unknown that was sent."""
    for pause in _RECORDING_PAUSES:
        try:
            with _in_turn():
                return write()
        except DatabaseError as error:
            logger.warning("The outcome of a mail could not be recorded yet: %s", error)
            close_old_connections()
            time.sleep(pause)
    return write()


def _note(mail: Mail, what: str, at: datetime, words: str) -> None:
    TrailEntry.objects.create(mail=mail, at=at, what=what, attempt=mail.attempts, words=words)


def release_mail(*, claim: MailClaim, reply: str = "") -> bool:
    """Put a claimed mail back in line, the attempt uncounted. False when it was handed over or taken already."""
    with _in_turn():
        return _give_back(claim.held().filter(state=Mail.State.SENDING, handed_at=None), reply)


def _give_back(held: models.QuerySet[Mail], reply: str) -> bool:
    return bool(
        held.update(
            state=Mail.State.QUEUED,
            leased_until=None,
            handed_at=None,
            attempts=models.F("attempts") - 1,
            reply=reply,
        )
    )


def reclaim_mails(*, now: datetime) -> int:
    """Take back the mails of workers that are gone; how many. What had been handed over is unknown from then on.

    Mails that were to leave at once and lie in the future were written before the clock was set back: they are due.
    """
    if stranded := list(Mail.objects.stranded(now).values_list("pk", flat=True)[:500]):
        Mail.objects.stranded(now).filter(pk__in=stranded).update(due_at=now)
    return sum(_reclaim(mail, now) for mail in Mail.objects.lost(now).defer("packed_source")[:500])


def _reclaim(mail: Mail, now: datetime) -> bool:
    # It may have woken up and gone on: that changes `leased_until` or the state.
    free = Mail.objects.filter(
        pk=mail.pk,
        worker=mail.worker,
        state=Mail.State.SENDING,
        leased_until=mail.leased_until,
        handed_at=mail.handed_at,
    )
    if mail.handed_at is None:
        what, words = TrailEntry.What.TAKEN_BACK, _("The sender ended before it had handed the mail over.")
        fields: dict[str, Any] = {"state": Mail.State.QUEUED}
        if mail.attempts > SUSPICIOUS:
            fields["due_at"] = now + replies.wait_after(attempts=mail.attempts - SUSPICIOUS, chance=0)
    else:
        what = TrailEntry.What.UNKNOWN
        words = _("The sender ended after it had handed the mail over and before it had heard the answer.")
        fields = {"state": Mail.State.UNKNOWN, "settled_at": now}
    with transaction.atomic():
        if not free.update(leased_until=None, reply=words, **fields):
            return False
        _note(mail, what, now, words)
    return True
