"""What pages show of comments, each with a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Subquery

from coranto.comments.models import PATH_STEP, Comment
from coranto.delivery.tags import carry, tag

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coranto.comments.models import CommentQuerySet

PAGE_LENGTH = 100


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A stretch of an article's threads as they are read; `next_cursor` asks for what follows, empty at the end.

    `total` counts all approved comments of the article.
    """

    comments: Sequence[Comment]
    total: int
    next_cursor: str = ""
    is_first: bool = True


def thread_page(*, article_id: int, cursor: str = "", length: int = PAGE_LENGTH) -> ThreadPage:
    """The approved comments of an article from `cursor` on. One query, however many there are.

    Raises `ValueError` for a cursor we did not write.
    """
    carry(tag("comments", article_id))
    approved = Comment.objects.of_article(article_id).approved()
    rows = approved.in_order().annotate(approved_in_all=Subquery(_count(approved)))
    if cursor:
        if not (cursor.isascii() and cursor.isdecimal()) or len(cursor) % PATH_STEP:
            raise ValueError(cursor)
        rows = rows.filter(path__gt=cursor)
    comments = list(rows[: length + 1])
    more, comments = len(comments) > length, comments[:length]
    return ThreadPage(
        comments=comments,
        total=getattr(comments[0], "approved_in_all", 0) if comments else 0,
        next_cursor=comments[-1].path if more else "",
        is_first=not cursor,
    )


def _count(rows: CommentQuerySet) -> Any:
    """The number of rows as a subquery: counted where the rows are read, not by a query of its own."""
    return rows.order_by().values("article_id").annotate(number=Count("pk")).values("number")
