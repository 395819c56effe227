"""The salt of the day."""

from __future__ import annotations

import secrets
from datetime import UTC
from typing import TYPE_CHECKING

from coranto.audience.models import DailySalt
from coranto.audience.operations.adding import insert_new
from coranto.audience.rules import SALT_BYTES
from coranto.kit import clock

if TYPE_CHECKING:
    from datetime import date

_known: dict[date, bytes] = {}


def salt_of(day: date) -> bytes:
    """The salt of the running day; made by whichever process is first to ask, the same for all.

    Of a day that is over there is none any more: who asks a moment too late gets today's.
    """
    day = max(day, clock.now().astimezone(UTC).date())
    salt = _known.get(day)
    if salt is None:
        found = DailySalt.objects.filter(pk=day).first()
        if found is None:
            insert_new(DailySalt, unique=["day"], rows=[{"day": day, "salt": secrets.token_bytes(SALT_BYTES)}])
            found = DailySalt.objects.get(pk=day)
        salt = bytes(found.salt)
        _known.clear()  # that of yesterday is not kept here either
        _known[day] = salt
    return salt


def forget_old_salts() -> None:
    """Have this process keep none of a day that is over, also where nobody reads and so nobody asks."""
    today = clock.now().astimezone(UTC).date()
    for day in [each for each in _known if each < today]:
        _known.pop(day, None)


def forget_salts() -> None:
    """Have this process ask the database again."""
    _known.clear()
