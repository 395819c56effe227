"""An article's comments, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from coranto.comments.models import Comment
from coranto.comments.rules.cursors import Cursor, Sort, read_cursor
from coranto.comments.rules.folding import fold
from coranto.delivery.tags import carry, tag
from coranto.newsroom.models import Article
from coranto.newsroom.rules import CommentPolicy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coranto.comments.models import CommentQuerySet

PAGE_LENGTH = 50
# What a page shows. An address or a source is never read for one.
_SHOWN = (
    "article_id", "parent_id", "root_id", "path", "depth", "author_name", "author_url", "avatar_seed", "commenter",
    "html", "state", "written_at", "edited_at",
)  # fmt: skip

# What is asked of an article before somebody writes below it.
_ASKED = ("title", "slug", "url_path", "depth", "live", "comment_policy", "visibility", "password")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Comments that stand together: open, or folded away as replies far down."""

    comments: Sequence[Comment]
    is_folded: bool


@dataclass(frozen=True, slots=True)
class ThreadPage:
    """A stretch of an article's threads as they are read; `next_cursor` asks for what follows, empty at the end.

    `total` counts all approved comments of the article; `comments` has tombstones among them.
    """

    comments: Sequence[Comment]
    total: int
    next_cursor: str = ""
    is_first: bool = True
    sort: Sort = Sort.OLDEST

    @property
    def stretches(self) -> Sequence[Stretch]:
        return [
            Stretch(self.comments[start:stop], is_folded)
            for start, stop, is_folded in fold([each.depth for each in self.comments])
        ]


def thread_page(*, article_id: int, cursor: str = "", length: int = PAGE_LENGTH) -> ThreadPage:
    """The comments of an article from `cursor` on. One query, however many there are.

    Raises `ValueError` for a cursor we did not write.
    """
    carry(tag("comments", article_id))
    place = read_cursor(cursor)
    rows = (
        Comment.objects.of_article(article_id)
        .only(*_SHOWN)
        .annotate(
            approved_in_all=Coalesce(Subquery(_count(Comment.objects.of_article(article_id).approved())), 0),
            # For a reply that is folded or stands at the top of a page, away from what it answers.
            answered=Case(When(parent__state=Comment.State.APPROVED, then=F("parent__author_name")), default=Value("")),
            replies_in_thread=F("root__shown_below") if place.sort is Sort.REPLIED else Value(0),
        )
    )
    comments = list(_from(rows, place, article_id)[: length + 1])
    more, comments = len(comments) > length, comments[:length]
    return ThreadPage(
        comments=comments,
        total=getattr(comments[0], "approved_in_all", 0) if comments else 0,
        next_cursor=str(_after(comments[-1], place.sort)) if more else "",
        is_first=not place.path,
        sort=place.sort,
    )


def _from(rows: CommentQuerySet, place: Cursor, article_id: int) -> CommentQuerySet:
    """The rows behind a place, in its order, each of which an index has."""
    match place.sort:
        case Sort.OLDEST:
            rows = rows.shown().order_by("path")
            return rows.filter(path__gt=place.path) if place.path else rows
        case Sort.NEWEST:
            rows = rows.shown().order_by("-root_id", "path")
            if not place.path:
                return rows
            return rows.filter(Q(root_id__lt=place.root) | Q(root_id=place.root, path__gt=place.path))
        case Sort.REPLIED:
            # By way of the roots, which are few and lie in this order already. `shown` would have SQLite go by way of
            # the article, and sort all there are.
            rows = rows.filter(is_shown=True, root__article_id=article_id, root__depth=1)
            rows = rows.order_by("-root__shown_below", "root_id", "path")
            if not place.path:
                return rows
            return rows.filter(
                Q(root__shown_below__lt=place.replies)
                | Q(root__shown_below=place.replies, root_id__gt=place.root)
                | Q(root_id=place.root, path__gt=place.path)
            )


def _after(last: Comment, sort: Sort) -> Cursor:
    return Cursor(sort, last.path, getattr(last, "replies_in_thread", 0))


def _count(rows: CommentQuerySet) -> Any:
    """The number of rows as a subquery: counted where the rows are read, not by a query of its own."""
    return rows.order_by().values("article_id").annotate(number=Count("pk")).values("number")


def page_holding(comment: Comment, *, length: int = PAGE_LENGTH) -> str:
    """The cursor of the page, oldest first, on which a shown comment stands. Two queries."""
    shown = Comment.objects.of_article(comment.article_id).shown()
    before = shown.filter(path__lt=comment.path)
    number = before.count()
    if number < length:
        return ""
    # Backwards from here, where the page's beginning is near.
    back = number % length
    paths = before.order_by("-path").values_list("path", flat=True)[back : back + 1]
    return str(replace(Cursor(), path=next(iter(paths), "")))


def find_shown(comment_id: int) -> Comment | None:
    """The approved comment with this id, with its article, where that is to be read and shows comments. One query."""
    found = Comment.objects.approved().filter(pk=comment_id, article__live=True)
    found = found.exclude(article__comment_policy=CommentPolicy.NONE)
    return found.with_article().first()


def find_article(article_id: int) -> Article | None:
    """The live article with this id, without its text. One query."""
    return Article.objects.live().filter(pk=article_id).only(*_ASKED).first()
