"""Wagtail's signals, turned into the newsroom's operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.signals import post_save, pre_delete, pre_save
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page
from wagtail.signals import page_published, page_unpublished, post_page_move

from coranto.kit import clock
from coranto.masthead.models import PlainPage
from coranto.masthead.rules import address_of
from coranto.newsroom import operations
from coranto.newsroom.models import Article, Author, Listing, Section, Topic

if TYPE_CHECKING:
    from wagtail.models import Revision

    from coranto.masthead.models import SitePage


def connect() -> None:
    page_published.connect(on_published, sender=Article, dispatch_uid="newsroom-published")
    page_unpublished.connect(on_unpublished, sender=Article, dispatch_uid="newsroom-unpublished")
    post_save.connect(on_alias_made, sender=Article, dispatch_uid="newsroom-alias")
    for model in (Article, Section, PlainPage):
        pre_save.connect(on_saving, sender=model, dispatch_uid="newsroom-address")
        post_page_move.connect(on_moved, sender=model, dispatch_uid="newsroom-moved")
    for named in (Author, Topic):
        pre_save.connect(on_renaming, sender=named, dispatch_uid="newsroom-renamed")
    pre_delete.connect(on_topic_going, sender=Topic, dispatch_uid="newsroom-topic-gone")


def on_published(instance: Article, revision: Revision | None = None, **_kwargs: Any) -> None:
    if not instance.live:
        return  # only its date was set; the clock publishes it when that comes
    by = get_active_log_context().user or (revision.user if revision else None)
    operations.record_publication(article=instance, by=by, now=clock.now())


def on_unpublished(instance: Article, **_kwargs: Any) -> None:
    operations.withdraw_article(article=instance)


def on_alias_made(instance: Article, *, created: bool, raw: bool = False, **_kwargs: Any) -> None:
    # Wagtail copies a live page as an alias without saying that it is published.
    if created and instance.alias_of_id and instance.live and not raw:
        operations.record_publication(article=instance, by=None, now=clock.now())


def on_saving(instance: SitePage, *, raw: bool = False, **_kwargs: Any) -> None:
    # Wagtail tells of a new slug only after the commit, where a killed process would forget the old one.
    if instance.pk is None or raw:
        return
    before = Page.objects.live().filter(pk=instance.pk).values_list("url_path", flat=True).first()
    if before and before != instance.url_path:
        operations.remember_address(page=instance, address=address_of(before), now=clock.now())


def on_renaming(instance: Author | Topic, *, raw: bool = False, **_kwargs: Any) -> None:
    # What an article says of itself stays; what it is found by has changed.
    if instance.pk is None or raw:
        return
    model, kind = (Author, Listing.Kind.AUTHOR) if isinstance(instance, Author) else (Topic, Listing.Kind.TOPIC)
    before = model._base_manager.filter(pk=instance.pk).values_list("name", flat=True).first()
    if before is not None and before != instance.name:
        operations.index_anew(places=Listing.objects.of(kind, instance.pk))


def on_topic_going(instance: Topic, **_kwargs: Any) -> None:
    operations.index_anew(places=Listing.objects.of(Listing.Kind.TOPIC, instance.pk))


@transaction.atomic
def on_moved(instance: Page, url_path_before: str, url_path_after: str, **_kwargs: Any) -> None:
    if url_path_before == url_path_after:
        return  # sorted, not moved
    page = instance.specific
    page.url_path = url_path_after
    if page.live:
        operations.remember_address(page=page, address=address_of(url_path_before), now=clock.now())
    if isinstance(page, Article):
        operations.relist_article(article=page)
