"""When two headlines are the same."""

from __future__ import annotations

import unicodedata


def folded_headline(headline: str) -> str:
    """A headline without its case, spaces, punctuation and width; as it is where nothing else is in it.

    `Trams return!` and `TRAMS  RETURN` are one; accents and other marks tell words apart and stay.
    """
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", headline).casefold())
    kept = "".join(each for each in text if unicodedata.category(each)[0] in "LMN")
    return (kept or " ".join(text.split()))[:255]
