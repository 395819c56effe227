"""What only an administrator decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from coranto.kit import clock
from coranto.mailroom.kinds import SITE
from coranto.mailroom.models import Mail, TrailEntry
from coranto.mailroom.operations.queueing import queue_mail
from coranto.mailroom.rules.replies import enhanced_status

if TYPE_CHECKING:
    from coranto.masthead.models import Account

RESENT = "mailroom.resend"
_FINAL = (Mail.State.UNKNOWN, Mail.State.REFUSED, Mail.State.EXPIRED, Mail.State.SUPPRESSED)


class NotResendable(ValueError):  # noqa: N818 - a sentence for people
    """This mail cannot be sent again; `str` of it says why."""


def may_decide(*, account: Account) -> bool:
    """Mails hold anything: administrators read them, and decide about them."""
    return account.is_active and account.is_superuser


def may_resend(*, mail: Mail) -> bool:
    """Whether there is anything to decide about it."""
    return mail.state in _FINAL and bool(mail.packed_source) and mail.withdrawn_at is None


def resend_mail(*, mail: Mail, by: Account) -> None:
    """Send a mail again that was not, or perhaps not, delivered: the same message under the same Message-ID.

    Whoever has it already may then have it twice; that is for a person to weigh. Raises `PermissionDenied` for
    anybody else and `NotResendable`. Somebody who was faster makes the second a `NotResendable`.
    """
    if not may_decide(account=by):
        raise PermissionDenied
    if mail.state not in _FINAL:
        raise NotResendable(_("Only a mail that was refused, held back or lost sight of can be sent again."))
    if mail.withdrawn_at is not None:
        raise NotResendable(_("This mail was withdrawn: what it says no longer holds."))
    if not mail.packed_source:
        raise NotResendable(_("The words of this mail were removed, as they held a secret."))
    now = clock.now()
    life = mail.expires_at - mail.queued_at
    with transaction.atomic():
        same = Mail.objects.filter(pk=mail.pk, state=mail.state, attempts=mail.attempts, withdrawn_at=None)
        if not same.update(
            state=Mail.State.QUEUED,
            due_at=now,
            expires_at=now + life,
            keep_until=mail.keep_until + (now + life - mail.expires_at),
            worker="",
            handed_at=None,
            settled_at=None,
        ):
            raise NotResendable(_("Somebody else has just dealt with it."))
        TrailEntry.objects.create(
            mail=mail, at=now, what=TrailEntry.What.RESENT, attempt=mail.attempts, words=mail.reply, by=by
        )
        log(instance=mail, action=RESENT, user=by, data={"was": mail.state, "status": enhanced_status(mail.reply)})


def send_trial(*, by: Account) -> Mail:
    """Write a mail to the administrator who wants to see whether mail works."""
    if not may_decide(account=by):
        raise PermissionDenied
    return queue_mail(to=by.email, template="trial", context={}, kind=SITE)
