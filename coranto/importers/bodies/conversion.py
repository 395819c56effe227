"""From a fragment of HTML to raw stream blocks, block by block in reading order.

The text of the blocks is compared with the text of the fragment; where it would differ, the fragment is kept
as one block of sanitised HTML instead, and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html import escape, unescape
from typing import TYPE_CHECKING, Any, Final, Protocol

from lxml import etree

from coranto.importers.bodies import figures, lists, quotes, tables
from coranto.importers.bodies.blocks import Blocks
from coranto.importers.bodies.elements import DROPPED, INLINE, MEDIA, SPLITTING
from coranto.importers.bodies.inline import InlineWriter, tidy
from coranto.importers.rules.embeds import provider_of
from coranto.kit import html as kit
from coranto.newsroom.rules import text_of_body, texts_of_block

if TYPE_CHECKING:
    from collections.abc import Iterable

Block = dict[str, Any]

_PARSER: Final = etree.HTMLParser(
    encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, recover=True
)
_TAG: Final = re.compile(r"<[^>]*>")
_IMG: Final = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ATTRIBUTES: Final = re.compile(
    r"""\b(src|data-src|data-picture)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE
)


class References(Protocol):
    """What addresses in a text mean here."""

    def link(self, url: str) -> int | str:
        """The id of our own page an address leads to, or the address to use, empty for none."""

    def picture(self, key: str, url: str) -> int | None:
        """Our picture for one of the source, by its key or its address; nothing when we have none."""

    def is_own(self, url: str) -> bool:
        """Whether an address is one of the source's own site."""

    def related(self, key: str, headline: str) -> int | None:
        """Our article that a card shows, by its key in the source or its headline; nothing when we have none."""


@dataclass(slots=True)
class Converted:
    """`kept` counts the pieces that stay HTML, by reason.

    `missing` are pictures we do not have, `unknown` headlines of cards that lead to no article of ours.
    """

    body: list[Block] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def pictures_in(html: str) -> list[tuple[str, str]]:
    """Keys (may be empty) and addresses of the pictures a fragment shows."""
    if "<img" not in html and "<IMG" not in html:
        return []
    found = []
    for tag in _IMG.findall(html):
        attributes = {
            name.lower(): unescape(double or single or plain)
            for name, double, single, plain in _ATTRIBUTES.findall(tag)
        }
        found.append((attributes.get("data-picture", ""), attributes.get("src") or attributes.get("data-src") or ""))
    return found


def convert_body(html: str, references: References) -> Converted:
    """Raw blocks of a body; sanitised, whatever the HTML held."""
    if not html.strip():
        return Converted()
    conversion = Conversion(references)
    if conversion.run(html) and _same_text(html, conversion):
        return conversion.out
    whole = Converted(missing=conversion.out.missing, unknown=conversion.out.unknown)
    whole.kept["the whole text, whose words would have changed otherwise"] += 1
    kept = kit.clean_body(html)
    if kept.strip():
        whole.body.append({"type": "html", "value": kept})
    return whole


def _same_text(html: str, conversion: Conversion) -> bool:
    """Whether the blocks say what the HTML said, white space and dashes before attributions aside."""
    made = _words_of("".join(_markup_of(conversion.out.body)))
    said = _words_of(html)
    if made == said:
        return True  # the usual case, without another parse
    moved = [_plain(_solid(each)) for each in conversion.moved]
    if _plain(made) == _without(_plain(said), moved):
        return True
    made = _plain(_solid(text_of_body(conversion.out.body)))
    return made == _without(_plain(_solid(kit.text_of(html))), moved)


def _markup_of(body: Iterable[Block]) -> Iterable[str]:
    """All that `text_of_body` reads, as markup."""
    for block in body:
        value = block["value"]
        match block["type"]:
            case "paragraph" | "html":
                yield value
            case "quote":
                yield value["text"]
                yield escape(value["attribution"])
            case "list":
                yield from (item["value"] for item in value["items"])
            case kind:
                yield from map(escape, texts_of_block(kind, value))


def _words_of(html: str) -> str:
    return _solid(unescape(_TAG.sub("", html)))


# Dashes of all kinds, which may introduce who is quoted, and what has no width.
_DASHES: Final = dict.fromkeys(map(ord, "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212~\u200b\ufeff"))


def _solid(text: str) -> str:
    return "".join(text.split())


def _plain(text: str) -> str:
    return text.translate(_DASHES)


def _without(text: str, moved: Iterable[str]) -> str:
    for each in moved:
        text = text.replace(each, "", 1)
    return text


