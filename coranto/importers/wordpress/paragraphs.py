"""Paragraphs from blank lines, as WordPress makes them when it shows what was written without tags.

After `wpautop()` of WordPress 6 (wp-includes/formatting.php); the words are the same in and out.
"""

from __future__ import annotations

import re
from typing import Final

_BLOCKS: Final = (
    "(?:table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area|blockquote"
    "|address|style|p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header|footer|nav|figure|figcaption"
    "|details|menu|summary|iframe)"
)
# Every line begins and ends with the tag of a block: there is nothing to do, and this is how most arrives.
_DONE: Final = re.compile(rf"</?{_BLOCKS}(?:\s[^<>]*)?>(?:.*</?{_BLOCKS}(?:\s[^<>]*)?>)?")
_KEPT: Final = re.compile(r"<(pre|script|style|svg|textarea)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAG: Final = re.compile(r"<[a-zA-Z/!][^<>]*>")
_DOUBLE_BREAK: Final = re.compile(r"<br\s*/?>\s*<br\s*/?>", re.IGNORECASE)
_OPEN: Final = re.compile(rf"(<{_BLOCKS}[\s/>])", re.IGNORECASE)
_CLOSE: Final = re.compile(rf"(</{_BLOCKS}>)", re.IGNORECASE)
_RULE: Final = re.compile(r"(<hr\s*?/?>)", re.IGNORECASE)
_EMPTY: Final = re.compile(r"<p>\s*</p>")
_UNCLOSED: Final = re.compile(r"<p>([^<]+)</(div|address|form)>")
_ALONE: Final = re.compile(rf"<p>\s*(</?{_BLOCKS}[^<>]*>)\s*</p>", re.IGNORECASE)
_ITEM: Final = re.compile(r"<p>(<li[^>]*>.+?)</p>", re.DOTALL)
_QUOTE: Final = re.compile(r"<p><blockquote([^<>]*)>", re.IGNORECASE)
_BEFORE: Final = re.compile(rf"<p>\s*(</?{_BLOCKS}[^<>]*>)", re.IGNORECASE)
_AFTER: Final = re.compile(rf"(</?{_BLOCKS}[^<>]*>)\s*</p>", re.IGNORECASE)
_BREAK_AFTER: Final = re.compile(rf"(</?{_BLOCKS}[^<>]*>)\s*<br>", re.IGNORECASE)
_BREAK_BEFORE: Final = re.compile(r"<br>(\s*</?(?:p|li|div|dl|dd|dt|th|pre|td|ul|ol|figure)[^<>]*>)", re.IGNORECASE)
_ANY_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MARK: Final = "\ufdd0{}\ufdd1"  # noncharacters: no text of an XML file that we let through holds them
_MARKED: Final = re.compile("\ufdd0(\\d+)\ufdd1")


def add_paragraphs(html: str) -> str:
    """HTML in which what blank lines separate stands in `<p>` and a single line break is a `<br>`."""
    if "\r" in html:
        html = html.replace("\r\n", "\n").replace("\r", "\n")
    lines = [stripped for line in html.split("\n") if (stripped := line.strip())]
    if all(_DONE.fullmatch(line) for line in lines):
        return html
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        # A <pre> is a block of its own; the others stand where they stood.
        mark = _MARK.format(len(kept) - 1)
        return f"<div>{mark}</div>" if match[1].lower() == "pre" else mark

    html = html.replace("\ufdd0", "").replace("\ufdd1", "")
    html = _add(_TAG.sub(_on_one_line, _KEPT.sub(keep, html)))
    html = re.sub("<div>(\ufdd0\\d+\ufdd1)</div>", r"\1", html)
    return _MARKED.sub(lambda match: kept[int(match[1])], html)


def _on_one_line(match: re.Match[str]) -> str:
    return match[0].replace("\n", " ") if "\n" in match[0] else match[0]


def _add(html: str) -> str:
    html = _DOUBLE_BREAK.sub("\n\n", html)
    html = _CLOSE.sub("\\1\n\n", _OPEN.sub("\n\n\\1", html))
    html = _RULE.sub("\\1\n\n", html)
    chunks = (chunk.strip() for chunk in re.split(r"\n[ \t]*(?:\n[ \t]*)+", html))
    html = "\n".join(f"<p>{_lines(chunk)}</p>" for chunk in chunks if chunk)
    html = _UNCLOSED.sub(r"<p>\1</p></\2>", _EMPTY.sub("", html))
    html = _ITEM.sub(r"\1", _ALONE.sub(r"\1", html))
    html = _QUOTE.sub(r"<blockquote\1><p>", html).replace("</blockquote></p>", "</p></blockquote>")
    html = _AFTER.sub(r"\1", _BEFORE.sub(r"\1", html))
    html = _BREAK_BEFORE.sub(r"\1", _BREAK_AFTER.sub(r"\1", html))
    return _EMPTY.sub("", html)


def _lines(chunk: str) -> str:
    if "\n" not in chunk:
        return _ANY_BREAK.sub("<br>", chunk)
    lines = [_ANY_BREAK.sub("<br>", line.strip()) for line in chunk.split("\n")]
    return "".join(
        line if line.endswith("<br>") or last else f"{line}<br>\n"
        for line, last in zip(lines, [*[False] * (len(lines) - 1), True], strict=True)
    )
