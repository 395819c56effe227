"""What stands across the top of the site while it is news."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coranto.delivery.tags import carry, expire_within, tag
from coranto.newsroom.models import BreakingStrip

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Breaking:
    """The strip a reader sees; `address` is empty until its article is public."""

    text: str
    address: str
    ends_at: datetime


def breaking_strip(*, on_front: bool, now: datetime) -> Breaking | None:
    """The strip that is up at a moment, of several the one begun last. One query.

    Those that are planned are read as well: when the first of them begins, this will be another one.
    """
    strips = BreakingStrip.objects.not_over(now).select_related("article").defer("article__body")
    if not on_front:
        strips = strips.filter(on_every_page=True)
    # Where its address leads changes with the menu: the section's slug is in it.
    carry("breaking", "menu")
    up = []
    for each in strips.order_by("-starts_at", "-pk"):
        is_up = each.starts_at <= now
        expire_within((each.ends_at if is_up else each.starts_at) - now)
        if each.article_id:
            carry(tag("page", each.article_id))
        if is_up:
            up.append(each)
    shown = next((each for each in up if not each.is_withdrawn), None)
    if shown is None:
        return None
    address = shown.article.address if shown.article and shown.article.is_public else ""
    return Breaking(text=shown.text, address=address, ends_at=shown.ends_at)
