"""Signing in to the admin."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from wagtail.admin.views.account import LoginView

from coranto.jobs import operations as jobs
from coranto.kit import clock
from coranto.kit.addresses import address_of_request

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest, HttpResponse

ATTEMPTS = 10
PERIOD = timedelta(minutes=10)


class SignInView(LoginView):
    """Wagtail's sign-in with a limit on guessing: by address of the visitor and by account."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self._may_try(request):
            return super().post(request, *args, **kwargs)
        form = self.get_form()
        form.errors.clear()
        form.add_error(None, _("Too many attempts. Please wait ten minutes and try again."))
        return self.render_to_response(self.get_context_data(form=form), status=429)

    def _may_try(self, request: HttpRequest) -> bool:
        address = address_of_request(request.META, settings.TRUSTED_PROXIES)
        email = request.POST.get("username", "").replace("\0", "").strip().lower()[:254]
        keys = (f"sign-in:from:{address}", f"sign-in:as:{email}")
        # Both are counted, whichever refuses.
        taken = [jobs.take_from_limit(key=key, allowed=ATTEMPTS, per=PERIOD, now=clock.now()) for key in keys]
        return all(taken)
