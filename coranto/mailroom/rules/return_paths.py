"""Where a mail comes back to: an address of its own for each, which nobody else can write (VERP).

    bounces+aaaaaaab5r2k7…@news.example

The part after the + names the row and proves by a keyed hash that we wrote it. It is known to us, to those who carried
the mail and to whoever got it, and only speaks of that one mail.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

_ID_BYTES: Final = 5
_PROOF_BYTES: Final = 10
_LENGTH: Final = (_ID_BYTES + _PROOF_BYTES) * 8 // 5


def return_path(*, bounces: str, mail: int, message_id: str, secret: bytes) -> str:
    """The return path of one mail; `bounces` is the address all of them begin with."""
    local, _at, domain = bounces.rpartition("@")
    token = base64.b32encode(mail.to_bytes(_ID_BYTES) + _proof(mail, message_id, secret)).decode().lower()
    return f"{local}+{token}@{domain}"


def mail_of(address: str, *, bounces: str) -> tuple[int, bytes] | None:
    """The row's id and its proof as this address has them; None for one that is no return path of ours."""
    local, _at, domain = bounces.lower().rpartition("@")
    own_local, _at, own_domain = address.strip().strip("<>").lower().rpartition("@")
    prefix, _plus, token = own_local.rpartition("+")
    if own_domain != domain or prefix != local or len(token) != _LENGTH:
        return None
    try:
        packed = base64.b32decode(token.upper())
    except ValueError:
        return None
    return int.from_bytes(packed[:_ID_BYTES]), packed[_ID_BYTES:]


def is_proof(proof: bytes, *, mail: int, message_id: str, secret: bytes) -> bool:
    return hmac.compare_digest(proof, _proof(mail, message_id, secret))


def _proof(mail: int, message_id: str, secret: bytes) -> bytes:
    said = f"return-path:{mail}:{message_id}".encode()
    return hmac.digest(secret, said, hashlib.sha256)[:_PROOF_BYTES]
