"""What the store is told of an answer: that it may keep it, for how long and under which tags."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils.cache import patch_vary_headers

from coranto.delivery.rules.surrogate import SurrogateControl, read_control, write_no_vary_search

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.http.response import HttpResponseBase

    from coranto.delivery.tags import Carried

# A purge that got lost is made good after this long at the latest.
LIFE: Final = timedelta(minutes=10)
# How long a stored page stands in for an app that is down.
STALE_IF_ERROR: Final = timedelta(days=1)
FOR_STORES: Final = ("Surrogate-Control", "Surrogate-Key", "No-Vary-Search")
FOR_BROWSERS: Final = "public, no-cache"
FOR_ONE: Final = "private, no-cache"


def offer(
    response: HttpResponseBase,
    *,
    carried: Carried,
    life: timedelta = LIFE,
    parameters: Collection[str] | None = (),
    stale: timedelta = timedelta(0),
    stale_if_error: timedelta = STALE_IF_ERROR,
) -> None:
    """Tell the store that it may keep this.

    `parameters` are the query parameters it depends on; with None it may be any.
    """
    control = SurrogateControl(
        life=life if carried.life is None else min(life, carried.life),
        stale_while_revalidate=stale,
        stale_if_error=stale_if_error,
        has_holes=carried.has_holes,
    )
    response["Surrogate-Control"] = str(control)
    response["Surrogate-Key"] = " ".join(sorted(carried.tags))
    if parameters is not None:
        response["No-Vary-Search"] = write_no_vary_search(tuple(sorted(parameters)))
    if carried.varies_by_entitlement:
        patch_vary_headers(response, ["Coranto-Entitlement"])
    response.headers.setdefault("Cache-Control", FOR_BROWSERS)


def is_offered(response: HttpResponseBase) -> bool:
    return read_control(response.headers.get("Surrogate-Control", "")) is not None


def withdraw(response: HttpResponseBase) -> None:
    """Take an offer back: this answer is for whoever asked and for nobody else."""
    for name in FOR_STORES:
        del response[name]
    if response.headers.get("Cache-Control") == FOR_BROWSERS:
        del response["Cache-Control"]
    keep_private(response)


def keep_private(response: HttpResponseBase) -> None:
    """Have browsers ask each time and caches on the way keep nothing, unless the view has said something of its own."""
    response.headers.setdefault("Cache-Control", FOR_ONE)
