"""What the theme answers itself: the publication's colours, and pages for what went wrong."""

from __future__ import annotations

import sys
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseNotFound
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coranto.delivery.pages import public
from coranto.jobs.rules.storage import cannot_store
from coranto.masthead.middleware import is_machinery
from coranto.masthead.queries import publication_for
from coranto.theme import rules

if TYPE_CHECKING:
    from django.http import HttpRequest

FOR_EVER = "public, max-age=31536000, immutable"
A_MINUTE = "public, max-age=60"
SECONDS_UNTIL_SAVED = 60


@public(life=timedelta(days=1), parameters=("v",))
@require_safe
def colours(request: HttpRequest) -> HttpResponse:
    """The accent colour for both schemes. Its address carries a fingerprint, so it may be kept for ever."""
    of = publication_for(request)
    sheet = rules.colour_sheet(of.accent_colour)
    is_current = request.GET.get("v") == rules.fingerprint(sheet)
    headers = {"Cache-Control": FOR_EVER if is_current else A_MINUTE}
    if not is_current:  # anybody can make such addresses, as many as they like
        headers["Surrogate-Control"] = "no-store"
    return HttpResponse(sheet, content_type="text/css; charset=utf-8", headers=headers)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's
    if is_machinery(request.path_info):  # no page, and no database
        return HttpResponseNotFound(_("There is nothing at this address."), content_type="text/plain; charset=utf-8")
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - nothing of the request can be relied on
    if cannot_store(sys.exc_info()[1]):  # Django calls this while it handles what went wrong
        response = _bare("503.html", HTTPStatus.SERVICE_UNAVAILABLE)
        response["Retry-After"] = str(SECONDS_UNTIL_SAVED)
        return response
    return _bare("500.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _bare("400.html", HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _bare("403.html", HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - the reason is for logs
    return _bare("403_csrf.html", HTTPStatus.FORBIDDEN)


def _bare(template: str, status: HTTPStatus) -> HttpResponse:
    """A page that needs neither database nor context processors: one of them may be what failed."""
    return HttpResponse(loader.get_template(template).render(), status=status)
