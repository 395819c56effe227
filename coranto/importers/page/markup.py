"""The lines of an HTML page, and the regions its articles stand in."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Final

from lxml import etree

from coranto.importers.bodies.elements import DROPPED, INLINE
from coranto.importers.page import hints, shapes
from coranto.importers.page.folding import names
from coranto.importers.page.lines import Line
from coranto.importers.rules.embeds import is_player

if TYPE_CHECKING:
    from collections.abc import Iterable

    from coranto.importers.page.lines import Hint, Kind

_KEPT: Final = names("a b strong i em code kbd sub sup s del q cite small abbr mark u")
_HEADINGS: Final = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_PLAYERS: Final = frozenset(["iframe", "video", "audio", "embed", "object"])
_SHORT_BLOCK: Final = 200
_MAX_TABLE: Final = 20_000
# A wrapper may be named after what stands beside the text: `has-sidebar`, `comments-open`.
_TOO_MUCH_FOR_FURNITURE: Final = 0.5


def parse(html: str) -> Any | None:
    """The tree of a page; nothing where there is none to be made."""
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, recover=True, huge_tree=True
    )
    try:
        return etree.fromstring(html.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


@dataclass(slots=True)
class Walked:
    """A page's lines; `spans` says which of them stand in which element."""

    lines: list[Line]
    spans: dict[Any, tuple[int, int]]


def walk(body: Any) -> Walked:
    """Every word of an element as lines, in the order of the page, however deep it is nested."""
    return _Walk(body).run()


@dataclass(slots=True)
class _Context:
    """What the elements around a line say of it."""

    element: Any
    kind: Kind = "text"
    hint: Hint = ""
    level: int = 0
    list_tag: str = ""
    block: int = 0


@dataclass(slots=True)
class _Run:
    """The line that is being made."""

    html: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    linked: int = 0
    emphatic: int = 0
    target: str = ""


