"""Which views make public pages, and what the edge is told of them."""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

from coranto.delivery import tags
from coranto.delivery.rules.surrogate import SurrogateControl, understands_esi, write_no_vary_search

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

# A purge that got lost is made good after this long at the latest.
LIFE: Final = timedelta(minutes=10)
# How long a stored page stands in for an app that is down.
STALE_IF_ERROR: Final = timedelta(days=1)
STORED: Final = frozenset({HTTPStatus.OK, HTTPStatus.NOT_FOUND})


def public(
    *, life: timedelta = LIFE, parameters: Collection[str] = (), stale: timedelta = timedelta(0)
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Mark a view whose pages are the same for everybody with the same entitlement, so that the edge may keep them.

    `parameters` are the query parameters the page depends on; the view sees no others. `stale` is for what may be a
    moment old and is never given to an article. A page for which the view looked at a cookie, the session or the
    reader is not kept, whatever this says.
    """
    known = tuple(sorted(parameters))

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in {"GET", "HEAD"} or is_personal(request):
                return view(request, *args, **kwargs)
            keep_parameters(request, known)
            with tags.collecting() as carried:
                response = view(request, *args, **kwargs)
            if response.status_code in STORED and not response.has_header("Cache-Control"):
                allowed = min(life, carried.life) if carried.life is not None else life
                control = SurrogateControl(
                    life=allowed, stale_while_revalidate=stale, stale_if_error=STALE_IF_ERROR, has_holes=True
                )
                response["Surrogate-Control"] = str(control)
                response["Surrogate-Key"] = " ".join(sorted(carried.tags))
                response["No-Vary-Search"] = write_no_vary_search(known)
                response["Cache-Control"] = "public, no-cache"
            return response

        return wrapped

    return decorate


def is_personal(request: HttpRequest) -> bool:
    """Whether this request comes with a sign-in, so that its answer is for one person."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def keep_parameters(request: HttpRequest, known: Collection[str]) -> None:
    """Let the view see only the query parameters its page depends on."""
    kept = QueryDict(mutable=True)
    for name in known:
        if name in request.GET:
            kept.setlist(name, request.GET.getlist(name))
    request.META["QUERY_STRING"] = kept.urlencode()
    kept._mutable = False  # noqa: SLF001 - as Django makes it
    request.GET = kept  # type: ignore[assignment]


def has_edge(request: HttpRequest) -> bool:
    """Whether whoever asks puts fragments into the page itself."""
    return understands_esi(request.META.get("HTTP_SURROGATE_CAPABILITY", ""))
