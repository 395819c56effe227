"""From a saved file to its page of lines, and to its articles."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Any, Final

from coranto.importers.page import hints, markup
from coranto.importers.page.labels import fold
from coranto.importers.page.lines import Page, read_text
from coranto.importers.page.metadata import Metadata, read_metadata
from coranto.importers.page.ordinary import read_ordinary
from coranto.importers.page.reading import read_articles
from coranto.kit.html import text_of

if TYPE_CHECKING:
    from coranto.importers.page.opening import Saved
    from coranto.importers.page.reading import Article

# Deeper than any page a person made; the parser itself stops at about two thousand.
_MAX_DEPTH: Final = 1_000


def articles_of(saved: Saved) -> tuple[list[Article], Metadata]:
    """Every article of a saved page, and what the page says of itself."""
    if saved.kind == "text":
        return read_articles(read_text(saved.text)), Metadata(url=saved.url)
    tree = markup.parse(saved.text)
    body = tree.find("body") if tree is not None else None
    if tree is None or body is None or _depth_of(body) > _MAX_DEPTH:
        return read_articles(read_text("\n\n".join(text_of(saved.text).split("\n")))), Metadata(url=saved.url)
    told = read_metadata(tree, saved.url)
    page = page_of(body, told)
    articles = read_articles(page)
    if len(articles) > 1:
        return articles, told
    return read_ordinary(saved.text, page, articles, told), told


def page_of(body: Any, told: Metadata) -> Page:
    """The lines of a tree, in the regions of its articles where the markup parts them."""
    walked = markup.walk(body)
    spans = _regions(body, walked) or [(0, len(walked.lines))]
    return Page(walked.lines, spans, title=told.title, site=told.site, is_markup=True)


def _regions(body: Any, walked: markup.Walked) -> list[tuple[int, int]]:
    """Where articles stand: elements called so, else elements that are alike and each hold a headline and a text."""
    called = [each for each in body.iter() if isinstance(each.tag, str) and hints.is_article(each)]
    spans = _that_hold_articles(walked, called)
    if not spans:
        spans = _alike(body, walked)
    return spans


def _that_hold_articles(walked: markup.Walked, elements: list[Any]) -> list[tuple[int, int]]:
    """The outermost of those with a headline and text; around several of them stands one, which is none itself."""
    good = sorted(
        (walked.spans[each] for each in elements if _holds_article(walked, each, least=2)), key=lambda s: (s[0], -s[1])
    )
    starts = [start for start, _ in good]
    single = [
        (start, end)
        for place, (start, end) in enumerate(good)
        # Those that begin within it come right behind it.
        if bisect_left(starts, end, place + 1) - place - 1 < 2
    ]
    return markup.outermost(single)


def _alike(body: Any, walked: markup.Walked) -> list[tuple[int, int]]:
    groups: dict[tuple[Any, str, str], list[Any]] = {}
    for each in body.iter("div", "section", "main", "li", "td"):
        parent = each.getparent()
        name = re.sub(r"\d+", "", each.get("class") or "")
        groups.setdefault((parent, each.tag, name), []).append(each)
    best: list[Any] = []
    for group in groups.values():
        good = [each for each in group if _holds_article(walked, each, least=3)] if len(group) > 1 else []
        if len(good) > max(1, len(best)):
            best = good
    return markup.outermost(walked.spans[each] for each in best)


def _holds_article(walked: markup.Walked, element: Any, *, least: int) -> bool:
    start, end = walked.spans.get(element, (0, 0))
    lines = walked.lines[start:end]
    prose = [line for line in lines if markup.is_prose(line) and not line.is_furniture]
    headings = {
        fold(line.text)
        for line in lines
        if (line.kind == "heading" or line.hint == "headline") and not line.is_furniture
    }
    return bool(headings) and (len(prose) >= least or sum(len(line.text) for line in prose) > 350)


def _depth_of(body: Any) -> int:
    from lxml import etree

    deepest = depth = 0
    for event, _ in etree.iterwalk(body, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest
