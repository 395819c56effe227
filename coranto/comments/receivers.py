"""What happens to comments is told to those who follow them."""

from __future__ import annotations

from coranto.comments import operations
from coranto.comments.events import CommentApproved, CommentRemoved
from coranto.kit import clock, events


def connect() -> None:
    """Subscribe; called once, when the program starts."""
    events.subscribe(CommentApproved, on_approved, when=events.WITHIN)
    events.subscribe(CommentRemoved, on_removed, when=events.WITHIN)


def on_approved(event: CommentApproved) -> None:
    operations.note_approval(comment_id=event.comment_id, article_id=event.article_id, now=clock.now())


def on_removed(event: CommentRemoved) -> None:
    operations.forget_approval(comment_id=event.comment_id)
    operations.withdraw_news(comments=[event.comment_id], now=clock.now())
