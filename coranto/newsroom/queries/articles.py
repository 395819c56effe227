"""The page of one article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Value

from coranto.delivery.tags import carry, tag
from coranto.masthead.models import PlainPage
from coranto.masthead.rules import address_of
from coranto.newsroom import rules
from coranto.newsroom.models import Article, ArticleAuthor, ArticleTopic, Listing, Topic
from coranto.newsroom.queries.bodies import BodyBlock, addresses_of, linked_pages, public_pages, resolve_body
from coranto.newsroom.queries.cards import by_order
from coranto.newsroom.queries.figures import Figure, figure_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from coranto.newsroom.models import Author, Credit, Section

NEAR_TOP = 8
FRONT_DEPTH = 2
ARTICLE_DEPTH = 4


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Everything an article's page shows but what follows it: that list is shared by the articles of its section.

    `without` is the article's own id where that list may hold it.
    """

    article: Article
    section: Section | None
    further_sections: Sequence[Section]
    authors: Sequence[Author]
    topics: Sequence[Topic]
    credits: Sequence[Credit]
    figure: Figure | None
    body: Sequence[BodyBlock]
    without: int | None
    words: int
    minutes: int
    updated_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Around:
    """What belongs to an article or is linked from it."""

    topics: Sequence[Topic]
    further_sections: Sequence[Section]
    addresses: Mapping[int, str]
    is_near_top: bool


def find_article(section_slug: str, slug: str) -> Article | None:
    """The live article at an address. One query."""
    return (
        Article.objects.live()
        .filter(slug=slug, depth=ARTICLE_DEPTH, url_path__endswith=f"/{section_slug}/{slug}/")
        .select_related("picture")
        .first()
    )


def find_plain_page(path: str) -> PlainPage | None:
    """The live plain page at an address, without the outer slashes. One query."""
    slugs = path.split("/")
    found = PlainPage.objects.live().filter(slug=slugs[-1], depth=FRONT_DEPTH + len(slugs))
    return found.filter(url_path__endswith=f"/{path}/").first()


def article_page(article: Article, known: Mapping[str, Section]) -> ArticlePage:
    """A published article's page. Six queries at most, whatever the article holds."""
    return _page(article, known, _around(article, known))


def draft_page(article: Article, known: Mapping[str, Section]) -> ArticlePage:
    """The page of an article that is being written: what belongs to it may exist only in memory."""
    around = _Around(
        topics=list(article.topics.all()),
        further_sections=[each for each in article.further_sections.all() if each.live],
        addresses=addresses_of(linked_pages(article)),
        is_near_top=True,
    )
    return _page(article, known, around)


def _page(article: Article, known: Mapping[str, Section], around: _Around) -> ArticlePage:
    authors = [byline.author for byline in _bylines(article)]
    credits = list(article.credits.all())
    section = known.get(article.section_slug)
    portraits = [each.picture for each in authors if each.picture]
    carry(
        tag("page", article.pk),
        *(tag("author", each.pk) for each in authors),
        *(tag("picture", each.pk) for each in portraits),
        *(tag("topic", each.pk) for each in around.topics),
    )
    words = rules.count_words(article.body_text)
    return ArticlePage(
        article=article,
        section=section,
        further_sections=around.further_sections,
        authors=authors,
        topics=around.topics,
        credits=credits,
        figure=figure_of(article),
        body=resolve_body(article, known, around.addresses, portraits),
        without=article.pk if section and around.is_near_top else None,
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


def _around(article: Article, known: Mapping[str, Section]) -> _Around:
    """What is small and stands in tables of its own, at once. One query."""
    linked = linked_pages(article)
    section = known.get(article.section_slug)
    parts = [_topics(article), _further_sections(article)]
    if linked:
        parts.append(_addresses(linked))
    if section:
        parts.append(_place_near_top(article, section))
    found: dict[str, list[tuple[int, str, str]]] = {"topic": [], "section": [], "page": [], "near": []}
    for kind, _order, pk, name, address in sorted(parts[0].union(*parts[1:], all=True)):
        found[kind].append((pk, name, address))
    if section and not found["near"]:
        carry(tag("section-shrank", section.pk))
    further = {pk for pk, _, _ in found["section"]}
    return _Around(
        topics=[Topic(pk=pk, name=name, slug=slug) for pk, name, slug in found["topic"]],
        further_sections=[each for each in known.values() if each.pk in further],
        addresses={pk: address_of(path) for pk, _, path in found["page"]},
        is_near_top=bool(found["near"]),
    )


_NONE = Value("")


def _topics(article: Article) -> QuerySet[Any]:
    rows = ArticleTopic.objects.filter(content_object_id=article.pk)
    return rows.values_list(Value("topic"), "pk", "tag_id", "tag__name", "tag__slug")


def _further_sections(article: Article) -> QuerySet[Any]:
    rows = Article.further_sections.through.objects.filter(article_id=article.pk)
    return rows.values_list(Value("section"), "pk", "section_id", _NONE, _NONE)


def _addresses(linked: Collection[int]) -> QuerySet[Any]:
    return public_pages(linked).order_by().values_list(Value("page"), "pk", "pk", _NONE, "url_path")


def _place_near_top(article: Article, section: Section) -> QuerySet[Any]:
    """Its place in its section, where the list after the article may hold the article itself.

    That list may begin to only when others leave the section: a page that need not fear that carries a tag of its
    own, so that a new article leaves the pages of the older ones alone.
    """
    places = Listing.objects.of(Listing.Kind.SECTION, section.pk)
    near = places.filter(article_id=article.pk, pk__in=places.newest_first().values("pk")[:NEAR_TOP])
    return near.values_list(Value("near"), "pk", "article_id", _NONE, _NONE)
