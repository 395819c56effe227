"""From a draft to what readers see, and back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Count, Max, Q
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Revision
from wagtail.search import index

from coranto.delivery import operations as delivery
from coranto.delivery.tags import tag
from coranto.kit import events
from coranto.newsroom import rules
from coranto.newsroom.events import ArticlePublished, ArticleWithdrawn
from coranto.newsroom.models import Article, ArticleToRelate, ArticleVersion, Listing
from coranto.newsroom.operations.relating import await_relating
from coranto.newsroom.operations.searching import Findable, index_articles, names_of
from coranto.newsroom.queries.versions import last_version, moment, reads_the_same, version_parts
from coranto.newsroom.rules import ChangeKind, NotePlace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from coranto.masthead.models import Account

logger = logging.getLogger(__name__)

HELD_BY_EMBARGO = "newsroom.held_by_embargo"
# A draft of which nobody has said yet what changes with it.
UNSAID: Final = {
    "change_kind": "",
    "change_passage": "",
    "change_note": "",
    "change_note_place": NotePlace.FOOT.value,
}


@transaction.atomic
def record_publication(*, article: Article, by: Account | None, now: datetime) -> ArticleVersion:
    """Write the version of an article that has just gone live, its places in the lists, and tell who listens.

    Runs inside the transaction that publishes: without the version there is no publication. The kind of change is
    what the editor chose, or *first*. Where nothing was chosen, as by a program, it is an update; a typing error, which
    leaves the date alone, where readers see nothing of it.
    """
    before = ArticleVersion.objects.filter(article_id=article.pk)
    past = before.aggregate(number=Max("number"), noted=Count("pk", filter=Q(kind__in=rules.NOTED)))
    last = past["number"] or 0
    parts = _parts_as_stored(article)
    change = _change_of(article, parts) if last else rules.FIRST_CHANGE
    said = {name: getattr(article, name) for name in UNSAID}
    if rules.changes_the_date(change.kind):
        article.updated_at = now
    # What was said of this change is said; the next one begins with a clean form.
    for name, nothing in UNSAID.items():
        setattr(article, name, nothing)
    Article.objects.filter(pk=article.pk).update(updated_at=article.updated_at, **UNSAID)
    # One with corrections may have been out of readers' sight until now, and its corrections with it.
    is_noted = change.kind in rules.NOTED or past["noted"]
    delivery.purge_tags(tags=[tag("page", article.pk), "missing", *(["corrections"] if is_noted else [])])
    document, sha256 = rules.version_document(change, **{**parts, "updated_at": moment(article.updated_at)})
    version = ArticleVersion.objects.create(
        article_id=article.pk,
        number=last + 1,
        published_at=now,
        kind=change.kind,
        note=change.note,
        noted_at=now if change.kind in rules.NOTED else None,
        passage=change.passage,
        note_place=said["change_note_place"] if change.kind in rules.NOTED else "",
        visibility=article.visibility,
        document=document,
        sha256=sha256,
        published_by=by,
    )
    if last or change.note:
        _forget_in_newer_drafts(article, {**said, "change_kind": change.kind})
    relist_article(article=article)
    await_relating(articles=[article.pk], turn=ArticleToRelate.Turn.NOW)
    # The task each saving leaves would do this too, a moment later: by then somebody has searched.
    index.insert_or_update_object(article)
    events.publish(ArticlePublished(article_id=article.pk, version=version.number, kind=version.kind))
    return version


def _change_of(article: Article, parts: Mapping[str, Any]) -> rules.ChangeMade:
    kind = ChangeKind(article.change_kind or _kind_nobody_named(article, parts))
    passage = article.change_passage.strip() if kind in rules.NOTED else ""
    return rules.ChangeMade(kind.value, note=article.change_note, passage=passage)


def _kind_nobody_named(article: Article, parts: Mapping[str, Any]) -> ChangeKind:
    last = last_version(article)
    return ChangeKind.TYPO if last and reads_the_same(last, parts) else ChangeKind.UPDATE


def _forget_in_newer_drafts(article: Article, said: Mapping[str, str]) -> None:
    """A draft begun on top of a scheduled change carries what was said of it: it is said once."""
    updated_at = article.updated_at and DjangoJSONEncoder().default(article.updated_at)
    for revision in article.revisions.filter(pk__gt=article.live_revision_id or 0):
        content = revision.content
        if {name: content.get(name, nothing) for name, nothing in UNSAID.items()} == said:
            content.update(UNSAID, updated_at=updated_at)
            revision.save(update_fields=["content"])


def _parts_as_stored(article: Article) -> dict[str, Any]:
    bylines = sorted(article.bylines.select_related("author"), key=lambda each: each.sort_order or 0)
    return version_parts(
        article,
        authors=[each.author for each in bylines],
        further_sections=article.further_sections.all(),
        topics=article.topics.all(),
        credits=article.credits.all(),
    )


@transaction.atomic
def relist_article(*, article: Article) -> None:
    """Make an article's places in all lists what they ought to be; none for one the public may not read.

    A list in which nothing changes is left alone, and so is every page of it.
    """
    wanted = _places_of(article) if article.is_public and article.first_published_at else []
    here = {_key(each): each for each in Listing.objects.filter(article_id=article.pk)}
    gone = [each.pk for key, each in here.items() if key not in {_key(each) for each in wanted}]
    if gone:
        Listing.objects.filter(pk__in=gone).delete()
    added = [each for each in wanted if _key(each) not in here]
    Listing.objects.bulk_create(added)
    delivery.purge_tags(tags=tags_of_listings(added))
    index_articles(findable=[Findable(article=article, names=names_of(article) if wanted else (), places=wanted)])


def _places_of(article: Article) -> list[Listing]:
    return listings_of(
        article,
        sections=[article.get_parent().pk, *(each.pk for each in article.further_sections.all())],
        authors=article.bylines.values_list("author_id", flat=True),
        topics=article.tagged_topics.values_list("tag_id", flat=True),
    )


def _key(listing: Listing) -> tuple[object, ...]:
    return listing.kind, listing.subject_id, listing.published_at


def tags_of_listings(listings: Iterable[Listing]) -> list[str]:
    """What to purge when articles come into these lists: the lists, who signs, and addresses that exist from now on."""
    tags = [rules.list_tag(each.kind, each.subject_id) for each in listings]
    return [*dict.fromkeys(tags), "authors", "missing"] if tags else []


def listings_of(
    article: Article, *, sections: Iterable[int], authors: Iterable[int], topics: Iterable[int]
) -> list[Listing]:
    """Unsaved rows for every list a public article stands in, each once."""
    places = [
        (Listing.Kind.LATEST, 0),
        *((Listing.Kind.SECTION, pk) for pk in sections),
        *((Listing.Kind.AUTHOR, pk) for pk in authors),
        *((Listing.Kind.TOPIC, pk) for pk in topics),
    ]
    return [
        Listing(kind=kind, subject_id=pk, article_id=article.pk, published_at=article.first_published_at)
        for kind, pk in dict.fromkeys(places)
    ]


@transaction.atomic
def withdraw_article(*, article: Article) -> None:
    """Take an article that was unpublished out of every list, and tell who listens."""
    Listing.objects.filter(article_id=article.pk).delete()
    index_articles(findable=[Findable(article=article, names=(), places=())])
    await_relating(articles=[article.pk], turn=ArticleToRelate.Turn.NOW)
    events.publish(ArticleWithdrawn(article_id=article.pk))


def publish_due(*, now: datetime) -> int:
    """Publish what is scheduled up to `now`, and withdraw what has expired; returns how many pages changed.

    Each page in a transaction of its own: one that fails is logged, stays scheduled and holds up no other. What is
    under embargo stays scheduled until the embargo ends, which the article's history tells once.
    """
    changed = 0
    due = Revision.objects.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at")
    for pk, headline in due.values_list("pk", "object_str"):
        changed += _attempt(f"publish {headline!r}", _publish_if_still_due, pk=pk, now=now)
    for page in Page.objects.live().filter(expire_at__lte=now).order_by("expire_at").specific():
        changed += _attempt(f"withdraw {page.title!r}", _withdraw_expired, page=page)
    return changed


def _publish_if_still_due(*, pk: int, now: datetime) -> bool:
    # Asked again inside the transaction: somebody may have withdrawn the article or cancelled its date since.
    revision = Revision.objects.select_for_update().filter(pk=pk, approved_go_live_at__lte=now).first()
    if revision is None:
        return False
    page = revision.content_object
    if isinstance(page, Article) and page.is_under_embargo(now):
        _tell_of_embargo(page, revision)
        return False
    revision.publish()
    return True


def _withdraw_expired(*, page: Page) -> bool:
    page.unpublish(set_expired=True)
    return True


def _tell_of_embargo(article: Article, revision: Revision) -> None:
    """Say once for each draft that the clock leaves it alone: it comes by every few seconds."""
    told = PageLogEntry.objects.filter(page_id=article.pk, action=HELD_BY_EMBARGO, revision=revision)
    if not told.exists():
        logger.warning("%r stays unpublished: it is under embargo until %s.", article.title, article.embargoed_until)
        log(
            instance=article,
            action=HELD_BY_EMBARGO,
            revision=revision,
            data={"until": DjangoJSONEncoder().default(article.embargoed_until)},
        )


def _attempt(what: str, act: Callable[..., bool], **kwargs: Any) -> bool:
    try:
        with transaction.atomic():
            return act(**kwargs)
    except Exception:
        logger.exception("Could not %s as scheduled; it will be tried again.", what)
        return False
