"""Quotations, with who said it and where."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from coranto.importers.bodies import lists
from coranto.importers.bodies.elements import APART
from coranto.importers.bodies.inline import remove_element, tidy
from coranto.kit import html as kit

if TYPE_CHECKING:
    from coranto.importers.bodies.conversion import Conversion

_PULL: Final = re.compile(r"pull-?quote", re.IGNORECASE)
_MARKS: Final = "\u2013\u2014\u2015-"  # en dash, em dash, horizontal bar
_DASH: Final = re.compile(rf"^\s*(?:[{_MARKS[:3]}]|--?)\s*(\S.{{0,120}})$", re.DOTALL)
_LAST_LINE: Final = re.compile(rf"^(.+)<br>\s*((?:[{_MARKS[:3]}]|--?)(?:(?!<br>).){{1,160}})$", re.DOTALL)
_MAX_ATTRIBUTION: Final = 255
_MAX_PULL_QUOTE: Final = 500


def take(conversion: Conversion, element: Any, *, pull: bool = False) -> None:
    if any(each.tag in APART for each in element.iterdescendants()):
        _take_mixed(conversion, element)
        return
    cites = [each for each in element.iter("cite", "footer") if _is_attribution(each, element)]
    attribution, source = "", element.get("cite") or ""
    if cites:
        last = cites[-1]
        attribution = _plain(conversion.inline.inner(last))
        link = next((a.get("href") for a in last.iter("a") if a.get("href")), "")
        source = source or link
        if len(attribution) <= _MAX_ATTRIBUTION:
            remove_element(last)
        else:
            attribution = ""
    pieces = _pieces(conversion, element)
    if not attribution and pieces:
        pieces, attribution = _split_attribution(pieces)
    if not pieces:
        conversion.blocks.paragraph(attribution)
        return
    pull = pull or bool(_PULL.search(element.get("class") or ""))
    words = " ".join(kit.text_of(each) for each in pieces)
    if pull and len(words) <= _MAX_PULL_QUOTE:
        conversion.blocks.add(
            "pull_quote", {"text": "\n".join(kit.text_of(each) for each in pieces), "attribution": ""}
        )
        if attribution:
            # text_of_body reads no attribution of a pull quote, but readers do.
            conversion.out.body[-1]["value"]["attribution"] = attribution
            conversion.moved.append(attribution)
        return
    if "twitter-tweet" in (element.get("class") or ""):
        source = source or next((a.get("href") for a in reversed(list(element.iter("a"))) if a.get("href")), "")
    text = "".join(each if each.startswith(("<ul", "<ol")) else f"<p>{each}</p>" for each in pieces)
    conversion.blocks.add(
        "quote",
        {
            "text": kit.clean_rich_text(text, internal_links=True),
            "attribution": attribution.lstrip(f"{_MARKS} ") or attribution,
            "source_url": source if source.startswith(("http://", "https://")) and len(source) < 200 else "",  # noqa: PLR2004
        },
    )


def _take_mixed(conversion: Conversion, element: Any) -> None:
    """A quotation with pictures or quotations in it: the runs of text stay quotations, the rest is as it is."""
    run: list[str] = []

    def end() -> None:
        text = "".join(f"<p>{each}</p>" for each in run if kit.text_of(each))
        run.clear()
        if text:
            cleaned = kit.clean_rich_text(text, internal_links=True)
            conversion.blocks.add("quote", {"text": cleaned, "attribution": "", "source_url": ""})

    run.append(conversion.inline.text(element.text))
    for child in element:
        if child.tag in APART or any(each.tag in APART for each in child.iterdescendants()):
            end()
            conversion.take(child)
            conversion.flush()
        elif child.tag in {"p", "div"}:
            run.append(tidy(conversion.inline.inner(child)))
        elif child.tag in {"ul", "ol"}:
            end()
            conversion.take(child)
        else:
            run.append((run.pop() if run else "") + conversion.inline.outer(child))
        if child.tail:
            if child.tail.strip() and child.tag in {"p", "div"}:
                run.append(conversion.inline.text(child.tail))
            else:
                run.append((run.pop() if run else "") + conversion.inline.text(child.tail))
    end()


def _pieces(conversion: Conversion, element: Any) -> list[str]:
    """What stands in paragraphs of its own, inline markup each; lists as they are."""
    inline = conversion.inline
    pieces, run = [], inline.text(element.text)
    for child in element:
        if child.tag in {"p", "div", "section", "footer", "center"}:
            pieces += [run, *(_pieces(conversion, child) if child.tag != "p" else [inline.inner(child)])]
            run = inline.text(child.tail)
        elif child.tag in {"ul", "ol"}:
            pieces += [run, lists.nested(conversion, child)]
            run = inline.text(child.tail)
        else:
            run += inline.outer(child) + inline.text(child.tail)
    return [tidied for piece in [*pieces, run] if (tidied := tidy(piece)) and kit.text_of(tidied)]


def _is_attribution(cite: Any, quote: Any) -> bool:
    """Whether a `<cite>` closes the quotation; one amid the words is a title."""
    if cite.tag == "cite" and cite.getparent().tag == "footer":
        return False
    place = cite
    while place is not quote:
        if (place.tail or "").strip():
            return False
        following = place.getnext()
        while following is not None:
            if "".join(following.itertext()).strip():
                return False
            following = following.getnext()
        place = place.getparent()
    return True


def _split_attribution(pieces: list[str]) -> tuple[list[str], str]:
    last = pieces[-1]
    if len(pieces) > 1 and "<br>" not in last and (match := _DASH.match(kit.text_of(last))):
        return pieces[:-1], " ".join(match[1].split())
    if match := _LAST_LINE.match(last):
        attribution = _plain(match[2]).lstrip(f"{_MARKS} ")
        if attribution:
            return [*pieces[:-1], tidy(match[1])], attribution
    return pieces, ""


def _plain(html: str) -> str:
    return " ".join(kit.text_of(html).split())
