"""Who is not heard: by the whole site, or by one reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from coranto.comments.models import Block, Comment, Mute
from coranto.comments.queries import may_moderate

if TYPE_CHECKING:
    from datetime import datetime

    from coranto.masthead.models import Account


def block_commenter(*, comment: Comment, by: Account, reason: str = "", now: datetime) -> Block | None:
    """Take no more comments from whoever wrote this one; what is there stays. None where nobody knows who it was."""
    demand_moderator(by)
    if not comment.commenter:
        return None
    return Block.objects.update_or_create(
        commenter=comment.commenter,
        defaults={"name": comment.author_name, "reason": reason[:500], "since": now, "by": by},
    )[0]


def unblock_commenter(*, block: Block, by: Account) -> None:
    demand_moderator(by)
    block.delete()


def demand_moderator(by: Account) -> None:
    """Raises `PermissionDenied` for anybody else."""
    if not may_moderate(by):
        raise PermissionDenied


def mute_commenter(*, comment: Comment, by: Account, now: datetime) -> None:
    """A reader wants to see no more of whoever wrote this."""
    if comment.commenter:
        Mute.objects.get_or_create(
            account=by, commenter=comment.commenter, defaults={"name": comment.author_name, "since": now}
        )


def hear_commenter(*, comment: Comment, by: Account) -> None:
    """The reader has thought better of it."""
    Mute.objects.filter(account=by, commenter=comment.commenter).delete()
