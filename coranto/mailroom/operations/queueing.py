"""A mail becomes a row, in the transaction of whatever it tells of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from coranto.kit import clock
from coranto.mailroom.kinds import BULK, kind_named
from coranto.mailroom.models import Mail
from coranto.mailroom.operations import composing
from coranto.mailroom.rules import addresses

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from django.core.mail import EmailMessage

    from coranto.mailroom.kinds import Kind


def queue_mail(
    *,
    to: str,
    template: str,
    context: Mapping[str, Any],
    kind: str,
    language: str = "",
    key: str = "",
    sender_name: str = "",
    one_click_url: str = "",
    not_before: datetime | None = None,
    about: Collection[str] = (),
) -> Mail:
    """Write one mail from `mails/<template>/{subject.txt,text.txt,body.html}`; it leaves once the caller commits.

    Its words are those of this moment. `key` makes it happen once: with a key that is there already, its row comes
    back and nothing else happens. `about` names what it speaks of (`comment:7`, no spaces), so that it can be
    withdrawn. Raises `BadAddress` (a `ValueError` with a sentence for people) for an address nothing can be sent to,
    `ValueError` for what no header can hold, `LookupError` for an unknown kind.
    """
    own = kind_named(kind)
    if key and (there := Mail.objects.filter(key=key).first()):
        return there
    address = addresses.check_address(to)
    words = composing.write_words(
        template=template,
        context=context,
        language=language,
        sender_name=sender_name,
        one_click_url=one_click_url,
        links_elsewhere=own.links_elsewhere,
    )
    now = clock.now()
    message = composing.write_message(to=address, words=words, now=now, one_click_url=one_click_url)
    return _store(kind=own, to=address, message=message, now=now, key=key, not_before=not_before, about=about)


def queue_message(*, message: EmailMessage, kind: str) -> list[Mail]:
    """Write a message composed by others, one row for each recipient. Raises as `queue_mail` does."""
    own, now = kind_named(kind), clock.now()
    recipients = [addresses.check_address(_bare(each)) for each in message.recipients()]
    sealed = composing.seal_message(mail=message, now=now)
    with transaction.atomic():
        return [_store(kind=own, to=to, message=sealed, now=now) for to in dict.fromkeys(recipients)]


def _bare(recipient: str) -> str:
    """The address in `Ada <ada@reader.example>`."""
    return recipient.rpartition("<")[2].removesuffix(">")


def _store(
    *,
    kind: Kind,
    to: str,
    message: composing.Message,
    now: datetime,
    key: str = "",
    not_before: datetime | None = None,
    about: Collection[str] = (),
) -> Mail:
    due = max(now, not_before) if not_before else now
    expires = due + kind.expires_after
    mail = Mail(
        kind=kind.name,
        is_bulk=kind.stream == BULK,
        is_secret=kind.is_secret,
        key=key or None,
        to=to,
        domain=addresses.domain_of(to),
        subject=message.subject[: Mail._meta.get_field("subject").max_length],
        message_id=message.message_id[:255],
        packed_source=Mail.pack(message.source),
        about=f" {' '.join(about)} " if about else "",
        queued_at=now,
        due_at=due,
        expires_at=expires,
        keep_until=expires + kind.keep,
    )
    if not key:
        mail.save(force_insert=True)
        return mail
    try:
        with transaction.atomic():
            mail.save(force_insert=True)
    except IntegrityError:
        # Two at once with the same key: the other was faster.
        return Mail.objects.get(key=key)
    return mail
