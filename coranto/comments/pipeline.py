"""What judges a comment before anybody reads it: it goes up at once, or waits for an editor and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coranto.comments import queries
from coranto.comments.models import Comment
from coranto.comments.rules.judging import Judgement, Reason, Words, reasons_to_hold

if TYPE_CHECKING:
    from datetime import datetime

    from coranto.comments.models import Commenting


def judge(comment: Comment, *, now: datetime, known: Commenting | None = None) -> Judgement:
    """The state this comment is given. Four queries at most; one less with `known`, where that was read already."""
    if comment.account_id and queries.may_moderate(comment.account):  # who decides is held by nothing
        return Judgement(Comment.State.APPROVED)
    words = Words(name=comment.author_name, source=comment.source, html=comment.html)
    reasons = reasons_to_hold(words, queries.facts_of(comment, known=known or queries.commenting(), now=now))
    score, is_like_those_taken_away = queries.score_comment(comment)
    if is_like_those_taken_away:
        reasons.append(Reason.SCORE)
    state = Comment.State.HELD if reasons else Comment.State.APPROVED
    return Judgement(state, [each.value for each in reasons], score)
