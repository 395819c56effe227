"""Sitemaps: an index, the archive in parts, and the news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import conditional_page, require_safe

from coranto.delivery.pages import public
from coranto.delivery.tags import carry
from coranto.feeds import queries
from coranto.feeds.documents import sitemaps
from coranto.kit import clock
from coranto.masthead.queries import publication_for

if TYPE_CHECKING:
    from django.http import HttpRequest


@conditional_page
@require_safe
@public()
def index(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - it is the same for every request
    parts = queries.sitemap_parts()
    addresses = [reverse(f"sitemap_{part.kind}", kwargs={"number": part.number}) for part in parts]
    return _xml(sitemaps.write_index(addresses))


@conditional_page
@require_safe
@public()
def part(request: HttpRequest, kind: str, number: int) -> HttpResponse:  # noqa: ARG001 - as above
    if number > queries.LAST_PART:
        raise Http404
    written = sitemaps.write_part(queries.sitemap_lines(kind, number))
    if not written:
        raise Http404
    return _xml(written)


@conditional_page
@require_safe
@public()
def news(request: HttpRequest) -> HttpResponse:
    of = publication_for(request)
    carry("publication")
    items = queries.news_items(now=clock.now())
    return _xml(sitemaps.write_news(items, name=of.name, language=of.language))


def _xml(written: bytes) -> HttpResponse:
    return HttpResponse(written, content_type=sitemaps.MEDIA_TYPE)
