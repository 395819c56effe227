"""`@public`: the same page for everybody with the same entitlement."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import SimpleTemplateResponse

from coranto.delivery import tags
from coranto.delivery.pages.asking import is_personal
from coranto.delivery.pages.offering import LIFE, keep_private, offer
from coranto.delivery.pages.refusing import STORED, is_declared_personal, refuse
from coranto.delivery.pages.watching import Watch, watching

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator


@dataclass(slots=True)
class PublicPage:
    """What is known of a request that a public view has answered, or tried to."""

    view: str
    watch: Watch


def public(
    *, life: timedelta = LIFE, parameters: Collection[str] = (), stale: timedelta = timedelta(0), name: str = ""
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Mark a view whose pages are the same for everybody with the same entitlement, so that the edge may keep them.

    `parameters` are the query parameters the page depends on; the view sees no others. `stale` is for what may be a
    moment old and is never given to an article. A page for which the view looked at a cookie, the session or the
    reader is not kept, whatever this says. A view that keeps its answer to one reader (`Cache-Control: private`) is
    taken at its word. Where one public view calls another, the outer one's words hold.
    """
    known = tuple(sorted(parameters))

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        called = name or f"{view.__module__.removeprefix('coranto.')}.{view.__qualname__}"

        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method not in {"GET", "HEAD"} or page_of(request) is not None:
                return view(request, *args, **kwargs)
            if is_personal(request):
                response = _rendered(view(request, *args, **kwargs))
                keep_private(response)
                return response
            with tags.collecting() as carried, _only(request, known), watching(request) as watch:
                request.public_page = PublicPage(called, watch)  # type: ignore[attr-defined]
                response = _rendered(view(request, *args, **kwargs))
            if _is_meant_for_all(response):
                offer(response, carried=carried, life=life, parameters=known, stale=stale)
                response["Coranto-View"] = called
                if watch:
                    refuse(response, view=called, reason=str(watch))
            return response

        return wrapped

    return decorate


def page_of(request: HttpRequest) -> PublicPage | None:
    """The public page this request was for; None before a public view was called."""
    return getattr(request, "public_page", None)


def _is_meant_for_all(response: HttpResponse) -> bool:
    if response.status_code not in STORED or response.streaming or response.has_header("Surrogate-Control"):
        return False
    return not is_declared_personal(response)


def _rendered(response: HttpResponse) -> HttpResponse:
    """A template that were rendered later would be so behind the back of whoever watches and collects."""
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        return response.render()
    return response


@contextlib.contextmanager
def _only(request: HttpRequest, known: Collection[str]) -> Iterator[None]:
    """Let the view see only the query parameters its page depends on.

    Afterwards they are back: a redirect from a former address takes them along.
    """
    given, query = request.GET, request.META.get("QUERY_STRING", "")
    kept = QueryDict(mutable=True)
    for each in known:
        if each in given:
            kept.setlist(each, given.getlist(each))
    request.META["QUERY_STRING"] = kept.urlencode()
    kept._mutable = False  # noqa: SLF001 - as Django makes it
    request.GET = kept  # type: ignore[assignment]
    try:
        yield
    finally:
        request.META["QUERY_STRING"], request.GET = query, given
