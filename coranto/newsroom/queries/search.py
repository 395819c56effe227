"""What readers look for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coranto.delivery.tags import carry
from coranto.newsroom import rules
from coranto.newsroom.models import Article
from coranto.newsroom.queries.cards import Card, cards_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coranto.newsroom.models import Section

SEARCH_LENGTH = 20
SEARCH_PAGES = 25
QUERY_LENGTH = 200
QUERY_WORDS = 12
PAGE_DIGITS = 4


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What a search found. `query` is what was looked for: the reader's words, cleaned."""

    query: str
    cards: Sequence[Card]
    page: int
    has_next: bool


def search_results(raw: str, *, page: str, known: Mapping[str, Section]) -> SearchResults:
    """Public articles in which all the words occur, best first. Any text may be asked for; none makes an error."""
    query = rules.clean_query(raw, length=QUERY_LENGTH, words=QUERY_WORDS)
    number = (
        min(max(int(page), 1), SEARCH_PAGES) if len(page) <= PAGE_DIGITS and page.isascii() and page.isdigit() else 1
    )
    carry("search")
    if not query:
        return SearchResults(query="", cards=(), page=1, has_next=False)
    start = (number - 1) * SEARCH_LENGTH
    found = Article.objects.public().search(query, operator="and")
    ids = [each.pk for each in found[start : start + SEARCH_LENGTH + 1]]
    return SearchResults(
        query=query,
        cards=cards_of(ids[:SEARCH_LENGTH], known),
        page=number,
        has_next=len(ids) > SEARCH_LENGTH and number < SEARCH_PAGES,
    )
