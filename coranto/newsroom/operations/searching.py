"""What readers and editors find: kept with each publication, made anew where something around articles changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Q
from wagtail.search.backends import get_search_backend

from coranto.delivery import operations as delivery
from coranto.jobs.operations import let_others_write
from coranto.kit import terms
from coranto.masthead.queries import publication
from coranto.newsroom.backends import archive
from coranto.newsroom.models import Article, Listing, SearchEntry

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

BATCH: Final = 50
IN_ONE_GO: Final = 5000  # articles, a minute or so: then other regular work has its turn
FILTERS: Final = {Listing.Kind.SECTION, Listing.Kind.AUTHOR}


@dataclass(frozen=True, kw_only=True, slots=True)
class Findable:
    """An article with what it is found by besides its own words: names, and its places in lists (none: not at all)."""

    article: Article
    names: Sequence[str]
    places: Sequence[Listing]

    @property
    def key(self) -> int:
        return archive.key_of(self.places[0].published_at, self.article.pk)


def refresh_search_weights(*, now: datetime) -> None:  # noqa: ARG001 - as all regular work is called
    """Weigh titles by how long they are on average today, where that has moved since an entry was written."""
    get_search_backend().get_index_for_model(Article).refresh_weights()


@transaction.atomic
def index_articles(*, findable: Sequence[Findable]) -> None:
    """Let readers find these articles by what they say now; those that stand in no list no more."""
    shown = [each for each in findable if each.places]
    before = {row.article_id: row for row in SearchEntry.objects.filter(article__in=[f.article.pk for f in findable])}
    keys = {each.article.pk: each.key for each in shown}
    stale = [row.pk for pk, row in before.items() if keys.get(pk) != row.pk]
    if stale:
        SearchEntry.objects.filter(pk__in=stale).delete()
    language = publication().language
    manner = terms.manner(language)
    kept = {pk: row for pk, row in before.items() if keys.get(pk) == row.pk}
    # A mark to index anew stays: whoever put it there may know of a name this caller has not seen yet.
    made = {pk: manner if pk not in before or before[pk].manner else "" for pk in keys}
    changed = [row.pk for pk, row in kept.items() if row.manner != made[pk]]
    if changed:
        SearchEntry.objects.filter(pk__in=changed).update(manner=manner)
    SearchEntry.objects.bulk_create(
        SearchEntry(key=key, article_id=pk, manner=made[pk], is_counted=pk in before and before[pk].is_counted)
        for pk, key in keys.items()
        if pk not in kept
    )
    archive.write(_document(each, language) for each in shown)
    delivery.purge_tags(tags=["search"])


def _document(findable: Findable, language: str) -> archive.Document:
    article = findable.article
    return archive.Document(
        key=findable.key,
        headline=terms.terms_of(article.title, language),
        standfirst=terms.terms_of(article.standfirst, language),
        names=terms.terms_of("\n".join(findable.names), language),
        body=terms.terms_of(article.body_text, language),
        facets=[archive.facet(each.kind, each.subject_id) for each in findable.places if each.kind in FILTERS],
    )


def index_anew(*, places: QuerySet[Listing]) -> int:
    """Have the worker index the articles in these places again, soon: a name they are found by has changed."""
    return SearchEntry.objects.filter(article__in=places.values("article_id")).update(manner="")


def refresh_search_index(*, now: datetime) -> int:  # noqa: ARG001 - as above
    """Index what is to be indexed anew, the newest first, a few at a time; returns how many were.

    That is what `index_anew` marked, and everything when the publication changes its language or a new version of
    the program makes other terms.
    """
    manner = terms.manner(publication().language)
    # Two stretches of an index, where "is not" would look at every entry each time.
    due = SearchEntry.objects.filter(Q(manner__lt=manner) | Q(manner__gt=manner)).order_by("-key")
    ids = list(due.values_list("article_id", flat=True)[:IN_ONE_GO])
    for start in range(0, len(ids), BATCH):
        if start:
            let_others_write()
        with transaction.atomic():
            some = ids[start : start + BATCH]
            # First, so that a name that changes from now on marks its articles again.
            SearchEntry.objects.filter(article__in=some).update(manner=manner)
            index_articles(findable=_findable(some))
    return len(ids)


def _findable(ids: Sequence[int]) -> list[Findable]:
    related = "bylines__author", "credits", "tagged_topics__tag", "listings"
    articles = Article.objects.filter(pk__in=ids).prefetch_related(*related)
    return [
        Findable(article=each, names=names_of(each), places=list(each.listings.all()) if each.is_public else [])
        for each in articles
    ]


def names_of(article: Article) -> list[str]:
    """Authors, the people of credits, topics. Asks the database, unless they were fetched along."""
    return [
        *(byline.author.name for byline in article.bylines.all()),
        *(name for credit in article.credits.all() for name in credit.people_list),
        *(tagged.tag.name for tagged in article.tagged_topics.all()),
    ]
