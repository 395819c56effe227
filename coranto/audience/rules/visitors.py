"""What tells visitors of one day apart and says nothing about who they are."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

# As many visitors as one address may be to one article on a day: a household, an office, a network behind one address.
# Whoever changes agents to be counted again comes no further than this.
MOST_FROM_ONE_ADDRESS: Final = 30
# So many visitors of a day must have had a user agent before it is kept: fewer might be known by it.
FEWEST_OF_AN_AGENT: Final = 5
SALT_BYTES: Final = 32
_MARK_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Marks:
    """HMAC-SHA256 under the salt of the day, cut to 16 bytes: of whoever visits, and of the address alone."""

    visitor: bytes
    address: bytes


def marks_of(*, salt: bytes, site: str, address: str, agent: str) -> Marks:
    """The marks of a visitor; `address` is an IPv4 address or the /64 of an IPv6 one."""
    return Marks(
        visitor=_mark(salt, "visitor", site, address, agent),
        address=_mark(salt, "address", site, address),
    )


def _mark(salt: bytes, *parts: str) -> bytes:
    # Each with its length, so that no two lists of parts are one text.
    told = b"".join(b"%d:%b" % (len(part := each.encode("utf-8", "surrogatepass")), part) for each in parts)
    return hmac.new(salt, told, hashlib.sha256).digest()[:_MARK_BYTES]
