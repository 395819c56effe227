"""What we tell django-allauth about this site (`ACCOUNT_ADAPTER`, `MFA_ADAPTER`), and how its limits are counted.

allauth is told as little as possible: it proves who somebody is. What an account may do is decided elsewhere.
"""

from __future__ import annotations

import hmac
import logging
import time
from base64 import urlsafe_b64encode
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.internal.stagekit import clear_login
from allauth.core import context as allauth_context
from allauth.core.exceptions import RateLimited, ReauthenticationRequired
from allauth.core.internal import ratelimit
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coranto.jobs.operations import take_from_limit
from coranto.kit import clock
from coranto.kit.addresses import address_of_request
from coranto.mailroom.operations import queue_mail
from coranto.mailroom.rules.addresses import BadAddress, check_address
from coranto.masthead.models.account import normalise_email
from coranto.masthead.queries import publication
from coranto.readers import operations
from coranto.readers.queries import has_authenticator, records_of
from coranto.readers.rules import letters
from coranto.readers.rules.second_factor import is_recent

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from coranto.masthead.models import Account

logger = logging.getLogger(__name__)

# Nobody is asked again what they have just shown.
_RECENT: Final = timedelta(minutes=10)
# By which a browser's own address is counted apart in limits: strangers lock nobody out of where they were before.
BROWSER_COOKIE: Final = "coranto_browser"
_REMEMBERED: Final = timedelta(days=400)
# Said in the page one comes to, not in a message that waits for the next screen of the admin.
_UNSAID: Final = frozenset(
    f"account/messages/{each}.txt" for each in ("logged_in", "logged_out", "login_code_sent", "email_confirmation_sent")
)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The address or the password is wrong."),
        "incorrect_code": _("That is not the code, or it has been tried too often."),
        "too_many_login_attempts": _("Too many attempts. Please wait ten minutes and try again."),
        "code_used_up": _("This code was tried three times and works no more. Please ask for a new one."),
        "too_many_codes": _(
            "Too many codes were asked for with this address. Another can be sent within the hour; "
            "a passkey or a password opens your account at once."
        ),
    }

    # Who asks --------------------------------------------------------------------------------------------------

    def get_client_ip(self, request: HttpRequest) -> str:
        address = address_of_request(request.META, settings.TRUSTED_PROXIES)
        return "0.0.0.0" if address == "unknown" else address.partition("/")[0]  # noqa: S104 - stands for nobody's

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ARG002
        # allauth's holds the host the request names, which is a limit for each name this site answers to.
        return normalise_email(credentials.get("email", ""))

    def clean_email(self, email: str) -> str:
        try:
            return normalise_email(check_address(super().clean_email(email)))
        except BadAddress as error:
            raise ValidationError(str(error)) from error

    def pre_login(self, request: HttpRequest, user: Account, **more: Any) -> HttpResponse | None:
        email = more.get("email")
        if email and normalise_email(email) != user.email:  # changed since the code was sent there
            clear_login(request)
            return redirect("account_login")
        if user.is_active:
            operations.trust_address(account=user)
        return super().pre_login(request, user, **more)

    def post_login(self, request: HttpRequest, user: Account, **more: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **more)
        response.set_cookie(
            BROWSER_COOKIE,
            operations.mark_browser(address=user.email),
            max_age=_REMEMBERED,
            path="/account/",
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        request = allauth_context.request
        if is_recent(records_of(request, request.user), now=time.time(), within=_RECENT):
            return False
        is_required = super().is_reauthentication_required(app=app, **kwargs)
        if is_required and not get_reauthentication_flows(request.user):
            raise ReauthenticationRequired  # allauth would ask nothing of them, having nothing to ask for
        return is_required

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whoever has a second factor confirms by it: a password alone would open the way to change the factor.

        Whoever has nothing but a mailbox signs in anew.
        """
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not user.is_authenticated:
            return methods
        if has_authenticator(user):
            return [each for each in methods if each["id"].startswith("mfa_")]
        again = {"id": "again", "description": gettext("Sign in again"), "url": reverse("readers_sign_in_again")}
        return methods or [again]

    # Where to --------------------------------------------------------------------------------------------------

    def is_safe_url(self, url: str | None) -> bool:
        """Whether this is a path of this site. Its other names count as elsewhere, as does another port."""
        return url is not None and url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    # Mail ------------------------------------------------------------------------------------------------------

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        letter = letters.letter_of(template_prefix)
        try:
            check_address(email)
        except BadAddress:
            logger.warning("A mail of the kind %s was meant for an address nothing can be sent to.", letter.kind)
            return
        browser = allauth_context.request.COOKIES.get(BROWSER_COOKIE, "")
        if letter.is_asked_for and not operations.try_mailing(address=email, now=clock.now(), browser=browser):
            return  # the page says that a mail was sent either way: it must not tell who has an account
        with transaction.atomic():
            _queue(letter, email, context)
            if not letter.is_sent:
                transaction.set_rollback(True)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *more: Any, **named: Any
    ) -> None:
        # What allauth says at the third wrong code as well: there it is a new code that helps, not waiting.
        if named.get("message") == self.error_messages["too_many_login_attempts"]:
            named["message"] = self.error_messages["code_used_up"]
        if message_template not in _UNSAID:
            super().add_message(request, level, message_template, *more, **named)


def _queue(letter: letters.Letter, email: str, context: dict[str, Any]) -> None:
    """Only what our words need is handed on: the request is none of a mail's business, nor are links made from it."""
    words = {"code": context.get("code", ""), "what": letter.words, "is_asked_for": letter.is_asked_for}
    queue_mail(to=email, template=letter.template, context=words, kind=letter.kind)


class FactorAdapter(DefaultMFAAdapter):
    def _get_site_name(self) -> str:
        return str(publication().name)

    @cached_property
    def _fernet(self) -> Fernet:
        key = hmac.digest(settings.SECRET_KEY.encode(), b"coranto.readers.second-factor", sha256)
        return Fernet(urlsafe_b64encode(key))

    def encrypt(self, text: str) -> str:
        """A copy of the database alone does not let anybody make codes."""
        return self._fernet.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._fernet.decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Account, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey") if number == 1 else gettext("Passkey %(number)d") % {"number": number}

    def get_public_key_credential_user_entity(self, user: Account) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.email}


