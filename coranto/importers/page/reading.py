"""A page's lines as its articles."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coranto.importers.page import labels, shapes
from coranto.importers.page.credits import learn, may_be_credit
from coranto.importers.page.endings import Card, read_text
from coranto.importers.page.furniture import Site
from coranto.importers.page.heads import Head, HeadReader
from coranto.importers.page.lines import Line, Page, Repeats
from coranto.importers.page.segments import Segment, Splitter

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(slots=True)
class Article:
    """One article of a page. `lines` is its text in order: lines, and cards that lead to other articles."""

    head: Head
    lines: list[Line | Card]
    dropped: list[str] = field(default_factory=list)
    pleas: list[Line] = field(default_factory=list)
    is_ordinary: bool = False

    @property
    def paragraphs(self) -> list[str]:
        """The text, quotations included; of an ordinary page with its headings and tables, as extraction keeps them."""
        kinds = {"text", "quote", "item", "heading", "whole"} if self.is_ordinary else {"text", "quote", "item"}
        return [line.text for line in self.lines if isinstance(line, Line) and line.kind in kinds and line.text]

    @property
    def quotes(self) -> list[str]:
        return [
            line.text
            for line in self.lines
            if isinstance(line, Line)
            and (line.kind == "quote" or (line.kind == "text" and shapes.signed(line.text)[1]))
        ]

    @property
    def captions(self) -> list[str]:
        return [line.text for line in self.lines if isinstance(line, Line) and line.kind == "caption"]

    @property
    def cards(self) -> list[Card]:
        return [line for line in self.lines if isinstance(line, Card)]

    def as_data(self) -> dict[str, Any]:
        """What was read, for whoever looks at a trial run."""
        head = self.head
        relation = {"authored-by": "authored by", "op-ed-via": "op-ed via"}
        return {
            "title": head.title,
            "standfirst": head.standfirst,
            "sections": head.sections,
            "author": ", ".join(head.people) or None,
            "published": head.published.isoformat() if head.published else None,
            "views": head.views,
            "credit": {
                "people": list(head.credit.people),
                "outlet": head.credit.outlet or None,
                "relation": relation.get(head.credit.relation, head.credit.relation.replace("-", " ")),
            }
            if head.credit
            else None,
            "paragraphs": self.paragraphs,
            "quotes": self.quotes,
            "captions": self.captions,
            "cards": [card.title for card in self.cards],
            "dropped": self.dropped,
        }


def read_articles(page: Page) -> list[Article]:
    """Every article of a page, in its order."""
    site = Site(page, Repeats(page))
    parts = []
    for region in page.regions:
        splitter = Splitter(region, site)
        parts.append((region, splitter, splitter.segments()))
    common = _common_above([(region, segment) for region, _, segments in parts for segment in segments])
    learnt = learn([line.text for line in page.lines if line.text and may_be_credit(line.text)])
    is_alone = page.is_markup and sum(len(segments) for _, _, segments in parts) == 1
    found: list[Article] = []
    for region, splitter, segments in parts:
        reader = HeadReader(site, splitter, common=common, learnt=learnt)
        found += _of_region(region, segments, reader, site, trusts_markup=is_alone, is_markup=page.is_markup)
    if not is_alone:
        _take_late_standfirsts(found)
    return found


def _of_region(
    region: Sequence[Line],
    segments: Sequence[Segment],
    reader: HeadReader,
    site: Site,
    *,
    trusts_markup: bool,
    is_markup: bool,
) -> list[Article]:
    heads = []
    for each in segments:
        _mark_head(region, each)
        headline = None if each.headline is None else each.headline - each.start
        heads.append(reader.read(region[each.start : each.body], headline, is_marked_off=is_markup))
    found = []
    for place, (each, head) in enumerate(zip(segments, heads, strict=True)):
        is_last = place + 1 == len(segments)
        until = len(region) if is_last else segments[place + 1].start + heads[place + 1].begins
        body = [*head.rest, *region[each.body : each.end]]
        text = read_text(body, region[each.end : until], site, trusts_markup=trusts_markup)
        above = [line.text for line in region[each.start : each.start + head.begins] if line.text and place == 0]
        found.append(Article(head, text.lines, [*above, *head.dropped, *text.dropped], text.pleas))
    return found


def _take_late_standfirsts(articles: Sequence[Article]) -> None:
    """A standfirst below byline and date, which its length alone does not tell from a first paragraph."""
    is_usual = any(article.head.is_standfirst_late for article in articles)
    for article in articles:
        first = article.lines[0] if article.lines else None
        if article.head.standfirst or not article.head.title or not isinstance(first, Line) or first.kind != "text":
            continue
        if (
            shapes.sentences(first.text) == 1
            and shapes.weight(first.text) <= 260
            and (is_usual or first.is_in_head or _is_unlike(first, article.lines[1:]))
        ):
            article.head.standfirst = first.text
            del article.lines[0]


def _is_unlike(first: Line, rest: Sequence[Line | Card]) -> bool:
    """Whether it is one sentence where every paragraph after it is several."""
    others = [line for line in rest if isinstance(line, Line) and line.kind in {"text", "quote"}]
    return len(others) > 3 and all(
        shapes.sentences(line.text) > 1 and len(line.text) > len(first.text) for line in others
    )


def _mark_head(region: Sequence[Line], segment: Segment) -> None:
    """In a dump, a first line in the block of its headline belongs to the head."""
    if segment.headline is not None and segment.headline + 1 < segment.body:
        region[segment.body].is_in_head = region[segment.body].block == region[segment.body - 1].block != -1


def _common_above(parts: Sequence[tuple[Sequence[Line], Segment]]) -> frozenset[str]:
    """Lines that stand above several headlines but end no article: the labels of sections."""
    counts: Counter[str] = Counter()
    for region, segment in parts:
        if segment.headline is not None:
            counts.update({labels.fold(line.text) for line in region[segment.start : segment.headline] if line.text})
    last_region, last = parts[-1] if parts else ([], None)
    ends = {labels.fold(line.text) for line in last_region[last.end :]} if last is not None else set()
    return frozenset(text for text, count in counts.items() if count > 1 and text not in ends)
