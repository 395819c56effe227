"""What stands across the top of the site while it is news."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    """The strip that is up at a moment, of several the one begun last. One query."""
    up = BreakingStrip.objects.at(now).select_related("article").defer("article__body").order_by("-starts_at", "-pk")
    if not on_front:
        up = up.filter(on_every_page=True)
    shown = next((each for each in up if not each.is_withdrawn), None)
    if shown is None:
        return None
    address = shown.article.address if shown.article and shown.article.is_public else ""
    return Breaking(text=shown.text, address=address, ends_at=shown.ends_at)
