"""Readers change their words or take them back; an account that goes takes them along or leaves them without a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from coranto.comments import queries
from coranto.comments.models import STANDING, Block, Comment, Mute, Report
from coranto.comments.operations.following import withdraw_news
from coranto.comments.operations.states import change_states
from coranto.comments.operations.storing import lock_threads, lock_threads_of
from coranto.comments.operations.writing import NotTakenError
from coranto.comments.pipeline import judge
from coranto.comments.rules import words
from coranto.comments.rules.marks import mark_of_account
from coranto.comments.rules.policy import Refusal, may_still_edit
from coranto.delivery import operations as delivery
from coranto.delivery.tags import tag

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from coranto.masthead.models import Account

_EDITABLE = frozenset({Comment.State.WAITING, Comment.State.HELD, Comment.State.APPROVED})
_NO_WORDS = {"source": "", "html": "", "digest": ""}
_NO_NAME = {"author_name": "", "author_email": "", "author_url": "", "avatar_seed": ""}
_NOBODYS = {**_NO_NAME, "account": None, "commenter": "", "origin": ""}


class TooLateError(Exception):
    """The time in which one's words may be changed is over."""


def may_edit(comment: Comment, *, now: datetime) -> bool:
    """Whether its writer may still change it. What was moved in has no source to change. One query."""
    if comment.state not in _EDITABLE or not comment.source:
        return False
    return may_still_edit(written_at=comment.written_at, minutes=queries.commenting().edit_minutes, now=now)


@transaction.atomic
def edit_comment(*, comment: Comment, source: str, now: datetime) -> Comment:
    """Change one's words, visibly. They are judged anew, so that nothing slips in by a second thought.

    Whoever calls this has asked whose comment it is. Raises `TooLateError`, and `NotTakenError` where they are blocked.
    """
    lock_threads([comment.root_id or comment.pk])
    found = Comment.objects.with_article().get(pk=comment.pk)
    if not may_edit(found, now=now):
        raise TooLateError
    if Block.objects.filter(commenter=found.commenter).exists():
        raise NotTakenError(Refusal.BLOCKED)
    tidied = words.tidy(source)
    if tidied == found.source:
        return found
    found.source, found.html, found.edited_at = tidied, words.render(tidied), now
    found.digest = words.digest_of(found.html)
    found.save(update_fields=["source", "html", "digest", "edited_at"])
    if found.state == Comment.State.APPROVED:
        judgement = judge(found, now=now)
        change_states(comments=[found], state=judgement.state, held_because=judgement.reasons, score=judgement.score)
        found.state = judgement.state
        if found.is_approved:  # else they went with its state
            withdraw_news(comments=[found.pk], now=now)
    return found


@transaction.atomic
def remove_comment(*, comment: Comment, now: datetime) -> None:
    """Take one's comment back, at any time. Its words go for good; what stood on a page leaves a tombstone there.

    The name and the address go with them. What stays is the mark: whoever is known or blocked remains so.
    Whoever calls this has asked whose comment it is. Again, nothing happens.
    """
    lock_threads([comment.root_id or comment.pk])
    found = Comment.objects.get(pk=comment.pk)
    if found.removed_at is not None:
        return
    state = Comment.State.REMOVED if found.stands else Comment.State.BINNED
    change_states(comments=[found], state=state)
    Comment.objects.filter(pk=found.pk).update(removed_at=now, **_NO_WORDS, **_NO_NAME)
    delivery.purge_tags(tags=[tag("comments", found.article_id)])


@transaction.atomic
def erase_comments(*, account: Account, leaves_words: bool, now: datetime) -> None:
    """This room's part when an account goes: its comments stay without a name, or go as if each had been removed."""
    own = queries.comments_of(account)
    lock_threads_of(own)
    comments = list(own.only("article_id", "state", "root_id", "path"))
    if not leaves_words:
        _remove_words(comments, now=now)
    own.update(**_NOBODYS)
    withdraw_news(comments=[each.pk for each in comments], now=now)
    Mute.objects.filter(account=account).delete()
    mark = mark_of_account(account.pk, secret=settings.SECRET_KEY)
    Report.objects.filter(reporter=mark).delete()
    Block.objects.filter(commenter=mark).delete()
    delivery.purge_tags(tags={tag("comments", each.article_id) for each in comments})


def _remove_words(comments: Sequence[Comment], *, now: datetime) -> None:
    shown = [each for each in comments if each.state in STANDING]
    change_states(comments=shown, state=Comment.State.REMOVED)
    change_states(comments=[each for each in comments if each.state not in STANDING], state=Comment.State.BINNED)
    Comment.objects.filter(pk__in=[each.pk for each in comments]).update(removed_at=now, **_NO_WORDS)
