"""What leaves the house: which players a page may frame, static files, and text in little space."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.middleware.gzip import GZipMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware

from coranto.delivery import pages
from coranto.delivery.tags import Carried
from coranto.theme.backends import fingerprint_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase
    from whitenoise.responders import StaticFile


TEXTS = frozenset(
    {
        *("application/atom+xml", "application/feed+json", "application/javascript", "application/json"),
        *("application/rss+xml", "application/xml", "image/svg+xml"),
    }
)
# Carried by every static file: another version of the program brings others.
STATIC_TAG: Final = "static"
FOR_EVER: Final = "public, max-age=31536000, immutable"
A_DAY: Final = timedelta(days=1)


class PlayerPolicyMiddleware:
    """Adds the players that were put into the page (`{% player %}`) to its content security policy.

    Stands below the policy's own middleware, which reads what is left on the response here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        origins: set[str] = getattr(request, "player_origins", set())
        if origins:
            before = getattr(response, "_csp_update", None) or {}
            response._csp_update = {**before, "frame-src": sorted(origins)}  # type: ignore[attr-defined]  # noqa: SLF001 - django-csp's way
        return response


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """Static files: at an address with the fingerprint of what is in them, for ever; elsewhere for a while.

    An address with a fingerprint that is not the file's is answered and not kept: anybody can make such.
    """

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = super().__call__(request)
        return response

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = WhiteNoiseMiddleware.serve(static_file, request)
        asked = request.GET.get("v")
        is_current = asked is not None and asked == fingerprint_of(request.path_info)
        if is_current:
            response["Cache-Control"] = FOR_EVER
        if response.status_code == HTTPStatus.OK and (is_current or asked is None):
            life = A_DAY if is_current else pages.LIFE
            pages.offer(response, carried=Carried({STATIC_TAG}), life=life, parameters=("v",))
            response["Coranto-View"] = "static files"
        return response


class TextCompressionMiddleware(GZipMiddleware):
    """Compresses what is text; a picture is compressed already and would only lose its length.

    Behind an edge nothing is: it keeps pages in pieces and compresses those, once.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if pages.is_behind_edge(request):
            return response
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if kind.startswith("text/") or kind in TEXTS:
            return super().process_response(request, response)
        return response
