"""Where what once stood at an address stands now.

Only what the public may know of: an old address of a private article leads nowhere, or the redirect would tell
its headline.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.encoding import uri_to_iri
from wagtail.contrib.redirects.models import Redirect

from coranto.masthead.rules import address_of
from coranto.newsroom.models import FormerAddress
from coranto.newsroom.queries.articles import find_article
from coranto.newsroom.rules import Visibility


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where to, and whether for ever."""

    address: str
    is_permanent: bool = True


def whereabouts(path: str, full_path: str) -> Whereabouts | None:
    """Where a page that is not at `path` is to be found; `full_path` is percent-encoded, with its query.

    Four queries at most.
    """
    address = _present_address(path)
    return Whereabouts(address) if address else stored_redirect(full_path)


def stored_redirect(full_path: str) -> Whereabouts | None:
    """What an import or an editor stored for an old address, its query included first. One query."""
    encoded = Redirect.normalise_path(full_path, decode_unicode=False)
    bare = encoded.partition("?")[0]
    wanted = list(dict.fromkeys((uri_to_iri(encoded), encoded, uri_to_iri(bare), bare)))
    rows = (
        Redirect.objects.filter(old_path__in=wanted)
        .filter(Q(redirect_page=None) | Q(redirect_page__live=True))
        .exclude(redirect_page__article__visibility=Visibility.PRIVATE)
        .values_list("old_path", "redirect_page__url_path", "redirect_link", "is_permanent")
    )
    found = {row[0]: row[1:] for row in rows}
    return next((_whereabouts(*found[each]) for each in wanted if each in found), None)


def _whereabouts(url_path: str | None, link: str, is_permanent: bool) -> Whereabouts | None:  # noqa: FBT001 - a row's columns
    address = address_of(url_path) if url_path else link
    return Whereabouts(address, is_permanent) if address else None


def _present_address(path: str) -> str | None:
    """Where what once stood at `path` stands now: a section or its feed, an article or its past, a page.

    Three queries at most.
    """
    parts = [part for part in path.split("/") if part]
    match parts:
        case [section_slug]:
            address = _heir(section_slug, "")
        case [section_slug, file] if "." in file:
            # As a section's feeds: no slug holds a dot.
            section = _heir(section_slug, "")
            address = section and f"{section}{file}"
        case [section_slug, slug]:
            address = _heir(section_slug, slug) or _in_renamed_section(section_slug, slug)
        case [section_slug, slug, "history", *below]:
            # The past of an article goes where the article goes.
            article = _heir(section_slug, slug) or _in_renamed_section(section_slug, slug)
            end = "/" if path.endswith("/") else ""
            address = article and "/".join([article.rstrip("/"), "history", *below]) + end
        case _:
            return None
    return address if address != path else None


def _in_renamed_section(section_slug: str, slug: str) -> str | None:
    section = _heir(section_slug, "")
    if section is None:
        return None
    article = find_article(section.strip("/"), slug)
    if article is None:
        return _heir(section.strip("/"), slug)
    return None if article.visibility == Visibility.PRIVATE else article.address


def _heir(section_slug: str, slug: str) -> str | None:
    rows = (
        FormerAddress.objects.filter(section_slug=section_slug, slug=slug, page__live=True)
        .exclude(page__article__visibility=Visibility.PRIVATE)
        .values_list("page__url_path", flat=True)[:1]
    )
    return next((address_of(row) for row in rows), None)
