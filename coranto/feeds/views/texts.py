"""Small texts at the root of the site: robots.txt, ads.txt, and the key that proves to IndexNow whose site this is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import conditional_page, require_safe

from coranto.delivery.pages import public
from coranto.feeds import rules
from coranto.masthead.queries import discovery

if TYPE_CHECKING:
    from django.http import HttpRequest

PLAIN: Final = "text/plain; charset=utf-8"


@conditional_page
@require_safe
@public()
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - it is the same for every request
    found = discovery()
    text = rules.robots_text(
        refused=found.refused_agents,
        further=found.robots_lines,
        sitemaps=[settings.ORIGIN + reverse(name) for name in ("sitemap_index", "news_sitemap")],
    )
    return HttpResponse(text, content_type=PLAIN)


@conditional_page
@require_safe
@public()
def ads(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - as above
    text = discovery().ads_txt.strip()
    if not text:
        raise Http404
    return HttpResponse("\n".join(text.splitlines()) + "\n", content_type=PLAIN)


@conditional_page
@require_safe
@public()
def indexnow_key(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001 - as above
    known = discovery().indexnow_key
    if not known or not constant_time_compare(key, known):
        raise Http404
    return HttpResponse(known, content_type=PLAIN)
