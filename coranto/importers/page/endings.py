"""An article's text from its first line to its last: what each line is, and where pleas begin."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from coranto.importers.page import labels, shapes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coranto.importers.page.furniture import Site
    from coranto.importers.page.lines import Line

_CARD: Final = re.compile(r"^(?P<label>[^:\uff1a]{2,40})[:\uff1a]\s*(?P<title>\S.{5,250})$")
# Lines behind the text among which a plea may stand.
_CLOSE: Final = 40


@dataclass(slots=True)
class Card:
    """A line that leads to another article, in two parts."""

    label: str
    title: str
    line: Line


@dataclass(slots=True)
class Text:
    """Lines with their kinds settled, cards among them by place; `dropped` is what was left out, pleas among it."""

    lines: list[Line | Card] = field(default_factory=list)
    pleas: list[Line] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


def read_text(lines: Sequence[Line], following: Sequence[Line], site: Site, *, trusts_markup: bool) -> Text:
    """`lines` are the text with what stands in it, `following` what comes before the next article.

    `trusts_markup`: what the markup calls a paragraph is one, whatever it looks like.
    """
    paragraphs = [line for line in lines if _is_paragraph(line)]
    kept = list(lines)
    kept += _short_ending(following, paragraphs, site)
    text = Text()
    while kept and _is_paragraph(kept[-1]) and _is_plea(kept, site):
        text.pleas.insert(0, kept.pop())
    text.dropped = [line.text for line in text.pleas]
    remaining = [line for line in kept if _is_paragraph(line)]
    text.pleas += [line for line in following[:_CLOSE] if line.text and site.is_plug(line, remaining)]
    for line in kept:
        _take(text, line, site, trusts_markup=trusts_markup)
    taken = {id(line) for line in kept}
    text.dropped += [line.text for line in following if line.text and id(line) not in taken]
    return text


def _is_paragraph(line: Line) -> bool:
    return line.kind in {"text", "quote", "item"} and bool(line.text)


def _is_plea(kept: Sequence[Line], site: Site) -> bool:
    others = [line for line in kept[:-1] if _is_paragraph(line) and line.is_sentence and shapes.weight(line.text) > 60]
    return bool(others) and kept[-1].kind == "text" and site.is_plug(kept[-1], others)


def _short_ending(following: Sequence[Line], paragraphs: Sequence[Line], site: Site) -> list[Line]:
    """Last sentences too short to be told for text by themselves."""
    taken: list[Line] = []
    for line in following:
        if line.kind == "picture" and not line.is_furniture:
            continue
        is_text = (
            line.kind in {"text", "quote", "item"}
            and not line.hint
            and line.is_sentence
            and not line.text.endswith("!")
            and line.links < 0.6
            and not site.is_plug(line, paragraphs)
            and not _is_oddly_short(line, paragraphs)
        )
        if not is_text:
            break
        taken.append(line)
    return taken


def _is_oddly_short(line: Line, paragraphs: Sequence[Line]) -> bool:
    """Where all paragraphs are long, a short line after them is none."""
    return len(paragraphs) > 3 and 2 * len(line.text) < min(len(each.text) for each in paragraphs)


def _take(text: Text, line: Line, site: Site, *, trusts_markup: bool) -> None:
    if line.kind in {"picture", "whole"} and not line.is_furniture:
        text.lines.append(line)
    elif line.is_furniture or (line.kind != "heading" and (site.is_label(line) or site.repeats(line))):
        if line.text:
            text.dropped.append(line.text)
    elif line.hint in {"byline", "date", "views", "section"} and not line.is_sentence:
        text.dropped.append(line.text)
    elif card := _card_of(line, trusts_markup=trusts_markup):
        text.lines.append(card)
    else:
        if not trusts_markup or labels.begins_with(line.text, labels.CAPTION, within=2):
            _settle(line)
        text.lines.append(line)


def _card_of(line: Line, *, trusts_markup: bool) -> Card | None:
    """A line such as "BREAKING: A headline"; what stands before the colon is a label, and no sentence follows."""
    if line.kind not in {"text", "heading"} or line.text.endswith("."):
        return None
    match = _CARD.match(line.text)
    if match:
        label, title = match["label"].strip(), match["title"].strip()
        is_known = labels.is_label(label, labels.CARD)
        if labels.is_label(label, labels.CAPTION):
            return None
        if is_known or (shapes.is_shouted(label) and len(label.split()) <= 4 and shapes.sentences(title) <= 1):
            return Card(label, title, line)
    if line.hint == "card" and len(line.text) <= 250:
        return Card("", line.text, line)
    if (
        not trusts_markup
        and line.links > 0.9
        and line.kind == "text"
        and not line.is_sentence
        and shapes.capitals(line.text) > 0.7
    ):
        return Card("", line.text, line)
    return None


def _settle(line: Line) -> None:
    """What a line within a text is, where only its shape can tell."""
    if line.kind != "text" or line.is_sentence or shapes.trails_off(line.text):
        return
    words = line.text.split()
    if shapes.sentences(line.text) > 0 or shapes.weight(line.text) > 300:
        return
    if labels.begins_with(line.text, labels.CAPTION, within=2) or line.hint == "card":
        line.kind = "caption"
    elif len(words) <= 14 and (
        shapes.capitals(line.text) > 0.7 or line.is_emphatic or (not line.html and len(words) < 8)
    ):
        line.kind, line.level = "heading", 2
    else:
        line.kind = "caption"
