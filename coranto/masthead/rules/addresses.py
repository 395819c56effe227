"""Addresses the site keeps for itself."""

from __future__ import annotations

RESERVED_SLUGS = frozenset(
    {
        "-",
        "account",
        "admin",
        "authors",
        "corrections",
        "documents",
        "feed",
        "front",
        "how-we-count",
        "latest",
        "letters",
        "media",
        "membership",
        "search",
        "static",
        "support",
        "topics",
        "trending",
    }
)


RESERVED_BELOW = frozenset({"feed"})  # where WordPress has the feed of any page


def is_reserved(slug: str, *, is_top_level: bool = True) -> bool:
    """Whether the site's own machinery answers at `/<slug>/`, or below any page at `/…/<slug>/`."""
    return slug.lower() in (RESERVED_SLUGS if is_top_level else RESERVED_BELOW)


def address_of(url_path: str) -> str:
    """A page's path on the site, from its path in Wagtail's tree, whose first part is the front page's slug."""
    return "/" + url_path.lstrip("/").partition("/")[2]
