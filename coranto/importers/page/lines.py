"""A page as a sequence of lines, each a paragraph, a label or whatever else stood on its own."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final, Literal

from coranto.importers.page import shapes
from coranto.importers.page.labels import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

Kind = Literal["text", "heading", "quote", "item", "caption", "picture", "whole"]
"""`whole`: a table, a player, preformatted text; taken or left as one."""

Hint = Literal["", "headline", "standfirst", "byline", "date", "views", "section", "card", "furniture"]

_BULLET: Final = re.compile(r"^\s*(?:[\u2022\u25cf\u25e6\u2023\u00b7*-]\s+|\d{1,2}[.)]\s+)(?=\S)")
_QUOTED: Final = re.compile(r"^\s*>\s?")
_HARD_WRAP: Final = (50, 90)


@dataclass(slots=True)
class Line:
    """One line. `html` is its inline markup, `block` what it stands in (lines of one block belong together).

    `hint` is what the markup says of it, `level` a heading's. `links` is the share of its text that is linked,
    `target` where its first link leads. `list_tag` says which kind of list an item is of.
    """

    text: str
    kind: Kind = "text"
    html: str = ""
    hint: Hint = ""
    block: int = 0
    level: int = 0
    links: float = 0.0
    target: str = ""
    list_tag: str = ""
    alt: str = ""
    is_emphatic: bool = False
    is_in_head: bool = False

    @property
    def is_furniture(self) -> bool:
        return self.hint == "furniture"

    @property
    def is_sentence(self) -> bool:
        return shapes.ends_sentence(self.text)


@dataclass(slots=True)
class Page:
    """A page's lines, and the regions of them that hold articles; one where nothing parts them.

    `title` and `site` are what the page calls itself. `is_markup`: the kinds of lines are known and not guessed.
    """

    lines: list[Line]
    spans: list[tuple[int, int]]
    title: str = ""
    site: str = ""
    is_markup: bool = False

    @property
    def regions(self) -> list[list[Line]]:
        return [self.lines[start:end] for start, end in self.spans]


class Repeats:
    """How often each short line stands on the page: what repeats is the site's and no article's."""

    def __init__(self, page: Page) -> None:
        lines = [line for line in page.lines if line.kind != "picture"]
        self._counts = Counter(fold(line.text) for line in lines)
        # What the site says of itself within a sentence is looked for in these.
        self.short = [fold(line.text) for line in lines if shapes.weight(line.text) < 200]

    def of(self, text: str) -> int:
        return self._counts[fold(text)]


def read_text(text: str) -> Page:
    """The lines of a plain-text dump; blank lines part its blocks."""
    blocks = [[line for raw in part.split("\n") if (line := raw.strip())] for part in re.split(r"\n\s*\n", text)]
    raws = [(raw, number) for number, block in enumerate(filter(None, blocks)) for raw in _unwrapped(block)]
    marks = [_marker_of(raw) for raw, _ in raws]
    lines = []
    for place, (raw, number) in enumerate(raws):
        beside = marks[max(0, place - 1) : place] + marks[place + 1 : place + 2]
        # One line with a number before it may be a date; a list has two.
        marker = marks[place] if marks[place] and any(_alike(marks[place], each) for each in beside) else ""
        lines.append(_line_of(raw, marker, number))
    return Page(lines, [(0, len(lines))])


def _unwrapped(block: Sequence[str]) -> Sequence[str]:
    """A paragraph that was broken into lines of even length, whole again."""
    low, high = _HARD_WRAP
    if len(block) < 3 or not all(low <= len(each) <= high for each in block[:-1]) or len(block[-1]) > high:
        return block
    if sum(shapes.ends_sentence(each) for each in block[:-1]) > len(block) / 2:
        return block
    return [" ".join(block)]


def _marker_of(raw: str) -> str:
    match = _BULLET.match(raw)
    return match[0].strip() if match else ""


def _alike(one: str, other: str) -> bool:
    return bool(other) and one[0].isdigit() == other[0].isdigit()


def _line_of(raw: str, marker: str, block: int) -> Line:
    text = " ".join(raw.split())
    if _QUOTED.match(text) and len(text) > 3:
        text = _QUOTED.sub("", text)
        return Line(text, "quote", escape(text, quote=False), block=block)
    if marker:
        text = text[len(marker) :].strip()
        tag = "ol" if marker[0].isdigit() else "ul"
        return Line(text, "item", escape(text, quote=False), block=block, list_tag=tag)
    return Line(text, html=escape(text, quote=False), block=block)
