"""Runs of text with links and emphasis, written anew from a parsed tree."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, Final

from coranto.importers.bodies.elements import DROPPED, INLINE

if TYPE_CHECKING:
    from collections.abc import Callable

# How Wagtail's editor stores each.
_KEPT: Final = {
    "b": "b", "strong": "b", "i": "i", "em": "i", "code": "code", "kbd": "code", "samp": "code", "tt": "code",
    "sub": "sub", "sup": "sup", "s": "s", "strike": "s", "del": "s",
}  # fmt: skip
_MORE_THAN_A_SPACE: Final = re.compile(r"[\t\n\r\f]|  ")
_SPACE: Final = re.compile(r"[ \t\n\r\f]+")


class InlineWriter:
    """Writes trees as inline markup; `link` gives the attributes of `<a>` for an address, or nothing."""

    def __init__(self, link: Callable[[str], str]) -> None:
        self._link = link

    def text(self, text: str | None) -> str:
        if not text:
            return ""
        if _MORE_THAN_A_SPACE.search(text):
            text = _SPACE.sub(" ", text)
        return escape(text, quote=False)

    def inner(self, element: Any) -> str:
        """What is inside an element."""
        if not len(element):
            return self.text(element.text)
        parts = [self.text(element.text)]
        for child in element:
            parts += (self.outer(child), self.text(child.tail))
        return "".join(parts)

    def outer(self, element: Any) -> str:
        tag = element.tag
        if not isinstance(tag, str) or tag in DROPPED:
            return ""
        if tag == "br":
            return "<br>"
        inner = self.inner(element)
        kept = _KEPT.get(tag)
        if kept:
            return f"<{kept}>{inner}</{kept}>" if inner.strip() else inner
        if tag == "a":
            attributes = self._link(element.get("href") or "")
            return f"<a {attributes}>{inner}</a>" if attributes and inner.strip() else inner
        return inner if tag in INLINE else f" {inner} "


def tidy(html: str) -> str:
    """Without white space and line breaks at its ends."""
    html = html.strip()
    while html.startswith("<br>"):
        html = html[4:].lstrip()
    while html.endswith("<br>"):
        html = html[:-4].rstrip()
    return html


def remove_element(element: Any) -> None:
    """Take an element out of its tree; the text behind it stays."""
    above, before = element.getparent(), element.getprevious()
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            above.text = (above.text or "") + element.tail
    above.remove(element)
