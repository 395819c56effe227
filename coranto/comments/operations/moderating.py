"""Editors decide about comments; a writer whose comment was rejected asks to look again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from coranto.comments.models import Comment, Decision, Report
from coranto.comments.operations.people import demand_moderator
from coranto.comments.operations.states import change_states
from coranto.comments.operations.storing import lock_threads, lock_threads_of
from coranto.comments.operations.teaching import teach_score
from coranto.comments.queries import comments_of
from coranto.comments.queries.moderation import find_appealable
from coranto.comments.rules.deciding import APPEALING, LONGEST_REASON, TEACHES, Act, stamp_of
from coranto.comments.rules.judging import Reason
from coranto.comments.rules.tokens import OWN, write_token
from coranto.mailroom.operations import queue_mail
from coranto.mailroom.rules.addresses import BadAddress

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from coranto.masthead.models import Account

KIND: Final = "comments.rejected"
LEADS_TO: Final[Mapping[str, str]] = {
    Act.APPROVE: Comment.State.APPROVED,
    Act.REJECT: Comment.State.BINNED,
    Act.SPAM: Comment.State.SPAM,
    Act.BIN: Comment.State.BINNED,
    Act.HOLD: Comment.State.HELD,
}
# Of an unconfirmed guest nobody decides, and what its writer took back has no words to decide about.
_NOT_OURS: Final = (Comment.State.WAITING, Comment.State.REMOVED)


class NoReasonError(ValueError):
    """A comment is rejected with a reason, or binned without one."""


@dataclass(slots=True)
class Outcome:
    """What came of it: the decisions; the comments whose words were changed while the editor looked at others."""

    decided: list[Decision] = field(default_factory=list)
    changed_meanwhile: list[int] = field(default_factory=list)


def approve_comment(*, comment: Comment, by: Account, now: datetime) -> Outcome:
    """Show a comment, as `comment` has its words. On the next request of the page it is there."""
    return moderate_comments(comments=_looked_at(comment), act=Act.APPROVE, by=by, now=now)


def reject_comment(*, comment: Comment, reason: str, by: Account, now: datetime) -> Outcome:
    """Take a comment away and tell its writer why, who may ask once to look again. Raises `NoReasonError`."""
    return moderate_comments(comments=_looked_at(comment), act=Act.REJECT, reason=reason, by=by, now=now)


def _looked_at(comment: Comment) -> dict[int, str]:
    return {comment.pk: stamp_of(comment.html)}


@transaction.atomic
def moderate_comments(
    *, comments: Mapping[int, str], act: str, by: Account, reason: str = "", now: datetime
) -> Outcome:
    """Decide about comments: their ids, each with the stamp of the words that were looked at.

    One that has the state already and that nobody has reported is passed over, so that the same form sent twice, or
    by two editors, decides once. One whose words are others by now is left as it is and named. Every decision leaves
    a row; approving, rejecting and calling spam teach the score. Raises `PermissionDenied`, `NoReasonError`.
    """
    demand_moderator(by)
    reason = reason.strip()[:LONGEST_REASON] if act == Act.REJECT else ""
    if act == Act.REJECT and not reason:
        raise NoReasonError
    found = _locked(comments)
    changed = [each.pk for each in found if stamp_of(each.html) != comments[each.pk]]
    as_seen = [each for each in found if each.pk not in changed]
    decided = _decide(as_seen, Decision(what=act, reason=reason, by=by, at=now))
    if act in TEACHES:
        teach_score(comments=[each.comment for each in decided], verdict=TEACHES[act], now=now)
    for each in decided:
        if each.was_told:
            _tell_writer(each)
    return Outcome(decided, changed)


@transaction.atomic
def sweep_comments(*, comments: Collection[int], act: str, by: Account, now: datetime) -> Outcome:
    """Decide about comments nobody has looked at one by one: a flood. It teaches nothing, and nobody is written to.

    Else whoever sends a flood of harmless words would have them learned as harmful. Raises `PermissionDenied`, and
    `NoReasonError` for a rejection.
    """
    demand_moderator(by)
    if act == Act.REJECT:
        raise NoReasonError
    return Outcome(_decide(_locked(comments), Decision(what=act, by=by, at=now, in_a_sweep=True)))


def _locked(pks: Collection[int]) -> list[Comment]:
    """The rows as they are now, and as they stay until we are done."""
    rows = Comment.objects.filter(pk__in=pks, removed_at=None).exclude(state__in=_NOT_OURS)
    lock_threads_of(rows)  # against their writers too, who may be changing the words
    return list(rows.with_article().order_by("pk"))


def _decide(comments: Collection[Comment], like: Decision) -> list[Decision]:
    """Decide alike about all that are not as the decision would have them, or that somebody has reported."""
    reports = Report.objects.filter(comment__in=[each.pk for each in comments], settled_at=None)
    reported = set(reports.values_list("comment_id", flat=True))
    chosen = [each for each in comments if each.state != LEADS_TO[like.what] or each.pk in reported]
    if not chosen:
        return []
    decisions = Decision.objects.bulk_create([_decision_about(each, like) for each in chosen])
    change_states(comments=chosen, state=LEADS_TO[like.what])
    if like.what != Act.HOLD:
        reports.update(settled_at=like.at)
    return decisions


def _decision_about(comment: Comment, like: Decision) -> Decision:
    return Decision(
        comment=comment,
        what=like.what,
        before=comment.state,
        held_because=comment.held_because,
        score=comment.score,
        reason=like.reason,
        was_told=like.what == Act.REJECT and bool(comment.author_email and comment.confirmed_at),
        in_a_sweep=like.in_a_sweep,
        by=like.by,
        at=like.at,
    )


def _tell_writer(decision: Decision) -> None:
    """Why, and how to ask again; none of the comment's words, which may hold what no mail of ours is to lead to."""
    comment = decision.comment
    appealed = comment.decisions.filter(what=Decision.What.APPEALED).exists()
    try:
        queue_mail(
            to=comment.author_email,
            template="comment_rejected",
            context={
                "headline": comment.article.headline,
                "reason": decision.reason,
                "own_url": _url("comments_own", write_token(comment.pk, purpose=OWN)),
                "appeal_url": "" if appealed else _url("comments_appeal", write_token(decision.pk, purpose=APPEALING)),
            },
            kind=KIND,
            key=f"{KIND}:{decision.pk}",
        )
    except BadAddress:
        Decision.objects.filter(pk=decision.pk).update(was_told=False)


def _url(name: str, token: str) -> str:
    return f"{settings.ORIGIN}{reverse(name, args=[token])}"


@transaction.atomic
def appeal_decision(*, decision: Decision, words: str, now: datetime) -> bool:
    """The writer of a rejected comment asks to look again: it waits once more. False where that is over.

    Whoever calls this has asked who it is.
    """
    lock_threads([decision.comment.root_id or decision.comment_id])
    found = find_appealable(decision.pk, now=now)
    if found is None:
        return False
    comment = found.comment
    Decision.objects.create(
        comment=comment,
        what=Decision.What.APPEALED,
        before=comment.state,
        held_because=comment.held_because,
        score=comment.score,
        reason=words.strip()[:LONGEST_REASON],
        at=now,
    )
    change_states(comments=[comment], state=Comment.State.HELD, held_because=[Reason.APPEAL])
    return True


def erase_appeals(*, account: Account, leaves_words: bool, now: datetime) -> None:  # noqa: ARG001 - they go either way
    """What a writer wrote to the editors alone goes with the account."""
    own = comments_of(account)
    Decision.objects.filter(what=Decision.What.APPEALED, comment__in=own).update(reason="")
