"""The list of raw blocks that is being made; each piece is sanitised as it is put in."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from coranto.kit import html as kit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coranto.importers.bodies.conversion import Converted


class Blocks:
    def __init__(self, out: Converted) -> None:
        self._out = out

    def add(self, kind: str, value: Any) -> None:
        self._out.body.append({"type": kind, "value": value})

    def paragraph(self, inner: str) -> None:
        """One paragraph, given what is inside `<p>`; nothing for an empty one."""
        if inner and (not inner.startswith("<") or kit.text_of(inner)):
            self.rich_text(f"<p>{inner}</p>")

    def rich_text(self, html: str) -> None:
        cleaned = kit.clean_rich_text(html, internal_links=True)
        if cleaned.strip():
            self.add("paragraph", cleaned)

    def list(self, items: Sequence[str], *, ordered: bool) -> None:
        cleaned = [kit.clean_rich_text(item, internal_links=True) for item in items]
        self.add(
            "list",
            {
                "ordered": ordered,
                "items": [{"type": "item", "value": item, "id": str(uuid.uuid4())} for item in cleaned],
            },
        )

    def html(self, html: str, reason: str) -> None:
        cleaned = kit.clean_body(html)
        if kit.text_of(cleaned) or "<img" in cleaned:
            self._out.kept[reason] += 1
            self.add("html", cleaned)
