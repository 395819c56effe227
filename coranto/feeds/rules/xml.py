"""What XML can hold."""

from __future__ import annotations

import re
from typing import Final

# Whatever is no Char (XML 1.0, 2.2): most control characters, halves of surrogate pairs, two noncharacters.
_NO_CHARACTERS: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text without the characters no XML document may hold, not even escaped."""
    return _NO_CHARACTERS.sub("", text)
