"""The way in when every other one is shut: a link that whoever owns the server makes on it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.db import transaction
from wagtail.log_actions import log

from coranto.kit.tokens import digest_of, new_token
from coranto.readers.models import EntryLink
from coranto.readers.queries import open_entry_link

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from coranto.masthead.models import Account

logger = logging.getLogger(__name__)

MADE, USED = "readers.entry_link.make", "readers.entry_link.use"


class EntryLinkSpentError(Exception):
    """The link was used, is over, was replaced by a newer one, or was never written by us."""


@transaction.atomic
def create_entry_link(*, account: Account, life: timedelta, now: datetime) -> str:
    """The path of a link that signs this account in once; it takes the place of those before it."""
    EntryLink.objects.filter(account=account, used_at=None).delete()
    token = new_token()
    EntryLink.objects.create(account=account, token_digest=digest_of(token), created_at=now, expires_at=now + life)
    log(instance=account, action=MADE)
    return f"/account/enter/{token}/"


@transaction.atomic
def use_entry_link(*, token: str, now: datetime) -> EntryLink:
    """Spend the link. Raises `EntryLinkSpentError`."""
    link = open_entry_link(token=token, now=now)
    # The conditional update decides between two who press the button at once.
    if link is None or not EntryLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now):
        raise EntryLinkSpentError
    log(instance=link.account, action=USED, user=link.account)
    logger.warning("The entry link of account %s was used.", link.account_id)
    return link
