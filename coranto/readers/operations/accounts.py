"""A reader's name and picture; the addresses allauth keeps beside the account's own; what is left of sign-ins."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction

from coranto.masthead.models import Account
from coranto.readers.models import EntryLink, Reader, make_seed
from coranto.readers.rules.names import clean_name

if TYPE_CHECKING:
    from datetime import datetime

UNCONFIRMED_FOR: Final = timedelta(days=1)
LINKS_KEPT_FOR: Final = timedelta(days=30)
_AT_ONCE: Final = 500


def register_reader(*, account: Account, now: datetime) -> Reader:
    """The reader of this account, made where there is none yet."""
    return Reader.objects.get_or_create(account=account, defaults={"created_at": now})[0]


def rename_reader(*, reader: Reader, display_name: str) -> None:
    reader.display_name = clean_name(display_name)
    reader.save(update_fields=["display_name"])


def redraw_avatar(*, reader: Reader) -> None:
    reader.avatar_seed = make_seed()
    reader.save(update_fields=["avatar_seed"])


# allauth finds accounts by a table of addresses of its own. The account's address is the one that holds.


@transaction.atomic
def trust_address(*, account: Account) -> None:
    """Take the address of an account for confirmed that somebody of the house has made.

    Who signs up confirms theirs: they have a row, which says that it is not confirmed yet.
    """
    EmailAddress.objects.get_or_create(user=account, email=account.email, defaults={"verified": True, "primary": True})


def follow_address(*, account: Account) -> None:
    """Forget confirmed addresses an account has no more, so that nobody signs in by a mailbox it once had.

    One that waits for its confirmation stays: it is the address the account is about to have.
    """
    former = EmailAddress.objects.filter(user=account).exclude(email=account.email)
    former.exclude(verified=False, primary=False).delete()


def prune_sign_ins(*, now: datetime) -> int:
    """Delete accounts whose address nobody confirmed within a day, links long over, ended sessions and their marks."""
    abandoned = Account.objects.filter(
        joined_at__lt=now - UNCONFIRMED_FOR,
        last_login=None,
        is_staff=False,
        is_superuser=False,
        groups=None,
        reader=None,
        emailaddress__verified=False,
        emailaddress__primary=True,
    )
    _, deleted = abandoned.delete()
    EntryLink.objects.filter(expires_at__lt=now - LINKS_KEPT_FOR).delete()
    _delete_ended_sessions(now)
    _forget_ended_sessions()
    return deleted.get(Account._meta.label, 0)


def _delete_ended_sessions(now: datetime) -> None:
    ended = Session.objects.filter(expire_date__lt=now)
    while keys := list(ended.values_list("session_key", flat=True)[:_AT_ONCE]):
        Session.objects.filter(session_key__in=keys).delete()


def _forget_ended_sessions() -> None:
    # The sessions themselves may lie in another file, so no join can find them.
    last = 0
    while keys := dict(
        UserSession.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "session_key")[:_AT_ONCE]
    ):
        last = max(keys)
        alive = set(Session.objects.filter(session_key__in=keys.values()).values_list("session_key", flat=True))
        UserSession.objects.filter(pk__in=[pk for pk, key in keys.items() if key not in alive]).delete()
