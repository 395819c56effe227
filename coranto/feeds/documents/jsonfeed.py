"""JSON Feed 1.1 (jsonfeed.org/version/1.1)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from coranto.feeds.documents import extension
from coranto.feeds.documents.pictures import enclosed
from coranto.feeds.documents.texts import html_of
from coranto.feeds.rules import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from coranto.feeds.documents.entries import Entry, Feed, Person
    from coranto.feeds.documents.pictures import Enclosed

NAME: Final = "JSON Feed"
FILE: Final = "feed.json"
MEDIA_TYPE: Final = "application/feed+json"
VERSION: Final = "https://jsonfeed.org/version/1.1"


def write(feed: Feed) -> bytes:
    data = _present(
        {
            "version": VERSION,
            "title": xml_text(feed.title),
            "description": xml_text(feed.about),
            "home_page_url": feed.url,
            "feed_url": feed.file_url(FILE),
            "icon": feed.icon,
            "language": feed.language,
            "authors": [{"name": xml_text(feed.publication)}],
            "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else [],
        }
    )
    return json.dumps({**data, "items": [_item(each) for each in feed.entries]}, ensure_ascii=False).encode()


def _item(entry: Entry) -> dict[str, Any]:
    shared = entry.figure.shared if entry.figure else None
    found = enclosed(shared) if shared else None
    data = _present(
        {
            "id": entry.id,
            "url": entry.url,
            "external_url": next(iter(entry.original_urls), ""),
            "title": xml_text(entry.title),
            "summary": xml_text(entry.summary),
            "image": found.url if found else "",
            "date_published": entry.published_at.isoformat(),
            "date_modified": entry.updated_at.isoformat(),
            "authors": [_person(each) for each in entry.people],
            "tags": list(_names(entry)),
            "attachments": [_attachment(found)] if found else [],
            # Its name begins with an underscore, as extensions' do.
            "_coranto": _present(
                {
                    "credits": [extension.credit_data(each) for each in entry.credits],
                    "corrections": [extension.correction_data(each) for each in entry.corrections],
                }
            ),
        }
    )
    return {**data, "content_html": html_of(entry)}  # which an item has even when there is nothing in it


def _attachment(found: Enclosed) -> dict[str, Any]:
    return {"url": found.url, "mime_type": found.media_type, "size_in_bytes": found.length}


def _person(person: Person) -> dict[str, str]:
    return _present({"name": xml_text(person.name), "url": person.url})


def _names(entry: Entry) -> Iterable[str]:
    return dict.fromkeys(xml_text(each.name) for each in entry.categories)


def _present(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value}
