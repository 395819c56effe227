"""Links that let a guest do something to one comment, and the cookie by which a guest is known again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core import signing

CONFIRMING: Final = "coranto.comments.confirm"
OWN: Final = "coranto.comments.own"
_GUEST: Final = "coranto.comments.guest"
CONFIRM_WITHIN: Final = timedelta(days=2)
REMEMBERED_FOR: Final = timedelta(days=365)
COOKIE: Final = "coranto_guest"


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody without an account, as a browser remembers them: their address was confirmed from it."""

    name: str
    email: str


def write_token(comment_id: int, *, purpose: str) -> str:
    return signing.TimestampSigner(salt=purpose).sign(str(comment_id))


def read_token(token: str, *, purpose: str) -> int | None:
    """The comment's id; none where the token is not ours or too old."""
    age = CONFIRM_WITHIN if purpose == CONFIRMING else None
    try:
        return int(signing.TimestampSigner(salt=purpose).unsign(token, max_age=age))
    except (signing.BadSignature, ValueError):
        return None


def write_guest(guest: Guest) -> str:
    return signing.dumps([guest.name, guest.email], salt=_GUEST)


def read_guest(cookie: str) -> Guest | None:
    if not cookie:
        return None
    try:
        name, email = signing.loads(cookie, salt=_GUEST, max_age=REMEMBERED_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Guest(name=str(name), email=str(email))
