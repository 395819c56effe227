"""The text of an entry as HTML that stands by itself: no script, no form, every address whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from lxml import html as parser

from coranto.feeds.rules import xml_text
from coranto.kit.html import clean_body

if TYPE_CHECKING:
    from coranto.feeds.documents.entries import Entry


def html_of(entry: Entry) -> str:
    """The whole text: pictures with their words, credits and corrections included."""
    # Cleaned last: what an administrator kept as HTML may hold anything.
    cleaned = clean_body(render_to_string(entry.template, {"entry": entry}))
    return xml_text(_with_whole_addresses(cleaned, entry.url))


def _with_whole_addresses(html: str, base: str) -> str:
    if not html.strip():
        return ""
    root = parser.fragment_fromstring(html, create_parent="div")
    root.make_links_absolute(base, handle_failures="discard")
    written: str = parser.tostring(root, encoding="unicode")
    return written.removeprefix("<div>").removesuffix("</div>").strip()
