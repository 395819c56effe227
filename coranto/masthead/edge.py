"""What a change to the publication, its pages and its pictures makes every cache forget."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models.signals import post_delete, post_save
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.models import Page, Site

from coranto.delivery import operations as delivery
from coranto.delivery.fragments import Fragment
from coranto.delivery.fragments import register as register_fragment
from coranto.delivery.tags import carry, expire_within, purge_on_change, tag
from coranto.kit import clock
from coranto.masthead.models import (
    ChannelLink,
    Discovery,
    NavigationLink,
    Picture,
    PictureRendition,
    PlainPage,
    Publication,
)
from coranto.masthead.rules import renditions

if TYPE_CHECKING:
    from django.http import HttpRequest

# What is written of a page while somebody works on a draft of it, or while the tree is counted: readers see none of it.
UNSEEN: Final = frozenset(
    {
        "draft_title",
        "embargoed_until",
        "expire_at",
        "expired",
        "go_live_at",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
        "live_revision",
        "locked",
        "locked_at",
        "locked_by",
        "numchild",
        "wagtail_admin_comments",
    }
)


def connect() -> None:
    register_fragment(Fragment("today", render=today))
    purge_on_change(Publication, lambda _publication: ("publication",))
    purge_on_change(ChannelLink, lambda _link: ("publication",))
    purge_on_change(Discovery, lambda _discovery: ("discovery",))
    purge_on_change(NavigationLink, lambda _link: ("menu",))
    purge_on_change(Picture, lambda picture: (tag("picture", picture.pk),))
    purge_on_change(PictureRendition, _tags_of_rendition)
    for model in (Page, PlainPage):
        purge_on_change(model, tags_of_page, unless_only=UNSEEN)
    for signal in (post_save, post_delete):
        signal.connect(_on_site_changed, sender=Site, dispatch_uid="masthead-site-purged")


def today(request: HttpRequest) -> str:
    """The day at the head of every page, until midnight where the publication is."""
    carry("publication")
    now = timezone.localtime(clock.now())
    midnight = datetime.combine(now.date() + timedelta(days=1), time.min, tzinfo=now.tzinfo)
    expire_within(midnight.astimezone(UTC) - now.astimezone(UTC))
    return render_to_string("parts/today.html", {"now": now}, request)


def tags_of_page(page: Page) -> list[str]:
    """What shows a page or leads to it, and what was not found where it may stand now.

    Plain pages below it have its slug in their addresses; articles below a section are found by the menu, which every
    page carries.
    """
    tags = [tag("page", page.pk), "missing"]
    if page.numchild and page.specific_class is PlainPage:
        below = Page.objects.filter(path__startswith=page.path, depth__gt=page.depth)
        tags += [tag("page", pk) for pk in below.values_list("pk", flat=True)]
    return tags


def _tags_of_rendition(rendition: PictureRendition) -> list[str]:
    """Those Wagtail makes for the editor are shown to no reader."""
    is_for_readers = renditions.media_type(rendition.filter_spec) is not None
    return [tag("picture", rendition.image_id)] if is_for_readers else []


def _on_site_changed(**_kwargs: Any) -> None:
    delivery.purge_everything()
