"""Where in a text the words somebody looked for stand, and a few lines of it around the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coranto.kit import terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coranto.kit.terms import Wanted

LENGTH: Final = 240
BEFORE: Final = 80
# So far into a text a word is looked for: further on, the beginning of the article says more than its middle.
MOST_LOOKED_THROUGH: Final = 20_000


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A text in pieces, those looked for marked."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(each.text for each in self.pieces)

    @property
    def has_hits(self) -> bool:
        return any(each.is_hit for each in self.pieces)


def marked(text: str, wanted: Sequence[Wanted], language: str) -> Excerpt:
    """The whole text."""
    pieces, end = [], 0
    for first, last in _hits(text, wanted, language):
        if first < end:
            continue
        pieces += [Piece(text[end:first], is_hit=False), Piece(text[first:last], is_hit=True)]
        end = last
    pieces.append(Piece(text[end:], is_hit=False))
    return Excerpt(tuple(each for each in pieces if each.text))


def around(text: str, wanted: Sequence[Wanted], language: str) -> Excerpt:
    """A few lines around the first hit; without pieces where there is none. Lines of the text are paragraphs."""
    hit = min(_hits(text[:MOST_LOOKED_THROUGH], wanted, language), default=None)
    if hit is None:
        return Excerpt(())
    start = text.rfind("\n", 0, hit[0]) + 1
    if hit[0] - start > BEFORE:
        start = _next_word(text, hit[0] - BEFORE, hit[0])
    paragraph_ends = text.find("\n", hit[1])
    end = min(len(text) if paragraph_ends < 0 else paragraph_ends, start + LENGTH)
    if end < len(text) and text[end] != "\n":
        end = max(text.rfind(" ", hit[1], end), hit[1]) if " " in text[hit[1] : end] else end
    words = text[start:end].strip()
    opened = "…" if start and text[start - 1] != "\n" else ""
    closed = "…" if end < len(text) and text[end] != "\n" else ""
    return marked(f"{opened}{words}{closed}", wanted, language)


def _next_word(text: str, place: int, at_most: int) -> int:
    blank = text.find(" ", place, at_most)
    return blank + 1 if blank >= 0 else place


def _hits(text: str, wanted: Sequence[Wanted], language: str) -> Iterator[tuple[int, int]]:
    """Where what is looked for stands, from the beginning; what stands inside of words without blanks, too."""
    runs = [_run_of(each) for each in wanted if each.in_a_row or each.begins]
    ways = {term for each in wanted if not (each.in_a_row or each.begins) for term in each.terms}
    for first, last in terms.spans_of(text):
        word = text[first:last]
        if terms.is_unspaced(word):
            yield from sorted((first + at, first + at + len(run)) for run in runs for at in _places(run, word))
        elif ways and not ways.isdisjoint(terms.terms_of(word, language)):
            yield first, last


def _run_of(wanted: Wanted) -> str:
    return wanted.terms[0] + "".join(each[-1] for each in wanted.terms[1:])


def _places(run: str, word: str) -> Iterator[int]:
    at = word.find(run)
    while at >= 0:
        yield at
        at = word.find(run, at + len(run))
