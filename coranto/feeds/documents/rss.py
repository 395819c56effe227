"""RSS 2.0 (rssboard.org), with Dublin Core, Media RSS and the whole text in `content:encoded`."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

from lxml import etree
from lxml.builder import ElementMaker

from coranto.feeds.documents import extension
from coranto.feeds.documents.pictures import enclosed, media_type
from coranto.feeds.documents.texts import html_of
from coranto.feeds.rules import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coranto.feeds.documents.entries import Entry, Feed

NAME: Final = "RSS"
FILE: Final = "rss.xml"
MEDIA_TYPE: Final = "application/rss+xml"

_NAMESPACES: Final = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "coranto": extension.NAMESPACE,
}
_E: Final = ElementMaker(nsmap=_NAMESPACES)
_ATOM, _CONTENT, _DC, _MEDIA = (
    ElementMaker(namespace=_NAMESPACES[each], nsmap=_NAMESPACES) for each in ("atom", "content", "dc", "media")
)


def write(feed: Feed) -> bytes:
    channel = _E.channel(
        _E.title(xml_text(feed.title)),
        _E.link(feed.url),
        _E.description(xml_text(feed.about or feed.title)),
        _ATOM.link(rel="self", type=MEDIA_TYPE, href=feed.file_url(FILE)),
        *([_ATOM.link(rel="hub", href=feed.hub)] if feed.hub else []),
        _E.language(feed.language),
        _E.lastBuildDate(format_datetime(feed.updated_at)),
        *_image(feed),
        *(_item(each) for each in feed.entries),
    )
    return etree.tostring(_E.rss(channel, version="2.0"), xml_declaration=True, encoding="utf-8")


def _image(feed: Feed) -> Iterator[etree._Element]:
    if feed.icon:
        yield _E.image(_E.url(feed.icon), _E.title(xml_text(feed.title)), _E.link(feed.url))


def _item(entry: Entry) -> etree._Element:
    return _E.item(
        _E.title(xml_text(entry.title)),
        _E.link(entry.url),
        _E.guid(entry.id, isPermaLink="false"),
        _E.pubDate(format_datetime(entry.published_at)),
        _ATOM.updated(entry.updated_at.isoformat()),
        *(_DC.creator(xml_text(each.name)) for each in entry.people),
        *(_E.category(xml_text(each.name), domain=each.scheme) for each in entry.categories),
        *([_E.description(xml_text(entry.summary))] if entry.summary else []),
        _CONTENT.encoded(html_of(entry)),
        *_picture(entry),
        *(_DC.source(xml_text(each)) for each in entry.original_urls),
        *(_DC.rights(xml_text(each)) for each in entry.licences),
        *extension.elements(entry),
    )


def _picture(entry: Entry) -> Iterator[etree._Element]:
    shared = entry.figure.shared if entry.figure else None
    if entry.figure is None or shared is None:
        return
    found = enclosed(shared)
    if found:
        yield _E.enclosure(url=found.url, length=str(found.length), type=found.media_type)
    content = _MEDIA.content(
        url=extension.absolute(shared.url),
        medium="image",
        type=media_type(shared),
        width=str(shared.width),
        height=str(shared.height),
    )
    about, credit = entry.figure.caption or entry.figure.alt, entry.figure.credit
    if about:
        content.append(_MEDIA.description(xml_text(about), type="plain"))
    if credit:
        content.append(_MEDIA.credit(xml_text(credit)))
    yield content
