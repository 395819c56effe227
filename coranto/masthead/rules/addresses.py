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


def is_reserved(slug: str) -> bool:
    """Whether the site's own machinery answers at `/<slug>/`."""
    return slug.lower() in RESERVED_SLUGS


def address_of(url_path: str) -> str:
    """A page's path on the site, from its path in Wagtail's tree, whose first part is the front page's slug."""
    return "/" + url_path.lstrip("/").partition("/")[2]
