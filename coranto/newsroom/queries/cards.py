"""What lists show: sections and cards of articles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from coranto.delivery.tags import carry, tag
from coranto.newsroom.models import Article, Section
from coranto.newsroom.queries.figures import Figure, figure_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import HttpRequest

    from coranto.newsroom.models import Author, Credit


# All that any page, menu or head of a page says of a section.
SHOWN_OF_SECTIONS: Final = (
    *("title", "slug", "path", "url_path", "live", "description", "parent_section"),
    *("seo_title", "search_description"),
)


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of an article."""

    article: Article
    section: Section | None
    authors: Sequence[Author] = ()
    credits: Sequence[Credit] = ()
    headline_here: str = ""

    def with_headline(self, headline: str) -> Card:
        """The same card with another headline, empty for the article's own."""
        return replace(self, headline_here=headline)

    @property
    def headline(self) -> str:
        return self.headline_here or self.article.headline

    @property
    def figure(self) -> Figure | None:
        return figure_of(self.article)


def sections() -> dict[str, Section]:
    """All live sections by slug, in the order the editor gave them. One query."""
    # Chosen and sorted here: asked for live pages in the order of the tree, SQLite would walk through all pages,
    # every article among them, and look for the section of each.
    # How a section is arranged is read where it is shown.
    carry("menu")
    rows = [each for each in Section.objects.only(*SHOWN_OF_SECTIONS).order_by() if each.live]
    return {each.slug: each for each in sorted(rows, key=_place)}


def sections_for(request: HttpRequest) -> dict[str, Section]:
    """The same, read once for a request: each fragment within a page asks for them."""
    carry("menu")
    known: dict[str, Section] | None = getattr(request, "known_sections", None)
    if known is None:
        known = request.known_sections = sections()  # type: ignore[attr-defined]
    return known


def _place(section: Section) -> str:
    return section.path


def top_sections(of: Mapping[str, Section]) -> list[Section]:
    return [each for each in of.values() if each.parent_section_id is None]


def cards_of(ids: Sequence[int], known: Mapping[str, Section]) -> list[Card]:
    """Cards of the given articles, in the given order. Four queries at most."""
    carry(*(tag("page", each) for each in ids))  # of one that is not public, too: it may be so again
    found = Article.objects.public().for_cards().in_bulk(ids) if ids else {}
    return [card_of(found[each], known) for each in ids if each in found]


def headlines_of(ids: Sequence[int], known: Mapping[str, Section]) -> list[Card]:
    """Cards that do not say who wrote the article. Two queries at most."""
    carry(*(tag("page", each) for each in ids))
    found = Article.objects.public().for_headlines().in_bulk(ids) if ids else {}
    shown = [found[each] for each in ids if each in found]
    return [Card(article=each, section=known.get(each.section_slug)) for each in shown]


def card_of(article: Article, known: Mapping[str, Section]) -> Card:
    authors = [byline.author for byline in sorted(article.bylines.all(), key=by_order)]
    carry(*(tag("author", each.pk) for each in authors))
    return Card(
        article=article,
        section=known.get(article.section_slug),
        authors=authors,
        credits=list(article.credits.all()),
    )


def by_order(row: Any) -> int:
    return row.sort_order or 0
