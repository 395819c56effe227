"""What stands for whoever wrote a comment: keyed, so that nobody can try addresses until one fits."""

from __future__ import annotations

import hmac
from hashlib import sha256
from ipaddress import ip_network

_IPV4, _IPV4_RANGE, _IPV6_RANGE = 4, 24, 48


def mark_of(what: str, *, secret: str) -> str:
    """Sixteen hexadecimal digits that stand for `what` and lead back to it for nobody without the secret."""
    return hmac.digest(secret.encode(), f"coranto.comments:{what}".encode(), sha256).hex()[:16]


def mark_of_account(account_id: int, *, secret: str) -> str:
    return mark_of(f"account:{account_id}", secret=secret)


def mark_of_guest(email: str, *, secret: str) -> str:
    return mark_of(f"guest:{email.strip().lower()}", secret=secret) if email else ""


def without_label(email: str) -> str:
    """The mailbox many providers deliver `name+label@…` to: for limits alone, others make two of the two."""
    local, _at, domain = email.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def range_of(address: str) -> str:
    """The range an address is given out of: a /24, of IPv6 a /48 (a /64 comes in as such). Empty for no address."""
    try:
        own = ip_network(address, strict=False)
    except ValueError:
        return ""
    return str(own.supernet(new_prefix=_IPV4_RANGE if own.version == _IPV4 else _IPV6_RANGE))
