"""From a draft to what readers see, and back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Revision
from wagtail.search import index

from coranto.delivery import operations as delivery
from coranto.delivery.tags import tag
from coranto.kit import events
from coranto.newsroom import rules
from coranto.newsroom.events import ArticlePublished, ArticleWithdrawn
from coranto.newsroom.models import Article, ArticleVersion, Listing
from coranto.newsroom.rules import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from coranto.masthead.models import Account
    from coranto.newsroom.models import Author, Credit, Section, Topic

logger = logging.getLogger(__name__)

HELD_BY_EMBARGO = "newsroom.held_by_embargo"


@transaction.atomic
def record_publication(*, article: Article, by: Account | None, now: datetime) -> ArticleVersion:
    """Write the version of an article that has just gone live, its places in the lists, and tell who listens.

    Runs inside the transaction that publishes: without the version there is no publication. The kind of
    change is what the editor chose (an update when nothing was chosen), or *first*.
    """
    last = ArticleVersion.objects.filter(article_id=article.pk).aggregate(number=Max("number"))["number"] or 0
    kind = ChangeKind(article.change_kind or ChangeKind.UPDATE) if last else ChangeKind.FIRST
    if rules.changes_the_date(kind):
        article.updated_at = now
    note = article.change_note if last else ""
    # What was said of this change is said; the next one begins with a clean form.
    article.change_kind, article.change_note = "", ""
    Article.objects.filter(pk=article.pk).update(updated_at=article.updated_at, change_kind="", change_note="")
    delivery.purge_tags(tags=[tag("page", article.pk), "missing"])
    document, sha256 = rules.version_document(**_parts_as_stored(article))
    version = ArticleVersion.objects.create(
        article_id=article.pk,
        number=last + 1,
        published_at=now,
        kind=kind,
        note=note,
        document=document,
        sha256=sha256,
        published_by=by,
    )
    if note or kind is not ChangeKind.FIRST:
        _forget_in_newer_drafts(article, kind=kind, note=note)
    relist_article(article=article)
    # The task each saving leaves would do this too, a moment later: by then somebody has searched.
    index.insert_or_update_object(article)
    events.publish(ArticlePublished(article_id=article.pk, version=version.number, kind=version.kind))
    return version


def _forget_in_newer_drafts(article: Article, *, kind: str, note: str) -> None:
    """A draft begun on top of a scheduled change carries what was said of it: it is said once."""
    updated_at = article.updated_at and DjangoJSONEncoder().default(article.updated_at)
    for revision in article.revisions.filter(pk__gt=article.live_revision_id or 0):
        content = revision.content
        if (content.get("change_kind"), content.get("change_note")) == (kind, note):
            content.update(change_kind="", change_note="", updated_at=updated_at)
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


def version_parts(
    article: Article,
    *,
    authors: Iterable[Author],
    further_sections: Iterable[Section],
    topics: Iterable[Topic],
    credits: Iterable[Credit],
) -> dict[str, Any]:
    """What a published version holds of an article, as plain data: strings, numbers, lists."""
    picture = article.picture
    return {
        "address": article.address,
        "uuid": str(article.translation_key),
        "headline": article.title,
        "standfirst": article.standfirst,
        "body": [{"type": each["type"], "value": each["value"]} for each in article.raw_body],
        "picture": picture
        and {
            "id": picture.pk,
            "sha1": picture.file_hash,
            "caption": article.picture_caption or picture.caption,
            "credit": picture.credit,
            "alt": picture.description,
        },
        "authors": [{"name": each.name, "slug": each.slug} for each in authors],
        "section": article.section_slug,
        "further_sections": sorted(each.slug for each in further_sections),
        "topics": sorted(each.name for each in topics),
        "credits": [_credit_parts(each) for each in credits],
        "first_published_at": _as_text(article.first_published_at),
        "updated_at": _as_text(article.updated_at),
        "visibility": article.visibility,
        "seo": {"title": article.seo_title, "description": article.search_description},
    }


def _credit_parts(credit: Credit) -> dict[str, Any]:
    return {
        "relation": credit.relation,
        "people": list(credit.people_list),
        "outlet": credit.outlet,
        "original_url": credit.original_url,
        "licence": credit.licence,
        "canonical_is_original": credit.canonical_is_original,
        "dated_on": credit.dated_on and credit.dated_on.isoformat(),
    }


def _as_text(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


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
