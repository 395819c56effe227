"""Whether an answer may be stored, and why not: nothing that was made for one reader ever is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from coranto.delivery.edge.answers import LEVEL, Answer
from coranto.delivery.edge.keys import Rule
from coranto.delivery.rules import entitlement
from coranto.delivery.rules.surrogate import (
    PERSONAL,
    SHARED_VARY,
    SurrogateControl,
    read_control,
    read_no_vary_search,
    read_variants,
)

if TYPE_CHECKING:
    from coranto.delivery.edge.keys import Key
    from coranto.delivery.rules.entitlement import Entitlements

LARGEST: Final = 2 << 20
MOST_TAGS: Final = 5_000
LIFE_OF_A_MISSING_PAGE: Final = timedelta(minutes=1)
# What only pages for one person hold: the staff bar, and a form's token.
MARKERS: Final = (b"csrfmiddlewaretoken", b"wagtail-userbar")
_SESSION: Final = entitlement.SESSION_COOKIE.encode()
_ENTITLEMENT: Final = entitlement.COOKIE.encode()


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why an answer is not stored.

    `is_fault`: it was offered to the store and must not have been, which is worth a log line. `rule`: what its path
    turned out to depend on, so that those who ask again are told apart.
    """

    reason: str
    is_fault: bool = False
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Admission:
    """How an answer is stored."""

    key: Key
    control: SurrogateControl


def is_candidate(*, method: bytes, has_authorization: bool, has_session: bool, level: str | None) -> bool:
    """Whether a request may be answered from the store. `level` is that of a valid entitlement cookie, if one came."""
    if method not in {b"GET", b"HEAD"} or has_authorization or level == entitlement.STAFF:
        return False
    return not has_session or level is not None


def read_cookies(cookie: bytes, entitlements: Entitlements) -> tuple[bool, str | None]:
    """Whether a session is among the cookies of a request, and the level of a valid entitlement."""
    has_session, level = False, None
    for pair in cookie.split(b";"):
        name, _, value = pair.strip().partition(b"=")
        if name == _SESSION:
            has_session = True
        elif name == _ENTITLEMENT:
            level = entitlements.level_of(value.decode("latin-1"))
    return has_session, level


def judge(key: Key, answer: Answer) -> Admission | Rejection:
    """Whether the answer to a request with this key may be stored, and how."""
    control = read_control(answer.header(b"surrogate-control"))
    if control is None:
        return Rejection("The app does not offer it.", is_fault=key.is_for_pages)
    if key.is_for_pages and answer.status != HTTPStatus.OK:
        return Rejection(f"Its status is {answer.status}.", is_fault=True)
    reason = _about_headers(answer) or _about_body(answer)
    if reason:
        return Rejection(reason, is_fault=True)
    rule = _rule_of(key, answer)
    settled = key.under(rule)
    if settled is None and key.is_for_pages:
        return Rejection("It differs by entitlement; the page that holds it does not.", is_fault=True)
    if settled is None:
        return Rejection("It depends on more than requests for it were told apart by.", rule=rule)
    if answer.status == HTTPStatus.NOT_FOUND:
        control = _briefly(control)
    return Admission(settled, control)


def _rule_of(key: Key, answer: Answer) -> Rule:
    """What tells pages at this answer's path apart."""
    by_level = LEVEL in answer.vary
    if answer.status == HTTPStatus.NOT_FOUND and key.rule is not None:
        # Whoever asks for the 99th page of a list does not change what the others are found by.
        return Rule(key.rule.parameters, by_level=by_level or key.rule.by_level)
    return Rule(read_no_vary_search(answer.header(b"no-vary-search")), by_level=by_level)


def _about_headers(answer: Answer) -> str:  # noqa: PLR0911 - a list of reasons
    if answer.status not in {HTTPStatus.OK, HTTPStatus.NOT_FOUND}:
        return f"Its status is {answer.status}."
    if answer.has(b"set-cookie"):
        return "It sets a cookie."
    cache_control = answer.header(b"cache-control").lower()
    if any(word in cache_control for word in PERSONAL):
        return "Its Cache-Control keeps it to one reader."
    beyond = sorted(answer.vary - SHARED_VARY)
    if beyond:
        return f"It varies by {', '.join(beyond)}."
    if answer.has(b"content-encoding"):
        return "It is encoded already."
    if read_variants(answer.header(b"surrogate-variants"), len(answer.body)) is None:
        return "Its variants do not add up to its body."
    if len(answer.tags) > MOST_TAGS:
        return f"It carries more than {MOST_TAGS} tags."
    return ""


def _about_body(answer: Answer) -> str:
    if len(answer.body) > LARGEST:
        return f"It is larger than {LARGEST >> 20} MB."
    # A script is a file of ours, and names what it looks for in pages.
    for marker in () if "javascript" in answer.header(b"content-type") else MARKERS:
        if marker in answer.body:
            return f"Its body holds “{marker.decode()}”."
    return ""


def _briefly(control: SurrogateControl) -> SurrogateControl:
    return SurrogateControl(
        life=min(control.life, LIFE_OF_A_MISSING_PAGE),
        stale_if_error=min(control.stale_if_error, LIFE_OF_A_MISSING_PAGE),
        has_holes=control.has_holes,
    )
