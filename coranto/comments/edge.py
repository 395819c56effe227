"""What a change of comments makes every cache forget; those that are added many at once say so themselves."""

from __future__ import annotations

from coranto.comments.models import Comment, Commenting
from coranto.delivery.tags import purge_on_change, tag


def connect() -> None:
    purge_on_change(Comment, lambda comment: (tag("comments", comment.article_id),))
    purge_on_change(Commenting, lambda _commenting: ("commenting",))
