"""The whole archive for search engines, in parts of bounded size; and the news of two days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import Exists, OuterRef
from django.db.models.expressions import RawSQL
from wagtail.models import Page

from coranto.delivery.tags import carry, expire_within, tag
from coranto.feeds.documents.sitemaps import NewsItem, SitemapLine
from coranto.feeds.rules import PART_WIDTH, bounds_of, part_of
from coranto.masthead.models import PlainPage
from coranto.masthead.rules import address_of
from coranto.newsroom.models import Article, Author, Credit, FrontPage, Listing, Section, Topic
from coranto.newsroom.rules import Visibility, list_tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from django.db.models import QuerySet

# What Google News reads: https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
NEWS_LENGTH: Final = 1_000
NEWS_LIFE: Final = timedelta(hours=48)

_CHUNK: Final = 1_000
# A key no row can have would be no number to the database.
LAST_PART: Final = (2**63 - 1) // PART_WIDTH - 1


@dataclass(frozen=True, slots=True)
class SitemapPart:
    """`kind` is `pages`, `authors` or `topics`; parts without an address are left out."""

    kind: str
    number: int


def sitemap_tag(key: int) -> str:
    """The part of the sitemap in which the page with this key stands."""
    return tag("sitemap", part_of(key))


def _sent_to_original(article: str) -> Exists:
    """Whether a credit asks that search engines are sent to the original, for rows with the article's key there."""
    asking = Credit.objects.filter(article_id=OuterRef(article), canonical_is_original=True)
    return Exists(asking.exclude(original_url=""))


# What a part is made of -------------------------------------------------------------------------------------


def _articles(low: int, high: int) -> Iterator[SitemapLine]:
    """Public ones whose address is the one to be found by: some credits ask for the original's."""
    rows = Article.objects.public().filter(pk__gte=low, pk__lt=high).exclude(_sent_to_original("pk")).order_by("pk")
    for path, updated_at, published_at in rows.values_list("url_path", "updated_at", "first_published_at").iterator(
        _CHUNK
    ):
        yield SitemapLine(address_of(path), max(filter(None, (updated_at, published_at)), default=None))


def _fronts_and_plain_pages(low: int, high: int) -> Iterator[SitemapLine]:
    for model in (FrontPage, Section, PlainPage):
        rows = model.objects.live().filter(pk__gte=low, pk__lt=high).order_by("pk")
        for path, published_at in rows.values_list("url_path", "last_published_at"):
            yield SitemapLine(address_of(path), published_at if model is PlainPage else None)


def _pages(low: int, high: int) -> Iterator[SitemapLine]:
    return chain(_fronts_and_plain_pages(low, high), _articles(low, high))


def _authors(low: int, high: int) -> Iterator[SitemapLine]:
    for each in _keyed(Author.objects.published(), low, high).only("slug").iterator(_CHUNK):
        yield SitemapLine(each.address)


def _topics(low: int, high: int) -> Iterator[SitemapLine]:
    for each in _keyed(_published_topics(), low, high).only("slug").iterator(_CHUNK):
        yield SitemapLine(each.address)


def _published_topics() -> QuerySet[Topic]:
    found: QuerySet[Topic] = Topic.objects.filter(Listing.objects.having(Listing.Kind.TOPIC))
    return found


def _open_pages() -> QuerySet[Page]:
    """Those anybody may read, whatever their kind; the root of Wagtail's tree is none."""
    locked = (Visibility.PRIVATE, Visibility.PASSWORD)
    found: QuerySet[Page] = Page.objects.live().filter(depth__gt=1).exclude(article__visibility__in=locked)
    return found


def _keyed(rows: QuerySet[Any], low: int, high: int) -> QuerySet[Any]:
    return rows.filter(pk__gte=low, pk__lt=high).order_by("pk")


@dataclass(frozen=True, slots=True)
class _Kind:
    lines: Callable[[int, int], Iterator[SitemapLine]]
    rows: Callable[[], QuerySet[Any]]
    tags: tuple[str, ...]


# Authors and topics come to have a page, and lose it, with what stands under their names.
_KINDS: Final[Mapping[str, _Kind]] = {
    "pages": _Kind(_pages, _open_pages, ("menu", "sitemap")),
    "authors": _Kind(_authors, Author.objects.published, ("authors", "missing")),
    "topics": _Kind(_topics, _published_topics, ("topics", "missing")),
}


# The reads ---------------------------------------------------------------------------------------------------


def sitemap_parts() -> list[SitemapPart]:
    """Every part with something in it. One query for each kind, which seeks the first row of each part."""
    carry("sitemap-index", *chain.from_iterable(kind.tags for kind in _KINDS.values()))
    return [SitemapPart(name, number) for name, kind in _KINDS.items() for number in _parts_of(kind)]


def _parts_of(kind: _Kind) -> list[int]:
    _, width = bounds_of(0)
    following = RawSQL("(found.part + 1) * %s", [width])  # where the part after the last one found begins
    sql, given = kind.rows().filter(pk__gte=following).order_by("pk").values("pk")[:1].query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH RECURSIVE found (part) AS (
                SELECT CAST(-1 AS bigint)
                UNION ALL
                SELECT ({sql}) / %s FROM found WHERE part IS NOT NULL
            )
            SELECT part FROM found WHERE part >= 0
            """,  # noqa: S608 - of our own words
            [*given, width],
        )
        return [part for (part,) in cursor.fetchall()]


def sitemap_lines(kind: str, number: int) -> Iterator[SitemapLine]:
    """The addresses of one part, one after the other: no more than a thousand rows are held at a time.

    Four queries at most. A part nobody listed is empty.
    """
    found = _KINDS[kind]
    carry(*found.tags)
    if kind == "pages":
        carry(tag("sitemap", number))
    return found.lines(*bounds_of(number))


def news_items(*, now: datetime) -> list[NewsItem]:
    """What was published within two days, the newest first, a thousand at most. One query."""
    carry("news", "menu", list_tag(Listing.Kind.LATEST))
    since = now - NEWS_LIFE
    rows = (
        Listing.objects.of(Listing.Kind.LATEST)
        .newest_first()
        .filter(published_at__gte=since, article__live=True, article__visibility=Visibility.PUBLIC)
        .exclude(_sent_to_original("article_id"))
        .values_list("article__url_path", "article__title", "published_at")
    )
    items = [NewsItem(address_of(path), title, at) for path, title, at in rows[:NEWS_LENGTH]]
    if items:
        expire_within(items[-1].published_at + NEWS_LIFE - now)
    return items
