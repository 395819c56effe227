"""Which feeds an article stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coranto.newsroom.models import Article
from coranto.newsroom.rules import Visibility

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Place:
    """An article's own address, and those of the pages whose feeds hold it, or have held it until now.

    `is_open`: not behind a password and not for staff alone, whether it is out or was withdrawn.
    """

    address: str
    is_open: bool
    pages: Sequence[str]


def places_of(article_id: int) -> Place | None:
    """Four queries; None for an article that was deleted."""
    article = Article.objects.filter(pk=article_id).first()
    if article is None:
        return None
    pages = [
        "/",
        f"/{article.section_slug}/",
        *(each.address for each in article.further_sections.all()),
        *(each.author.address for each in article.bylines.select_related("author")),
        *(each.address for each in article.topics.all()),
    ]
    return Place(
        address=article.address, is_open=article.visibility == Visibility.PUBLIC, pages=list(dict.fromkeys(pages))
    )
