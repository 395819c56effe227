"""What is put to a message when it leaves: its signatures and its return path."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.crypto import salted_hmac

from coranto.mailroom.rules import dkim, return_paths
from coranto.mailroom.rules.addresses import domain_of
from coranto.mailroom.transports import Parcel

if TYPE_CHECKING:
    from datetime import datetime

    from coranto.mailroom.models import Mail
    from coranto.mailroom.rules.servers import KeyFile


class BadKey(Exception):  # noqa: N818 - it says what is the matter, and is told to the administrator
    """A signing key is missing or broken."""


def make_parcel(*, mail: Mail, now: datetime) -> Parcel:
    """The message with its envelope, signed by each key of the site. Raises `BadKey`."""
    source = mail.source
    if settings.DKIM_KEYS:
        keys = signing_keys(key_files=settings.DKIM_KEYS)
        source = dkim.signed(source, keys=keys, domain=domain_of(settings.MAIL_FROM), at=int(now.timestamp()))
    return Parcel(number=mail.pk, sender=return_path_of(mail=mail), to=mail.to, source=source)


@cache
def signing_keys(*, key_files: tuple[KeyFile, ...]) -> tuple[dkim.SigningKey, ...]:
    """The keys, read once for a process. Raises `BadKey`."""
    try:
        return tuple(dkim.read_key(Path(each.path).read_bytes(), selector=each.selector) for each in key_files)
    except (OSError, ValueError) as error:
        raise BadKey(f"A key for signing mail cannot be used: {error}") from error


def return_path_of(*, mail: Mail) -> str:
    """Where this mail comes back to; the sender's own address where nobody reads what comes back."""
    if not settings.MAIL_BOUNCES:
        return settings.MAIL_FROM
    return return_paths.return_path(
        bounces=settings.MAIL_BOUNCES, mail=mail.pk, message_id=mail.message_id, secret=return_secret()
    )


def return_secret() -> bytes:
    """What return paths are proved with; another for each site."""
    return salted_hmac("coranto.mailroom.return-path", "", algorithm="sha256").digest()
