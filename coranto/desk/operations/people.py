"""Bringing people into the newsroom: an account without a password, and a link by which they choose one."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from coranto.desk.operations.roles import PositionRefused, assign_position, roles_of
from coranto.desk.rules import roles
from coranto.mailroom.kinds import ACCOUNT, KIND_HEADER
from coranto.masthead import queries as masthead
from coranto.masthead.models import Account
from coranto.masthead.models.account import normalise_email

if TYPE_CHECKING:
    from coranto.newsroom.models import Section

logger = logging.getLogger(__name__)

INVITED = "desk.person.invite"
SIGNED_IN = "desk.sign_in"


@transaction.atomic
def invite_person(
    *, email: str, first_name: str, last_name: str, role: str, section: Section | None, by: Account | None
) -> Account:
    """Give a position to whoever has this address, with a new account where there is none.

    A letter leaves once all of it is stored. Raises `PositionRefused`.
    """
    account = Account.objects.filter(email=normalise_email(email)).first()
    if account is None:
        account = Account.objects.create_user(email, first_name=first_name, last_name=last_name)
    assign_position(account=account, role=role, section=section, by=by)
    if needs_welcome(account=account):
        welcome_person(account=account, by=by)
    return account


def needs_welcome(*, account: Account) -> bool:
    """Whether somebody has still to choose a password. All others have `Forgotten password`, which asks their mail."""
    return account.is_active and not account.has_usable_password()


def may_welcome(*, account: Account, by: Account) -> bool:
    """Who knows the link has the account: it is for somebody without a password, and made by who may appoint them."""
    own, held = roles_of(account=by), roles_of(account=account)
    return needs_welcome(account=account) and roles.may_appoint(own, role=roles.Role.CONTRIBUTOR, of=held)


@transaction.atomic
def welcome_person(*, account: Account, by: Account | None) -> None:
    """Send the link by which somebody chooses their first password. Raises `PositionRefused`."""
    if not needs_welcome(account=account):
        raise PositionRefused(
            _("This person has a password. “Forgotten password” on the sign-in page makes a new one.")
        )
    if by is not None and not may_welcome(account=account, by=by):
        raise PositionRefused(_("Only an administrator may decide this."))
    log(instance=account, action=INVITED, user=by)
    transaction.on_commit(partial(_send_letter, account, welcome_path(account=account)))


def welcome_path(*, account: Account) -> str:
    """Derived from the account as it is now: it stops working with the first password, or after three days."""
    uid = urlsafe_base64_encode(force_bytes(account.pk))
    return reverse("desk_welcome", args=[uid, default_token_generator.make_token(account)])


def _send_letter(account: Account, path: str) -> None:
    publication = masthead.publication()
    with override(publication.language):
        words = {"publication": publication, "url": f"{settings.ORIGIN}{path}", "account": account}
        subject = " ".join(render_to_string("desk/letters/welcome_subject.txt", words).split())
        text = render_to_string("desk/letters/welcome.txt", words)
    try:
        EmailMessage(subject, text, None, [account.email], headers={KIND_HEADER: ACCOUNT}).send()
    except (OSError, ValueError):  # SMTPException is an OSError; an address a header cannot hold a ValueError
        logger.exception("The letter that welcomes account %s could not be sent.", account.pk)


def record_sign_in(*, account: Account) -> None:
    """Who came into the newsroom, and when."""
    if account.has_perm("wagtailadmin.access_admin"):
        log(instance=account, action=SIGNED_IN, user=account)
