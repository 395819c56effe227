"""Where what once stood at an address stands now."""

from __future__ import annotations

from coranto.masthead.rules import address_of
from coranto.newsroom.models import FormerAddress
from coranto.newsroom.queries.articles import find_article


def present_address(path: str) -> str | None:
    """Where what once stood at `path` stands now; nothing for an address we never had. Three queries at most."""
    parts = [part for part in path.split("/") if part]
    if not 1 <= len(parts) <= 2:  # noqa: PLR2004 - /<section>/ or /<section>/<slug>/
        return None
    section_slug, slug = parts[0], parts[1] if len(parts) == 2 else ""  # noqa: PLR2004
    address = _heir(section_slug, slug)
    if address is None and slug:
        section = _heir(section_slug, "")
        if section is not None:
            renamed = section.strip("/")
            article = find_article(renamed, slug)
            address = article.address if article else _heir(renamed, slug)
    return address if address != path else None


def _heir(section_slug: str, slug: str) -> str | None:
    row = (
        FormerAddress.objects.filter(section_slug=section_slug, slug=slug, page__live=True)
        .values_list("page__url_path", flat=True)
        .first()
    )
    return address_of(row) if row else None
