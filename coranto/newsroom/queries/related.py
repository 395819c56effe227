"""What an article leads to: stories that speak of the same, and what is read after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Q

from coranto.delivery.tags import carry, tag
from coranto.newsroom import likeness
from coranto.newsroom.models import Article, Listing, ReadNext, RelatedArticle
from coranto.newsroom.queries.cards import Card, headlines_of
from coranto.newsroom.rules import Visibility, list_tag

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from django.db.models import QuerySet

    from coranto.newsroom.models import Section

NEWEST_LOOKED_AT = 8  # of the section, and of all where that is too little


def related_articles(article: Article, known: Mapping[str, Section], length: int = 4) -> list[Card]:
    """Public articles that speak of the same, the nearest first, without those its own text shows. Three queries."""
    in_body = {b["value"]["article"] for b in article.raw_body if b["type"] == "related"}
    ids = [each for each in _related(article.pk) if each not in in_body]
    return headlines_of(ids[:length], known)


def onward(article_id: int, known: Mapping[str, Section], length: int = 8) -> list[Card]:
    """What is read after an article: what the editor pinned, then what is like it mixed with the newest.

    Public articles alone, and never the article itself; always the same until something changes. Six queries.
    """
    carry(tag("page", article_id))
    url_path = Article.objects.public().filter(pk=article_id).order_by().values_list("url_path", flat=True).first()
    if url_path is None:
        return []
    section = known.get(url_path.rsplit("/", 3)[1])
    pinned, alike = _pinned(article_id), _related(article_id)
    of_section, latest = _newest(section.pk if section else None, without={article_id, *pinned, *alike})
    carry(*([list_tag(Listing.Kind.SECTION, section.pk)] if section else []))
    order = likeness.reading_order(pinned=pinned, alike=alike, newest=of_section, length=length)
    if len(order) < length:
        # Only then: otherwise whatever is published anywhere would have each of these lists made anew.
        carry(list_tag(Listing.Kind.LATEST))
        order = list(dict.fromkeys([*order, *latest]))[:length]
    return headlines_of([each for each in order if each != article_id], known)


def _related(article_id: int) -> list[int]:
    """What was found to be near it and is public. One query."""
    carry(tag("related", article_id))
    rows = RelatedArticle.objects.filter(article_id=article_id).order_by("-nearness", "-other_id")
    return _public(rows)


def _pinned(article_id: int) -> list[int]:
    """What the editor put next and is public. One query."""
    return _public(ReadNext.objects.filter(article_id=article_id).order_by("sort_order", "pk"))


def _public(rows: QuerySet[RelatedArticle] | QuerySet[ReadNext]) -> list[int]:
    found = list(rows.values_list("other_id", "other__live", "other__visibility"))
    carry(*(tag("page", pk) for pk, _, _ in found))  # of one that is not public, too: it may be so again
    return [pk for pk, live, visibility in found if live and visibility == Visibility.PUBLIC]


def _newest(section_id: int | None, *, without: Collection[int]) -> tuple[list[int], list[int]]:
    """The newest of the section and the newest of all. One query, which seeks the first places of both lists."""
    kinds = {Listing.Kind.SECTION: section_id or 0, Listing.Kind.LATEST: 0}
    first = Q()
    for kind, subject_id in kinds.items():
        places = Listing.objects.of(kind, subject_id).exclude(article_id__in=without).newest_first()
        first |= Q(pk__in=places.values("pk")[:NEWEST_LOOKED_AT])
    rows = Listing.objects.filter(first).order_by(F("published_at").desc(), F("article_id").desc())
    found = list(rows.values_list("kind", "article_id"))
    of_section, latest = ([pk for kind, pk in found if kind == wanted] for wanted in kinds)
    return of_section, latest
