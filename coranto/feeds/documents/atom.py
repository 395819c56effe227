"""The Atom Syndication Format (RFC 4287)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lxml import etree
from lxml.builder import ElementMaker

from coranto.feeds.documents import extension
from coranto.feeds.documents.pictures import enclosed
from coranto.feeds.documents.texts import html_of
from coranto.feeds.rules import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coranto.feeds.documents.entries import Entry, Feed, Person

NAME: Final = "Atom"
FILE: Final = "atom.xml"
MEDIA_TYPE: Final = "application/atom+xml"

_ATOM: Final = "http://www.w3.org/2005/Atom"
_E: Final = ElementMaker(namespace=_ATOM, nsmap={None: _ATOM, "coranto": extension.NAMESPACE})
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def write(feed: Feed) -> bytes:
    root = _E.feed(
        _E.id(feed.file_url(FILE)),
        _E.title(xml_text(feed.title)),
        *([_E.subtitle(xml_text(feed.about))] if feed.about else []),
        _E.updated(feed.updated_at.isoformat()),
        _E.author(_E.name(xml_text(feed.publication))),
        _E.link(rel="self", type=MEDIA_TYPE, href=feed.file_url(FILE)),
        _E.link(rel="alternate", type="text/html", href=feed.url),
        *([_E.link(rel="hub", href=feed.hub)] if feed.hub else []),
        *([_E.logo(feed.icon)] if feed.icon else []),
        *(_entry(each) for each in feed.entries),
    )
    root.set(_LANGUAGE, feed.language)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _entry(entry: Entry) -> etree._Element:
    return _E.entry(
        _E.id(entry.id),
        _E.title(xml_text(entry.title)),
        # §4.2.15: the last change a reader would call one; a typing error put right is none.
        _E.updated(entry.updated_at.isoformat()),
        _E.published(entry.published_at.isoformat()),
        *(_person(each) for each in entry.people if xml_text(each.name)),  # §3.2.1: a name has a character at least
        *(_E.category(term=xml_text(each.name), scheme=each.scheme) for each in entry.categories),
        _E.link(rel="alternate", type="text/html", href=entry.url),
        *(_E.link(rel="via", href=each) for each in entry.original_urls),
        *_enclosure(entry),
        *([_E.rights(xml_text("; ".join(entry.licences)))] if entry.licences else []),
        *([_E.summary(xml_text(entry.summary))] if entry.summary else []),
        _E.content(html_of(entry), type="html"),
        *extension.elements(entry),
    )


def _person(person: Person) -> etree._Element:
    return _E.author(_E.name(xml_text(person.name)), *([_E.uri(person.url)] if person.url else []))


def _enclosure(entry: Entry) -> Iterator[etree._Element]:
    shared = entry.figure.shared if entry.figure else None
    found = enclosed(shared) if shared else None
    if entry.figure and found:
        more = {"title": xml_text(entry.figure.alt)} if entry.figure.alt else {}
        yield _E.link(rel="enclosure", type=found.media_type, length=str(found.length), href=found.url, **more)
