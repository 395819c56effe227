"""What a reader may read, as a signed cookie: the app makes it, the edge checks it without asking anybody.

`level.session.expires.signature`: the level, what stands for the session (no key of it), Unix seconds, and HMAC-SHA-256
(RFC 2104) over the rest in unpadded base64url, by a key derived from the secret key for this purpose alone.
"""

from __future__ import annotations

import hmac
import re
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

COOKIE: Final = "coranto_entitlement"
# Of whoever has signed in: Django's, which the edge knows by name alone.
SESSION_COOKIE: Final = "coranto_session"
LIFE: Final = 600  # seconds at most
VISITOR: Final = "visitor"
REGISTERED: Final = "registered"
STAFF: Final = "staff"
MOST_REMEMBERED: Final = 10_000

_SALT: Final = b"coranto.delivery.entitlement"
_LEVEL = re.compile(r"visitor|registered|staff|tier-[1-9][0-9]{0,8}")
_COOKIE = re.compile(r"([a-z0-9-]{1,20})\.([A-Za-z0-9_-]{1,64})\.([1-9][0-9]{0,11})\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What the holder of a session may read, until a moment in Unix seconds."""

    level: str
    session: str
    expires: int


def tier(number: int) -> str:
    """The level of the members of a tier."""
    return f"tier-{number}"


def derive_key(secret: str | bytes) -> bytes:
    """The key for these cookies, of the site's secret key."""
    return hmac.digest(secret.encode() if isinstance(secret, str) else secret, _SALT, sha256)


def write(entitlement: Entitlement, key: bytes) -> str:
    """The cookie's value. Raises `ValueError` where the edge would not believe it."""
    said = f"{entitlement.level}.{entitlement.session}.{entitlement.expires}"
    cookie = f"{said}.{_signature(said, key)}"
    if not _LEVEL.fullmatch(entitlement.level) or not _COOKIE.fullmatch(cookie):
        raise ValueError(f"{said!r} is no entitlement.")
    return cookie


def read(cookie: str, key: bytes, *, now: float) -> Entitlement | None:
    """What a cookie says; None where it is not ours, is over, or says it lasts longer than one may."""
    found = _COOKIE.fullmatch(cookie)
    if found is None:
        return None
    level, session, expires, signature = found.groups()
    if not hmac.compare_digest(signature, _signature(f"{level}.{session}.{expires}", key)):
        return None
    if not _LEVEL.fullmatch(level) or not now < int(expires) <= now + LIFE:
        return None
    return Entitlement(level, session, int(expires))


class Entitlements:
    """The edge's view: cookies it has checked, and sessions whose entitlement was taken back.

    A revocation is remembered for as long as a cookie made before it could last; whoever is entitled anew within that
    time gets another word that stands for the session.
    """

    def __init__(self, key: bytes, now: Callable[[], float] = time.time) -> None:
        self._key = key
        self._now = now
        self._checked: dict[str, Entitlement] = {}
        self._revoked: dict[str, float] = {}

    def level_of(self, cookie: str) -> str | None:
        """The level a cookie's value stands for; None where it stands for nothing."""
        now = self._now()
        found = self._checked.get(cookie)
        if found is None:
            found = read(cookie, self._key, now=now)
            if found is None:
                return None
            self._remember(cookie, found)
        if now >= found.expires or found.session in self._revoked:
            return None
        return found.level

    def revoke(self, session: str) -> None:
        """Believe no cookie of this session any more."""
        now = self._now()
        self._revoked = {each: until for each, until in self._revoked.items() if until > now}
        self._revoked[session] = now + LIFE

    def _remember(self, cookie: str, found: Entitlement) -> None:
        # Only what is truly ours gets here, so whoever fills this holds that many sessions.
        if len(self._checked) >= MOST_REMEMBERED:
            self._checked.clear()
        self._checked[cookie] = found


def _signature(said: str, key: bytes) -> str:
    return urlsafe_b64encode(hmac.digest(key, said.encode(), sha256)).rstrip(b"=").decode()
