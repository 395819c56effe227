"""The outermost: whose request this is, and the last word on what is offered to the store."""

from __future__ import annotations

import time
from datetime import timedelta
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.conf import settings

from coranto.delivery import pages, tags
from coranto.delivery.rules import arrival, entitlement
from coranto.delivery.rules.surrogate import read_control

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from coranto.delivery.tags import Carried

FOR_THE_EDGE: Final = ("Surrogate-Variants", "Coranto-View", "Coranto-Staff")
# An address that is missing may come to life without anybody knowing which it was.
LIFE_OF_MISSING: Final = timedelta(seconds=5)
MISSING: Final = "missing"


class DeliveryMiddleware:
    """Makes a request say the truth about where it comes from; keeps what is one reader's out of the store.

    Stands outside everything: what any other middleware adds to an answer is seen here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        arrival.settle_arrival(request.META, settings.TRUSTED_PROXIES)
        if not pages.is_behind_edge(request):
            request.META[arrival.LEVEL] = self._level_of(request)
        with tags.collecting() as carried:
            response = self.get_response(request)
        if pages.is_offered(response):
            self._look_again(request, response)
        elif _is_missing_for_all(request, response):
            carried.tags.add(MISSING)
            # Which parameters would have mattered there nobody knows: an imported redirect may be for one of them.
            pages.offer(
                response, carried=carried, life=LIFE_OF_MISSING, parameters=None, stale_if_error=LIFE_OF_MISSING
            )
        _tell(request, response, carried)
        return response

    def _look_again(self, request: HttpRequest, response: HttpResponse) -> None:
        reason = pages.reason_to_refuse(response)
        if not reason and "Coranto-Entitlement" in response.get("Vary", "") and not pages.is_behind_edge(request):
            reason = "only the edge can tell readers apart by what they are entitled to"
        if reason:
            pages.refuse(response, view=response.get("Coranto-View", "an unnamed view"), reason=reason)

    def _level_of(self, request: HttpRequest) -> str:
        """What the edge would have said: the level of a valid entitlement cookie."""
        cookie = request.COOKIES.get(entitlement.COOKIE)
        found = entitlement.read(cookie, self._key, now=time.time()) if cookie else None
        return found.level if found else entitlement.VISITOR

    @cached_property
    def _key(self) -> bytes:
        return entitlement.derive_key(settings.SECRET_KEY)


def _is_missing_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether there is nothing here for anybody: no view at this address, or a public one that found nothing."""
    if response.status_code != HTTPStatus.NOT_FOUND or request.method not in {"GET", "HEAD"}:
        return False
    if pages.is_personal(request) or response.has_header("Cache-Control") or pages.reason_to_refuse(response):
        return False
    page = pages.page_of(request)
    return not page.watch if page else request.resolver_match is None


def _tell(request: HttpRequest, response: HttpResponse, carried: Carried) -> None:
    """Leave in the answer what the one who asked can use, and nothing of it for readers."""
    if pages.is_behind_edge(request):
        if pages.is_personal(request) and _is_staff(request):
            response["Coranto-Staff"] = "1"
    else:
        for name in FOR_THE_EDGE:
            del response[name]
    if not pages.keeps_pages(request):
        for name in pages.FOR_STORES:
            del response[name]
        _forget_varying(response)
    elif not pages.is_offered(response) and carried.has_holes:
        response["Surrogate-Control"] = 'no-store, content="ESI/1.0"'
    elif settings.FRONT_CACHE and (control := read_control(response.get("Surrogate-Control", ""))):
        found = settings.FRONT_CACHE.headers_for(life=control.life, tags=frozenset(response["Surrogate-Key"].split()))
        for name, value in found.items():
            response[name] = value


def _is_staff(request: HttpRequest) -> bool:
    """Whether the session is one: anybody can send a cookie of that name."""
    user = getattr(request, "user", None)  # not where an answer was found before sign-ins are looked at
    return user is not None and user.is_authenticated and user.has_perm("wagtailadmin.access_admin")


def _forget_varying(response: HttpResponse) -> None:
    """By the entitlement, which outside is a cookie."""
    names = [each.strip() for each in response.get("Vary", "").split(",")]
    if "Coranto-Entitlement" in names:
        response["Vary"] = ", ".join("Cookie" if each == "Coranto-Entitlement" else each for each in names)
        response["Cache-Control"] = pages.FOR_ONE
