"""What a line of text looks like, whatever its language: sentence, name, count, title."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from coranto.importers.page.folding import names

_CLOSERS: Final = "\"'\u201d\u2019\u00bb\u203a)]}*\u300d\u300f\uff09\u201c"
_ENDS: Final = ".?!\u2026\u3002\uff1f\uff01\u061f\u06d4\u0964"
_SENTENCE: Final = re.compile(
    rf"(?:[.?!\u2026\u061f\u06d4\u0964]+[{re.escape(_CLOSERS)}]*(?=\s|$))|(?:[\u3002\uff1f\uff01][{re.escape(_CLOSERS)}]*)"
)
_SIGNED: Final = re.compile(r"\s[\u2013\u2014\u2015](?P<who>[^\u2013\u2014\u2015.?!]{1,60})$")
_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_NUMBER: Final = re.compile(r"\d(?:[\d.,'\u2019\u066b\u066c\u00a0\u202f ]*\d)?")
_MONEY: Final = re.compile(
    r"[$\u20ac\u00a3\u00a5\u20b9\u20bd\u20ba\u20aa]\s?\d|\d\s?[$\u20ac\u00a3\u00a5\u20b9\u20bd\u20ba\u20aa]|\b(?:usd|eur|gbp|chf|pln|rub|brl|sek)\b"
    r"|\d+\s+(?:d[o\u00f3]lar|euro|pound|franc|frank|z\u0142ot|real|reais|rubl|\u0440\u0443\u0431\u043b|\u0434\u043e\u043b\u043b|\u0435\u0432\u0440\u043e|\u062f\u0648\u0644\u0627\u0631|\u064a\u0648\u0631\u0648)",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"https?://|www\.|\b[\w.-]+@[\w-]+\.\w|(?<!\w)@\w{3,}")


def weight(text: str) -> int:
    """The length of a text in letters, those of scripts without spaces between words counted as three."""
    return len(text) + 2 * len(_WIDE.findall(text))


@lru_cache(maxsize=20_000)
def sentences(text: str) -> int:
    """How many sentences end in a text."""
    return len(_SENTENCE.findall(text))


def ends_sentence(text: str) -> bool:
    """Whether a text ends as prose does; a quotation may be signed after that."""
    rest = signed(text)[0].rstrip(_CLOSERS + " ")
    return rest.endswith(tuple(_ENDS)) and not rest.endswith(("...", "\u2026"))


def trails_off(text: str) -> bool:
    """Whether it ends as a line that announces another: with a colon or dots."""
    return text.rstrip(_CLOSERS + " ").endswith((":", "...", "\u2026", "\uff1a"))


def signed(text: str) -> tuple[str, str]:
    """A quotation without the name behind a dash at its end, and that name."""
    match = _SIGNED.search(text)
    if match is None:
        return text, ""
    before = text[: match.start()].rstrip()
    who = match["who"].strip()
    if not before.rstrip(_CLOSERS).endswith(tuple(_ENDS)) or len(who.split()) > 8 or not is_big(who):
        return text, ""
    return before, who


def is_big(word: str) -> bool:
    """Whether a word begins with a capital, or belongs to a script without capitals."""
    first = next((c for c in word if c.isalnum()), "")
    return bool(first) and not first.islower()


def has_case(text: str) -> bool:
    return any(c.islower() or c.isupper() for c in text)


def capitals(text: str) -> float:
    """The share of its words that begin with a capital letter; 0 where there is no case."""
    words = [word for word in text.split() if any(c.isalpha() for c in word)]
    if not words or not has_case(text):
        return 0.0
    return sum(next(c for c in word if c.isalpha()).isupper() for word in words) / len(words)


def is_shouted(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    return bool(letters) and has_case(text) and not any(c.islower() for c in letters)


_PARTICLES: Final = names(
    "de da do dos das di del della der den des du van von la le el al bin ibn y e af av ter ten zu und et and"
)


def is_name(text: str, *, most: int = 5) -> bool:
    """Whether a text may be a person's or an outlet's name: two words or more, begun with capitals."""
    words = text.split()
    if not 2 <= len(words) <= most or len(text) > 60 or any(c.isdigit() for c in text):
        return False
    if any(mark in text for mark in '?!;:"\u201c\u201d\u00ab\u00bb/|@\u2026') or (
        text.endswith((",", ".")) and len(words[-1]) > 3
    ):
        return False
    return all(is_big(word) or word in _PARTICLES for word in words) and is_big(words[0]) and is_big(words[-1])


def number_in(text: str) -> int | None:
    """The one whole number in a short text, whatever parts its thousands, in digits of any script."""
    found = _NUMBER.findall(text)
    if len(found) != 1:
        return None
    groups = re.split(r"[^\d]+", found[0])
    if len(groups) > 1 and any(len(group) != 3 for group in groups[1:]):
        return None
    return int("".join(str(unicodedata.digit(c)) for group in groups for c in group))


def speaks_of_money(text: str) -> bool:
    return bool(_MONEY.search(text))


def holds_address(text: str) -> bool:
    return bool(_ADDRESS.search(text))
