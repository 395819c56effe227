"""When a follower is written to, what of a comment a mail may carry, and the links that begin and end it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.core import signing

from coranto.comments.rules.words import tidy
from coranto.kit.html import text_of
from coranto.readers.rules.names import clean_name

if TYPE_CHECKING:
    from collections.abc import Iterable

# A mail -----------------------------------------------------------------------------------------------------

# A sitting is over when nobody has said anything for so long; one that never ends is told of in between.
QUIET: Final = timedelta(minutes=10)
LONGEST_WAIT: Final = timedelta(hours=2)
BETWEEN_MAILS: Final = timedelta(hours=1)
MOST_A_DAY: Final = 6
LONGEST_PAUSE: Final = timedelta(days=1)


def is_time(*, first_at: datetime, last_at: datetime, now: datetime) -> bool:
    """Whether to write of what was said from `first_at` to `last_at`: the talk has come to rest, or goes on and on."""
    return now >= last_at + QUIET or now >= first_at + LONGEST_WAIT


@dataclass(frozen=True, slots=True)
class Pace:
    """How many mails somebody has had in a day that began with the first of them, and when the next may go."""

    day_began_at: datetime | None = None
    mails: int = 0
    free_at: datetime | None = None


def may_go(pace: Pace, *, now: datetime) -> bool:
    """What lies further ahead than any pause was written before the clock was set back."""
    return pace.free_at is None or not now < pace.free_at <= now + LONGEST_PAUSE


def pace_after(pace: Pace, *, now: datetime) -> Pace:
    """The pace once one more mail has gone."""
    began, mails = pace.day_began_at, pace.mails
    if began is None or not began <= now < began + LONGEST_PAUSE:
        began, mails = now, 0
    mails += 1
    free_at = now + BETWEEN_MAILS
    return Pace(began, mails, max(free_at, began + LONGEST_PAUSE) if mails >= MOST_A_DAY else free_at)


# What it carries --------------------------------------------------------------------------------------------

MOST_CHARACTERS: Final = 700
_ADDRESS: Final = re.compile(r"(?i)\b[a-z][a-z0-9+.-]*://(?:[^\s/?#@]*@)?([^\s<>\"'/?#]*)[^\s<>\"']*")
# Of the full stops of other scripts, which IDNA reads as dots (RFC 3490, 3.1), those that stand in no sentence.
_DOT_IN_A_NAME: Final = re.compile(
    r"(?<=[^\s.])\.(?=[^\W\d_]{2})|(?<=[a-z0-9])[\u3002\uff0e\uff61](?=[a-z]{2})", re.IGNORECASE
)


def words_for_mail(html: str) -> list[str]:
    """A comment's lines as plain text, cut where they get long, with nothing that leads anywhere.

    Links and pictures of the comment are gone, their words stay. What mail programs would make a link of by
    themselves is written so that they do not: `elsewhere[.]example`.
    """
    text = tidy(text_of(html))
    if len(text) > MOST_CHARACTERS:
        text = f"{text[:MOST_CHARACTERS].rpartition(' ')[0] or text[:MOST_CHARACTERS]} …"
    return [without_links(line) for line in text.splitlines() if line.strip()]


def name_for_mail(name: str) -> str:
    return without_links(clean_name(name))


def without_links(text: str) -> str:
    return _DOT_IN_A_NAME.sub("[.]", _ADDRESS.sub(lambda found: found[1].replace(".", "[.]"), text))


# What it is about, so that it can be withdrawn ---------------------------------------------------------------


def about_comment(pk: int) -> str:
    return f"comment:{pk}"


def about_follow(pk: int) -> str:
    return f"follow:{pk}"


def about_follower(pk: int) -> str:
    return f"follower:{pk}"


def numbers_in(names: Iterable[str]) -> dict[str, list[int]]:
    """The numbers by what they are of: `{"comment": [7, 9], "follow": [3], "follower": [1]}`."""
    found: dict[str, list[int]] = {"comment": [], "follow": [], "follower": []}
    for name in names:
        what, _colon, number = name.partition(":")
        if what in found and number.isdecimal():
            found[what].append(int(number))
    return found


# Links ------------------------------------------------------------------------------------------------------

ANSWER_WITHIN: Final = timedelta(days=2)
# The row of somebody who follows nothing stays as long as the links in the last mail may be of use.
KEPT_FOR: Final = timedelta(days=30)
_ASKED: Final = "coranto.comments.follow"
_STOP: Final = "coranto.comments.stop"
_NUMBERED: Final = re.compile(r"([a-z]+)-([0-9]{1,18})", re.ASCII)


def write_question(*, what: str, follow_id: int) -> str:
    """The token by which the holder of an address says yes."""
    return signing.TimestampSigner(salt=_ASKED).sign(f"{what}-{follow_id}")


def read_question(token: str) -> tuple[str, int] | None:
    """What is to be followed, and the id; none where the token is not ours or too old."""
    try:
        return _numbered(signing.TimestampSigner(salt=_ASKED).unsign(token, max_age=ANSWER_WITHIN))
    except signing.BadSignature:
        return None


def write_stop(*, follow_id: int = 0, follower_id: int = 0) -> str:
    """The token that ends one thing followed, or everything. It does so for ever: mails are kept for years."""
    return signing.Signer(salt=_STOP).sign(f"one-{follow_id}" if follow_id else f"all-{follower_id}")


def read_stop(token: str) -> tuple[str, int] | None:
    """`one` and what is followed, or `all` and who follows; none where the token is not ours."""
    try:
        return _numbered(signing.Signer(salt=_STOP).unsign(token))
    except signing.BadSignature:
        return None


def _numbered(value: str) -> tuple[str, int] | None:
    found = _NUMBERED.fullmatch(value)
    return (found[1], int(found[2])) if found else None
