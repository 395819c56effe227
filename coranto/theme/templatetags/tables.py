"""Tables as the editor stores them, made ready to be drawn."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

register = template.Library()

_FIGURE = re.compile(r"[+−–-]?[^\w\s]?\s?\d[\d.,’'\s]*\s?[^\w\s]?")  # noqa: RUF001 - these signs are meant


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    scope: str = ""
    columns: int = 1
    rows: int = 1
    is_figure: bool = False  # of a column of numbers, which stand at its end


@dataclass(frozen=True, slots=True)
class Table:
    head: Sequence[Sequence[Cell]]
    body: Sequence[Sequence[Cell]]


@register.filter
def laid_out(raw: Mapping[str, Any]) -> Table:
    """The rows of a table; heads of columns and rows carry a scope, cells merged into others are left out."""
    merged = {(each["row"], each["col"]): each for each in raw.get("mergeCells") or ()}
    covered = {
        (row, column)
        for (top, start), each in merged.items()
        for row in range(top, top + each["rowspan"])
        for column in range(start, start + each["colspan"])
    } - merged.keys()
    data: Sequence[Sequence[str | None]] = raw.get("data") or ()
    heads = 1 if raw.get("first_row_is_table_header") else 0
    first_is_head = bool(raw.get("first_col_is_header"))
    figures = _columns_of_figures(data[heads:])
    rows = [
        [
            Cell(
                text=text or "",
                scope="col" if row < heads else "row" if first_is_head and column == 0 else "",
                columns=merged.get((row, column), {}).get("colspan", 1),
                rows=merged.get((row, column), {}).get("rowspan", 1),
                is_figure=column in figures,
            )
            for column, text in enumerate(cells)
            if (row, column) not in covered
        ]
        for row, cells in enumerate(data)
    ]
    return Table(head=rows[:heads], body=rows[heads:])


def _columns_of_figures(rows: Sequence[Sequence[str | None]]) -> set[int]:
    """The columns that hold a number in every cell that holds anything."""
    by_column: dict[int, list[str]] = {}
    for row in rows:
        for column, text in enumerate(row):
            if text and text.strip():
                by_column.setdefault(column, []).append(text.strip())
    return {column for column, texts in by_column.items() if all(_FIGURE.fullmatch(each) for each in texts)}
