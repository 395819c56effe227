"""How long mails and their words stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction

from coranto.mailroom.models import Mail, TrailEntry
from coranto.mailroom.transports.outbox import OutboxTransport, outbox_file

if TYPE_CHECKING:
    from datetime import datetime

_AT_ONCE: Final = 500


def expire_mails(*, now: datetime) -> int:
    """Give up what waited too long, and remove the words of secret mails whose time is over; how many were given up."""
    over = Mail.objects.filter(state=Mail.State.QUEUED, expires_at__lte=now)
    gone = sum(_expire(mail, now) for mail in over.only("pk", "is_secret", "attempts", "reply")[:_AT_ONCE])
    secret = Mail.objects.settled().filter(is_secret=True, expires_at__lte=now).exclude(packed_source=b"")
    secret.update(packed_source=b"")
    _remove_files(now)
    return gone


def _remove_files(now: datetime) -> None:
    """The outbox's files of secret mails whose time is over. The reply names a file as long as there is one."""
    there = Mail.objects.settled().filter(is_secret=True, transport=OutboxTransport.name, expires_at__lte=now)
    numbers = list(there.exclude(reply="").values_list("pk", flat=True)[:_AT_ONCE])
    for number in numbers:
        outbox_file(settings.MAIL_OUTBOX, number).unlink(missing_ok=True)
    if numbers:
        Mail.objects.filter(pk__in=numbers).update(reply="")


def _expire(mail: Mail, now: datetime) -> bool:
    words = {"packed_source": b""} if mail.is_secret else {}
    with transaction.atomic():
        waiting = Mail.objects.filter(pk=mail.pk, state=Mail.State.QUEUED, expires_at__lte=now)
        if not waiting.update(state=Mail.State.EXPIRED, settled_at=now, **words):
            return False
        TrailEntry.objects.create(
            mail=mail, at=now, what=TrailEntry.What.EXPIRED, attempt=mail.attempts, words=mail.reply
        )
    return True


def prune_mails(*, now: datetime) -> int:
    """Delete mails nobody has to remember any more, with their files in the outbox; some hundreds at a time."""
    old = list(
        Mail.objects.settled()
        .filter(keep_until__lte=now)
        .order_by("keep_until")
        .values_list("pk", flat=True)[:_AT_ONCE]
    )
    for number in old:
        outbox_file(settings.MAIL_OUTBOX, number).unlink(missing_ok=True)
    Mail.objects.filter(pk__in=old).delete()
    return len(old)
