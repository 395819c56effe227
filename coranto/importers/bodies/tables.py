"""Simple tables as a table block; others as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coranto.importers.bodies.elements import NO_SIMPLE_CELL
from coranto.kit import html as kit

if TYPE_CHECKING:
    from coranto.importers.bodies.conversion import Conversion


def take(conversion: Conversion, table: Any, caption: str = "") -> None:
    inside = {each.tag for each in table.iterdescendants() if isinstance(each.tag, str)}
    cells = list(table.iter("td", "th"))
    rows = [[each for each in row if each.tag in {"td", "th"}] for row in table.iter("tr")]
    rows = [row for row in rows if row]
    if len(rows) == 1 and len(rows[0]) == 1:  # layout from another age
        conversion.walk(rows[0][0])
        conversion.blocks.paragraph(caption)
        return
    own = table.find("caption")
    spans = any(each.get("colspan", "1") != "1" or each.get("rowspan", "1") != "1" for each in cells)
    widths = {len(row) for row in rows}
    if not rows or inside & NO_SIMPLE_CELL or spans or len(widths) != 1:
        conversion.keep(table, "a table that is not simple")
        conversion.blocks.paragraph(caption)
        return
    # A block's table caption is for machines as well; its text counts, so it stands before the table.
    if own is not None:
        conversion.blocks.paragraph(conversion.inline.inner(own))
    inline = conversion.inline
    data = [[" ".join(kit.text_of(inline.inner(cell)).split()) for cell in row] for row in rows]
    first_row = all(cell.tag == "th" for cell in rows[0]) or table.find("thead") is not None
    first_column = all(row[0].tag == "th" for row in rows[1:] or rows) and len(rows) > 1
    choice = {(True, True): "both", (True, False): "row", (False, True): "column"}.get(
        (first_row, first_column), "neither"
    )
    conversion.blocks.add(
        "table",
        {
            "data": data,
            "cell": [],
            "mergeCells": [],
            "table_caption": "",
            "table_header_choice": choice,
            "first_row_is_table_header": first_row,
            "first_col_is_header": first_column,
        },
    )
    conversion.blocks.paragraph(caption)
