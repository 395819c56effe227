"""The specimen's texts as they are written in this folder: TOML between two lines of `+++`, then the body.

The body's marks are few: an empty line between paragraphs, `## ` a heading, `> ` a quote with `> — ` its
source, `!! ` a pull quote, and `!picture`, `!related`, `!list`, `!table`, `!embed`, `!divider`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

FOLDER = Path(__file__).parent

_ARTICLE_LINK = re.compile(r'<a href="article:([a-z0-9-]+)"')


class SpecimenError(Exception):
    """A text of the specimen is not written as agreed; the message names the file."""


@dataclass(frozen=True, slots=True)
class SpecimenArticle:
    slug: str
    head: Mapping[str, Any]
    body: str

    def body_before(self, number: int) -> str:
        """The body as it was before the corrections from this number on, counted from nought."""
        body = self.body
        for correction in self.head.get("corrections", ())[number:]:
            body = body.replace(correction["now"], correction["was"], 1)
        return body


@dataclass(frozen=True, slots=True)
class Names:
    """What the body's marks refer to: our rows by the names used in the texts."""

    pictures: Mapping[str, int]
    pages: Mapping[str, int]


def publication() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "publication.toml").read_text(encoding="utf-8"))


def articles() -> list[SpecimenArticle]:
    """All articles, oldest first."""
    found = [_read(path) for path in sorted((FOLDER / "articles").glob("*.md"))]
    return sorted(found, key=lambda each: -each.head["hours_ago"])


def _read(path: Path) -> SpecimenArticle:
    try:
        _, head, body = path.read_text(encoding="utf-8").split("+++\n", 2)
        return SpecimenArticle(slug=path.stem, head=tomllib.loads(head), body=body)
    except ValueError as error:
        raise SpecimenError(f"{path.name}: {error}") from error


def pictures_in(body: str) -> list[tuple[str, str, str, str]]:
    """Name, caption, description and credit of each picture in a body."""
    return [_picture_parts(chunk) for chunk in _chunks(body) if chunk.startswith("!picture ")]


def _chunks(body: str) -> list[str]:
    return [chunk.strip() for chunk in re.split(r"\n\s*\n", body.strip()) if chunk.strip()]


def _picture_parts(chunk: str) -> tuple[str, str, str, str]:
    name, caption, alt, credit = (part.strip() for part in chunk.removeprefix("!picture ").split("|"))
    return name, caption, alt, credit


def blocks(body: str, names: Names) -> list[dict[str, Any]]:
    """The body as raw stream blocks; a link or card to an article that is not there yet is left out."""
    return [block for chunk in _chunks(body) if (block := _block(chunk, names)) is not None]


def _block(chunk: str, names: Names) -> dict[str, Any] | None:
    for mark, read in _READERS.items():
        if chunk.startswith(mark):
            return read(chunk.removeprefix(mark).strip(), names)
    return {"type": "paragraph", "value": f"<p>{_linked(' '.join(chunk.splitlines()), names)}</p>"}


def _linked(html: str, names: Names) -> str:
    def fill(match: re.Match[str]) -> str:
        page = names.pages.get(match[1])
        return f'<a linktype="page" id="{page}"' if page else "<a"

    return _ARTICLE_LINK.sub(fill, html)


def _heading(text: str, _names: Names) -> dict[str, Any]:
    return {"type": "heading", "value": {"text": text, "level": "2"}}


def _quote(text: str, names: Names) -> dict[str, Any]:
    lines = [line.removeprefix(">").strip() for line in text.splitlines()]
    said = [line for line in lines if not line.startswith("—")]
    source = next((line.removeprefix("—").strip() for line in lines if line.startswith("—")), "")
    attribution, _, url = (part.strip() for part in source.partition("|"))
    words = "".join(f"<p>{_linked(line, names)}</p>" for line in said if line)
    return {"type": "quote", "value": {"text": words, "attribution": attribution, "source_url": url}}


def _pull_quote(text: str, _names: Names) -> dict[str, Any]:
    return {"type": "pull_quote", "value": {"text": text, "attribution": ""}}


def _picture(text: str, names: Names) -> dict[str, Any]:
    name, caption, alt, credit = _picture_parts(text)
    return {
        "type": "picture",
        "value": {"picture": names.pictures[name], "caption": caption, "credit": credit, "alt": alt},
    }


def _related(text: str, names: Names) -> dict[str, Any] | None:
    page = names.pages.get(text)
    return {"type": "related", "value": {"article": page, "label": ""}} if page else None


def _list(text: str, names: Names) -> dict[str, Any]:
    items = [_linked(line.removeprefix("-").strip(), names) for line in text.splitlines() if line.strip()]
    return {
        "type": "list",
        "value": {
            "ordered": False,
            "items": [{"type": "item", "value": f"<p>{item}</p>"} for item in items],
        },
    }


def _table(text: str, _names: Names) -> dict[str, Any]:
    caption, *rows = text.splitlines()
    return {"type": "table", "value": table(caption, [[_plain(c) for c in row.split("|")] for row in rows])}


def _plain(cell: str) -> str:
    return re.sub(r"</?\w+>", "", cell).strip()


def table(caption: str, rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    """A table as the table block stores it, its first row the header."""
    return {
        "data": [list(row) for row in rows],
        "cell": [],
        "mergeCells": [],
        "first_row_is_table_header": True,
        "first_col_is_header": False,
        "table_header_choice": "row",
        "table_caption": caption,
    }


def _embed(text: str, _names: Names) -> dict[str, Any]:
    url, title, provider = (part.strip() for part in text.split("|"))
    return {"type": "embed", "value": {"url": url, "title": title, "provider": provider}}


def _divider(_text: str, _names: Names) -> dict[str, Any]:
    return {"type": "divider", "value": None}


_READERS: dict[str, Callable[[str, Names], dict[str, Any] | None]] = {
    "## ": _heading,
    "> ": _quote,
    "!! ": _pull_quote,
    "!picture ": _picture,
    "!related ": _related,
    "!list": _list,
    "!table ": _table,
    "!embed ": _embed,
    "!divider": _divider,
}
