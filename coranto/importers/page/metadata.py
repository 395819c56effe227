"""What a page says of itself to machines."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from coranto.importers.page.dates import find_date

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

_ARTICLES: Final = frozenset(
    {
        "Article",
        "NewsArticle",
        "BlogPosting",
        "OpinionNewsArticle",
        "AnalysisNewsArticle",
        "ReportageNewsArticle",
        "Report",
    }
)
_MAX_JSON: Final = 500_000


@dataclass(slots=True)
class Metadata:
    """Of the page, or of its one article. `url` is where it was; `title` is the window's."""

    url: str = ""
    title: str = ""
    site: str = ""
    headline: str = ""
    description: str = ""
    people: list[str] = field(default_factory=list)
    published: datetime | None = None
    section: str = ""
    language: str = ""


def read_metadata(tree: Any, url: str = "") -> Metadata:
    """Reads JSON-LD, Open Graph and plain `<meta>`; what contradicts itself is read in that order."""
    meta = _metas(tree)
    told = Metadata(language=(tree.get("lang") or "")[:10].lower())
    title = next(iter(tree.iter("title")), None)
    told.title = _line(title.text) if title is not None else ""
    link = next(
        (each.get("href") for each in tree.iter("link") if "canonical" in (each.get("rel") or "").lower().split()), None
    )
    base = next((each.get("href") for each in tree.iter("base") if each.get("href")), "") or url
    told.url = _address(link or meta.get("og:url") or url, base)
    told.site = meta.get("og:site_name") or meta.get("application-name") or ""
    told.headline = meta.get("og:title") or ""
    told.description = meta.get("og:description") or meta.get("description") or ""
    told.section = meta.get("article:section") or ""
    told.published = find_date(meta.get("article:published_time") or meta.get("date") or meta.get("dc.date") or "")
    author = meta.get("author") or meta.get("article:author") or ""
    told.people = [author] if author and "://" not in author else []
    for thing in _things(tree):
        _take(told, thing)
        break
    return told


def _take(told: Metadata, thing: dict[str, Any]) -> None:
    told.headline = _text(thing.get("headline")) or told.headline
    told.description = _text(thing.get("description")) or told.description
    told.published = find_date(_text(thing.get("datePublished"))) or told.published
    section = thing.get("articleSection")
    told.section = _text(section[0] if isinstance(section, list) and section else section) or told.section
    authors = thing.get("author") or []
    named = [
        _text(each.get("name") if isinstance(each, dict) else each)
        for each in (authors if isinstance(authors, list) else [authors])
    ]
    told.people = [each for each in named if each and "://" not in each] or told.people
    publisher = thing.get("publisher")
    if isinstance(publisher, dict):
        told.site = told.site or _text(publisher.get("name"))


def _things(tree: Any) -> Iterator[dict[str, Any]]:
    for script in tree.iter("script"):
        if (
            (script.get("type") or "").lower() != "application/ld+json"
            or not script.text
            or len(script.text) > _MAX_JSON
        ):
            continue
        try:
            found = json.loads(script.text, strict=False)
        except (ValueError, RecursionError):
            continue
        waiting = [found]
        for _ in range(1_000):
            if not waiting:
                break
            each = waiting.pop(0)
            if isinstance(each, list):
                waiting += each
            elif isinstance(each, dict):
                kinds = each.get("@type")
                if set(kinds if isinstance(kinds, list) else [kinds]) & _ARTICLES:
                    yield each
                if isinstance(each.get("@graph"), list):
                    waiting += each["@graph"]


def _metas(tree: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in tree.iter("meta"):
        name = (each.get("property") or each.get("name") or each.get("itemprop") or "").lower()
        content = _line(each.get("content"))
        if name and content:
            found.setdefault(name, content)
    return found


def _text(value: Any) -> str:
    return _line(value) if isinstance(value, str) else ""


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def _address(url: str, base: str) -> str:
    try:
        absolute = urljoin(base, url.strip())
        return absolute if urlsplit(absolute).scheme in {"http", "https"} and urlsplit(absolute).hostname else ""
    except ValueError:
        return ""
