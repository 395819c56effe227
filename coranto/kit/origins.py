"""Whether a form was sent from one of our own pages, told without a token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def is_own_post(headers: Mapping[str, str], host: str) -> bool:
    """Whether a request that changes something came from our pages, by Fetch Metadata and `Origin` (RFC 6454).

    Browsers since 2020 send `Sec-Fetch-Site` over https and to localhost, and all send `Origin` with a post;
    a request with neither is no browser's, and cannot carry a reader's cookies without the reader's doing.
    """
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == host


def open_to_others(view: Callable[..., Any]) -> Callable[..., Any]:
    """Declare a view a hook: others' pages and programs may send to it, and it judges by itself whom it believes."""
    view.is_open_to_others = True  # type: ignore[attr-defined]
    return view


def is_open_to_others(view: Any) -> bool:
    return getattr(view, "is_open_to_others", False)
