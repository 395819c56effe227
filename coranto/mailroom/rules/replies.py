"""What a server's answer says, and when it is worth asking again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

_ENHANCED: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
# RFC 3463: the mailbox or its domain is not there, or is closed. A full mailbox, a refused text and a policy are no
# fault of the address.
_GONE: Final = frozenset({"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
_SLOWED: Final = ("4.7.", "4.3.2", "4.4.5")
_FIRST_WAIT: Final = timedelta(minutes=1)
_LONGEST_WAIT: Final = timedelta(hours=4)


def enhanced_status(reply: str) -> str:
    """The status code of RFC 3463 in a reply, or nothing."""
    found = _ENHANCED.search(reply)
    return found[1] if found else ""


def is_gone(status: str) -> bool:
    """Whether it says for good that nobody receives mail at the address."""
    return status in _GONE


def asks_for_slowness(code: int, reply: str) -> bool:
    """Whether a domain has had enough of us for now, whoever is written to there."""
    return code == 421 or enhanced_status(reply).startswith(_SLOWED)  # noqa: PLR2004 - RFC 5321


def wait_after(*, attempts: int, chance: float) -> timedelta:
    """How long to wait after the attempt number `attempts`; `chance`, 0 to 1, spreads it by up to a quarter."""
    return min(_FIRST_WAIT * 3 ** min(attempts - 1, 10), _LONGEST_WAIT) * (1 + chance / 4)
