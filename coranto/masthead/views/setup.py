"""Making the first administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth import login
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from coranto.kit import clock
from coranto.masthead import operations
from coranto.masthead.forms import SetupForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the set-up link; it is gone once the link is used."""
    if not operations.has_open_setup_link(token=token):
        raise Http404
    form = SetupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account = operations.use_setup_link(token=token, now=clock.now(), **form.cleaned_data)
        except operations.SetupLinkSpentError as error:
            raise Http404 from error
        login(request, account, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("wagtailadmin_home")
    return render(request, "masthead/setup.html", {"form": form})
