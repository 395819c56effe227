"""Whose names stand over an article, in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import template
from django.utils.translation import get_language_bidi, pgettext

from coranto.newsroom.documents import WRITTEN_ELSEWHERE
from coranto.theme import rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coranto.newsroom.queries import ArticlePage, Card

register = template.Library()


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    address: str = ""


@register.filter
def signatures(of: ArticlePage | Card) -> list[Signature]:
    """The people who wrote it elsewhere first, then ours; each once."""
    ours = {each.name: Signature(each.name, each.address) for each in of.authors}
    elsewhere = [name for credit in of.credits if credit.relation in WRITTEN_ELSEWHERE for name in credit.people_list]
    signed = {name: ours.get(name, Signature(name)) for name in elsewhere}
    return list({**signed, **ours}.values())


@register.filter
def enumerated(names: Iterable[str]) -> str:
    """Names one after the other, in a sentence of ours."""
    page = "rtl" if get_language_bidi() else "ltr"
    return pgettext("between names", ", ").join(rules.isolated(name, page=page) for name in names)
