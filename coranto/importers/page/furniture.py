"""What belongs to the site and not to an article: labels, plugs, whatever repeats."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from coranto.importers.page import labels, shapes
from coranto.importers.page.credits import names_in
from coranto.importers.page.dates import is_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coranto.importers.page.lines import Line, Page, Repeats

_PARTS_OF_TITLE: Final = re.compile(r"\s+[-|\u2013\u2014\u00b7\u2022:\u00ab\u00bb]+\s+")
_PLUG: Final = 4
_LABEL_WORDS: Final = 6


class Site:
    """What is known of the page's site: its names, and which lines repeat."""

    def __init__(self, page: Page, repeats: Repeats) -> None:
        self._repeats = repeats
        parts = _PARTS_OF_TITLE.split(page.title) if page.title else []
        self._names = {labels.fold(each) for each in (page.site, page.title, *parts[1:]) if each}

    def repeats(self, line: Line) -> bool:
        return self._repeats.of(line.text) > 1

    def is_own_name(self, text: str) -> bool:
        """Whether a name is the publication's: it says so itself, or the name stands in its labels and plugs."""
        name = labels.fold(text)
        return name in self._names or any(self._speaks_of_itself(each, name) for each in self._repeats.short)

    def names_itself(self, text: str) -> bool:
        """Whether the publication's name stands within a line."""
        folded = labels.fold(text)
        return any(len(name) > 4 and name in folded for name in self._names) or any(
            self.is_own_name(name) for name in names_in(text)
        )

    def _speaks_of_itself(self, line: str, name: str) -> bool:
        if name not in line or line == name or shapes.trails_off(line):
            return False
        return self._repeats.of(line) > 1 or (
            len(line.split()) <= _LABEL_WORDS and not line.startswith(name) and not labels.begins_with(line, labels.BY)
        )

    def is_label(self, line: Line) -> bool:
        """A line that is one of the labels every site has."""
        if line.is_furniture:
            return True
        if line.kind in {"picture", "whole"}:
            return False
        return labels.is_label(line.text, labels.FURNITURE, labels.AD)

    def is_meta(self, line: Line) -> bool:
        """A line that says when, how often read and by whom: what stands between a headline and its text."""
        if line.hint in {"byline", "date", "views"}:
            return True
        if labels.is_label(line.text, labels.PUBLISHED, labels.BY) or is_date(line.text):
            return True
        return views_in(line.text) is not None

    def plug_score(self, line: Line, paragraphs: Sequence[Line]) -> int:
        """How much a line at the end of a text looks like the plea for support it may be.

        Measured against the paragraphs before it: a plea is shorter than any, speaks of money or of a place to give it,
        of the publication itself, or to the reader.
        """
        text = line.text
        if self.repeats(line) or self.is_label(line):
            return _PLUG
        score = 0
        if paragraphs and len(text) < 0.85 * min(len(each.text) for each in paragraphs):
            score += 1
            if len(paragraphs) > 3 and shapes.sentences(text) < min(shapes.sentences(p.text) for p in paragraphs):
                score += 1
        if shapes.weight(text) > 350:
            score -= 2
        score += 2 * shapes.speaks_of_money(text)
        score += 2 * (labels.words_in(text, labels.PLATFORMS) > 0)
        score += min(2, labels.words_in(text, labels.SUPPORT))
        score += self.names_itself(text)
        score += "!" in text or "\uff01" in text
        score += shapes.holds_address(text)
        score += line.links > 0.5
        return score

    def is_plug(self, line: Line, paragraphs: Sequence[Line]) -> bool:
        return self.plug_score(line, paragraphs) >= _PLUG


def views_in(text: str) -> int | None:
    """The count in a line such as "8,603 Views"; nothing where it counts something else."""
    if len(text) > 40 or not any(c.isdigit() for c in text) or shapes.speaks_of_money(text) or is_date(text):
        return None
    number = shapes.number_in(text)
    if number is None:
        return None
    words = " ".join(re.sub(r"[\d.,'\u2019\u066b\u066c:()|\u00b7\u2022-]+", " ", text).split())
    if not words or len(words.split()) > 4 or labels.words_in(words, labels.NOT_VIEWS):
        return None
    if "%" in text or text.lstrip().startswith("#"):
        return None
    return number


def is_certainly_views(text: str) -> bool:
    return views_in(text) is not None and (
        labels.words_in(text, labels.VIEWS) > 0
        or any(each in labels.fold(text) for each in labels.VIEWS if " " in each)
    )
