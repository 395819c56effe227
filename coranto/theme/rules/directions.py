"""Which way a text runs, judged by its letters, in papers that are read from either side.

HTML's own `dir="auto"` asks the first letter only: a headline in Arabic that begins with the name of a foreign
company would run from the left.
"""

from __future__ import annotations

import re
from typing import Final

# The blocks of the Unicode standard whose scripts run from the right: Hebrew to Arabic Extended-A, their
# presentation forms, and the two ranges the standard keeps for such scripts beyond the first plane.
_FROM_RIGHT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
# A text that runs from the right names more people and companies in Latin letters than the other way round.
_ENOUGH: Final = 0.4

_TAG: Final = r"""<(?:"[^"]*"|'[^']*'|[^'">])*>"""
_MARKUP: Final = re.compile(rf"{_TAG}|&\w+;")
_BLOCK: Final = re.compile(r"<(p|ul|ol|h[2-6]|blockquote|table)((?:\s[^>]*)?)>(.*?)</\1>", re.DOTALL)
_ADDRESS: Final = re.compile(rf"({_TAG})|(https?://[^\s<>]*[\w/#=])")

_ISOLATE: Final = "\u2068{}\u2069"


def direction_of(text: str, *, page: str) -> str:
    """`rtl` or `ltr`; the page's own for a text without letters."""
    from_right = len(_FROM_RIGHT.findall(text))
    if page == "ltr" and not from_right:
        return page
    letters = sum(map(str.isalpha, text))
    if not letters:
        return page
    return "rtl" if from_right >= _ENOUGH * letters else "ltr"


def with_directions(html: str, *, page: str) -> str:
    """Safe HTML in which every paragraph, list, quote and table that runs against the page says so.

    In a text that runs from the right addresses are set apart: their slashes would change sides.
    """
    if page == "ltr" and not _FROM_RIGHT.search(html):
        return html
    return _BLOCK.sub(lambda block: _directed(block, page=page), html)


def _directed(block: re.Match[str], *, page: str) -> str:
    name, attributes, inside = block.groups()
    runs = direction_of(_MARKUP.sub("", inside), page=page)
    if runs == "rtl":
        inside = _ADDRESS.sub(lambda found: found[1] or f'<bdi dir="ltr">{found[2]}</bdi>', inside)
    said = f' dir="{runs}"' if runs != page and " dir=" not in attributes else ""
    return f"<{name}{attributes}{said}>{inside}</{name}>"


def isolated(text: str, *, page: str) -> str:
    """A name within a sentence, between marks (Unicode's FSI and PDI) where it could disturb the sentence's order."""
    return _ISOLATE.format(text) if page == "rtl" or _FROM_RIGHT.search(text) else text
