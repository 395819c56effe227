"""Where one article ends and the next begins.

Text comes in runs of prose. Between two of them stands either a part of the same article (a picture's caption, a
heading, an advertisement) or the end of one article and the head of the next. A head is told by a headline with
what follows one (standfirst, byline, date, views, credit) and by lines that stand at other such places too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coranto.importers.page import labels, shapes
from coranto.importers.page.credits import may_be_credit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coranto.importers.page.furniture import Site
    from coranto.importers.page.lines import Line

_PROSE: Final = 60
_STRONG: Final = 100
_STRONG_SENTENCE: Final = 220
_SEVERAL: Final = 160
# A headline is no further from its text than so many lines.
_NEAR: Final = 40
_ENOUGH: Final = 2
_MARKED: Final = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """An article's lines: its head is `lines[start:body]`, of which `headline` is one; its text `lines[body:end]`.

    Whatever stands between `end` and the next segment's `start` is left out.
    """

    start: int
    headline: int | None
    body: int
    end: int


class Splitter:
    def __init__(self, lines: Sequence[Line], site: Site) -> None:
        self._lines = lines
        self._site = site
        self._runs = self._prose_runs()

    def segments(self) -> list[Segment]:
        """Every article of these lines, in order; none where there is no text."""
        if not self._runs:
            return []
        heads: list[tuple[int, int | None, int]] = []  # where the gap begins, the headline, where its text begins
        before = 0
        for place, (start, end) in enumerate(self._runs):
            headline = self._headline_between(before, start)
            if place == 0 or (headline is not None and self._begins_article(before, headline, start)):
                heads.append((before, headline, start))
            before = end
        return self._cut(heads)

    def _cut(self, heads: Sequence[tuple[int, int | None, int]]) -> list[Segment]:
        found = []
        for place, (gap, headline, body) in enumerate(heads):
            follows = heads[place + 1][0] if place + 1 < len(heads) else len(self._lines)
            last = max(
                end for start, end in self._runs if (start >= body and end <= max(follows, body + 1)) or start == body
            )
            last = self._closing(body, min(last, follows) if place + 1 < len(heads) else last)
            found.append(Segment(gap, headline, body, last))
        return found

    # Prose ----------------------------------------------------------------------------------------------------

    def is_prose(self, line: Line) -> bool:
        return (
            line.kind in {"text", "quote", "item"}
            and not line.is_furniture
            and line.hint not in {"headline", "standfirst", "byline", "date", "views", "section"}
            and line.links < 0.6
            and shapes.weight(line.text) >= _PROSE
            and line.is_sentence
            and not self._site.repeats(line)
        )

    def is_strong(self, line: Line) -> bool:
        if not self.is_prose(line):
            return False
        size = shapes.weight(line.text)
        return size >= _STRONG_SENTENCE or (size >= _STRONG and shapes.sentences(line.text) > 1) or line.kind == "quote"

    def _prose_runs(self) -> list[tuple[int, int]]:
        """Runs of paragraphs, as spans; a lone one counts only when it can be nothing else."""
        runs: list[tuple[int, int]] = []
        start: int | None = None
        for place, line in enumerate(self._lines):
            if self.is_prose(line):
                start = place if start is None else start
            elif start is not None and line.kind != "picture":
                runs.append((start, place))
                start = None
        if start is not None:
            runs.append((start, len(self._lines)))
        certain = [(a, b) for a, b in runs if self._is_text(self._lines[a:b])]
        # A page may hold a short notice and nothing more.
        return certain or [(a, b) for a, b in runs if not self._site.is_plug(self._lines[a], ())][:1]

    def _is_text(self, run: Sequence[Line]) -> bool:
        strong = [line for line in run if self.is_strong(line)]
        if len(run) > 1:
            return bool(strong) or sum(shapes.weight(line.text) for line in run) >= _SEVERAL
        return bool(strong) and not self._site.is_plug(run[0], ())

    # Heads ----------------------------------------------------------------------------------------------------

    def _headline_between(self, start: int, end: int) -> int | None:
        best, found = -1_000, None
        for place in range(max(start, end - _NEAR), end):
            if self._may_be_headline(self._lines[place]):
                score = self._headline_score(place, end)
                if score >= best:  # of two, the one nearer to the text
                    best, found = score, place
        return found

    def _may_be_headline(self, line: Line) -> bool:
        if line.hint == "headline":
            return True
        if line.is_furniture or line.hint not in {"", "card"} or self._site.is_label(line) or self._site.is_meta(line):
            return False
        if line.kind == "heading":
            return 0 < len(line.text) <= 300
        size = shapes.weight(line.text)
        return (
            line.kind == "text"
            and 12 <= size <= 250
            and (len(line.text.split()) > 2 or size > len(line.text))
            and not line.text.endswith(".")
            and not shapes.trails_off(line.text)
            and shapes.sentences(line.text) <= 1
        )

    def _headline_score(self, place: int, end: int) -> int:
        line = self._lines[place]
        after = self._lines[place + 1 : end]
        score = {1: 6, 2: 4}.get(line.level, 1) if line.kind == "heading" else 0
        score += 8 * (line.hint == "headline")
        score += len(line.text.split()) > 3 or shapes.weight(line.text) > 2 * len(line.text)
        if after and self.may_be_standfirst(after[0]):
            score += 3
        elif any(self.may_be_standfirst(each) for each in after[1:4]):
            score += 1
        score += min(3, sum(self._follows_headline(each) for each in after))
        score -= 3 * sum(labels.is_label(each.text, labels.FURNITURE, labels.AD) for each in after if each.text)
        score -= 2 * max(0, sum(self.may_be_standfirst(each) for each in after) - 1)
        # Headlines come again in lists of what is read most; a short line that comes again is a label.
        score -= 2 * (self._site.repeats(line) and len(line.text.split()) < 5)
        # Whatever else stands below it are the labels of the headline that is still to come.
        score -= sum(not self._belongs_below(each) for each in after if each.text)
        if line.kind != "heading":
            score -= 3 * (shapes.has_case(line.text) and shapes.is_name(line.text, most=4)) + 2 * line.is_sentence
        return score

    def may_be_standfirst(self, line: Line) -> bool:
        if line.hint == "standfirst":
            return True
        return (
            line.kind in {"text", "heading"}
            and not line.hint
            and (line.is_sentence or len(line.text.split()) >= 12)
            and 25 <= shapes.weight(line.text) <= 600
            and not self._site.repeats(line)
            and not shapes.trails_off(line.text)
            and not self._site.is_meta(line)
            and not self._site.is_plug(line, ())
        )

    def _belongs_below(self, line: Line) -> bool:
        return self._follows_headline(line) or self.may_be_standfirst(line) or shapes.is_name(line.text)

    def _follows_headline(self, line: Line) -> bool:
        """Whether it is one of the lines that stand between headlines and texts."""
        if not line.text:
            return False
        if self._site.is_meta(line) or may_be_credit(line.text):
            return True
        return line.kind == "text" and self._site.repeats(line) and not self._site.is_label(line)

    def _begins_article(self, start: int, headline: int, end: int) -> bool:
        line = self._lines[headline]
        before, after = self._lines[start:headline], self._lines[headline + 1 : end]
        closers = {labels.fold(each.text) for each in before if each.text and self._is_around(each)}
        support = len({labels.fold(each.text) for each in after if self._follows_headline(each)} - closers)
        support += any(self.may_be_standfirst(each) for each in after[:4])
        closing = len(closers)
        if line.hint == "headline" or line.level == 1:
            return support + closing > 0
        if line.level == 2 and support + closing >= _ENOUGH:
            return True
        return (
            support >= _MARKED or closing >= _MARKED or (support > 0 and closing > 0 and support + closing >= _MARKED)
        )

    def _is_around(self, line: Line) -> bool:
        """Whether it is a line that ends an article or stands above one."""
        return self._site.is_label(line) or self._site.repeats(line)

    # Ends -----------------------------------------------------------------------------------------------------

    def _closing(self, body: int, end: int) -> int:
        """Where the text ends: before what the page closes it with, if little enough comes after that."""
        runs = [(a, b) for a, b in self._runs if body <= a and b <= end]
        sizes = [self._size(a, b) for a, b in runs]
        total, rest = sum(sizes), 0
        found = runs[-1][1] if runs else end
        for place in range(len(runs) - 1, 0, -1):
            rest += sizes[place]
            if rest >= 0.15 * total:
                break
            before, after = runs[place - 1][1], runs[place][0]
            gap = {labels.fold(each.text) for each in self._lines[before:after] if each.text and self._is_around(each)}
            if len(gap) >= _ENOUGH:
                found = before
        return found

    def _size(self, start: int, end: int) -> int:
        return sum(shapes.weight(line.text) for line in self._lines[start:end])
