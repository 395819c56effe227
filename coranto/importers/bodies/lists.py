"""Lists: flat ones as a list block, nested ones as rich text, others as what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coranto.importers.bodies.elements import APART, LISTS
from coranto.importers.bodies.inline import tidy

if TYPE_CHECKING:
    from coranto.importers.bodies.conversion import Conversion


def take(conversion: Conversion, element: Any) -> None:
    inside = {each.tag for each in element.iterdescendants() if isinstance(each.tag, str)}
    entries = [each for each in element if isinstance(each.tag, str)]
    loose = any((each.tail or "").strip() for each in entries) or (element.text or "").strip()
    if inside & APART or loose or any(each.tag not in {"li", *LISTS} for each in entries):
        for entry in entries:
            conversion.walk(entry)  # pictures in a list: each entry as blocks of its own
            if (entry.tail or "").strip():
                conversion.blocks.paragraph(conversion.inline.text(entry.tail))
    elif inside & LISTS:
        conversion.blocks.rich_text(nested(conversion, element))
    else:
        items = [html for each in entries if (html := _item(conversion, each))]
        if items:
            conversion.blocks.list(items, ordered=element.tag == "ol")


def _item(conversion: Conversion, element: Any) -> str:
    """The inside of an entry; its paragraphs, if it has any, on lines of their own."""
    inline = conversion.inline
    pieces, run = [], inline.text(element.text)
    for child in element:
        if child.tag in {"p", "div"}:
            pieces += [run, inline.inner(child)]
            run = inline.text(child.tail)
        else:
            run += inline.outer(child) + inline.text(child.tail)
    return "<br>".join(tidied for piece in [*pieces, run] if (tidied := tidy(piece)))


def nested(conversion: Conversion, element: Any) -> str:
    inline = conversion.inline
    out: list[str] = []
    open_entry = False
    for entry in element:
        if entry.tag in LISTS:  # a list right inside a list belongs to the entry before it
            inner = nested(conversion, entry)
            if open_entry:
                out[-1] = out[-1].removesuffix("</li>") + inner + "</li>"
            else:
                out.append(f"<li>{inner}</li>")
            open_entry = True
            continue
        parts = [inline.text(entry.text)]
        for child in entry:
            parts.append(nested(conversion, child) if child.tag in LISTS else inline.outer(child))
            parts.append(inline.text(child.tail))
        out.append(f"<li>{''.join(parts).strip()}</li>")
        open_entry = True
    tag = "ol" if element.tag == "ol" else "ul"
    return f"<{tag}>{''.join(out)}</{tag}>"
