"""A page may frame the players it offers, and no page may frame anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


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
