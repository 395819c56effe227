"""A reader's words, from what was typed to the HTML that stands on the page.

The source is a subset of CommonMark: emphasis, links, quotes, lists and code. Headings, pictures, rules and HTML are
plain text. What the parser makes of it goes through the sanitiser all the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

from coranto.kit.html import clean_comment, text_of

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST: Final = 10_000
# More marks than any language puts on one letter; what goes beyond would print over the lines around it.
MOST_MARKS: Final = 4

# Embeddings, overrides and isolates turn the way what follows runs, the name of the next writer included.
_TURNING: Final = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF])
_UNSEEN: Final = dict.fromkeys(
    [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000)]
)
_MANY_LINES: Final = re.compile(r"\n{4,}")
# As the parser writes them: in text and in attributes `<` and `>` are character references.
_TAG: Final = re.compile("(<[^>]*>)")
# Letters and signs of scripts that leave the place blank.
_BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")

_markdown = (
    MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True})
    .enable("linkify")
    .disable(["heading", "lheading", "hr", "html_block", "html_inline", "image"])
)
# Only what is written as an address is one: in "at noon.The" no word is a link.
_markdown.linkify.set({"fuzzy_link": False, "fuzzy_ip": False, "fuzzy_email": False})  # type: ignore[union-attr]


def tidy(text: str) -> str:
    """The words as they are kept: one kind of line end, nothing that cannot be seen, no towers of marks."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_TURNING).translate(_UNSEEN)
    return _MANY_LINES.sub("\n\n\n", _without_towers([unicodedata.normalize("NFC", lines)])).strip()


def _without_towers(parts: Sequence[str]) -> str:
    """Text, tag, text and so on in one: a tag between two marks does not keep them apart on the page."""
    if all(part.isascii() for part in parts):
        return "".join(parts)
    kept, marks = [], 0
    for number, part in enumerate(parts):
        if number % 2:
            kept.append(part)
            continue
        for each in part:
            marks = marks + 1 if unicodedata.category(each) in {"Mn", "Me"} else 0
            if marks <= MOST_MARKS:
                kept.append(each)
    return "".join(kept)


@lru_cache(maxsize=16)  # a form asks what it says, and then it is stored
def render(source: str) -> str:
    """The HTML of what a reader has written, safe for a page."""
    # Once more what `tidy` does: character references have become characters by now.
    html = _without_towers(_TAG.split(_markdown.render(source).translate(_TURNING)))
    return clean_comment(html).strip()


def says_something(html: str) -> bool:
    """Whether there is a character that can be seen, and be it a full stop."""
    return any(unicodedata.category(each)[0] not in "CMZ" and each not in _BLANK for each in text_of(html))


def without_hidden(text: str) -> str:
    """`text` without characters of no width (soft hyphens, joiners), by which a word looks as it is not spelt."""
    return "".join(each for each in text if unicodedata.category(each) != "Cf")


def links_in(html: str) -> int:
    """How many links sanitised HTML holds."""
    return html.count("<a ")


def digest_of(html: str) -> str:
    """What the same words have in common, however they are spaced, capitalised and set."""
    return sha256(" ".join(text_of(html).casefold().split()).encode()).hexdigest()[:16]
