"""A reader's right to their data: all of it in one file, or gone."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

from coranto.mailroom.operations import forget_mailbox
from coranto.readers import data_parts
from coranto.readers.models import EntryLink, Reader
from coranto.readers.queries import must_have_second_factor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from coranto.masthead.models import Account


class StaffStaysError(Exception):
    """Who works here is part of the publication's record: an administrator ends their positions first."""


def export_reader(*, account: Account, now: datetime) -> dict[str, Any]:
    """Everything the rooms know about an account, by the names of their parts."""
    parts = {part.name: part.export(account) for part in data_parts.registered()}
    return {"made_at": now, **parts}


def erase_reader(*, account: Account, leaves_words: bool, now: datetime) -> None:
    """Remove an account and what every room knows about it, all of it or nothing. Raises `StaffStaysError`."""
    if must_have_second_factor(account):
        raise StaffStaysError
    keys = list(UserSession.objects.filter(user_id=account.pk).values_list("session_key", flat=True))
    with transaction.atomic():
        for part in data_parts.registered():
            part.erase(account=account, leaves_words=leaves_words, now=now)
        _blank_labels(account)
        _remove_or_blank(account)
    _end_sessions(keys)


def erase_own_data(*, account: Account, leaves_words: bool, now: datetime) -> None:  # noqa: ARG001 - a part's signature
    """This room's part: how somebody signs in, what they are called, and what was written to them."""
    forget_mailbox(address=account.email, words=_("The account was erased."), now=now)
    for model in (EmailAddress, Authenticator, UserSession):
        model.objects.filter(user_id=account.pk).delete()
    EntryLink.objects.filter(account=account).delete()
    Reader.objects.filter(account=account).delete()


def _blank_labels(account: Account) -> None:
    """What was done to the account stays in the history of the site; the name it was then called does not."""
    ModelLogEntry.objects.for_instance(account).update(label="")


def _remove_or_blank(account: Account) -> None:
    try:
        with transaction.atomic():
            account.delete()
    except (ProtectedError, RestrictedError):
        # Something must be kept that hangs on the account: it stays as a row that tells nothing of anybody.
        account.email = f"erased-{secrets.token_hex(8)}@invalid.invalid"
        account.first_name = account.last_name = ""
        account.is_active = False
        account.last_login = None
        account.set_unusable_password()
        account.save()


def _end_sessions(keys: Iterable[str]) -> None:
    # After the commit, for sessions may lie in another file. One that is left leads to no account.
    Session.objects.filter(session_key__in=keys).delete()
