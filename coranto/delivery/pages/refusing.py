"""Why an answer that is meant for all is not given to the store after all, and the log line that says so."""

from __future__ import annotations

import logging
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from coranto.delivery.pages.offering import withdraw
from coranto.delivery.rules.repetition import Seldom
from coranto.delivery.rules.surrogate import PERSONAL, SHARED_VARY

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

logger = logging.getLogger(__name__)

STORED: Final = frozenset({HTTPStatus.OK, HTTPStatus.NOT_FOUND})

# A page that is asked for a thousand times a second says once a minute what is wrong with it.
_said = Seldom(timedelta(minutes=1))


def reason_to_refuse(response: HttpResponseBase) -> str:
    """What about this answer is for one reader; empty where nothing is."""
    if response.status_code not in STORED:
        return f"its status is {response.status_code}"
    if response.cookies:
        return f"it sets the cookie {', '.join(sorted(response.cookies))}"
    if is_declared_personal(response):
        return "its Cache-Control keeps it to one reader"
    varied = {each.strip().lower() for each in response.headers.get("Vary", "").split(",")} - {""}
    if "cookie" in varied:
        return "something touched the session or another cookie (Vary: Cookie)"
    if varied - SHARED_VARY:
        return f"it varies by {', '.join(sorted(varied - SHARED_VARY))}"
    return ""


def is_declared_personal(response: HttpResponseBase) -> bool:
    """Whether the view itself has said that this is for one reader."""
    said = response.headers.get("Cache-Control", "").lower()
    return any(word in said for word in PERSONAL)


def refuse(response: HttpResponseBase, *, view: str, reason: str) -> None:
    """Take the offer of this answer back and say why."""
    withdraw(response)
    if _said.may_say(view, reason):
        logger.warning("Not given to the store: %s, because %s", view, reason)
