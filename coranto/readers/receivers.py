"""What happens around signing in, told by Django and allauth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import email_confirmed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_save

from coranto.kit import clock
from coranto.masthead.models import Account
from coranto.readers import operations
from coranto.readers.queries import has_shown_second_factor
from coranto.readers.rules.second_factor import FACTOR

if TYPE_CHECKING:
    from collections.abc import Collection

    from allauth.account.models import EmailAddress
    from django.http import HttpRequest

SET_UP: Final = "setup"


def connect() -> None:
    """Connect the receivers; called once, when the program starts."""
    user_logged_in.connect(on_signed_in, dispatch_uid="readers-signed-in")
    authenticator_added.connect(on_authenticator_added, dispatch_uid="readers-authenticator-added")
    email_confirmed.connect(on_address_confirmed, dispatch_uid="readers-address-confirmed")
    post_save.connect(on_account_saved, sender=Account, dispatch_uid="readers-account")


def on_signed_in(request: HttpRequest, user: Account, **_kwargs: Any) -> None:
    operations.register_reader(account=user, now=clock.now())
    operations.trust_address(account=user)
    match = getattr(request, "resolver_match", None)
    if match and match.view_name == SET_UP:
        # The password was chosen in this very form; masthead, which lies below, knows nothing of what sessions show.
        record_authentication(request, user, "password", email=user.email)
    if hasattr(request, "user"):  # came in from outside: a session made on the server is nobody's browser
        UserSession.objects.create_from_request(request)


def on_address_confirmed(request: HttpRequest, email_address: EmailAddress, **_kwargs: Any) -> None:
    """Whoever has just signed up by a code has shown it, as whoever signs in by one.

    The code that changes an address says nothing of whose the account is: it went to a mailbox of the asker's choice.
    """
    if not request.user.is_authenticated:
        record_authentication(request, email_address.user, "code", email=email_address.email)


def on_authenticator_added(request: HttpRequest, user: Account, authenticator: Authenticator, **_kwargs: Any) -> None:
    """Whoever has just set up their first second factor has it in hand.

    With one set up already, only a session that has shown it may count another: else a stolen password could add
    a factor of its own and walk in by it.
    """
    others = Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)
    if has_shown_second_factor(request, user) or not others.exclude(pk=authenticator.pk).exists():
        record_authentication(request, user, FACTOR, id=authenticator.pk, type=authenticator.type)


def on_account_saved(
    instance: Account,
    *,
    created: bool,
    raw: bool = False,
    update_fields: Collection[str] | None = None,
    **_kwargs: Any,
) -> None:
    if not raw and not created and (update_fields is None or "email" in update_fields):
        operations.follow_address(account=instance)
