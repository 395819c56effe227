"""What happens to comments is told to those who follow them."""

from __future__ import annotations

from coranto.comments import operations
from coranto.comments.events import CommentApproved, CommentRemoved
from coranto.comments.queries.following import articles_told_of
from coranto.kit import clock, events
from coranto.newsroom.events import ArticlePublished, ArticleWithdrawn


def connect() -> None:
    """Subscribe; called once, when the program starts."""
    events.subscribe(CommentApproved, on_approved, when=events.WITHIN)
    events.subscribe(CommentRemoved, on_removed, when=events.WITHIN)
    events.subscribe(ArticlePublished, on_published, when=events.WITHIN)
    events.subscribe(ArticleWithdrawn, on_withdrawn, when=events.WITHIN)


def on_approved(event: CommentApproved) -> None:
    operations.note_approval(comment_id=event.comment_id, article_id=event.article_id, now=clock.now())


def on_removed(event: CommentRemoved) -> None:
    operations.forget_approval(comment_id=event.comment_id)
    operations.withdraw_news(comments=[event.comment_id], now=clock.now())


def on_published(event: ArticlePublished) -> None:
    # What was public may be locked by its next version, or show no comments any more.
    if not event.is_moved_in and not articles_told_of().filter(pk=event.article_id).exists():
        operations.withdraw_news_below(article_id=event.article_id, now=clock.now())


def on_withdrawn(event: ArticleWithdrawn) -> None:
    operations.withdraw_news_below(article_id=event.article_id, now=clock.now())
