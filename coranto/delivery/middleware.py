"""The last word on what leaves the app: nothing of one reader is offered to the store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coranto.delivery import pages

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

SURROGATE = ("Surrogate-Control", "Surrogate-Key", "Surrogate-Variants", "No-Vary-Search")


class DeliveryMiddleware:
    """Takes back the offer of a page that turned out to be personal; keeps what is for the edge from everybody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not pages.has_edge(request):
            for name in SURROGATE:
                del response[name]
        return response
