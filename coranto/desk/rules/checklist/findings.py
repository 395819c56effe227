"""What is found, point by point. A function for each point tells what is amiss and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coranto.desk.rules.changes import unsaid
from coranto.desk.rules.checklist.facts import LinkState
from coranto.desk.rules.checklist.points import Point, Weight
from coranto.masthead.rules.rights import RightsState, rights_state
from coranto.newsroom.rules import Visibility

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from coranto.desk.rules.checklist.facts import ArticleFacts, Limits

    # A sentence, and the anchor of the place it speaks of.
    Told = Iterator[tuple[str, str]]

SHOWN: Final = 80
# Newsrooms write TK for what is "to come"; two letters, so only as a word of its own and in capitals.
_PLACEHOLDER: Final = re.compile(r"\b(?:TK(?:TK)*|X{3,}|(?i:lorem ipsum))\b")


@dataclass(frozen=True, slots=True)
class Finding:
    point: Point
    weight: Weight
    message: str
    anchor: str

    @property
    def blocks(self) -> bool:
        return self.weight == Weight.BLOCK


def find_all(facts: ArticleFacts, *, weights: Mapping[Point, Weight], limits: Limits) -> list[Finding]:
    """Everything that is amiss: what stops publication first, then in the order of the points."""
    found = [
        Finding(point, weights[point], message, anchor)
        for point, tell in _TELLING.items()
        if weights[point] != Weight.OFF
        for message, anchor in tell(facts, limits)
    ]
    return sorted(found, key=lambda each: not each.blocks)


def _headline_length(facts: ArticleFacts, limits: Limits) -> Told:
    length = len(facts.headline)
    if length > limits.headline_longest:
        told = {"length": length, "longest": limits.headline_longest}
        yield _("The headline has %(length)d characters; it should have at most %(longest)d.") % told, "title"


def _headline_twin(facts: ArticleFacts, _limits: Limits) -> Told:
    for address in facts.twins:
        yield _("Another article has the same headline: %(address)s") % {"address": _short(address)}, "title"


def _standfirst(facts: ArticleFacts, limits: Limits) -> Told:
    length = len(facts.standfirst.strip())
    told = {"length": length, "least": limits.standfirst_shortest, "most": limits.standfirst_longest}
    if not length:
        yield _("There is no standfirst."), "standfirst"
    elif length < limits.standfirst_shortest:
        yield (
            _("The standfirst has %(length)d characters; it should have at least %(least)d.") % told,
            "standfirst",
        )
    elif length > limits.standfirst_longest:
        yield _("The standfirst has %(length)d characters; it should have at most %(most)d.") % told, "standfirst"


def _byline(facts: ArticleFacts, _limits: Limits) -> Told:
    if not facts.authors and not any(credit.name for credit in facts.credits):
        yield _("Nobody's name stands over it: neither an author nor a credit."), "bylines"


def _body(facts: ArticleFacts, _limits: Limits) -> Told:
    if facts.is_empty:
        yield _("The article has no text yet."), "body"


def _placeholder(facts: ArticleFacts, _limits: Limits) -> Told:
    for passage in facts.passages:
        for word in dict.fromkeys(_PLACEHOLDER.findall(passage.text)):
            yield _("A placeholder was left in the text: “%(word)s”.") % {"word": _short(word)}, passage.anchor


def _picture_description(facts: ArticleFacts, _limits: Limits) -> Told:
    for picture in facts.pictures:
        if not picture.is_described:
            title = {"title": _short(picture.title)}
            yield _("The picture “%(title)s” has no description for those who cannot see it.") % title, picture.anchor


def _picture_credit(facts: ArticleFacts, _limits: Limits) -> Told:
    for picture in facts.pictures:
        if not picture.is_credited:
            yield _("The picture “%(title)s” has no credit.") % {"title": _short(picture.title)}, picture.anchor


def _picture_rights(facts: ArticleFacts, _limits: Limits) -> Told:
    for picture in facts.pictures:
        last = picture.rights_end_on
        if last and rights_state(last, on=facts.goes_out_on) == RightsState.EXPIRED:
            told = {"title": _short(picture.title), "day": date_format(last, "DATE_FORMAT")}
            yield _("The picture “%(title)s” may be used until %(day)s only.") % told, picture.anchor


def _credit_licence(facts: ArticleFacts, _limits: Limits) -> Told:
    for credit in facts.credits:
        if not credit.has_licence:
            yield _("The credit “%(name)s” names no licence or permission.") % {"name": _short(credit.name)}, "credits"


def _credit_original(facts: ArticleFacts, _limits: Limits) -> Told:
    for credit in facts.credits:
        if not credit.has_original:
            yield _("The credit “%(name)s” lacks the original's address.") % {"name": _short(credit.name)}, "credits"


def _link_inside(facts: ArticleFacts, _limits: Limits) -> Told:
    sentences = {
        LinkState.DRAFT: _("A link leads to “%(label)s”, which readers cannot open yet."),
        LinkState.PRIVATE: _("A link leads to “%(label)s”, which only staff may read."),
        LinkState.NOWHERE: _("A link leads to no page of ours: %(label)s"),
    }
    for link in facts.links:
        if not link.is_outside and link.state in sentences:
            yield sentences[link.state] % {"label": _short(link.label)}, link.anchor


def _link_outside(facts: ArticleFacts, _limits: Limits) -> Told:
    for link in facts.links:
        if link.is_outside and link.state == LinkState.DEAD:
            yield _("A link to another site is dead: %(label)s") % {"label": _short(link.label)}, link.anchor


def _section(facts: ArticleFacts, _limits: Limits) -> Told:
    if not facts.section:
        yield _("It stands in no section."), ""
    elif not facts.section_is_live:
        yield _("Its section “%(section)s” is not published.") % {"section": _short(facts.section)}, ""


def _audience(facts: ArticleFacts, _limits: Limits) -> Told:
    match facts.visibility:
        case Visibility.PRIVATE:
            yield _("Only staff will be able to read it."), "visibility"
        case Visibility.PASSWORD:
            yield _("Only whoever has the password will be able to read it."), "visibility"
        case _ if facts.has_password:
            yield _("It has a password, but everybody may read it."), "visibility"


def _embargo(facts: ArticleFacts, _limits: Limits) -> Told:
    until = facts.embargoed_until
    if until and facts.goes_out_at < until:
        moment = date_format(localtime(until), "DATETIME_FORMAT")
        yield _("It is under embargo until %(moment)s.") % {"moment": moment}, "embargoed_until"


def _notes(facts: ArticleFacts, _limits: Limits) -> Told:
    count = facts.open_notes
    if count:
        text = ngettext("%(count)d note is not resolved.", "%(count)d notes are not resolved.", count)
        yield text % {"count": count}, "notes"


def _change(facts: ArticleFacts, _limits: Limits) -> Told:
    missing = unsaid(facts.change_kind, facts.change_note, differs=facts.differs, has_passage=facts.has_passage)
    for field, sentence in missing.items():
        yield sentence, field


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


_TELLING: Final[Mapping[Point, Callable[[ArticleFacts, Limits], Iterable[tuple[str, str]]]]] = {
    Point.HEADLINE_LENGTH: _headline_length,
    Point.HEADLINE_TWIN: _headline_twin,
    Point.STANDFIRST: _standfirst,
    Point.BYLINE: _byline,
    Point.BODY: _body,
    Point.PLACEHOLDER: _placeholder,
    Point.PICTURE_DESCRIPTION: _picture_description,
    Point.PICTURE_CREDIT: _picture_credit,
    Point.PICTURE_RIGHTS: _picture_rights,
    Point.CREDIT_LICENCE: _credit_licence,
    Point.CREDIT_ORIGINAL: _credit_original,
    Point.LINK_INSIDE: _link_inside,
    Point.LINK_OUTSIDE: _link_outside,
    Point.SECTION: _section,
    Point.AUDIENCE: _audience,
    Point.EMBARGO: _embargo,
    Point.NOTES: _notes,
    Point.CHANGE: _change,
}
