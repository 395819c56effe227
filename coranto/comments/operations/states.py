"""From one state to another: what is shown, what the comments above count, who is told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db import models, transaction

from coranto.comments.events import CommentApproved, CommentRemoved
from coranto.comments.models import STANDING, Comment
from coranto.comments.operations.storing import count_below, lock_threads
from coranto.comments.rules.cursors import ancestors_of
from coranto.delivery import operations as delivery
from coranto.delivery.tags import tag
from coranto.kit import events

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


@transaction.atomic
def change_states(
    *, comments: Collection[Comment], state: str, held_because: Sequence[str] = (), score: float | None = None
) -> list[Comment]:
    """Give comments a state, and return those that had another one, as they are now.

    Everything else follows here and nowhere else: what is shown, what the comments above count, which pages are
    forgotten, who hears of it. Whoever calls this has asked who may. The words are gone of what its writer removed:
    that stays removed. Six queries at most for any number in one thread, besides what others do when they hear of it.
    """
    # Rows as they are now, whatever the caller read before another did the same.
    lock_threads({each.root_id or each.pk for each in comments})
    changed = list(
        Comment.objects.filter(pk__in={each.pk for each in comments})
        .exclude(state__in=[state, Comment.State.REMOVED])
        .order_by("pk")
    )
    counts: Counter[int] = Counter()
    for each in changed:
        if each.stands != (state in STANDING):
            step = 1 if state in STANDING else -1
            counts.update(dict.fromkeys(ancestors_of(each.path), step))
    before = {each.pk: each.state for each in changed}
    Comment.objects.filter(pk__in=before).update(
        state=state,
        held_because=" ".join(held_because),
        is_shown=True if state in STANDING else models.Case(models.When(shown_below__gt=0, then=True), default=False),
        **({"score": score} if score is not None else {}),
    )
    count_below(counts)
    for each in changed:
        each.state, each.held_because = state, " ".join(held_because)
        _tell(each, before[each.pk])
    delivery.purge_tags(
        tags={tag("comments", each.article_id) for each in changed if before[each.pk] in STANDING or each.stands}
    )
    return changed


def _tell(comment: Comment, before: str) -> None:
    if comment.is_approved:
        events.publish(CommentApproved(comment_id=comment.pk, article_id=comment.article_id))
    elif before == Comment.State.APPROVED:
        events.publish(CommentRemoved(comment_id=comment.pk, article_id=comment.article_id))
