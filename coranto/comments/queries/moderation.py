"""What editors see of comments: the queue with all they need to decide, and the trail of what was decided."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Count, Q

from coranto.comments.models import Block, Comment, Decision, Report
from coranto.comments.queries.own import comments_of
from coranto.comments.queries.scoring import explain_scores, scoring
from coranto.comments.rules.deciding import Act, Standing, may_appeal, stamp_of
from coranto.comments.rules.judging import Reason
from coranto.comments.rules.marks import mark_of_account, mark_of_guest
from coranto.comments.rules.score import Mode
from coranto.masthead.models import Account
from coranto.newsroom.models import Article

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from coranto.comments.models import CommentQuerySet, Scoring
    from coranto.comments.rules.score import Score

PAGE_LENGTH: Final = 25
TRAIL_LENGTH: Final = 50
COUNTED_UP_TO: Final = 100_000
FIGURES_OF: Final = timedelta(days=90)
# However often a comment was reported or decided about, a page shows this much of it for all of its comments.
_MOST_BESIDE: Final = 200


class View(StrEnum):
    """Which comments: those in a state, those somebody reported, all."""

    HELD = "held"
    REPORTED = "reported"
    APPROVED = "approved"
    SPAM = "spam"
    BINNED = "binned"
    ALL = "all"


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """What the screen is asked to show: plain values, which a task takes along.

    `section` is a slug and `section_path` its place in the tree; `commenter` is a mark, `who` a name or an address.
    """

    view: View = View.HELD
    article_id: int | None = None
    headline: str = ""
    section: str = ""
    section_path: str = ""
    commenter: str = ""
    who: str = ""
    reason: str = ""
    newest_first: bool = False
    after: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return replace(self, view=View.HELD, newest_first=False, after=None) != Choice()


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A comment with what an editor wants to know of it."""

    comment: Comment
    stamp: str
    reasons: Sequence[str]
    history: Sequence[tuple[str, int]]
    is_blocked: bool
    reports: Sequence[Report]
    trail: Sequence[Decision]
    score: Score | None
    percent: int | None
    is_high: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """Of what editors decided lately: how the score had judged it before. It had been taught none of it by then."""

    high_and_taken_away: int = 0
    high_and_let_through: int = 0
    low_and_taken_away: int = 0
    low_and_let_through: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ModerationPage:
    """`matching` counts what the choice holds, as `waiting` and `reported` do, up to `COUNTED_UP_TO`."""

    entries: Sequence[Entry]
    next_cursor: int | None
    last_pk: int
    waiting: int
    reported: int
    matching: int
    scoring: Scoring
    figures: Figures
    article: Article | None


def moderation_page(choice: Choice, *, now: datetime, length: int = PAGE_LENGTH) -> ModerationPage:
    """A stretch of the queue. Fifteen queries at most, however many wait."""
    found = matching(choice)
    rows = list(_in_order(found, choice)[: length + 1])
    comments, own = rows[:length], scoring()
    return ModerationPage(
        entries=_entries(comments, own),
        next_cursor=comments[-1].pk if len(rows) > length else None,
        last_pk=Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0,
        waiting=_counted(matching(Choice())),
        reported=_counted(matching(Choice(view=View.REPORTED))),
        matching=_counted(found),
        scoring=own,
        figures=_figures(own, now=now) if own.mode != Mode.OFF else Figures(),
        article=Article.objects.filter(pk=choice.article_id).defer("body").first() if choice.article_id else None,
    )


def matching(choice: Choice) -> CommentQuerySet:
    """The comments a choice holds. Whoever has not confirmed an address waits for no editor; what is gone is gone."""
    rows = Comment.objects.filter(removed_at=None).exclude(state=Comment.State.WAITING)
    if choice.view is View.REPORTED:
        rows = rows.filter(pk__in=Report.objects.filter(settled_at=None).values("comment_id"))
    elif choice.view is not View.ALL:
        rows = rows.filter(state=choice.view)
    if choice.article_id is not None:
        rows = rows.filter(article_id=choice.article_id)
    if choice.headline:
        rows = rows.filter(article__title__icontains=choice.headline)
    if choice.section_path:
        rows = rows.filter(article__path__startswith=choice.section_path)
    if choice.commenter:
        rows = rows.filter(commenter=choice.commenter)
    if choice.who:
        rows = rows.filter(_of(choice.who))
    if choice.reason:
        rows = rows.filter(_held_for(choice.reason))
    return rows


def _of(who: str) -> Q:
    if "@" not in who:
        return Q(author_name__icontains=who)
    account = Account.objects.filter(email__iexact=who).values_list("pk", flat=True).first()
    marks = [mark_of_guest(who, secret=settings.SECRET_KEY)]
    if account is not None:
        marks.append(mark_of_account(account, secret=settings.SECRET_KEY))
    return Q(commenter__in=marks)


def _held_for(reason: str) -> Q:
    # No reason's name stands within another's.
    held = Q(held_because__contains=reason)
    return held | Q(score__gte=scoring().hold_from / 100) if reason == Reason.SCORE else held


