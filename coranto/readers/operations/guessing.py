"""Limits for all processes and all sessions: how often a code is tried, how often an address is mailed."""

from __future__ import annotations

import hmac
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from django.conf import settings

from coranto.jobs.operations import take_from_limit
from coranto.mailroom.rules.addresses import BadAddress, check_address, folded
from coranto.masthead.models.account import normalise_email

if TYPE_CHECKING:
    from datetime import datetime

TRIES: Final = 3
# Longer than any code lives.
_A_CODE: Final = timedelta(hours=1)
MAILS_A_MINUTE, MAILS_AN_HOUR = 3, 12


def try_code(*, code: str, now: datetime) -> bool:
    """Whether this code may be held against an answer once more.

    allauth counts wrong answers in the session: a hundred that come at once all read the same number. Here each takes
    one of three before it is looked at. What is stored says nothing of the code.
    """
    return take_from_limit(key=f"code:{_mark(code)}", allowed=TRIES, per=_A_CODE, now=now)


def try_mailing(*, address: str, now: datetime, browser: str = "") -> bool:
    """Whether an address may be sent one more mail that anybody could have asked for; one that is none may not.

    Counted by mailbox, however the address is spelt. `browser` is the mark of a browser by which somebody has signed in
    here: its own mailbox is counted apart, so that strangers do not use up what its holder may ask for.
    """
    try:
        key = f"asked-mail:{_mark(folded(check_address(address)))}"
        if browser and is_own_browser(address=address, browser=browser):
            key += ":own"
    except BadAddress:
        return False
    return take_from_limit(
        key=f"{key}:minute", allowed=MAILS_A_MINUTE, per=timedelta(minutes=1), now=now
    ) and take_from_limit(key=f"{key}:hour", allowed=MAILS_AN_HOUR, per=timedelta(hours=1), now=now)


def mark_browser(*, address: str) -> str:
    """What a browser keeps by which this address has signed in; it says the address to nobody."""
    return _mark(f"browser:{normalise_email(address)}")


def is_own_browser(*, address: str, browser: str) -> bool:
    return hmac.compare_digest(mark_browser(address=address).encode(), browser.encode())


def _mark(text: str) -> str:
    return hmac.digest(settings.SECRET_KEY.encode(), f"coranto.readers:{text}".encode(), sha256).hex()
