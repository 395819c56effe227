"""Old addresses: a page that is not found is looked for where it once stood."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from coranto.newsroom import queries
from coranto.newsroom.views import send_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class FormerAddressMiddleware:
    """Sends on who asks for a page that has moved; asks the database only when a page is missing.

    In the place of Wagtail's own middleware for redirects, which would lead to drafts and private articles.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.NOT_FOUND or request.method not in {"GET", "HEAD"}:
            return response
        if "\0" in request.path_info:
            return response
        found = queries.whereabouts(request.path_info, request.get_full_path())
        return send_on(found, request) if found else response