def _in_order(rows: CommentQuerySet, choice: Choice) -> CommentQuerySet:
    rows = rows.select_related("article", "account", "parent").defer(
        "article__body", "parent__source", "parent__author_email"
    )
    if choice.newest_first:
        rows = rows.order_by("-pk")
        return rows.filter(pk__lt=choice.after) if choice.after is not None else rows
    rows = rows.order_by("pk")
    return rows.filter(pk__gt=choice.after) if choice.after is not None else rows


def _counted(rows: CommentQuerySet) -> int:
    return rows.order_by().values("pk")[:COUNTED_UP_TO].count()


def count_matching(choice: Choice, *, up_to: int) -> int:
    """How many a choice holds, without what came after the comment `up_to`. One query, or three."""
    return _counted(matching(choice).filter(pk__lte=up_to))


def matching_pks(choice: Choice, *, after: int, up_to: int, length: int) -> list[int]:
    """The next of those a choice holds, in the order in which they came. One query, or three."""
    rows = matching(choice).filter(pk__gt=after, pk__lte=up_to).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:length])


# Beside each comment ------------------------------------------------------------------------------------------


def _entries(comments: Sequence[Comment], own: Scoring) -> list[Entry]:
    marks = {each.commenter for each in comments if each.commenter}
    history = _history(marks)
    blocked = set(Block.objects.filter(commenter__in=marks).values_list("commenter", flat=True))
    reports = _beside(Report.objects.filter(comment__in=comments, settled_at=None).order_by("-pk"))
    trail = _beside(Decision.objects.filter(comment__in=comments).select_related("by").order_by("-pk"))
    scores = explain_scores(comments) if own.mode != Mode.OFF else {}
    return [
        Entry(
            comment=each,
            stamp=stamp_of(each.html),
            reasons=[_label(reason) for reason in each.reasons],
            history=history.get(each.commenter, ()),
            is_blocked=each.commenter in blocked,
            reports=reports[each.pk],
            trail=trail[each.pk],
            score=scores.get(each.pk),
            percent=None if each.score is None else round(each.score * 100),
            is_high=each.score is not None and each.score * 100 >= own.hold_from,
        )
        for each in comments
    ]


def _history(marks: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
    """How somebody's comments fared so far, by state."""
    rows = (
        Comment.objects.filter(commenter__in=marks)
        .exclude(state=Comment.State.WAITING)
        .order_by("commenter", "state")
        .values_list("commenter", "state")
        .annotate(number=Count("pk"))
    )
    found = defaultdict(list)
    for mark, state, number in rows:
        found[mark].append((str(Comment.State(state).label), number))
    return found


def _beside(rows: Any) -> dict[int, list[Any]]:
    found = defaultdict(list)
    for each in rows[:_MOST_BESIDE]:
        found[each.comment_id].append(each)
    return found


def _label(reason: str) -> str:
    return str(Reason(reason).label) if reason in Reason else reason


def _figures(own: Scoring, *, now: datetime) -> Figures:
    high, low = Q(score__gte=own.hold_from / 100), Q(score__lt=own.hold_from / 100)
    away, through = Q(what__in=[Act.REJECT, Act.SPAM]), Q(what=Act.APPROVE)
    counted = Decision.objects.filter(at__gt=now - FIGURES_OF, in_a_sweep=False).aggregate(
        high_and_taken_away=Count("pk", filter=high & away),
        high_and_let_through=Count("pk", filter=high & through),
        low_and_taken_away=Count("pk", filter=low & away),
        low_and_let_through=Count("pk", filter=low & through),
    )
    return Figures(**counted)


# The trail ----------------------------------------------------------------------------------------------------


def trail_page(*, before: int | None = None, length: int = TRAIL_LENGTH) -> tuple[list[Decision], int | None]:
    """What was decided, the latest first, and where it goes on. One query."""
    rows = Decision.objects.select_related("by", "comment", "comment__article").defer("comment__article__body")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: length + 1])
    return found[:length], found[length - 1].pk if len(found) > length else None


def find_appealable(decision_id: int, *, now: datetime) -> Decision | None:
    """The rejection with this id, where its comment's writer may still ask to look again. Two queries."""
    decisions = Decision.objects.select_related("comment__article").defer("comment__article__body")
    found = decisions.filter(pk=decision_id).first()
    if found is None:
        return None
    later: Mapping[str, int] = Decision.objects.filter(comment=found.comment_id).aggregate(
        decisions=Count("pk", filter=Q(pk__gt=found.pk)), appeals=Count("pk", filter=Q(what=Decision.What.APPEALED))
    )
    standing = Standing(
        is_rejection=found.what == Decision.What.REJECTED,
        decided_at=found.at,
        still_stands=found.comment.state == Comment.State.BINNED
        and found.comment.removed_at is None
        and not later["decisions"],
        appealed_before=bool(later["appeals"]),
    )
    return found if may_appeal(standing, now=now) else None


def find_block(commenter: str) -> Block | None:
    return Block.objects.filter(commenter=commenter).select_related("by").first() if commenter else None


def decisions_about(account: Account) -> dict[str, Any]:
    """What an account may know of the decisions about its comments: what and why, not by whom. One query."""
    rows = Decision.objects.filter(comment__in=comments_of(account)).order_by("pk")
    return {
        "decisions": [
            {"comment": each.comment_id, "what": str(each.get_what_display()), "words": each.reason, "at": each.at}
            for each in rows
        ]
    }
