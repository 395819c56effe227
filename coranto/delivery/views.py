"""Fragments, at addresses of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from coranto.delivery import fragments, pages
from coranto.delivery.rules.surrogate import write_variants

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def fragment(request: HttpRequest, name: str) -> HttpResponse:
    found = fragments.find(name)
    if found is None or not _fits(request, found):
        raise Http404
    made_public = pages.public(
        life=found.life,
        parameters=found.parameters,
        stale=found.stale,
        name=f"the fragment {found.name}",
    )
    return made_public(_answer)(request, found)


def _fits(request: HttpRequest, found: fragments.Fragment) -> bool:
    """Whether nothing is asked but what it knows, and each once: anybody can ask, and each address would be stored."""
    return all(name in found.parameters and len(values) == 1 for name, values in request.GET.lists())


def _answer(request: HttpRequest, found: fragments.Fragment) -> HttpResponse:
    try:
        variants = fragments.render(request, found, request.GET.dict())
    except fragments.UnknownFragmentError as error:
        raise Http404 from error
    bodies = [variant.html.encode() for variant in variants]
    response = HttpResponse(b"".join(bodies), headers={"X-Robots-Tag": "noindex"})
    if len(bodies) > 1:
        weights = [max(0, variant.weight) for variant in variants]
        response["Surrogate-Variants"] = write_variants(list(zip(map(len, bodies), weights, strict=True)))
    return response
