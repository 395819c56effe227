"""The block editor's markup: `<!-- wp:name {"json"} -->…<!-- /wp:name -->` around HTML that is complete in itself.

Most of these comments say nothing the HTML does not. What has no HTML of its own is reported.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any, Final

from coranto.importers.wordpress.paragraphs import add_paragraphs

if TYPE_CHECKING:
    from collections.abc import Mapping

_DELIMITER: Final = re.compile(
    r"<!--\s+(/)?wp:([a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?)\s+(\{(?:[^}]+|\}+(?=\})|(?!\}\s+/?-->).)*?\}\s+)?(/)?-->",
    re.DOTALL,
)
_MORE: Final = re.compile(r"<!--(more|nextpage|noteaser)\b.*?-->", re.DOTALL)
_COVER: Final = re.compile(
    r'<div\b(?=[^<>]*\brole="img")(?=[^<>]*wp-image-(\d+))[^<>]*url\(([^)<>"]+)\)[^<>]*>\s*</div>', re.IGNORECASE
)
_MAX_NESTING: Final = 5
# Without HTML of their own, and nothing lost without them.
_EMBEDS: Final = frozenset({"embed", "video", "audio"})
_LAYOUT: Final = frozenset(
    {"more", "nextpage", "spacer", "separator", "column", "columns", "group", "paragraph", "heading"}
)


def has_blocks(content: str) -> bool:
    return "<!-- wp:" in content


@dataclass(frozen=True, slots=True)
class Markup:
    """What block markup refers to.

    `reusable`: contents of reusable blocks by id; `footnotes`: WordPress's JSON list of them; `without_html`
    counts the blocks that only WordPress itself could have rendered.
    """

    reusable: Mapping[str, str] = field(default_factory=dict)
    footnotes: str = ""
    without_html: Counter[str] = field(default_factory=Counter)

    def html_of(self, content: str, *, nesting: int = 0) -> str:
        """The HTML inside block markup; text between blocks gets its paragraphs."""
        out: list[str] = []
        depth = place = 0
        for match in _DELIMITER.finditer(content):
            out.append(_between(content[place : match.start()], depth))
            place = match.end()
            closing, name, raw, alone = match.groups()
            if alone:
                out.append(self._alone(name.removeprefix("core/"), _json(raw), nesting))
            else:
                depth = max(0, depth - 1) if closing else depth + 1
        out.append(_between(content[place:], depth))
        html = "".join(out)
        return _COVER.sub(_cover, html) if 'role="img"' in html else html

    def _alone(self, name: str, attributes: dict[str, Any], nesting: int) -> str:
        if name == "block":
            content = self.reusable.get(str(attributes.get("ref", "")))
            if content is not None and nesting < _MAX_NESTING:
                return self.html_of(content, nesting=nesting + 1)
        elif name == "footnotes" and self.footnotes:
            return footnotes_of(self.footnotes)
        elif name in _EMBEDS and isinstance(attributes.get("url") or attributes.get("src"), str):
            return _embed(attributes)
        if name not in _LAYOUT:
            self.without_html[name] += 1
        return "\n"


def _between(text: str, depth: int) -> str:
    return add_paragraphs(text) if depth == 0 and text.strip() else text


def drop_page_marks(content: str, dropped: Counter[str]) -> str:
    """Without `<!--more-->` and `<!--nextpage-->`: an article is one page here."""
    if "<!--" not in content:
        return content

    def drop(match: re.Match[str]) -> str:
        dropped[f"<!--{match[1]}-->"] += 1
        return "\n\n"

    return _MORE.sub(drop, content)


def _cover(match: re.Match[str]) -> str:
    return f'<img data-picture="{match[1]}" src="{match[2].strip()}">'


def _json(raw: str | None) -> dict[str, Any]:
    try:
        value = json.loads(raw) if raw else {}
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _embed(attributes: Mapping[str, Any]) -> str:
    url = str(attributes.get("url") or attributes.get("src"))
    return f'<figure data-embed="{escape(url)}"></figure>'


def footnotes_of(raw: str) -> str:
    """The list of notes WordPress keeps beside the text as JSON."""
    try:
        notes = json.loads(raw)
    except ValueError:
        return ""
    items = (
        [str(note.get("content", "")) for note in notes if isinstance(note, dict)] if isinstance(notes, list) else []
    )
    return "<ol>" + "".join(f"<li>{item}</li>" for item in items) + "</ol>" if items else ""
