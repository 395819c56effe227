"""What every template may count on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.functional import SimpleLazyObject

from coranto.masthead import queries as masthead
from coranto.newsroom import queries as newsroom

if TYPE_CHECKING:
    from django.http import HttpRequest


def publication(request: HttpRequest) -> dict[str, Any]:
    """`frame` (head and foot) and `sections`, each read only by a template that shows it."""
    of = masthead.publication_for(request)
    return {
        "frame": SimpleLazyObject(lambda: masthead.frame(of)),
        "sections": SimpleLazyObject(lambda: newsroom.sections_for(request)),
    }
