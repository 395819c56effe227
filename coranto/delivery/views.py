"""Fragments, at addresses of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from coranto.delivery import fragments, pages

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def fragment(request: HttpRequest, name: str) -> HttpResponse:
    found = fragments.find(name)
    if found is None:
        raise Http404
    view = pages.public(life=found.life, parameters=found.parameters)(_answer)
    return view(request, found)


def _answer(request: HttpRequest, found: fragments.Fragment) -> HttpResponse:
    made = found.render(request, **{name: request.GET.get(name, "") for name in found.parameters})
    if isinstance(made, str):
        return HttpResponse(made)
    bodies = [variant.html.encode() for variant in made]
    response = HttpResponse(b"".join(bodies))
    response["Surrogate-Variants"] = ", ".join(
        f"{len(body)};w={variant.weight}" for body, variant in zip(bodies, made, strict=True)
    )
    return response
