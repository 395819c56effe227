"""Somebody follows the comments below an article, hears of them by mail, and stops."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from coranto.comments.models import Approval, Comment, Follow, Follower
from coranto.comments.operations.writing import TooOftenError
from coranto.comments.queries.following import News, articles_told_of, due_followers, news_for, settled_until
from coranto.comments.rules.following import (
    ANSWER_WITHIN,
    KEPT_FOR,
    about_comment,
    about_follow,
    about_follower,
    may_go,
    numbers_in,
    pace_after,
    write_question,
    write_stop,
)
from coranto.comments.rules.marks import mark_of, range_of, without_label
from coranto.jobs.operations import take_from_limit
from coranto.mailroom.kinds import BULK
from coranto.mailroom.operations import queue_mail, take_back_withdrawn, withdraw_mails
from coranto.mailroom.queries import is_suppressed, withdrawn_mails
from coranto.mailroom.rules.addresses import BadAddress, check_address, folded
from coranto.readers.operations import try_mailing

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from coranto.comments.models.following import FollowerQuerySet
    from coranto.comments.queries.own import Writer
    from coranto.mailroom.models import Mail
    from coranto.masthead.models import Account
    from coranto.newsroom.models import Article

logger = logging.getLogger(__name__)

ASKING_KIND: Final = "comments.follow"
NEWS_KIND: Final = "comments.news"
# Of one address on the network, of its range, and about one mailbox: it may be that of somebody who never asked.
BY_ADDRESS, BY_RANGE = (20, timedelta(hours=1)), (60, timedelta(hours=1))
BY_MAILBOX: Final = (5, timedelta(days=1))
_AT_ONCE: Final = 500
# From the approval of a comment to the end of the last mail that may tell of it.
_MAY_BE_WAITING: Final = timedelta(days=9)


# Beginning --------------------------------------------------------------------------------------------------


def ask_to_follow(*, article: Article, address: str, what: str, network_address: str = "", now: datetime) -> None:
    """Ask by mail whoever has this address whether they want to follow; until they say yes, nothing else is sent.

    Whether the address follows already makes no difference that shows. Raises `TooOftenError` and `BadAddress`.
    """
    mailbox = folded(check_address(address))
    _take_from_limits(mailbox, network_address, now=now)
    with transaction.atomic():
        follower = Follower.objects.update_or_create(address=mailbox, defaults={"asked_at": now})[0]
        follow, is_new = Follow.objects.get_or_create(
            follower=follower, article=article, defaults={"what": what, "asked_at": now}
        )
        if not is_new and follow.confirmed_at is None:
            Follow.objects.filter(pk=follow.pk).update(asked_at=now)
        path = reverse("comments_follow_confirm", args=[write_question(what=what, follow_id=follow.pk)])
        queue_mail(
            to=mailbox,
            template="comments_follow",
            context={"headline": article.headline, "what": Follow.What(what), "url": f"{settings.ORIGIN}{path}"},
            kind=ASKING_KIND,
            about=[about_follow(follow.pk), about_follower(follower.pk)],
        )


def _take_from_limits(mailbox: str, network_address: str, *, now: datetime) -> None:
    # Outside the transaction: a count is not to be rolled back with what it counts.
    for each, (allowed, per) in ((network_address, BY_ADDRESS), (range_of(network_address), BY_RANGE)):
        if each and not _take(f"follow:{each}", allowed, per, now):
            raise TooOftenError(_("Much was asked to be followed from here just now. Please try again later."))
    counted = without_label(mailbox)
    if not (_take(f"follow-mailbox:{counted}", *BY_MAILBOX, now) and try_mailing(address=counted, now=now)):
        raise TooOftenError(
            _("Several mails have just gone to this address. Please confirm one of them, or try again later.")
        )


def _take(key: str, allowed: int, per: timedelta, now: datetime) -> bool:
    return take_from_limit(key=mark_of(key, secret=settings.SECRET_KEY), allowed=allowed, per=per, now=now)


@transaction.atomic
def follow_thread(*, article: Article, writer: Writer, what: str, now: datetime) -> Follow:
    """Follow an article's comments, by whoever is signed in or has confirmed the address from this browser."""
    if writer.account is not None:
        follower = Follower.objects.update_or_create(account=writer.account, defaults={"asked_at": now})[0]
        _take_in_guest(follower, now)
    else:
        mailbox = folded(check_address(writer.email))
        known = Follower.objects.with_account_at(mailbox).first()
        follower = known or Follower.objects.update_or_create(address=mailbox, defaults={"asked_at": now})[0]
    asked = {"what": what, "asked_at": now}
    follow, _is_new = Follow.objects.get_or_create(follower=follower, article=article, defaults=asked)
    return _confirmed(follow, what, now)


