"""Signing in: the page itself, the second factor of staff, the link made on the server."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.email_verification_by_code import EmailVerificationProcess
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import EmailView, LoginView, RequestLoginCodeView
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from coranto.jobs.operations import take_from_limit
from coranto.kit import clock
from coranto.readers import operations
from coranto.readers.queries import (
    has_authenticator,
    has_shown_second_factor,
    must_have_second_factor,
    open_entry_link,
)
from coranto.readers.rules.second_factor import ENTRY_LINK

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
_NEXT: Final = "readers_next"
_TOO_MANY: Final = frozenset({"too_many_login_attempts", "too_many_codes"})


class ToldByStatus:
    """Tells too many attempts by the status as well; in front of one of allauth's views."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if any(error.code in _TOO_MANY for errors in form.errors.as_data().values() for error in errors):
            response.status_code = HTTPStatus.TOO_MANY_REQUESTS
        return response


class SignInView(ToldByStatus, LoginView):
    pass


class AddressView(EmailView):
    """Leads back to the code of a change that waits for it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        waiting = EmailVerificationProcess.resume(self.request)
        return {**super().get_context_data(**kwargs), "pending_email": waiting and waiting.email}


class AskForCodeView(ToldByStatus, RequestLoginCodeView):
    pass


@method_decorator(never_cache, name="dispatch")
class StaffSignInView(SignInView):
    """The same page where the admin sends people, in the place of Wagtail's, which is content with a password."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return super().dispatch(request, *args, **kwargs)
        enters = request.user.has_perm("wagtailadmin.access_admin")
        if enters and request.method in {"GET", "HEAD"}:
            return redirect(self.get_success_url())
        return render(request, "readers/signed_in.html", {"enters": enters})

    def get_default_success_url(self) -> str:
        return reverse("wagtailadmin_home")


@never_cache
@require_safe
@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Where the walls send whoever has shown one thing alone; once the second was shown, on to what they wanted."""
    wanted = request.GET.get("next", "")
    if wanted and get_adapter().is_safe_url(wanted):
        request.session[_NEXT] = wanted
    is_staff = must_have_second_factor(request.user)
    if has_shown_second_factor(request, request.user):
        home = reverse("wagtailadmin_home") if is_staff else reverse("readers_account")
        return redirect(request.session.pop(_NEXT, home))
    if has_authenticator(request.user):
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': request.path})}")
    return render(request, "readers/second_factor.html", {"is_staff": is_staff})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind an entry link. Opening it does nothing: whoever looks through mail and chats opens links."""
    if not _may_try(request):
        return render(request, "429.html", status=HTTPStatus.TOO_MANY_REQUESTS)
    link = open_entry_link(token=token, now=clock.now())
    if link is None:
        raise Http404
    if request.method != "POST":
        return render(request, "readers/enter.html", {"email": link.account.email})
    try:
        link = operations.use_entry_link(token=token, now=clock.now())
    except operations.EntryLinkSpentError as error:
        raise Http404 from error
    login(request, link.account, backend=BACKEND)
    until = clock.now() + (link.expires_at - link.created_at)
    record_authentication(request, link.account, ENTRY_LINK, until=until.timestamp())
    return redirect("readers_second_factor")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign_in_again(request: HttpRequest) -> HttpResponse:
    """Where those have to go who are asked whether it is they, and have nothing but a mailbox to show it by."""
    if request.method != "POST":
        return render(request, "readers/sign_in_again.html")
    wanted = request.GET.get("next", "")
    logout(request)
    query = f"?{urlencode({'next': wanted})}" if get_adapter().is_safe_url(wanted) else ""
    return redirect(f"{reverse('account_login')}{query}")


def _may_try(request: HttpRequest) -> bool:
    address = get_adapter().get_client_ip(request)
    return take_from_limit(key=f"entry-link:from:{address}", allowed=30, per=timedelta(minutes=10), now=clock.now())
