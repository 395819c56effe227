"""What each request is given: the publication, its language and time zone, the right content policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import Http404
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from wagtail.users.models import UserProfile

from coranto.delivery import fragments
from coranto.masthead import queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from csp.middleware import PolicyParts
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

ADMIN = "/admin/"
DOCUMENTS = "/documents/"
# What programs ask for is the same in every language: it needs no publication, and so no database.
_MACHINERY = ("/-/", "/static/", "/media/")
# Pages that people open all the same.
_PAGES = ("/-/comments/", "/-/setup/", "/-/welcome/")


def is_machinery(path: str) -> bool:
    """Whether programs alone ask for this address."""
    return path.startswith(_MACHINERY) and not path.startswith(_PAGES)


class PublicationMiddleware:
    """Speaks the publication's language in its time zone, except in the admin, where each editor chooses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404  # PostgreSQL has no such text, and nobody an address with it
        request.publication = SimpleLazyObject(queries.publication)  # type: ignore[attr-defined]
        is_part = request.path_info.startswith(fragments.ADDRESS)  # of a page, in the same language
        if request.path_info.startswith(ADMIN) or (is_machinery(request.path_info) and not is_part):
            return self.get_response(request)
        publication = request.publication  # type: ignore[attr-defined]
        with translation.override(publication.language), timezone.override(ZoneInfo(publication.time_zone)):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """In the admin, whoever has chosen no time zone of their own works in the publication's.

        Wagtail would take the server's: an hour typed into the editor would be another one than the readers'.
        """
        if not request.path_info.startswith(ADMIN) or not request.user.is_authenticated:
            return
        profile = getattr(request.user, "wagtail_userprofile", None)
        if profile is None:
            profile = UserProfile(user=request.user)  # for this request alone; the account remembers it
        if not profile.current_time_zone:
            profile.current_time_zone = request.publication.time_zone  # type: ignore[attr-defined]


class PolicyMiddleware(CSPMiddleware):
    """The strict content policy for readers; the admin's own for the admin; none but a cell for documents."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path_info.startswith(DOCUMENTS) and response.has_header("Content-Disposition"):
            # Whatever a document holds, it never runs as a page of ours; Wagtail says half of it.
            response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return super().process_response(request, response)

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,  # noqa: FBT001, FBT002 - django-csp's signature
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(ADMIN) and not report_only:
            parts.config = {**settings.ADMIN_CONTENT_SECURITY_POLICY}
        return parts
