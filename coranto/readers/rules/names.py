"""What a reader may be called."""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST: Final = 60
# They join letters of Arabic, Persian and the scripts of India, and are no trick.
_JOINERS: Final = frozenset("\u200c\u200d")


def clean_name(text: str) -> str:
    """The name on one line, without what cannot be seen: controls, and marks that turn the way what follows runs."""
    seen = "".join(
        " " if unicodedata.category(each) in {"Cc", "Zl", "Zp"} else each
        for each in unicodedata.normalize("NFC", text)
        if each in _JOINERS or unicodedata.category(each) not in {"Cf", "Cs", "Co", "Cn"}
    )
    return " ".join(seen.split())[:LONGEST].strip()
