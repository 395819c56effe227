"""A reader writes; a guest confirms that the address is theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from coranto.comments import queries
from coranto.comments.events import CommentApproved, CommentWritten
from coranto.comments.models import Block, Comment
from coranto.comments.operations.states import change_states
from coranto.comments.operations.storing import insert_comment, lock_threads, lock_twins
from coranto.comments.pipeline import judge
from coranto.comments.rules import policy, words
from coranto.comments.rules.judging import Judgement, Reason
from coranto.comments.rules.marks import mark_of, range_of, without_label
from coranto.comments.rules.tokens import CONFIRMING, write_token
from coranto.delivery import operations as delivery
from coranto.delivery.tags import tag
from coranto.jobs.operations import take_from_limit
from coranto.kit import events
from coranto.mailroom.operations import queue_mail
from coranto.readers.operations import rename_reader, try_mailing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from coranto.comments.models import Commenting
    from coranto.comments.queries.own import Writer
    from coranto.newsroom.models import Article

KIND: Final = "comments.confirm"
# Of one address and of the range it comes from. A household writes less, a robot more.
BY_ADDRESS, BY_RANGE = (10, timedelta(minutes=1)), (100, timedelta(minutes=1))
# Of questions to mailboxes, each of which may be that of somebody who never wrote.
MAILS_BY_ADDRESS, MAILS_BY_RANGE = (20, timedelta(hours=1)), (60, timedelta(hours=1))


class NotTakenError(Exception):
    """No comment is taken here; `refusal` says why, in a sentence."""

    def __init__(self, refusal: policy.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


class TooOftenError(Exception):
    """Written faster than anybody writes; `str` of it is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A comment as it came in. `address` is the network address it came from, empty where nobody knows."""

    source: str
    address: str = ""
    filled_trap: bool = False


def write_comment(
    *, article: Article, writer: Writer, sent: Sent, parent: Comment | None = None, now: datetime
) -> Comment:
    """Take a comment: shown, held, or waiting until a guest confirms the address a mail has just gone to.

    The same words sent twice are one comment. Raises `NotTakenError`, `TooOftenError`, and mailroom's `BadAddress` for
    an address nobody can write to.
    """
    known = check_taken(article=article, writer=writer, parent=parent)
    comment = _composed(article, writer, sent, parent, now)
    try:
        _take_from_limits(writer, sent.address, now=now)
    except TooOftenError:
        if twin := queries.find_twin(comment, now=now):
            return twin
        raise
    with transaction.atomic():
        lock_twins(comment)
        if twin := queries.find_twin(comment, now=now):
            return twin
        if writer.account is not None and not writer.account.reader.display_name:
            rename_reader(reader=writer.account.reader, display_name=writer.name)
        judgement = _first_judgement(comment, writer, sent, known, now)
        comment.state, comment.held_because = judgement.state, " ".join(judgement.reasons)
        comment.score = judgement.score
        insert_comment(comment, parent=parent)
        _tell(comment)
        if comment.state == Comment.State.WAITING:
            _ask_to_confirm(comment)
    return comment


def check_taken(*, article: Article, writer: Writer, parent: Comment | None = None) -> Commenting:
    """How the site takes comments. Raises `NotTakenError` where this writer may not write here."""
    known = queries.commenting()
    refusal = policy.refusal(
        who=known.who,
        pause=known.pause,
        is_open=queries.takes_comments(article),
        is_reader=writer.is_reader,
        is_member=writer.is_member,
    )
    if refusal is None and parent is not None and not (parent.is_approved and parent.article_id == article.pk):
        refusal = policy.Refusal.GONE
    # Only of whoever it is known to be: else anybody could ask whether an address is blocked.
    if refusal is None and writer.is_confirmed and Block.objects.filter(commenter=writer.mark).exists():
        refusal = policy.Refusal.BLOCKED
    if refusal is not None:
        raise NotTakenError(refusal)
    return known


def _composed(article: Article, writer: Writer, sent: Sent, parent: Comment | None, now: datetime) -> Comment:
    source = words.tidy(sent.source)
    html = words.render(source)
    # What a robot typed under an address may be anybody's, whom it is not to be held against.
    is_known = writer.is_confirmed or not sent.filled_trap
    return Comment(
        article=article,
        parent=parent,
        account=writer.account,
        author_name=writer.name,
        author_email=writer.email if is_known else "",
        avatar_seed=writer.avatar_seed,
        commenter=writer.mark if is_known else "",
        origin=_origin_of(sent.address),
        source=source,
        html=html,
        digest=words.digest_of(html) if is_known else "",
        written_at=now,
        confirmed_at=now if writer.is_confirmed else None,
    )


def _origin_of(address: str) -> str:
    known = range_of(address)
    return mark_of(f"range:{known}", secret=settings.SECRET_KEY) if known else ""


def _take_from_limits(writer: Writer, address: str, *, now: datetime) -> None:
    # Outside the transaction: a count is not to be rolled back with what it counts.
    own_range = range_of(address)
    if not _take({address: BY_ADDRESS, own_range: BY_RANGE}, now, of="comment"):
        raise TooOftenError(_("Many comments came from here just now. Please wait a minute and send yours again."))
    if writer.is_confirmed:
        return
    if not _take({address: MAILS_BY_ADDRESS, own_range: MAILS_BY_RANGE}, now, of="comment-mail"):
        raise TooOftenError(
            _("Many comments of people we do not know yet came from here just now. Please try again later, or sign in.")
        )
    if not try_mailing(address=without_label(writer.email), now=now):
        raise TooOftenError(
            _("Several mails have just gone to this address. Please confirm one of them, or try again later.")
        )


def _take(limits: Mapping[str, tuple[int, timedelta]], now: datetime, *, of: str) -> bool:
    return all(
        take_from_limit(key=f"{of}:{mark_of(each, secret=settings.SECRET_KEY)}", allowed=allowed, per=per, now=now)
        for each, (allowed, per) in limits.items()
        if each
    )


def _first_judgement(comment: Comment, writer: Writer, sent: Sent, known: Commenting, now: datetime) -> Judgement:
    if sent.filled_trap:
        return Judgement(Comment.State.SPAM, [Reason.TRAP])
    if not writer.is_confirmed:
        return Judgement(Comment.State.WAITING)
    return judge(comment, known=known, now=now)


def _tell(comment: Comment) -> None:
    if comment.state in {Comment.State.HELD, Comment.State.APPROVED}:
        events.publish(CommentWritten(comment_id=comment.pk, article_id=comment.article_id))
    if comment.is_approved:
        events.publish(CommentApproved(comment_id=comment.pk, article_id=comment.article_id))
        delivery.purge_tags(tags=[tag("comments", comment.article_id)])


def _ask_to_confirm(comment: Comment) -> None:
    """Neither name nor words go into the mail: whoever typed them may have typed somebody else's address."""
    path = reverse("comments_confirm", args=[write_token(comment.pk, purpose=CONFIRMING)])
    queue_mail(
        to=comment.author_email,
        template="comment_confirm",
        context={"headline": comment.article.headline, "url": f"{settings.ORIGIN}{path}"},
        kind=KIND,
        key=f"comments.confirm:{comment.pk}",
    )


@transaction.atomic
def confirm_guest(*, comment: Comment, now: datetime) -> Comment:
    """The guest who was asked says that the address is theirs: the comment is judged. Again, nothing happens."""
    lock_threads([comment.root_id or comment.pk])
    found = Comment.objects.with_article().get(pk=comment.pk)
    if found.state != Comment.State.WAITING:
        return found
    found.confirmed_at = now
    judgement = judge(found, now=now)
    if Block.objects.filter(commenter=found.commenter).exists():
        judgement = replace(judgement, state=Comment.State.BINNED)
    Comment.objects.filter(pk=found.pk).update(confirmed_at=now)
    change_states(comments=[found], state=judgement.state, held_because=judgement.reasons, score=judgement.score)
    found.state, found.held_because = judgement.state, " ".join(judgement.reasons)
    if found.state != Comment.State.BINNED:
        events.publish(CommentWritten(comment_id=found.pk, article_id=found.article_id))
    return found
