"""Who is due for news of the comments they follow, what that news is, and what somebody follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from coranto.comments.models import Approval, Comment, Follow, Follower, Mute
from coranto.comments.rules.following import LONGEST_PAUSE, is_time, name_for_mail, words_for_mail, write_stop
from coranto.comments.rules.marks import mark_of_account, mark_of_guest
from coranto.mailroom.rules.addresses import folded
from coranto.newsroom.models import Article
from coranto.newsroom.rules import CommentPolicy
from coranto.readers.followed import Followed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from coranto.comments.queries.own import Writer
    from coranto.masthead.models import Account
    from coranto.newsroom.models.article import ArticleQuerySet

# Whoever approves takes a number first and commits later: in between others may commit higher ones.
SETTLED_AFTER: Final = timedelta(minutes=1)
# What waited longer was told, or waited for a worker that was gone; the next comment brings it along.
_RECENT: Final = timedelta(days=7)
MOST_IN_A_MAIL: Final = 20


# Who is due -------------------------------------------------------------------------------------------------


def settled_until(*, now: datetime) -> int:
    """The last approval before which no other can turn up any more. Two queries."""
    # What lies ahead was written before the clock was set back, and is settled.
    unsettled = Approval.objects.filter(at__gt=now - SETTLED_AFTER, at__lte=now + SETTLED_AFTER)
    first = unsettled.aggregate(first=Min("pk"))["first"]
    return (Approval.objects.aggregate(last=Max("pk"))["last"] or 0) if first is None else first - 1


def due_followers(*, until: int, now: datetime) -> list[int]:
    """Whom to write to now: something was said where they follow, and has come to rest. One query."""
    later = Approval.objects.filter(article=OuterRef("article"), pk__gt=OuterRef("heard_until"))
    recent = Approval.objects.filter(at__gt=now - _RECENT).values("article")
    free = Q(follower__free_at=None) | Q(follower__free_at__lte=now) | Q(follower__free_at__gt=now + LONGEST_PAUSE)
    follows = (
        Follow.objects.confirmed()
        .filter(free, article__in=recent)
        .annotate(
            first_at=Subquery(later.filter(pk__lte=until).order_by("pk").values("at")[:1]),
            # Those that are not settled yet tell at least that it is lively.
            last_at=Subquery(later.order_by("-pk").values("at")[:1]),
        )
        .filter(first_at__isnull=False)
        # Accounts first: they take in what the same person followed as a guest.
        .order_by(F("follower__account").asc(nulls_last=True), "follower")
        .values_list("follower", "first_at", "last_at")
    )
    spans: dict[int, tuple[datetime, datetime]] = {}
    for follower, first, last in follows:
        known = spans.get(follower, (first, last))
        spans[follower] = (min(known[0], first), max(known[1], last))
    return [each for each, (first, last) in spans.items() if is_time(first_at=first, last_at=last, now=now)]


# The news ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CommentNews:
    """A comment as it stands in a mail: plain words that lead nowhere, and where it is on our pages."""

    name: str
    lines: Sequence[str]
    url: str


@dataclass(frozen=True, slots=True)
class ThreadNews:
    """What is new below one article; of many comments only the first stand in the mail."""

    headline: str
    url: str
    stop_url: str
    total: int
    comments: Sequence[CommentNews]

    @property
    def more(self) -> int:
        return self.total - len(self.comments)


@dataclass(frozen=True, slots=True)
class News:
    """What one mail tells: nothing, where nothing is shown any more of what was approved.

    `told` are approvals, `comments` those whose words stand in it, `follows` the threads they are from and `articles`
    what these are about.
    """

    threads: Sequence[ThreadNews] = ()
    told: Sequence[int] = field(default=(), repr=False)
    comments: Sequence[int] = field(default=(), repr=False)
    follows: Sequence[int] = field(default=(), repr=False)
    articles: Sequence[int] = field(default=(), repr=False)

    @property
    def total(self) -> int:
        return sum(each.total for each in self.threads)


def news_for(*, follower: Follower, until: int) -> News:
    """What is new to this follower and shown at this moment. Three queries, however much it is."""
    new = _new_to(follower, until)
    totals = dict(new.order_by().values_list("article").annotate(number=Count("pk")))
    if not totals:
        return News()
    shown: dict[int, list[Approval]] = {}
    for each in new.select_related("comment").order_by("pk")[:MOST_IN_A_MAIL]:
        shown.setdefault(each.article_id, []).append(each)
    follows = follower.follows.filter(article__in=totals).with_article()
    threads = list(follows.order_by("pk"))
    told = [each for approvals in shown.values() for each in approvals]
    return News(
        threads=[_thread_news(each, totals[each.article_id], shown.get(each.article_id, ())) for each in threads],
        told=[each.pk for each in told],
        comments=[each.comment_id for each in told],
        follows=[each.pk for each in threads],
        articles=[each.article_id for each in threads],
    )


def _new_to(follower: Follower, until: int) -> QuerySet[Approval]:
    """Approvals they have not been told of, of what anybody may read now: not their own, nor of whom they muted."""
    own = _marks_of(follower)
    muted = Mute.objects.filter(account=follower.account_id).values("commenter")
    return (
        Approval.objects.filter(
            Q(article__follows__what=Follow.What.ALL) | Q(comment__parent__commenter__in=own),
            article__follows__follower=follower,
            article__follows__confirmed_at__isnull=False,
            article__follows__heard_until__lt=F("pk"),
            pk__lte=until,
            article__in=articles_told_of().values("pk"),
            comment__state=Comment.State.APPROVED,
        )
        .exclude(comment__commenter__in=own)
        .exclude(comment__commenter__in=muted)
    )


def articles_told_of() -> ArticleQuerySet:
    """Those whose comments anybody may read."""
    return Article.objects.public().exclude(comment_policy=CommentPolicy.NONE)


def _marks_of(follower: Follower) -> list[str]:
    """What stands beside their own comments, written with the account or as a guest."""
    marks = [mark_of_guest(follower.mailed_to, secret=settings.SECRET_KEY)]
    if follower.account_id is not None:
        marks.append(mark_of_account(follower.account_id, secret=settings.SECRET_KEY))
    return marks


def _thread_news(follow: Follow, total: int, approvals: Sequence[Approval]) -> ThreadNews:
    url = settings.ORIGIN + follow.article.address
    return ThreadNews(
        headline=follow.article.headline,
        url=f"{url}#comments",
        stop_url=settings.ORIGIN + stop_address(follow),
        total=total,
        comments=[
            CommentNews(
                name=name_for_mail(each.comment.author_name) or _("A former reader"),
                lines=words_for_mail(each.comment.html),
                url=f"{url}comments/{each.comment_id}/",
            )
            for each in approvals
        ],
    )


# What somebody follows --------------------------------------------------------------------------------------


def stop_address(follow: Follow) -> str:
    return reverse("comments_stop", args=[write_stop(follow_id=follow.pk)])


def follow_of(*, writer: Writer, article: Article) -> Follow | None:
    """How somebody whose address is known to be theirs follows this article. One query."""
    followers = (
        Follower.objects.of_account(writer.account.pk, writer.email)
        if writer.account is not None
        else Follower.objects.filter(address=folded(writer.email))
    )
    return Follow.objects.confirmed().filter(follower__in=followers, article=article).order_by("pk").first()


def _follows_of(account: Account) -> QuerySet[Follow]:
    followers = Follower.objects.of_account(account.pk, account.email)
    return Follow.objects.with_article().filter(follower__in=followers).order_by("-asked_at", "pk")


def followed_threads(account: Account) -> list[Followed]:
    """For the reader's own page. One query."""
    return [
        Followed(
            _("%(headline)s (%(what)s)") % {"headline": each.article.headline, "what": each.get_what_display()},
            f"{each.article.address}#comments",
            stop_address(each),
        )
        for each in _follows_of(account)
        if each.confirmed_at
    ]


def own_follows(account: Account) -> dict[str, Any]:
    """This part of what the site knows about somebody. One query."""
    return {
        "threads": [
            {
                "article": each.article.title,
                "what": each.what,
                "asked_at": each.asked_at,
                "confirmed_at": each.confirmed_at,
            }
            for each in _follows_of(account)
        ]
    }
