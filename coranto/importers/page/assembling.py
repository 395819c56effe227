"""An article's lines as the plain HTML that becomes its body."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape, unescape
from itertools import groupby
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from coranto.importers.page import shapes
from coranto.importers.page.endings import Card
from coranto.importers.page.labels import fold
from coranto.importers.page.lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from coranto.importers.page.pictures import PageFiles, PictureFinder
    from coranto.importers.page.reading import Article

_HREF: Final = re.compile(r'<a href="([^"]*)">')


@dataclass(slots=True)
class Assembled:
    """`captions` have lost their pictures; `picture_key` is the picture above the text."""

    html: str = ""
    captions: list[str] = field(default_factory=list)
    picture_key: str = ""
    picture_caption: str = ""
    pictures_missing: int = 0


def assemble(article: Article, *, files: PageFiles, finder: PictureFinder, known: Mapping[str, str]) -> Assembled:
    """`known` are keys of articles of this source by their headlines (folded)."""
    made = Assembled()
    lines = list(article.lines)
    for line in article.head.pictures:
        picture = finder.find(line.target, line.alt, files)
        if picture is not None and not made.picture_key:
            made.picture_key = picture.key
            if lines and isinstance(lines[0], Line) and lines[0].kind == "caption":
                made.picture_caption = lines.pop(0).text[:500]  # type: ignore[union-attr]
        elif picture is None:
            made.pictures_missing += 1
    parts = []
    for kind, group in groupby(_with_captions(lines), key=_group_of):
        parts.append(_html_of(kind, list(group), made, files=files, finder=finder, known=known))
    made.html = "\n".join(filter(None, parts))
    return made


@dataclass(slots=True)
class _Figure:
    picture: Line
    caption: str


def _with_captions(lines: Iterable[Line | Card]) -> Iterator[Line | Card | _Figure]:
    """A picture and the caption below it (or above it, in one block) as one."""
    waiting: list[Line | Card] = list(lines)
    while waiting:
        line = waiting.pop(0)
        following = waiting[0] if waiting else None
        if isinstance(line, Line) and isinstance(following, Line):
            if line.kind == "picture" and following.kind == "caption":
                waiting.pop(0)
                yield _Figure(line, following.text)
                continue
            if line.kind == "caption" and following.kind == "picture" and line.block == following.block:
                waiting.pop(0)
                yield _Figure(following, line.text)
                continue
        yield _Figure(line, "") if isinstance(line, Line) and line.kind == "picture" else line


def _group_of(line: Line | Card | _Figure) -> tuple[str, object]:
    """Lines of one list and of one quotation belong together."""
    match line:
        case Line(kind="item"):
            return line.list_tag or "ul", 0
        case Line(kind="quote"):
            return "quote", line.block
    return "line", id(line)


def _html_of(
    group: tuple[str, object],
    lines: list[Line | Card | _Figure],
    made: Assembled,
    *,
    files: PageFiles,
    finder: PictureFinder,
    known: Mapping[str, str],
) -> str:
    tag = group[0]
    texts = [line for line in lines if isinstance(line, Line)]
    if tag in {"ul", "ol"}:
        return f"<{tag}>{''.join(f'<li>{_inline(line, files.url)}</li>' for line in texts)}</{tag}>"
    if tag == "quote":
        return _quote(texts, files.url)
    match lines[0]:
        case Card() as card:
            return _card(card, known)
        case _Figure() as figure:
            return _figure(figure, made, files=files, finder=finder)
        case Line() as line:
            return _line(line, made, files.url)


def _line(line: Line, made: Assembled, url: str) -> str:
    match line.kind:
        case "caption":
            made.captions.append(line.text)
            return ""
        case "heading":
            level = min(4, max(2, line.level))
            return f"<h{level}>{_inline(line, url)}</h{level}>"
        case "whole":
            return line.html
    return _quote([line], url) if shapes.signed(line.text)[1] else f"<p>{_inline(line, url)}</p>"


def _card(card: Card, known: Mapping[str, str]) -> str:
    key, label = known.get(fold(card.title), ""), card.label.capitalize()
    attributes = f'data-related="{escape(card.title)}" data-key="{escape(key)}" data-label="{escape(label)}"'
    return f"<figure {attributes}></figure>"


def _figure(figure: _Figure, made: Assembled, *, files: PageFiles, finder: PictureFinder) -> str:
    picture = finder.find(figure.picture.target, figure.picture.alt, files)
    if picture is None:
        made.pictures_missing += 1
        made.captions += [figure.caption] if figure.caption else []
        return ""
    caption = f"<figcaption>{escape(figure.caption, quote=False)}</figcaption>" if figure.caption else ""
    shown = f'data-picture="{escape(picture.key)}" src="{escape(picture.url)}" alt="{escape(picture.alt)}"'
    return f"<figure><img {shown}>{caption}</figure>"


def _quote(lines: list[Line], url: str) -> str:
    """A quotation; the name behind a dash at its end is whose it is."""
    inner, cite = [], ""
    for line in lines:
        html = _inline(line, url)
        if line.list_tag == "cite":
            cite = html
            continue
        text, who = shapes.signed(line.text)
        if who and line is lines[-1] and html.endswith(escape(line.text[len(text) :], quote=False)):
            html, cite = html[: -len(escape(line.text[len(text) :], quote=False))].rstrip(), escape(who, quote=False)
        inner.append(f"<p>{html}</p>")
    return f"<blockquote>{''.join(inner)}{f'<cite>{cite}</cite>' if cite else ''}</blockquote>"


def _inline(line: Line, url: str) -> str:
    """A line's markup with absolute addresses; one that leads nowhere without its page loses it."""
    return _HREF.sub(lambda match: _link(unescape(match[1]), url), line.html)


def _link(href: str, url: str) -> str:
    try:
        absolute = urljoin(url, href) if url else href
        scheme = urlsplit(absolute).scheme.lower()
    except ValueError:
        return "<a>"
    return f'<a href="{escape(absolute)}">' if scheme in {"http", "https", "mailto"} else "<a>"
