from __future__ import annotations

from typing import TYPE_CHECKING

from coranto.comments.models import Commenting
from coranto.delivery.tags import carry
from coranto.newsroom.rules import CommentPolicy

if TYPE_CHECKING:
    from coranto.newsroom.models import Article


def commenting() -> Commenting:
    """How the site takes comments; one with the defaults where nothing was saved yet. One query."""
    carry("commenting")
    return Commenting.objects.first() or Commenting()


def takes_comments(article: Article) -> bool:
    """Whether this article does, whatever the site does."""
    return bool(article.live and article.comment_policy == CommentPolicy.OPEN)
