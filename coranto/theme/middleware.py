"""What leaves the house: which players a page may frame, and text in little space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.middleware.gzip import GZipMiddleware

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


TEXTS = frozenset({"application/javascript", "application/json", "application/xml", "image/svg+xml"})


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


class TextCompressionMiddleware(GZipMiddleware):
    """Compresses what is text; a picture is compressed already and would only lose its length."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        if kind.startswith("text/") or kind in TEXTS:
            return super().process_response(request, response)
        return response
