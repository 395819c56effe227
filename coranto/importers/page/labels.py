"""Whether a line, or its beginning, is one of the labels that news sites have."""

from __future__ import annotations

import re
from typing import Final

from coranto.importers.page.folding import fold
from coranto.importers.page.vocabulary import (
    AD,
    ARTICLE_WORDS,
    BY,
    CAPTION,
    CARD,
    FURNITURE,
    LATEST,
    NOT_VIEWS,
    OPINION,
    PLATFORMS,
    PUBLISHED,
    SUPPORT,
    VIA,
    VIEWS,
)

__all__ = [
    "AD",
    "ARTICLE_WORDS",
    "BY",
    "CAPTION",
    "CARD",
    "FURNITURE",
    "LATEST",
    "NOT_VIEWS",
    "OPINION",
    "PLATFORMS",
    "PUBLISHED",
    "SUPPORT",
    "VIA",
    "VIEWS",
    "bare",
    "begins_with",
    "fold",
    "is_label",
    "words_in",
]

_WORD: Final = re.compile(r"[\w'\u2019.-]+")
_EDGES: Final = " \t:.,;!?\u2026|\u00b7\u2022\u2013\u2014-#>\u00bb\u203a\u2192\u2190\u00ab()[]\u061f\u060c*"


def bare(text: str) -> str:
    """A label without what stands around it: marks, counts in brackets."""
    return fold(re.sub(r"\(\s*\d[\d.,]*\s*\)\s*$", "", text)).strip(_EDGES)


def is_label(text: str, *tables: frozenset[str]) -> bool:
    """Whether a line is nothing but one of these labels."""
    return any(bare(text) in table for table in tables)


def begins_with(text: str, table: frozenset[str], *, within: int = 4) -> int:
    """How many of the first words of a text are one of these labels; 0 for none."""
    words = [fold(word).strip(_EDGES) for word in text.split()[:within]]
    for count in range(len(words), 0, -1):
        if " ".join(words[:count]) in table:
            return count
    return 0


def words_in(text: str, table: frozenset[str]) -> int:
    """How many words of a text are in a table."""
    return sum(fold(word).strip(".'-\u2019") in table for word in _WORD.findall(text))