# Limits -----------------------------------------------------------------------------------------------------
# allauth counts in Django's cache, reading and then writing, which each process would do for itself. Ours is one
# statement in one table. What succeeded counts as well, so nothing is ever given back.


def consume(
    request: HttpRequest,
    *,
    app: str,
    action: str,
    config: dict[str, str] | None = None,
    key: str | None = None,
    user: Account | None = None,
    dry_run: bool = False,
    limit_get: bool = False,
    raise_exception: bool = False,
) -> ratelimit.RateLimitUsage | None:
    """Stands in for `allauth.core.internal.ratelimit.consume`."""
    allowed = ratelimit.RateLimitUsage(usage=[])
    browser = request.COOKIES.get(BROWSER_COOKIE, "")
    if key and browser and operations.is_own_browser(address=key, browser=browser):
        key = f"{key} own"
    if dry_run or (request.method == "GET" and not limit_get):
        return allowed
    # All are counted, whichever refuses.
    taken = [
        take_from_limit(
            key=ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key, user=user),
            allowed=rate.amount,
            per=timedelta(seconds=rate.duration),
            now=clock.now(),
        )
        for rate in ratelimit.get_rates(app=app, action=action, config=config)
    ]
    if all(taken):
        return allowed
    if raise_exception:
        raise RateLimited
    return None


def clear(*_request: Any, **_what: Any) -> None:
    """Stands in for `allauth.core.internal.ratelimit.clear`: a window ends by itself."""


def spend_code(app: TOTP, code: str) -> bool:
    """Stands in for `TOTP._mark_code_used`: whether this code of an app is shown for the first time (RFC 6238, 5.2)."""
    life = timedelta(seconds=mfa_settings.TOTP_PERIOD * (2 * mfa_settings.TOTP_TOLERANCE + 1))
    return take_from_limit(key=f"app:{app.instance.pk}:{code[:20]}", allowed=1, per=life, now=clock.now())


def count_in_our_table() -> None:
    ratelimit.consume, ratelimit.clear = consume, clear
    TOTP._mark_code_used = spend_code  # noqa: SLF001 - it asks the cache, and there is none
