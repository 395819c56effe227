"""What mail servers and providers report of mails we sent. Nobody is suppressed on anybody's mere word."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction

from coranto.kit import clock
from coranto.mailroom.models import Mail, Suppression, TrailEntry
from coranto.mailroom.operations.signing import return_secret
from coranto.mailroom.operations.suppressing import suppress_address
from coranto.mailroom.rules import addresses, return_paths
from coranto.mailroom.rules.replies import is_gone
from coranto.mailroom.rules.reports import read_report

if TYPE_CHECKING:
    from datetime import datetime

    from coranto.mailroom.rules.reports import Failure, Report

logger = logging.getLogger(__name__)

# Servers try for five days (RFC 5321, 4.5.4.1), and some take their time to say so.
_REPORTED_WITHIN: Final = timedelta(days=14)
_OUT: Final = (Mail.State.SENT, Mail.State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Intake:
    """What came of a report. `word` says it in one: noted, suppressed, or why it was ignored."""

    word: str
    mail: Mail | None = None


def receive_report(*, raw: bytes, sent_to: str = "") -> Intake:
    """Take in a message (RFC 5322) that came to the bounce address; `sent_to` is its envelope's recipient if known.

    It counts only if it came to the return path we made for that one mail, is a report (RFC 3464, RFC 5965), and speaks
    of the very recipient or the very message. Only a failure for good of the address itself suppresses it.
    """
    report = read_report(raw)
    if report is None:
        return Intake("no report")
    mail = _mail_it_speaks_of((sent_to, *report.sent_to))
    if mail is None:
        return Intake("no return path of ours")
    now = clock.now()
    if mail.state not in _OUT or (mail.handed_at or mail.queued_at) < now - _REPORTED_WITHIN:
        return Intake("nothing was sent", mail)
    return _believe(report, mail, now)


def _believe(report: Report, mail: Mail, now: datetime) -> Intake:
    if report.is_complaint:
        if report.returned_id == mail.message_id:
            return note_complaint(mail=mail, now=now)
        return Intake("of another mail", mail)
    failure = _failure_of(report, mail)
    if failure is None:
        return Intake("no failure of this mail", mail)
    words = f"{failure.status} {failure.words}"
    return note_bounce(mail=mail, words=words, is_for_good=is_gone(failure.status), now=now)


def _mail_it_speaks_of(candidates: tuple[str, ...]) -> Mail | None:
    if not settings.MAIL_BOUNCES:
        return None
    for address in candidates[:20]:
        named = return_paths.mail_of(address, bounces=settings.MAIL_BOUNCES)
        if named is None:
            continue
        number, proof = named
        mail = Mail.objects.defer("packed_source").filter(pk=number).first()
        if mail and return_paths.is_proof(proof, mail=mail.pk, message_id=mail.message_id, secret=return_secret()):
            return mail
    return None


def _failure_of(report: Report, mail: Mail) -> Failure | None:
    """What the report says of this mail: `delayed` and `relayed` are no failures."""
    own = addresses.folded(mail.to)
    for failure in report.failures:
        speaks_of_it = own in failure.addresses or report.returned_id == mail.message_id
        if failure.action == "failed" and speaks_of_it:
            return failure
    return None


def note_bounce(*, mail: Mail, words: str, is_for_good: bool, now: datetime) -> Intake:
    """Remember that a mail came back; the caller has made sure who says so. The second time changes nothing."""
    words = addresses.printable(words)[:2000]  # others' words, and PostgreSQL stores no NUL
    with transaction.atomic():
        is_new = Mail.objects.filter(pk=mail.pk, bounced_at=None).update(bounced_at=now)
        if is_new:
            TrailEntry.objects.create(
                mail=mail, at=now, what=TrailEntry.What.BOUNCED, attempt=mail.attempts, words=words
            )
        if is_for_good:
            suppress_address(address=mail.to, reason=Suppression.Reason.BOUNCE, words=words)
    return Intake("suppressed" if is_for_good else "noted", mail)


def note_complaint(*, mail: Mail, now: datetime) -> Intake:
    """Whoever reports our mail as unwanted gets nothing more that goes to many; what they ask for still comes."""
    with transaction.atomic():
        TrailEntry.objects.get_or_create(
            mail=mail, what=TrailEntry.What.COMPLAINED, defaults={"at": now, "attempt": mail.attempts}
        )
        suppress_address(address=mail.to, reason=Suppression.Reason.COMPLAINT, scope=Suppression.Scope.BULK)
    return Intake("suppressed", mail)


def receive_event(*, kind: str, provider_id: str, recipient: str, words: str = "", is_for_good: bool = False) -> Intake:
    """Take in what a provider has said under its signature or our secret.

    `kind` is one of bounced, complained and unsubscribed; `provider_id` the number it gave the mail.
    """
    sent = Mail.objects.defer("packed_source").filter(state__in=_OUT).exclude(provider_id="")
    mail = sent.filter(provider_id=addresses.printable(provider_id)).order_by("-pk").first()
    if mail is None or addresses.folded(mail.to) != addresses.folded(recipient):
        return Intake("no mail of ours")
    now = clock.now()
    if kind == "bounced":
        return note_bounce(mail=mail, words=words, is_for_good=is_for_good, now=now)
    if kind == "complained":
        return note_complaint(mail=mail, now=now)
    if kind == "unsubscribed":
        suppress_address(address=mail.to, reason=Suppression.Reason.UNSUBSCRIBE, scope=Suppression.Scope.BULK)
        return Intake("suppressed", mail)
    return Intake("nothing to note", mail)
