"""robots.txt (RFC 9309)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# The machinery is for programs that know what they ask for; pages need their colours, and oEmbed is meant to be asked.
_FOR_ALL: Final = (
    "User-agent: *",
    "Disallow: /account/",
    "Disallow: /admin/",
    "Disallow: /-/",
    "Allow: /-/colours.css",
    "Allow: /-/oembed",
)


def robots_text(*, refused: Sequence[str], further: str, sitemaps: Sequence[str]) -> str:
    """Crawlers that are to stay away first, then what holds for all, the editor's lines and the sitemaps."""
    groups = ["\n".join([*(f"User-agent: {agent}" for agent in refused), "Disallow: /"])] if refused else []
    groups.append("\n".join(_FOR_ALL))
    lines = "\n".join(line.rstrip() for line in further.strip().splitlines())
    if lines:
        groups.append(lines)
    groups.append("\n".join(f"Sitemap: {address}" for address in sitemaps))
    return "\n\n".join(groups) + "\n"
