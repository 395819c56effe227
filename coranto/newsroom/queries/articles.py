"""The page of one article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from coranto.newsroom import rules
from coranto.newsroom.models import Article, ArticleAuthor, Listing
from coranto.newsroom.queries.bodies import BodyBlock, resolve_body
from coranto.newsroom.queries.cards import Card, by_order
from coranto.newsroom.queries.figures import Figure, figure_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coranto.newsroom.models import Author, Credit, Section, Topic

RELATED_LENGTH = 4
ARTICLE_DEPTH = 4


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Everything an article's page shows."""

    article: Article
    section: Section | None
    further_sections: Sequence[Section]
    authors: Sequence[Author]
    topics: Sequence[Topic]
    credits: Sequence[Credit]
    figure: Figure | None
    body: Sequence[BodyBlock]
    related: Sequence[Card]
    words: int
    minutes: int
    updated_at: datetime | None


def find_article(section_slug: str, slug: str) -> Article | None:
    """The live article at an address. One query."""
    return (
        Article.objects.live()
        .filter(slug=slug, depth=ARTICLE_DEPTH, url_path__endswith=f"/{section_slug}/{slug}/")
        .select_related("picture")
        .first()
    )


def article_page(article: Article, known: Mapping[str, Section]) -> ArticlePage:
    """An article's page, live or previewed. Nine queries at most, whatever the article holds."""
    authors = [byline.author for byline in _bylines(article)]
    credits = list(article.credits.all())
    section = known.get(article.section_slug)
    places = related_places(article, section) if section else []
    portraits = [each.picture for each in authors if each.picture]
    body, cards = resolve_body(article, places, known, portraits)
    words = rules.count_words(article.body_text)
    return ArticlePage(
        article=article,
        section=section,
        further_sections=[each for each in article.further_sections.all() if each.live],
        authors=authors,
        topics=list(article.topics.all()),
        credits=credits,
        figure=figure_of(article),
        body=body,
        related=cards,
        words=words,
        minutes=rules.reading_minutes(words),
        updated_at=_visible_update(article),
    )


def _visible_update(article: Article) -> datetime | None:
    first, updated = article.first_published_at, article.updated_at
    return updated if first and updated and updated - first >= timedelta(minutes=1) else None


def _bylines(article: Article) -> Iterable[ArticleAuthor]:
    # Those of a live article come with their authors in one query; a preview's exist only in memory.
    return sorted(article.bylines.select_related("author__picture"), key=by_order)


def related_places(article: Article, section: Section) -> list[int]:
    """Ids of the newest other articles of the same section. One query."""
    return list(
        Listing.objects.of(Listing.Kind.SECTION, section.pk)
        .exclude(article_id=article.pk)
        .newest_first()
        .values_list("article_id", flat=True)[:RELATED_LENGTH]
    )
