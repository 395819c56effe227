"""What is asked about who is signed in, and what their own pages show."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from coranto.kit.tokens import digest_of
from coranto.mailroom.queries import mails_to
from coranto.readers import data_parts, followed
from coranto.readers.models import EntryLink, Reader
from coranto.readers.rules.second_factor import has_second_factor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from coranto.masthead.models import Account


def reader_of(request: HttpRequest) -> Reader | None:
    """The reader who asks; nobody where nobody has signed in. A page that asks is for one reader."""
    if not request.user.is_authenticated:
        return None
    return Reader.objects.filter(account_id=request.user.pk).first()


# The second factor ------------------------------------------------------------------------------------------


def must_have_second_factor(account: Any) -> bool:
    """Whether this account opens doors that a password or a mailbox alone may not open."""
    return account.is_staff or account.is_superuser or account.has_perm("wagtailadmin.access_admin")


def has_authenticator(account: Any) -> bool:
    """Whether there is a second factor to ask for. Recovery codes alone are none: they stand in for one."""
    return Authenticator.objects.filter(user_id=account.pk).exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def records_of(request: HttpRequest, account: Any) -> Sequence[Mapping[str, Any]]:
    """How the holder of this session has proved to be this account."""
    return get_authentication_records(request, account)


def has_shown_second_factor(request: HttpRequest, account: Any) -> bool:
    return has_second_factor(records_of(request, account), now=time.time())


def open_entry_link(*, token: str, now: datetime) -> EntryLink | None:
    return EntryLink.objects.filter(
        token_digest=digest_of(token), used_at=None, expires_at__gt=now, account__is_active=True
    ).first()


# The reader's own pages -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FollowedKind:
    label: str | _StrPromise
    things: Sequence[followed.Followed]


@dataclass(frozen=True, slots=True)
class AccountPage:
    """What `/account/` shows its owner."""

    reader: Reader
    email: str
    is_staff: bool
    has_password: bool
    has_authenticator: bool
    followed: Sequence[FollowedKind]


def account_page(*, account: Account, reader: Reader) -> AccountPage:
    return AccountPage(
        reader=reader,
        email=account.email,
        is_staff=must_have_second_factor(account),
        has_password=account.has_usable_password(),
        has_authenticator=has_authenticator(account),
        followed=[FollowedKind(kind.label, kind.find(account)) for kind in followed.registered()],
    )


def labels_of_data() -> Sequence[str | _StrPromise]:
    """What the parts are called that a download holds."""
    return [part.label for part in data_parts.registered()]


def labels_of_erasure() -> Sequence[str | _StrPromise]:
    """What the parts are called that an erasure removes, whatever becomes of what the reader has written."""
    return [part.label for part in data_parts.registered() if not part.is_words]


def own_data(account: Account) -> dict[str, Any]:
    """What this room knows of an account. Secrets stay out: whoever reads a download could sign in with them."""
    reader = Reader.objects.filter(account=account).first()
    sessions = UserSession.objects.filter(user_id=account.pk).order_by("created_at")
    factors = Authenticator.objects.filter(user_id=account.pk).order_by("created_at")
    return {
        "email": account.email,
        "addresses": [*EmailAddress.objects.filter(user_id=account.pk).order_by("pk").values("email", "verified")],
        "first_name": account.first_name,
        "last_name": account.last_name,
        "joined_at": account.joined_at,
        "last_sign_in_at": account.last_login,
        "display_name": reader.display_name if reader else "",
        "avatar_seed": reader.avatar_seed if reader else "",
        "sessions": [*sessions.values("created_at", "last_seen_at", "ip", "user_agent")],
        "mails": mails_to(address=account.email),
        "second_factors": [*factors.values("type", "created_at", "last_used_at")],
    }
