"""One article on a page of an unknown site: the extraction library says which text is the article's.

What it finds is kept word for word; our own reading adds what it leaves out (headline, byline, credit, pictures) and
takes away only what is certainly the site's.
"""

from __future__ import annotations

import logging
from html import escape
from typing import TYPE_CHECKING, Final

import trafilatura

from coranto.importers.page import labels, markup, shapes
from coranto.importers.page.endings import Card
from coranto.importers.page.furniture import Site
from coranto.importers.page.heads import Head
from coranto.importers.page.lines import Line, Page, Repeats
from coranto.importers.page.reading import Article

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coranto.importers.page.metadata import Metadata

_SHORT: Final = 25
_COVERED: Final = 0.9
_STRANGE: Final = 2
# It tells of every page it can make nothing of; here the report does.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


def read_ordinary(html: str, page: Page, articles: Sequence[Article], told: Metadata) -> list[Article]:
    """The page's article; none where there is no text. `articles` is what our own reading found: one or none."""
    own = articles[0] if articles else None
    kept = _Kept(html)
    lines = kept.lines_of(page.lines)
    site = Site(page, Repeats(page))
    if own is None and not any(markup.is_prose(line) for line in lines):
        return []
    if not lines or own is None:
        made = own or Article(Head(), [line for line in lines if line.kind != "picture"])
    else:
        made = _joined(own, page, lines, site)
    _complete(made, told, site)
    made.is_ordinary = True
    return [made] if made.paragraphs else []


class _Kept:
    """What the library keeps of a page."""

    def __init__(self, html: str) -> None:
        text = trafilatura.extract(html, include_comments=False, include_tables=True) or ""
        self._whole = _solid(text)
        self._lines = {_solid(line.lstrip("-*| ")) for line in text.split("\n")}
        self._paragraphs = [" ".join(line.split()) for line in text.split("\n") if line.strip()]

    def lines_of(self, lines: Sequence[Line]) -> list[Line]:
        """Those of a page's lines that are kept; where they do not make up the library's text, the library's own."""
        found = [line for line in lines if line.text and self._has(line)]
        if sum(len(_solid(line.text)) for line in found) < _COVERED * len(self._whole):
            return [Line(text.removeprefix("- "), html=escape(text.removeprefix("- "))) for text in self._paragraphs]
        return found

    def _has(self, line: Line) -> bool:
        solid = _solid(line.text)
        return solid in self._lines if len(solid) < _SHORT else solid in self._whole


def _joined(own: Article, page: Page, kept: Sequence[Line], site: Site) -> Article:
    """Our own reading, with what only the library keeps put back in its place."""
    place = {id(line): number for number, line in enumerate(page.lines)}
    mine: dict[int, Line | Card] = {}
    for each in own.lines:
        mine[place[id(each.line if isinstance(each, Card) else each)]] = each
    if any(id(line) not in place for line in kept):
        return (
            own
            if len(" ".join(own.paragraphs)) >= sum(len(line.text) for line in kept)
            else Article(own.head, list(kept))
        )
    first, last = (min(mine), max(mine)) if mine else (0, -1)
    pleas = {id(line) for line in own.pleas}
    end = _end_of_text(page.lines, last + 1, pleas, site)
    used = {labels.fold(text) for text in (own.head.title, own.head.standfirst)}
    for line in kept:
        number = place[id(line)]
        if number in mine or id(line) in pleas or labels.fold(line.text) in used or number < first:
            continue
        if number < last:
            if not _is_certainly_out(line, site):
                mine[number] = line
        elif number < end:
            mine[number] = line
    own.lines = [mine[number] for number in sorted(mine)]
    texts = {line.text for line in own.lines if isinstance(line, Line)}
    own.dropped = [text for text in own.dropped if text not in texts]
    return own


def _is_certainly_out(line: Line, site: Site) -> bool:
    return site.is_label(line) or site.repeats(line) or line.hint in {"byline", "date", "views", "section", "card"}


def _end_of_text(lines: Sequence[Line], start: int, pleas: set[int], site: Site) -> int:
    """How far text may go on behind the last paragraph we know: to the first sign that the article is closed."""
    strange = 0
    for place in range(start, len(lines)):
        line = lines[place]
        if line.kind == "picture" or line.is_furniture:
            continue
        if id(line) in pleas or site.is_label(line) or site.repeats(line) or site.is_plug(line, ()):
            return place
        strange += line.kind == "text" and not line.is_sentence and shapes.weight(line.text) < 80
        if strange == _STRANGE:
            return place
    return len(lines)


def _complete(made: Article, told: Metadata, site: Site) -> None:
    """What the page tells machines, where nothing of it was found among its words."""
    head = made.head
    if (
        told.headline
        and (not head.title or labels.fold(head.title) not in labels.fold(told.headline))
        and not _stands(head.title, told)
    ):
        head.title = head.title or told.headline
    head.title = head.title or told.title or (made.paragraphs[0][:120] if made.paragraphs else "")
    people = [name for name in told.people if not site.is_own_name(name)]
    head.people = head.people or people
    head.published = told.published or head.published
    head.sections = head.sections or ([told.section] if told.section else [])
    if not head.standfirst and told.description and not told.description.endswith(("\u2026", "...")):
        body = labels.fold(" ".join(made.paragraphs))
        if labels.fold(told.description) not in body and labels.fold(told.description) != labels.fold(head.title):
            head.standfirst = told.description


def _stands(title: str, told: Metadata) -> bool:
    return bool(title) and labels.fold(title) in labels.fold(told.title)


def _solid(text: str) -> str:
    return "".join(text.split())
