"""The newest of a list with their whole texts, and the newest corrections."""

from __future__ import annotations

import uuid
from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from coranto.delivery.tags import carry, tag
from coranto.feeds.documents.entries import Category, Entry, signed
from coranto.newsroom.models import Article, ArticleAuthor, ArticleTopic, ArticleVersion, Listing
from coranto.newsroom.queries import CorrectionItem, addresses_of, corrections, figure_of
from coranto.newsroom.queries.bodies import linked_pages, resolve_bodies
from coranto.newsroom.queries.cards import Card, by_order
from coranto.newsroom.rules import Visibility, list_tag

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from coranto.newsroom.models import Section
    from coranto.newsroom.queries import BodyBlock

FEED_LENGTH: Final = 30


def article_entries(
    kind: str, subject_id: int, known: Mapping[str, Section], *, length: int = FEED_LENGTH
) -> list[Entry]:
    """The newest public articles of a list, whole. Eleven queries at most, whatever they hold.

    An article behind a password or for staff stands in no list, so in no feed.
    """
    carry(list_tag(kind, subject_id))
    places = Listing.objects.of(kind, subject_id).newest_first()
    ids = list(places.values_list("article_id", flat=True)[:length])
    carry(*(tag("page", each) for each in ids))  # of one that was just withdrawn, too
    found = _with_all_of_it(ids)
    articles = [found[each] for each in ids if each in found]
    bodies = resolve_bodies(articles, known, addresses_of(_linked(articles)))
    further = _further_sections(ids, known)
    corrected = _corrections_of(articles)
    return [
        _entry(each, body, [*_main_section(each, known), *further[each.pk]], corrected[each.pk])
        for each, body in zip(articles, bodies, strict=True)
    ]


def _with_all_of_it(ids: Sequence[int]) -> Mapping[int, Article]:
    bylines = Prefetch("bylines", ArticleAuthor.objects.select_related("author"))
    topics = Prefetch("tagged_topics", ArticleTopic.objects.select_related("tag"))
    whole = Article.objects.public().select_related("picture").prefetch_related(bylines, topics, "credits")
    found: Mapping[int, Article] = whole.in_bulk(ids)
    return found


def _linked(articles: Iterable[Article]) -> set[int]:
    return {page_id for each in articles for page_id in linked_pages(each)}


def _main_section(article: Article, known: Mapping[str, Section]) -> list[Section]:
    section = known.get(article.section_slug)
    return [section] if section else []


def _further_sections(ids: Collection[int], known: Mapping[str, Section]) -> Mapping[int, list[Section]]:
    """By article, in the order of the menu. One query."""
    rows = Article.further_sections.through.objects.filter(article_id__in=ids).values_list("article_id", "section_id")
    wanted = set(rows)
    found: defaultdict[int, list[Section]] = defaultdict(list)
    for article_id in ids:
        found[article_id] = [each for each in known.values() if (article_id, each.pk) in wanted]
    return found


def _corrections_of(articles: Sequence[Article]) -> Mapping[int, list[CorrectionItem]]:
    """By article, the latest first. One query."""
    cards = {each.pk: Card(article=each, section=None) for each in articles}
    rows = (
        ArticleVersion.objects.noted()
        .not_withdrawn()
        .filter(article_id__in=cards, visibility=Visibility.PUBLIC)
        .order_by("-number")
        .values_list("article_id", "kind", "note", "passage", "published_at", "number")
    )
    found: defaultdict[int, list[CorrectionItem]] = defaultdict(list)
    for article_id, kind, note, passage, at, number in rows:
        found[article_id].append(CorrectionItem(cards[article_id], kind, note, passage, at, number))
    return found


def _entry(
    article: Article, body: Sequence[BodyBlock], sections: Sequence[Section], corrected: Sequence[CorrectionItem]
) -> Entry:
    authors = [each.author for each in sorted(article.bylines.all(), key=by_order)]
    topics = sorted((each.tag for each in article.tagged_topics.all()), key=attrgetter("name"))
    carry(*(tag("author", each.pk) for each in authors), *(tag("topic", each.pk) for each in topics))
    return Entry(
        key=article.translation_key,
        url=settings.ORIGIN + article.address,
        title=article.headline,
        template="feeds/article.html",
        published_at=article.first_published_at,
        updated_at=_updated(article),
        summary=article.standfirst,
        people=signed(authors, article.credits.all()),
        categories=[
            *(Category(each.title, f"{settings.ORIGIN}/") for each in sections),
            *(Category(each.name, f"{settings.ORIGIN}/topics/") for each in topics),
        ],
        figure=figure_of(article),
        body=body,
        credits=list(article.credits.all()),
        corrections=corrected,
    )


def _updated(article: Article) -> datetime:
    """When its last version came that changed more than typing errors; never before it was published."""
    published: datetime = article.first_published_at
    return max(published, article.updated_at) if article.updated_at else published


def correction_entries(known: Mapping[str, Section], *, length: int = FEED_LENGTH) -> list[Entry]:
    """The newest corrections and clarifications of the whole paper. Three queries."""
    return [_correction_entry(each) for each in corrections(length=length, known=known).items]


def _correction_entry(item: CorrectionItem) -> Entry:
    article: Any = item.article.article
    return Entry(
        key=uuid.uuid5(article.translation_key, f"version {item.number}"),
        url=settings.ORIGIN + article.address,
        title=_("%(kind)s: %(headline)s") % {"kind": item.kind_label.capitalize(), "headline": article.headline},
        template="feeds/correction.html",
        published_at=item.published_at,
        updated_at=item.published_at,
        summary=item.note,
        corrections=[item],
    )
