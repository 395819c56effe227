"""Who asks: an edge, somebody with a sign-in, a reader with an entitlement.

What stands here was said by the edge or a trusted proxy: `DeliveryMiddleware` drops what anybody else claims.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from coranto.delivery import tags
from coranto.delivery.rules.arrival import AT_EDGE, LEVEL
from coranto.delivery.rules.entitlement import VISITOR
from coranto.delivery.rules.surrogate import understands_esi

if TYPE_CHECKING:
    from django.http import HttpRequest


def is_behind_edge(request: HttpRequest) -> bool:
    """Whether this came through our own edge, which sends files and compresses itself."""
    return AT_EDGE in request.META


def has_edge(request: HttpRequest) -> bool:
    """Whether whoever asks puts fragments into the page itself.

    A cache in front that cannot is given whole pages: only so do they carry the tags of their fragments.
    """
    if settings.FRONT_CACHE and not settings.FRONT_CACHE.puts_in_fragments:
        return False
    return understands_esi(request.META.get("HTTP_SURROGATE_CAPABILITY", ""))


def keeps_pages(request: HttpRequest) -> bool:
    """Whether a store is there to be told what it may keep."""
    return bool(settings.FRONT_CACHE) or "HTTP_SURROGATE_CAPABILITY" in request.META


def is_personal(request: HttpRequest) -> bool:
    """Whether this request comes with a sign-in, so that its answer is for one person."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def entitlement(request: HttpRequest) -> str:
    """What the reader may read: `visitor`, `registered`, `tier-…` or `staff`.

    A page that asks is one page for each of these, and still none for a person.
    """
    tags.vary_by_entitlement()
    level: str = request.META.get(LEVEL, VISITOR)
    return level
