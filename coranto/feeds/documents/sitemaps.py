"""Sitemaps (sitemaps.org, protocol 0.9) and the one for news."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils.encoding import iri_to_uri
from lxml import etree

from coranto.feeds.rules import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

MEDIA_TYPE: Final = "application/xml; charset=utf-8"

_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PLAIN: Final[dict[Any, str]] = {None: _SITEMAP}  # its stubs know no prefix that is none
_NEWS: Final = "http://www.google.com/schemas/sitemap-news/0.9"


@dataclass(frozen=True, slots=True)
class SitemapLine:
    """An address on this site, and when what is there last changed for its readers."""

    address: str
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewsItem:
    address: str
    headline: str
    published_at: datetime


def write_index(addresses: Iterable[str]) -> bytes:
    """The sitemaps at these addresses of this site."""
    root = etree.Element(f"{{{_SITEMAP}}}sitemapindex", nsmap=_PLAIN)
    for address in addresses:
        _say(etree.SubElement(root, f"{{{_SITEMAP}}}sitemap"), _SITEMAP, "loc", whole(address))
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def write_part(lines: Iterable[SitemapLine]) -> bytes:
    """Empty for no line: a sitemap without an address is none. Elements are written and let go one by one."""
    file = io.BytesIO()
    count = 0
    with etree.xmlfile(file, encoding="utf-8") as document:
        document.write_declaration()
        with document.element(f"{{{_SITEMAP}}}urlset", nsmap=_PLAIN):
            for line in lines:
                _write_line(document, line)
                count += 1
    return file.getvalue() if count else b""


def _write_line(document: etree._IncrementalFileWriter, line: SitemapLine) -> None:
    changed = line.changed_at.isoformat(timespec="seconds") if line.changed_at else ""
    with document.element(f"{{{_SITEMAP}}}url"):
        for name, text in (("loc", whole(line.address)), ("lastmod", changed)):
            if text:
                with document.element(f"{{{_SITEMAP}}}{name}"):
                    document.write(xml_text(text))


def write_news(items: Iterable[NewsItem], *, name: str, language: str) -> bytes:
    """`language` as the publication says it; the format wants ISO 639, and two kinds of Chinese."""
    root = etree.Element(f"{{{_SITEMAP}}}urlset", nsmap={**_PLAIN, "news": _NEWS})
    for item in items:
        url = etree.SubElement(root, f"{{{_SITEMAP}}}url")
        _say(url, _SITEMAP, "loc", whole(item.address))
        news = etree.SubElement(url, f"{{{_NEWS}}}news")
        publication = etree.SubElement(news, f"{{{_NEWS}}}publication")
        _say(publication, _NEWS, "name", name)
        _say(publication, _NEWS, "language", _bare(language))
        _say(news, _NEWS, "publication_date", item.published_at.isoformat(timespec="seconds"))
        _say(news, _NEWS, "title", item.headline)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _bare(language: str) -> str:
    tag = language.lower()
    return tag if tag in {"zh-cn", "zh-tw"} else tag.partition("-")[0]


def whole(address: str) -> str:
    """An address of ours as programs want it: with the origin, percent-encoded."""
    return iri_to_uri(settings.ORIGIN + address)


def _say(parent: etree._Element, namespace: str, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{namespace}}}{name}").text = xml_text(text)