def _take_in_guest(follower: Follower, now: datetime) -> None:
    """What somebody followed as a guest is followed by their account; else they would be told twice.

    The guest stays for a while, following nothing: mails are out with a link that stops it all.
    """
    guest = Follower.objects.select_for_update().filter(address=folded(follower.mailed_to)).first()
    if guest is None or follower.account_id is None or not guest.follows.exists():
        return
    guest.follows.exclude(article__in=follower.follows.values("article")).update(follower=follower)
    guest.follows.all().delete()
    guest.asked_at = now
    guest.save(update_fields=["asked_at"])


@transaction.atomic
def confirm_follow(*, follow_id: int, what: str, now: datetime) -> Follow | None:
    """The holder of the address says yes. Again, nothing more happens; none where it was stopped meanwhile."""
    follow = (
        Follow.objects.select_for_update(of=("self",))
        .select_related("article", "follower")
        .defer("article__body")
        .filter(pk=follow_id)
        .first()
    )
    if follow is None:
        return None
    account = Follower.objects.with_account_at(follow.follower.address).first()
    if account is not None:
        _take_in_guest(account, now)
        follow = account.follows.with_article().get(article=follow.article)
    return _confirmed(follow, what, now)


def _confirmed(follow: Follow, what: str, now: datetime) -> Follow:
    """What was said before is no news."""
    follow.what = what
    if follow.confirmed_at is None:
        follow.confirmed_at = now
        follow.heard_until = Approval.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    follow.save(update_fields=["what", "confirmed_at", "heard_until"])
    return follow


# The end ----------------------------------------------------------------------------------------------------


@transaction.atomic
def stop_following(*, which: str, row_id: int, now: datetime) -> None:
    """End one thing followed (`one`, its id), or all that goes to a mailbox (`all`, its follower's id).

    Mails of it that have not left are withdrawn. Again, nothing happens. Whoever calls this has seen the token that
    lets them.
    """
    if which == "one":
        _locked(Follower.objects.filter(follows=row_id))
        Follow.objects.filter(pk=row_id).delete()
        withdraw_mails(about=[about_follow(row_id)], words=_("Nobody follows this any more."), now=now)
    elif follower := Follower.objects.select_related("account").filter(pk=row_id).first():
        # The same person's, whether they followed as a guest or by the account.
        same = _locked(Follower.objects.written_to_at(follower.mailed_to))
        Follow.objects.filter(follower__in=same).delete()
        _withdraw_from(same, now)


