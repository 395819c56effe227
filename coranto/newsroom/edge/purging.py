"""What each change in the newsroom makes every cache forget.

Bulk writes say so in their operation: `operations.relist_article`, `operations.store_articles`,
`operations.relate_waiting`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db.models.signals import post_delete, pre_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.signals import post_page_move

from coranto.delivery import operations as delivery
from coranto.delivery.tags import purge_on_change, tag
from coranto.masthead.edge import UNSEEN, tags_of_page
from coranto.newsroom.models import (
    Article,
    Author,
    AuthorLink,
    BreakingStrip,
    FormerAddress,
    FrontPage,
    Listing,
    ReadNext,
    Section,
    Topic,
    VersionWithdrawal,
)
from coranto.newsroom.rules import front_tag, list_tag

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wagtail.models import Page

# What other pages show of a front, in the menu for one: with how it is arranged alone, nothing but its own changes.
SEEN_ELSEWHERE: Final[dict[type[Page], tuple[str, ...]]] = {
    FrontPage: ("title", "slug", "live"),
    Section: ("title", "slug", "live", "description", "parent_section_id"),
}


def connect() -> None:
    purge_on_change(Article, _tags_of_article, unless_only=UNSEEN)
    purge_on_change(FrontPage, lambda _page: (front_tag(None),), unless_only=UNSEEN)
    purge_on_change(Section, lambda section: (front_tag(section.pk),), unless_only=UNSEEN)
    for model in SEEN_ELSEWHERE:
        pre_save.connect(_on_front_saving, sender=model, dispatch_uid="newsroom-front-purged")
        post_delete.connect(_on_front_changed, sender=model, dispatch_uid="newsroom-front-purged")
        post_page_move.connect(_on_front_changed, sender=model, dispatch_uid="newsroom-front-purged")
    purge_on_change(Listing, _tags_of_listing)
    purge_on_change(VersionWithdrawal, lambda row: (tag("page", row.version.article_id), "corrections"))
    purge_on_change(ReadNext, lambda pin: (tag("related", pin.article_id),))
    purge_on_change(Author, lambda author: (tag("author", author.pk), "authors", "missing"))
    purge_on_change(AuthorLink, lambda link: (tag("author", link.author_id),))
    purge_on_change(Topic, lambda topic: (tag("topic", topic.pk), "missing"))
    purge_on_change(BreakingStrip, lambda _strip: ("breaking",))
    for model in (FormerAddress, Redirect):
        purge_on_change(model, lambda _row: ("missing",))


def _on_front_saving(
    sender: type[Page],
    instance: Page,
    *,
    raw: bool = False,
    update_fields: Iterable[str] | None = None,
    **_kwargs: Any,
) -> None:
    """Within the transaction of the save: what it was is still to be read, and what is purged follows the commit."""
    if raw or (update_fields is not None and set(update_fields) <= UNSEEN):
        return
    fields = SEEN_ELSEWHERE[sender]
    before = sender._base_manager.filter(pk=instance.pk).values_list(*fields).first() if instance.pk else None
    if before != tuple(getattr(instance, each) for each in fields):
        _on_front_changed(instance)


def _on_front_changed(instance: Page, **_kwargs: Any) -> None:
    tags = [] if instance.pk is None else tags_of_page(instance)
    delivery.purge_tags(tags=[*tags, "menu", "missing"])


def _tags_of_article(article: Article) -> list[str]:
    """A search finds only what is public; its words are found once they are in the index, which says so itself."""
    return [*tags_of_page(article), "search"]


def _tags_of_listing(listing: Listing) -> list[str]:
    """Of one that is gone: those that come are purged where they are made."""
    tags = [list_tag(listing.kind, listing.subject_id)]
    if listing.kind == Listing.Kind.AUTHOR:
        tags.append("authors")
    return tags
