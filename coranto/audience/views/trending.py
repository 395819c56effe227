"""What is trending, for readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coranto.audience.edge.trending import LIFE, STALE
from coranto.audience.queries.trending import trending_page
from coranto.delivery.pages import public
from coranto.kit import clock
from coranto.newsroom.queries import sections_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@public(life=LIFE, stale=STALE)
def trending(request: HttpRequest) -> HttpResponse:
    known = sections_for(request)
    shown = trending_page(known=known, now=clock.now())
    if shown is None:
        raise Http404
    return render(request, "audience/trending.html", {"trending": shown, "sections": known})
