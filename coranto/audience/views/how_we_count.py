"""How views are counted, for whoever wants to know, with what was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from coranto.audience.queries import counting_figures
from coranto.delivery.pages import public
from coranto.kit import clock
from coranto.newsroom.queries import sections_for

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
@public()
def how_we_count(request: HttpRequest) -> HttpResponse:
    figures = counting_figures(now=clock.now())
    return render(request, "audience/how_we_count.html", {"figures": figures, "sections": sections_for(request)})
