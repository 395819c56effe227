"""The line over a syndicated piece that says whose it is, read as data; left alone when in doubt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_LENGTH: Final = 250
_MAX_NAME: Final = 80
_MAX_OUTLET: Final = 150
_MAX_WORDS: Final = 7


@dataclass(frozen=True, slots=True)
class CreditLine:
    """`relation` is one of `newsroom.rules.Relation`."""

    relation: str
    people: Sequence[str]
    outlet: str


_BEGINNINGS: Final = (
    ("op-ed-via", re.compile(r"op[- ]?ed (?:by|via)\s+", re.IGNORECASE)),
    ("authored-by", re.compile(r"(?:authored|written|submitted|penned|posted)\s+by\s+", re.IGNORECASE)),
    ("translated-from", re.compile(r"translated from\s+", re.IGNORECASE)),
    ("excerpt-of", re.compile(r"(?:an )?excerpt(?:ed)? (?:of|from)\s+", re.IGNORECASE)),
    ("via", re.compile(r"via\s+", re.IGNORECASE)),
)
_OUTLET: Final = re.compile(r"\s*,?\s+(?:via|for|of|from|at|in)\s+(?=\S)", re.IGNORECASE)
_PEOPLE: Final = re.compile(r"\s*,\s*(?:and\s+)?|\s+(?:and|&|with)\s+")
_SMALL: Final = frozenset(
    [
        "the",
        "of",
        "and",
        "&",
        "for",
        "de",
        "da",
        "do",
        "dos",
        "das",
        "di",
        "del",
        "della",
        "der",
        "den",
        "des",
        "du",
        "van",
        "von",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "y",
        "e",
        "a",
        "an",
        "in",
        "on",
        "at",
        "to",
        "und",
        "für",
        "et",
        "the",
    ]
)


def read_credit_line(text: str) -> CreditLine | None:
    """What a paragraph says when all it says is whose piece this is; nothing when it could be prose."""
    line = " ".join(text.split())
    if not line or len(line) > MAX_LENGTH:
        return None
    line = line.strip("()[] ")
    for relation, beginning in _BEGINNINGS:
        match = beginning.match(line)
        if match:
            return _read(relation, line[match.end() :])
    return None


def _read(relation: str, rest: str) -> CreditLine | None:
    ended = rest.endswith((":", ",", "\u2026"))
    rest = rest.rstrip(":,. \u2026")
    first, *more = _OUTLET.split(rest, maxsplit=1)
    if more:
        people, outlet = _PEOPLE.split(first), more[0].removeprefix("via ").strip()
    elif relation in {"authored-by", "op-ed-via"}:
        people, outlet = _PEOPLE.split(first), ""
    else:
        # Without a colon, "Via Appia" may begin a sentence as well as name an outlet.
        if not ended and relation == "via" and len(first.split()) > _MAX_WORDS - 2:
            return None
        people, outlet = [], first
    if not people and not outlet:
        return None
    if not all(_is_name(each, _MAX_NAME) for each in people) or (outlet and not _is_name(outlet, _MAX_OUTLET)):
        return None
    return CreditLine(relation, tuple(people), outlet)


def _is_name(text: str, length: int) -> bool:
    words = text.split()
    if not words or len(text) > length or len(words) > _MAX_WORDS or any(mark in text for mark in '?!;:"“”'):
        return False
    big = [word for word in words if word.lower() not in _SMALL]
    return bool(big) and all(_begins_big(word) for word in big)


def _begins_big(word: str) -> bool:
    first = next((each for each in word if each.isalnum()), "")
    # Scripts without capitals have no lower case either; an outlet may be an address, such as example.org.
    return bool(first) and (not first.islower() or bool(re.fullmatch(r"[\w-]+(\.[\w-]+)+", word)))
