"""Words as they are compared: case, accents and the points of Arabic aside."""

from __future__ import annotations

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """In lower case, without accents and marks, white space collapsed."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(plain.replace("\u0142", "l").replace("\u0131", "i").replace("\u0640", "").split())


def names(text: str) -> frozenset[str]:
    """The words of a text, as a set to look things up in."""
    return frozenset(text.split())
