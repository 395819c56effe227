"""What stands above an article's text: sections, headline, standfirst, byline, date, views, credit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from coranto.importers.page import labels, shapes
from coranto.importers.page.credits import Learnt, may_be_credit, read_credit
from coranto.importers.page.dates import find_date, is_date
from coranto.importers.page.furniture import is_certainly_views, views_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from coranto.importers.documents import CreditRead
    from coranto.importers.page.furniture import Site
    from coranto.importers.page.lines import Line
    from coranto.importers.page.segments import Splitter

_PARTS: Final = re.compile(r"\s+[|\u00b7\u2022\u2013\u2014/]\s+|\s*[|\u2022\u00b7]\s*")
_MAX_SECTIONS: Final = 4
_KICKER: Final = 40
_NEAR: Final = 20
# A standfirst is one of so many lines below its headline.
_CLOSE: Final = 6


@dataclass(slots=True)
class Head:
    """`rest` are lines that turned out to be text, `pictures` those above it; `dropped` is what was left out.

    `begins` says which of the lines is the first of this head; those before it belong to what came before.
    """

    title: str = ""
    target: str = ""
    standfirst: str = ""
    sections: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    published: datetime | None = None
    views: int | None = None
    credit: CreditRead | None = None
    rest: list[Line] = field(default_factory=list)
    pictures: list[Line] = field(default_factory=list)
    is_standfirst_late: bool = False
    begins: int = 0
    dropped: list[str] = field(default_factory=list)


class HeadReader:
    """Reads heads one by one. `common` are lines (folded) that stand above several headlines."""

    def __init__(self, site: Site, splitter: Splitter, *, common: frozenset[str], learnt: Learnt) -> None:
        self._site, self._splitter, self._common, self._learnt = site, splitter, common, learnt

    def read(self, lines: Sequence[Line], headline: int | None, *, is_marked_off: bool) -> Head:
        """`is_marked_off`: nothing of another article stands among these lines."""
        head = Head()
        place = -1 if headline is None else headline
        if headline is not None:
            head.title, head.target = lines[headline].text, lines[headline].target
        above = list(lines[: max(place, 0)])
        start = self._first_section(above, lines[place] if place >= 0 else None, is_marked_off=is_marked_off)
        head.begins = start
        self._read_above(head, above[start:])
        self._read_below(head, lines[place + 1 :])
        return head

    # Above the headline -----------------------------------------------------------------------------------------

    def _first_section(self, above: Sequence[Line], headline: Line | None, *, is_marked_off: bool) -> int:
        """Where the labels begin that belong to this headline and not to what stands before it."""
        for place, line in enumerate(above[-_NEAR:], max(0, len(above) - _NEAR)):
            if labels.fold(line.text) in self._common and all(self._may_be_section(each) for each in above[place:]):
                return place
        start = len(above)
        while start > 0 and len(above) - start < _MAX_SECTIONS and self._may_be_section(above[start - 1]):
            start -= 1
        if start == 0 and len(above) > 1 and not is_marked_off and _is_invitation(above[0].text):
            start = 1
        if headline is not None:
            # What shares the headline's block is its own; only where nothing does, the block before.
            same = [place for place in range(start, len(above)) if above[place].block == headline.block]
            if same:
                return same[0]
        return start

    def _may_be_section(self, line: Line) -> bool:
        text = line.text
        if line.kind == "picture" or line.hint in {"section", "date", "views", "byline"}:
            return True
        return (
            bool(text)
            and not self._site.is_label(line)
            and shapes.weight(text) <= _KICKER
            and len(text.split()) <= 4
            and not line.is_sentence
            and not text.endswith(("!", ":", "\u2026"))
            and not any(c.isdigit() for c in text)
            and line.kind in {"text", "item", "heading"}
        )

    def _read_above(self, head: Head, lines: Sequence[Line]) -> None:
        for line in lines:
            if line.kind == "picture":
                head.pictures.append(line)
            elif line.hint in {"date", "views", "byline"} or self._site.is_meta(line):
                self._read_meta(head, line)
            else:
                head.sections += [part for part in re.split(r"\s*[,|/\u00b7\u2022]\s*", line.text) if part]

    # Below it ---------------------------------------------------------------------------------------------------

    def _read_below(self, head: Head, lines: Sequence[Line]) -> None:
        awaits_name = False
        for place, line in enumerate(lines):
            if awaits_name and (shapes.is_name(line.text) or len(line.text.split()) == 1):
                self._take_name(head, line.text)
            elif not self._take_known(head, line, place):
                self._read_meta(head, line)
            awaits_name = labels.is_label(line.text, labels.BY)

    def _take_known(self, head: Head, line: Line, place: int) -> bool:
        """Takes a line that is no byline, date or count."""
        if line.kind == "picture":
            head.pictures.append(line)
        elif self._site.is_label(line):
            head.dropped.append(line.text)
        elif not line.hint and head.credit is None and may_be_credit(line.text) and self._take_credit(head, line):
            pass
        elif not head.standfirst and not head.rest and place < _CLOSE and self._splitter.may_be_standfirst(line):
            head.standfirst = line.text
            head.is_standfirst_late = place > 0
        elif self._is_text(line):
            head.rest.append(line)
        elif line.hint == "section":
            head.sections.append(line.text)
        else:
            return False
        return True

    def _is_text(self, line: Line) -> bool:
        if self._site.repeats(line):
            return False
        if line.kind == "text":
            return not line.hint and line.is_sentence
        return line.kind in {"caption", "whole", "quote", "item", "heading"}

    def _take_credit(self, head: Head, line: Line) -> bool:
        head.credit = read_credit(line.text, self._learnt)
        return head.credit is not None

    def _read_meta(self, head: Head, line: Line) -> None:
        """A line of byline, date, views, alone or side by side."""
        whole = line.text
        pieces = [whole] if is_date(whole) else [each for each in _PARTS.split(whole) if each.strip()]
        for piece in pieces:
            self._read_piece(head, line, piece.strip())

    def _read_piece(self, head: Head, line: Line, piece: str) -> None:
        count = views_in(piece)
        if count is not None:
            if head.views is None or is_certainly_views(piece) or line.hint == "views":
                head.views = count
            return
        if labels.is_label(piece, labels.PUBLISHED, labels.BY, labels.VIEWS):
            return
        date = find_date(piece) if len(piece) <= 120 else None
        if date is not None:
            head.published = head.published or date
            piece = _before_date(piece)
            if not (shapes.has_case(piece) and shapes.is_name(piece)) and not labels.begins_with(piece, labels.BY):
                return
        by = labels.begins_with(piece, labels.BY)
        name = " ".join(piece.split()[by:])
        if by and name and len(name) <= 100:
            self._take_name(head, name)
        elif (shapes.is_name(piece) and self._may_be_byline(line)) or (line.hint == "byline" and 0 < len(piece) <= 60):
            self._take_name(head, piece)
        else:
            head.dropped.append(piece)

    def _may_be_byline(self, line: Line) -> bool:
        return line.hint in {"", "byline"} and (shapes.has_case(line.text) or not self._site.repeats(line))

    def _take_name(self, head: Head, text: str) -> None:
        for name in re.split(r"\s*,\s*|\s+(?:and|&|y|e|et|und|en|i|og|och|\u0438|\u0648)\s+", text):
            bare = name.strip(" ,:;|")
            if not bare or self._site.is_own_name(bare):
                head.dropped.append(name)
            elif bare not in head.people:
                head.people.append(bare)


def _is_invitation(text: str) -> bool:
    """Whether the first line of a dump is rather a sentence's beginning ("Connect with us") than a section's name."""
    return len(text.split()) > 1 and shapes.capitals(text) < 1


def _before_date(piece: str) -> str:
    match = re.search(r"\d|,", piece)
    return piece[: match.start()].strip(" ,|") if match else piece