class _Walk:
    def __init__(self, body: Any) -> None:
        self._body = body
        self._lengths = _lengths_of(body)
        self._lines: list[Line] = []
        self._spans: dict[Any, tuple[int, int]] = {}
        self._contexts = [_Context(body)]
        self._inline: list[Any] = []
        self._run = _Run()
        self._blocks = 0

    def run(self) -> Walked:
        skipped: Any = None
        for event, element in etree.iterwalk(self._body, events=("start", "end")):
            if skipped is not None:
                if event == "end" and element is skipped:
                    skipped = None
                    self._say(element.tail)
            elif not isinstance(element.tag, str):
                if event == "end":
                    self._say(element.tail)
            elif event == "start":
                if self._is_left_out(element) or self._take_whole(element):
                    skipped = element
                else:
                    self._open(element)
                    self._say(element.text)
            else:
                self._close(element)
                if element is not self._body:
                    self._say(element.tail)
        self._flush()
        return Walked(self._lines, self._spans)

    def _is_left_out(self, element: Any) -> bool:
        return element.tag in DROPPED or (element is not self._body and hints.is_hidden(element))

    # Elements -----------------------------------------------------------------------------------------------

    def _open(self, element: Any) -> None:
        tag = element.tag
        if tag == "br":
            if self._run.html and self._run.html[-1] == "<br>":
                self._flush()
            elif self._run.text:
                self._run.html.append("<br>")
                self._run.text.append(" ")
            return
        if self._is_inline(element):
            self._inline.append(element)
            if tag in _KEPT:
                self._run.html.append(_tag(element))
            return
        self._flush()
        self._contexts.append(self._context_of(element))
        self._spans[element] = (len(self._lines), len(self._lines))

    def _close(self, element: Any) -> None:
        if element.tag == "br":
            return
        if self._inline and self._inline[-1] is element:
            self._inline.pop()
            if element.tag in _KEPT:
                self._run.html.append(f"</{element.tag}>")
            return
        if element in self._spans:
            self._flush()
            self._spans[element] = (self._spans[element][0], len(self._lines))
            if self._contexts[-1].element is element:
                self._contexts.pop()

    def _is_inline(self, element: Any) -> bool:
        """Whether it is part of a run of text. A label of its own within a short line is not."""
        if element.tag not in INLINE:
            return False
        if element.tag == "cite" and self._contexts[-1].kind == "quote":
            return False
        if hints.hint_of(element) not in {"byline", "date", "views", "section"}:
            return True
        return self._length_around(element) > _SHORT_BLOCK

    def _length_around(self, element: Any) -> int:
        """How many letters stand in the same run of text."""
        while element.getparent() is not None and element.getparent().tag in INLINE:
            element = element.getparent()
        length = self._lengths.get(element, 0) + len((element.tail or "").strip())
        for preceding in (True, False):
            for each in element.itersiblings(preceding=preceding):
                if each.tag not in INLINE or length > _SHORT_BLOCK:
                    break
                length += self._lengths.get(each, 0) + len((each.tail or "").strip())
        return length

    def _context_of(self, element: Any) -> _Context:
        above = self._contexts[-1]
        tag = element.tag
        made = _Context(element, above.kind, above.hint, above.level, above.list_tag, above.block)
        hint = hints.hint_of(element)
        if hint and above.hint != "furniture" and not (hint == "furniture" and self._is_most_of_it(element)):
            made.hint = hint
        if tag in _HEADINGS:
            made.kind, made.level = "heading", int(tag[1])
        elif tag == "blockquote":
            made.kind, made.list_tag = "quote", ""
        elif tag in {"cite", "footer"} and above.kind == "quote":
            made.list_tag, made.hint = "cite", above.hint
        elif tag == "figcaption" or (
            tag in {"p", "div"}
            and hints.names_of(element) & {"wp-caption-text", "caption", "photo-caption", "image-caption"}
        ):
            made.kind = "caption"
        elif tag in {"ul", "ol", "menu"}:
            made.list_tag = "ol" if tag == "ol" else "ul"
        elif tag == "li" and above.kind != "quote":
            made.kind = "item"
        if tag not in {"p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "cite"}:
            self._blocks += 1
            made.block = self._blocks
        return made

    def _is_most_of_it(self, element: Any) -> bool:
        whole = self._lengths.get(self._body, 0)
        return element.tag not in {"nav", "footer"} and self._lengths.get(element, 0) > _TOO_MUCH_FOR_FURNITURE * whole

    def _take_whole(self, element: Any) -> bool:
        """Pictures, players, tables and what keeps its white space: a line each."""
        tag = element.tag
        if tag == "img":
            self._flush()
            self._add(Line("", "picture", target=_source_of(element), alt=" ".join((element.get("alt") or "").split())))
            return True
        if tag in _PLAYERS:
            self._flush()
            url = next((url for name in ("src", "data-src", "data") if (url := element.get(name) or "")), "")
            if is_player("https:" + url if url.startswith("//") else url) or tag in {"video", "audio"}:
                self._add(Line("", "whole", _markup_of(element), target=url))
            return True
        if tag == "pre" or (tag == "table" and self._is_data(element)):
            self._flush()
            self._add(Line(" ".join("".join(element.itertext()).split()), "whole", _markup_of(element)))
            return True
        if tag == "hr":
            self._flush()
        return False

    def _is_data(self, table: Any) -> bool:
        """Whether a table is one; on old sites a whole page stands in them."""
        if self._lengths.get(table, 0) > _MAX_TABLE or sum(1 for _ in table.iter("tr")) < 2:
            return False
        if any(True for _ in table.iterdescendants("table", "h1", "h2", "h3", "article", "blockquote", "form", "img")):
            return False
        cells = [self._lengths.get(cell, 0) for cell in table.iter("td", "th")]
        return bool(cells) and max(cells) < 400

    # Text -----------------------------------------------------------------------------------------------------

    def _say(self, text: str | None) -> None:
        if not text:
            return
        if not text.strip():
            if self._run.text:
                self._run.text.append(" ")
                self._run.html.append(" ")
            return
        run = self._run
        run.text.append(text)
        run.html.append(escape(text, quote=False))
        tags = {each.tag for each in self._inline}
        link = next((each for each in self._inline if each.tag == "a"), None)
        if link is not None:
            run.linked += len(text.strip())
            run.target = run.target or (link.get("href") or "")
        if tags & {"b", "strong", "i", "em"}:
            run.emphatic += len(text.strip())

    def _flush(self) -> None:
        run, self._run = self._run, _Run()
        text = " ".join("".join(run.text).split())
        if text:
            context = self._contexts[-1]
            closed = "".join(f"</{each.tag}>" for each in reversed(self._inline) if each.tag in _KEPT)
            solid = len(text)
            self._add(
                Line(
                    text,
                    context.kind,
                    _tidy("".join(run.html) + closed),
                    context.hint,
                    level=context.level,
                    links=min(1.0, run.linked / solid),
                    target=run.target,
                    list_tag=context.list_tag,
                    is_emphatic=run.emphatic > 0.9 * (solid - solid // 10),
                )
            )
        self._run.html = [_tag(each) for each in self._inline if each.tag in _KEPT]

    def _add(self, line: Line) -> None:
        context = self._contexts[-1]
        line.block = context.block
        if not line.hint:
            line.hint = context.hint
        self._lines.append(line)


def _lengths_of(body: Any) -> dict[Any, int]:
    """How many letters stand in each element. One pass, without recursion."""
    lengths: dict[Any, int] = {}
    for _, element in etree.iterwalk(body, events=("end",)):
        if not isinstance(element.tag, str) or element.tag in DROPPED:
            continue
        length = len((element.text or "").strip())
        for child in element:
            length += lengths.get(child, 0) + len((child.tail or "").strip())
        lengths[element] = length
    return lengths


def _tag(element: Any) -> str:
    if element.tag == "a":
        href = (element.get("href") or "").strip()
        return f'<a href="{escape(href)}">' if href else "<a>"
    return f"<{element.tag}>"


def _tidy(html: str) -> str:
    return " ".join(html.split()).removesuffix("<br>").strip()


def _source_of(img: Any) -> str:
    """The address of a picture; what loads late keeps it elsewhere."""
    for name in ("src", "data-src", "data-lazy-src", "data-original"):
        url = (img.get(name) or "").strip()
        if url and not (url.startswith("data:") and len(url) < 500):
            return url
    return ""


def _markup_of(element: Any) -> str:
    return etree.tostring(element, encoding="unicode", method="html", with_tail=False)


def outermost(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those spans that lie in no other, in order."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if end > start and (not found or start >= found[-1][1]):
            found.append((start, end))
    return found


def is_prose(line: Line) -> bool:
    """A line that is a paragraph of something rather than a label of it."""
    return (
        line.kind in {"text", "quote", "item"}
        and line.is_sentence
        and shapes.weight(line.text) >= 60
        and line.links < 0.5
    )