def _locked(followers: FollowerQuerySet) -> list[int]:
    """Whoever is just writing to one of them has stored the mail by then, or sees that there is nobody to write to."""
    return list(followers.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def _withdraw_from(followers: Collection[int], now: datetime) -> None:
    about = [about_follower(pk) for pk in followers]
    withdraw_mails(about=about, words=_("Nobody follows this any more."), now=now)


@transaction.atomic
def erase_following(*, account: Account, leaves_words: bool, now: datetime) -> None:  # noqa: ARG001 - a part's signature
    """This part when an account goes: it hears of nothing any more, as a reader or as the guest it was before."""
    own = _locked(Follower.objects.of_account(account.pk, account.email))
    Follower.objects.filter(pk__in=own).delete()
    _withdraw_from(own, now)


def prune_follows(*, now: datetime) -> int:
    """Delete what nobody confirmed, and addresses that follow nothing; of how many."""
    unconfirmed = Follow.objects.unconfirmed_since(now - ANSWER_WITHIN)
    while pks := list(unconfirmed.values_list("pk", flat=True)[:_AT_ONCE]):
        Follow.objects.filter(pk__in=pks).delete()
    deleted = 0
    while pks := list(_idle_followers(now).values_list("pk", flat=True)[:_AT_ONCE]):
        # Locked, so that whoever asks at this moment finds the row or makes a new one.
        with transaction.atomic():
            locked = _idle_followers(now).select_for_update().filter(pk__in=pks)
            deleted += Follower.objects.filter(pk__in=list(locked.values_list("pk", flat=True))).delete()[0]
    return deleted


def _idle_followers(now: datetime) -> FollowerQuerySet:
    follows = Follow.objects.filter(follower=OuterRef("pk"))
    return Follower.objects.filter(~Exists(follows), asked_at__lt=now - KEPT_FOR)


# The news ---------------------------------------------------------------------------------------------------


def note_approval(*, comment_id: int, article_id: int, now: datetime) -> None:
    """A comment is shown: news to whoever follows, the first time. In the transaction of whoever approved it."""
    Approval.objects.bulk_create(
        [Approval(comment_id=comment_id, article_id=article_id, at=now)], ignore_conflicts=True
    )


def forget_approval(*, comment_id: int) -> None:
    """A comment is shown no more: if nobody was told of it, it is news should it ever be shown again."""
    Approval.objects.filter(comment_id=comment_id, was_told=False).delete()


def withdraw_news(*, comments: Collection[int], now: datetime) -> None:
    """These comments are shown no more, or read otherwise: no mail that has not left is to tell of them as they were.

    What is still to be told of such a mail is told anew. In the transaction of whoever changed the comments.
    """
    told = Approval.objects.filter(comment__in=comments, was_told=True, at__gt=now - _MAY_BE_WAITING)
    about = [about_comment(pk) for pk in told.values_list("comment", flat=True)]
    if about:
        withdraw_mails(about=about, kind=NEWS_KIND, words=_("A comment in it was changed or taken away."), now=now)


def withdraw_news_below(*, article_id: int, now: datetime) -> None:
    """As `withdraw_news`, of all comments of an article that is no longer to be read. In that transaction."""
    about = [about_follow(pk) for pk in Follow.objects.filter(article=article_id).values_list("pk", flat=True)]
    if about:
        withdraw_mails(about=about, kind=NEWS_KIND, words=_("An article in it is no longer public."), now=now)


def tell_followers(*, now: datetime) -> int:
    """Write to everybody whose threads have come to rest, one mail each; how many.

    Killed midway it goes on where it was: what somebody has heard is written with the mail that tells it.
    """
    for mail in withdrawn_mails(kind=NEWS_KIND)[:_AT_ONCE]:
        try:
            _unhear(mail)
        except Exception:  # as below
            logger.exception("what mail %s was to tell could not be taken back", mail.pk)
    until = settled_until(now=now)
    told = 0
    for follower_id in due_followers(until=until, now=now)[:_AT_ONCE]:
        try:
            told += _tell_follower(follower_id, until, now)
        except Exception:  # one whose mail cannot be written keeps nobody else from theirs
            logger.exception("follower %s could not be told of comments", follower_id)
    return told


@transaction.atomic
def _unhear(mail: Mail) -> None:
    """What a withdrawn mail told has not been heard: whoever still follows is told of the rest as soon as it may be."""
    about = numbers_in(mail.names)
    follower = Follower.objects.select_for_update().filter(pk__in=about["follower"]).first()
    if not take_back_withdrawn(mail=mail) or follower is None:
        return
    told = Approval.objects.filter(comment__in=about["comment"]).order_by("-pk").values_list("article", "pk")
    before = {article: pk - 1 for article, pk in told}
    for follow in Follow.objects.filter(pk__in=about["follow"]) if before else ():
        # Of a thread whose comments were counted in the mail and did not stand in it, all came after those that did.
        heard = before.get(follow.article_id, told[0][1])
        Follow.objects.filter(pk=follow.pk, heard_until__gt=heard).update(heard_until=heard)
    follower.free_at, follower.mails_that_day = None, max(0, follower.mails_that_day - 1)
    follower.save(update_fields=["free_at", "mails_that_day"])


@transaction.atomic
def _tell_follower(follower_id: int, until: int, now: datetime) -> bool:
    follower = Follower.objects.select_for_update(of=("self",)).select_related("account").filter(pk=follower_id).first()
    if follower is None or not may_go(follower.pace, now=now):
        return False  # stopped, or told by another worker, since we looked
    _take_in_guest(follower, now)
    news = news_for(follower=follower, until=until) if _may_hear(follower) else News()
    if news.threads and not (_hold(news) and news_for(follower=follower, until=until) == news):
        return False  # somebody changes what it tells: a minute later it is read again
    is_told = _write_news(follower, news, until, now)
    follower.follows.confirmed().filter(heard_until__lt=until).update(heard_until=until)
    return is_told


def _may_hear(follower: Follower) -> bool:
    is_there = follower.account is None or follower.account.is_active
    return is_there and not is_suppressed(address=follower.mailed_to, stream=BULK)


def _hold(news: News) -> bool:
    """Have whoever changes what it tells wait until our mail is there to be withdrawn; False where somebody is at it.

    Who waited for them here could wait in a circle.
    """
    comments = Comment.objects.filter(pk__in=news.comments).select_for_update(no_key=True, skip_locked=True)
    articles = articles_told_of().filter(pk__in=news.articles)
    articles = articles.select_for_update(no_key=True, skip_locked=True, of=("self", "page_ptr"))
    held = len(comments.values_list("pk")), len(articles.values_list("pk"))
    return held == (len(news.comments), len(news.articles))


def _write_news(follower: Follower, news: News, until: int, now: datetime) -> bool:
    if not news.threads:
        return False
    stop = reverse("comments_stop", args=[write_stop(follower_id=follower.pk)])
    try:
        queue_mail(
            to=follower.mailed_to,
            template="comments_news",
            context={"news": news, "headline": news.threads[0].headline},
            kind=NEWS_KIND,
            key=f"{NEWS_KIND}:{follower.pk}:{until}",
            one_click_url=f"{settings.ORIGIN}{stop}",
            about=[
                about_follower(follower.pk),
                *(about_follow(pk) for pk in news.follows),
                *(about_comment(pk) for pk in news.comments),
            ],
        )
    except BadAddress:
        return False  # nothing can be sent there, now or ever
    Approval.objects.filter(pk__in=news.told, was_told=False).update(was_told=True)
    pace = pace_after(follower.pace, now=now)
    follower.day_began_at, follower.mails_that_day, follower.free_at = pace.day_began_at, pace.mails, pace.free_at
    follower.save(update_fields=["day_began_at", "mails_that_day", "free_at"])
    return True
