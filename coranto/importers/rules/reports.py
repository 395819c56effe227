"""What an import did, item by item, as one object and as a page of text."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS: Final = ("articles", "pages", "images", "comments", "sections", "tags", "authors")
_NAMED: Final = 20


@dataclass(slots=True)
class Report:
    """Counts by kind, and a line for everything that was not taken as it was.

    `items` accounts for each item of the source exactly once: read = created + updated + unchanged + skipped.
    `articles` is what was read, for sources whose reading is worth a look.
    """

    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    skipped: list[dict[str, Any]] = field(default_factory=list)
    renamed: list[dict[str, str]] = field(default_factory=list)
    missing: list[dict[str, str]] = field(default_factory=list)
    kept_html: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    items: Counter[str] = field(default_factory=Counter)
    credits: int = 0
    redirects: int = 0
    articles: list[dict[str, Any]] | None = None

    def skip(self, *, kind: str, source_id: str, reason: str, count: int = 1) -> None:
        line: dict[str, Any] = {"kind": kind, "source_id": source_id, "reason": reason}
        self.skipped.append(line if count == 1 else {**line, "count": count})

    def rename(self, *, kind: str, source_id: str, wanted: str, given: str, reason: str) -> None:
        self.renamed.append({"kind": kind, "source_id": source_id, "from": wanted, "to": given, "reason": reason})

    def as_data(self) -> dict[str, Any]:
        return {
            "created": _by_kind(self.created),
            "updated": _by_kind(self.updated),
            "unchanged": _by_kind(self.unchanged),
            "skipped": self.skipped,
            "redirects": self.redirects,
            "credits": self.credits,
            "renamed": self.renamed,
            "missing": self.missing,
            "kept_html": dict(self.kept_html),
            "notes": dict(self.remarks),
            "items": {name: self.items[name] for name in ("read", "created", "updated", "unchanged", "skipped")},
            **({} if self.articles is None else {"articles": self.articles}),
        }

    def as_text(self) -> str:
        lines = []
        for name, counts in (("Created", self.created), ("Updated", self.updated), ("Unchanged", self.unchanged)):
            found = ", ".join(f"{counts[kind]:,} {kind}" for kind in KINDS if counts[kind])
            lines.append(f"{name}: {found or 'nothing'}.")
        lines.append(f"Redirects from old addresses: {self.redirects:,}.")
        if self.credits:
            lines.append(f"Credit lines read as data: {self.credits:,}.")
        lines += _named("Skipped", [f"{each['kind']} {each['source_id']}: {each['reason']}" for each in self.skipped])
        lines += _named(
            "Renamed", [f"{each['kind']} {each['from']} → {each['to']}: {each['reason']}" for each in self.renamed]
        )
        lines += _named("Pictures not found", [f"{each['url']}: {each['reason']}" for each in self.missing])
        lines += _named("Kept as HTML", [f"{reason}: {count:,}" for reason, count in self.kept_html.items()])
        lines += _named("Notes", [f"{text}: {count:,}" for text, count in self.remarks.items()])
        return "\n".join(lines)


def _by_kind(counts: Mapping[str, int]) -> dict[str, int]:
    return {kind: counts.get(kind, 0) for kind in KINDS}


def _named(title: str, lines: list[str]) -> list[str]:
    if not lines:
        return []
    rest = [f"  … and {len(lines) - _NAMED:,} more (--json lists all)"] if len(lines) > _NAMED else []
    return [f"{title} ({len(lines):,}):", *(f"  {line}" for line in lines[:_NAMED]), *rest]
