"""oEmbed 1.0 (oembed.com): a link that says what it leads to. No markup of ours runs on another's page."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from lxml import etree

from coranto.feeds.documents.entries import signed
from coranto.feeds.rules import xml_text
from coranto.newsroom.documents import absolute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coranto.masthead.models import PictureRendition
    from coranto.newsroom.queries import Card

MEDIA_TYPES: Final[Mapping[str, str]] = {"json": "application/json", "xml": "text/xml; charset=utf-8"}
A_DAY: Final = 86_400


def link_data(card: Card, *, provider: str, width: int | None, height: int | None) -> dict[str, Any]:
    """What an article is elsewhere; its picture in the largest size within these measures, none where none fits."""
    made = _thumbnail(card, width=width, height=height)
    people = signed(card.authors, card.credits)
    data = {
        "version": "1.0",
        "type": "link",
        "title": xml_text(card.article.headline),
        "author_name": xml_text(", ".join(each.name for each in people)),
        "author_url": people[0].url if len(people) == 1 else "",
        "provider_name": xml_text(provider),
        "provider_url": f"{settings.ORIGIN}/",
        "cache_age": A_DAY,
        # The three go together.
        "thumbnail_url": absolute(made.url) if made else "",
        "thumbnail_width": made.width if made else None,
        "thumbnail_height": made.height if made else None,
    }
    return {name: value for name, value in data.items() if value}


def _thumbnail(card: Card, *, width: int | None, height: int | None) -> PictureRendition | None:
    figure = card.figure
    if figure is None:
        return None
    fitting = [
        each
        for each in figure.sizes
        if (width is None or each.width <= width) and (height is None or each.height <= height)
    ]
    return max(fitting, key=lambda each: each.width, default=None)


def write(data: Mapping[str, Any], form: str) -> bytes:
    if form == "json":
        return json.dumps(data, ensure_ascii=False).encode()
    root = etree.Element("oembed")
    for name, value in data.items():
        etree.SubElement(root, name).text = str(value)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", standalone=True)