class Conversion:
    """One walk through one tree. `moved` is text that stands in no block's text, such as an embed's address."""

    def __init__(self, references: References) -> None:
        self.references = references
        self.out = Converted()
        self.moved: list[str] = []
        self.blocks = Blocks(self.out)
        self.inline = InlineWriter(self._link_attributes)
        self._loose: list[str] = []

    def run(self, html: str) -> bool:
        document = etree.fromstring(f"<html><body>{html}</body></html>".encode("utf-8", "replace"), _PARSER)
        body = document.find("body") if document is not None else None
        if body is None:
            return False
        try:
            self.walk(body)
        except RecursionError:  # nested deeper than any prose
            return False
        return True

    def _link_attributes(self, href: str) -> str:
        href = href.strip()
        if not href:
            return ""
        target = self.references.link(href)
        if isinstance(target, int):
            return f'linktype="page" id="{target}"'
        return f'href="{escape(target)}"' if target else ""

    # The flow ---------------------------------------------------------------------------------------------

    def walk(self, container: Any) -> None:
        """Everything inside an element, as blocks."""
        self._say(self.inline.text(container.text))
        for child in container:
            self.take(child)
            self._say(self.inline.text(child.tail))
        self.flush()

    def _say(self, html: str) -> None:
        if html:
            self._loose.append(html)

    def flush(self) -> None:
        """End the paragraph that loose text was making."""
        if self._loose:
            html = tidy("".join(self._loose))
            self._loose = []
            self.blocks.paragraph(html)

    def take(self, element: Any) -> None:  # noqa: C901, PLR0912 - one case for each kind of element
        tag = element.tag
        if not isinstance(tag, str):
            return
        match tag:
            case _ if tag in INLINE:
                self._take_inline(element)
            case "p":
                self.flush()
                self.paragraph(element)
            case "img":
                self.flush()
                figures.picture(self, element, "")
            case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self.flush()
                self._heading(element)
            case "ul" | "ol" | "menu":
                self.flush()
                lists.take(self, element)
            case "blockquote":
                self.flush()
                quotes.take(self, element)
            case "figure":
                self.flush()
                figures.take(self, element)
            case "table":
                self.flush()
                tables.take(self, element)
            case "hr":
                self.flush()
                self.blocks.add("divider", None)
            case "pre" | "listing" | "xmp":
                self.flush()
                self.keep(element, "preformatted text")
            case "dl" | "details":
                self.flush()
                self.keep(element, "a list of terms" if tag == "dl" else "text that unfolds")
            case _ if tag in MEDIA:
                self.flush()
                figures.player(self, element)
            case _ if tag in DROPPED:
                if tag not in {"source", "param", "meta", "link"}:
                    self.out.remarks[f"<{tag}> was left out"] += 1
            case _:
                self.flush()
                self.walk(element)

    def _take_inline(self, element: Any) -> None:
        if holds(element, SPLITTING):
            # A link around a picture, emphasis around paragraphs: the wrapping goes, the content stays.
            self._say(self.inline.text(element.text))
            for child in element:
                self.take(child)
                self._say(self.inline.text(child.tail))
        else:
            self._say(self.inline.outer(element))

    def paragraph(self, element: Any) -> None:
        """A `<p>`, or whatever is to be read as one; pictures and players in it become blocks of their own."""
        if len(element) and holds(element, SPLITTING):
            self.walk(element)
        else:
            self.blocks.paragraph(tidy(self.inline.inner(element)))

    def _heading(self, element: Any) -> None:
        if holds(element, SPLITTING):
            self.walk(element)
            return
        text = " ".join(kit.text_of(self.inline.inner(element)).split())
        if len(text) > 255:  # noqa: PLR2004 - the heading block's length
            self.blocks.paragraph(f"<b>{tidy(self.inline.inner(element))}</b>")
        elif text:
            if element.find(".//a[@href]") is not None:
                self.out.remarks["links in headings were left out"] += 1
            level = min(4, max(2, int(element.tag[1])))
            self.blocks.add("heading", {"text": text, "level": str(level)})

    def keep(self, element: Any, reason: str) -> None:
        """Keep an element as sanitised HTML."""
        for link in element.iter("a"):
            target = self.references.link((link.get("href") or "").strip())
            if isinstance(target, str):
                link.set("href", target)
        for picture in element.iter("img"):
            self.references.picture(picture.get("data-picture") or "", picture.get("src") or "")
        html = etree.tostring(element, encoding="unicode", method="html", with_tail=False)
        self.blocks.html(html, reason)

    def embed(self, url: str, title: str = "") -> None:
        url = "https:" + url if url.startswith("//") else url
        if not url.startswith(("http://", "https://")) or len(url) > 2_000:  # noqa: PLR2004 - no address is so long
            self.blocks.paragraph(escape(title))
            return
        if len(title) > 255:  # noqa: PLR2004 - the embed block's length
            self.blocks.add("embed", {"url": url, "title": "", "provider": provider_of(url)})
            self.blocks.paragraph(escape(title))
            return
        self.blocks.add("embed", {"url": url, "title": title, "provider": provider_of(url)})


def holds(element: Any, tags: frozenset[str]) -> bool:
    """Whether anything inside an element is one of these."""
    return any(each.tag in tags for each in element.iterdescendants())
