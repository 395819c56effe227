"""Parts of a body (RFC 9110, 14): one range at a time; whoever asks for several gets the whole."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

_RANGE: Final = re.compile(rb"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes from `start` up to and without `stop`, of `size`; an empty one is none that can be had."""

    start: int
    stop: int
    size: int

    @property
    def length(self) -> int:
        return self.stop - self.start

    @property
    def content_range(self) -> bytes:
        if not self.length:
            return b"bytes */%d" % self.size
        return b"bytes %d-%d/%d" % (self.start, self.stop - 1, self.size)


def find_part(asked: bytes | None, size: int) -> Part | None:
    """The part a `Range` header asks for; None where the whole is to be sent."""
    found = _RANGE.fullmatch(asked.strip()) if asked else None
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:  # the last so many
        return Part(max(0, size - int(found[2])), size, size) if int(found[2]) else Part(0, 0, size)
    start, last = int(found[1]), int(found[2]) if found[2] else size - 1
    if found[2] and last < start:
        return None
    return Part(start, min(last + 1, size), size) if start < size else Part(0, 0, size)


def holds(if_range: bytes | None, *, etag: bytes, modified: datetime | None = None) -> bool:
    """Whether what the client has a part of is still the same: without a strong match it gets the whole."""
    if if_range is None:
        return True
    if if_range.startswith((b'"', b"W/")):
        return etag.startswith(b'"') and if_range == etag
    return modified is not None and read_date(if_range) == modified


def matches(if_none_match: bytes, etag: bytes) -> bool:
    """Whether an `If-None-Match` names this tag, compared weakly (RFC 9110, 8.8.3.2)."""
    if if_none_match.strip() == b"*":
        return True
    own = etag.removeprefix(b"W/")
    return bool(own) and own in {each.strip().removeprefix(b"W/") for each in if_none_match.split(b",")}


def read_date(value: bytes) -> datetime | None:
    """An HTTP date; None where it cannot be read."""
    try:
        date = parsedate_to_datetime(value.decode("ascii"))
    except (ValueError, TypeError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
