"""Who writes, and what is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Q

from coranto.comments.models import Comment, Mute
from coranto.comments.rules.marks import mark_of_account, mark_of_guest
from coranto.comments.rules.tokens import COOKIE, Guest, read_guest
from coranto.delivery.pages import entitlement
from coranto.delivery.rules.entitlement import STAFF
from coranto.readers.queries import reader_of

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from coranto.comments.models import CommentQuerySet
    from coranto.masthead.models import Account

SAME_WITHIN: Final = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Writer:
    """Whoever writes: a reader with an account, or a guest whose address this browser has confirmed or has yet to."""

    name: str = ""
    email: str = ""
    account: Account | None = None
    avatar_seed: str = ""
    is_confirmed: bool = False
    is_member: bool = False

    @property
    def is_reader(self) -> bool:
        return self.account is not None

    @property
    def mark(self) -> str:
        """What stands for them beside their comments."""
        if self.account is not None:
            return mark_of_account(self.account.pk, secret=settings.SECRET_KEY)
        return mark_of_guest(self.email, secret=settings.SECRET_KEY)


NOBODY: Final = Writer()


def writer_of(request: HttpRequest) -> Writer:
    """Who asks, as far as it is known: by a sign-in, or by the cookie of a guest who wanted to be remembered."""
    reader = reader_of(request)
    if reader is not None:
        account = reader.account
        level = entitlement(request)
        return Writer(
            name=reader.display_name,
            email=account.email,
            account=account,
            avatar_seed=reader.avatar_seed,
            is_confirmed=True,
            is_member=level.startswith("tier-") or level == STAFF or may_moderate(account),
        )
    guest = read_guest(request.COOKIES.get(COOKIE, ""))
    return Writer(name=guest.name, email=guest.email, is_confirmed=True) if guest else NOBODY


def unconfirmed(guest: Guest) -> Writer:
    """A guest whose address may be anybody's."""
    return Writer(name=guest.name, email=guest.email)


def may_moderate(account: Any) -> bool:
    return bool(account is not None and account.has_perm("comments.moderate_comments"))


def find_twin(comment: Comment, *, now: datetime) -> Comment | None:
    """The same words of the same person in the same place, of the last hour: sent twice, and meant once. One query."""
    twin = (
        Comment.objects.filter(
            commenter=comment.commenter,
            written_at__gt=now - SAME_WITHIN,
            article_id=comment.article_id,
            parent_id=comment.parent_id,
            digest=comment.digest,
            # Of the same words one link may be the other's correction, and of two names one the other's.
            html=comment.html,
            author_name=comment.author_name,
            removed_at=None,
            # What came unconfirmed may be anybody's, and is nobody's way to what somebody has confirmed.
            confirmed_at__isnull=comment.confirmed_at is None,
        ).first()
        if comment.commenter
        else None
    )
    if twin is not None:
        twin.article = comment.article
    return twin


def comments_of(account: Account) -> CommentQuerySet:
    """What this account wrote, and what the holder of its address wrote as a guest."""
    own, as_guest = Q(account=account), mark_of_guest(account.email, secret=settings.SECRET_KEY)
    # An empty one is that of everybody who is not known.
    return Comment.objects.filter(own | Q(commenter=as_guest) if as_guest else own)


def own_comments(account: Account) -> dict[str, Any]:
    """This room's part of what the site knows about somebody. Two queries."""
    comments = comments_of(account).order_by("pk").with_article()
    return {
        "comments": [
            {
                "id": each.pk,
                "article": each.article.title,
                "name": each.author_name,
                "email": each.author_email,
                "words": each.source or each.html,
                "state": each.state,
                "written_at": each.written_at,
                "edited_at": each.edited_at,
                "removed_at": each.removed_at,
            }
            for each in comments
        ],
        "muted": list(Mute.objects.filter(account=account).order_by("pk").values("name", "since")),
    }
