"""What happened to comments; ids alone, published in the transaction in which it did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommentWritten:
    """Somebody wrote a comment whose address is known to be theirs. It may wait for the editors."""

    comment_id: int
    article_id: int


@dataclass(frozen=True, slots=True)
class CommentApproved:
    """A comment that was not shown is shown from now on."""

    comment_id: int
    article_id: int


@dataclass(frozen=True, slots=True)
class CommentRemoved:
    """A comment that was shown is shown no more: by its writer or by the editors."""

    comment_id: int
    article_id: int
