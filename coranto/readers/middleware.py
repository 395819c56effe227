"""Two walls: what other sites' pages may make a browser do here, and what a password alone may open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from coranto.kit.origins import is_open_to_others, is_own_post
from coranto.masthead.middleware import ADMIN
from coranto.readers.queries import has_authenticator, has_shown_second_factor, must_have_second_factor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from coranto.masthead.models import Account

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
ACCOUNT: Final = "/account/"
# Where the second factor is asked for, and the way out.
ASKING: Final = frozenset(
    {"readers_second_factor", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_logout", "readers_enter"}
)
OUTLASTING: Final = frozenset({"account_email", "account_set_password"})


class OwnPagesMiddleware:
    """Refuses what changes something and was sent from another site's page, for every address but declared hooks.

    It asks no token of a form, so that pages in the store hold none. Django's tokens stay where pages are not kept.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> None:
        if request.method in SAFE or is_open_to_others(view):
            return
        # A proxy in front may ask for us by another name than readers do.
        hosts = {request.get_host(), urlsplit(settings.ORIGIN).netloc}
        if not any(is_own_post(request.headers, host) for host in hosts):
            raise PermissionDenied


class SecondFactorMiddleware:
    """Lets nobody be staff who has shown one thing alone, however they signed in.

    Such a session meets the second factor at every address of the admin and in the account's own pages; everywhere else
    it is nobody's. A reader's session is asked for it where there is one, in the account's pages.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(ACCOUNT):
            response = self.get_response(request)
            add_never_cache_headers(response)  # secrets and sessions; allauth's own pages say nothing of it
            return response
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        if not request.path_info.startswith(ADMIN):
            own = request.user
            request.user = SimpleLazyObject(lambda: _whole(request, own))  # type: ignore[assignment]
        elif _is_half(request, request.user):
            return _to_second_factor(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        if not request.path_info.startswith(ACCOUNT) or not request.user.is_authenticated:
            return None
        match = request.resolver_match
        if match is None or match.view_name in ASKING or has_shown_second_factor(request, request.user):
            return None
        # Who has none yet may set one up, and nothing else that would outlast the session.
        is_closed = match.view_name in OUTLASTING and must_have_second_factor(request.user)
        return _to_second_factor(request) if is_closed or has_authenticator(request.user) else None


def _whole(request: HttpRequest, own: Account | AnonymousUser) -> Account | AnonymousUser:
    if not own.is_authenticated:
        return AnonymousUser()
    return AnonymousUser() if _is_half(request, own) else own


def _is_half(request: HttpRequest, account: Account | AnonymousUser) -> bool:
    if not account.is_authenticated or has_shown_second_factor(request, account):
        return False
    return must_have_second_factor(account)


def _to_second_factor(request: HttpRequest) -> HttpResponseRedirect:
    next_url = request.get_full_path() if request.method in {"GET", "HEAD"} else ADMIN
    return HttpResponseRedirect(f"{reverse('readers_second_factor')}?{urlencode({'next': next_url})}")
