"""WordPress's shortcodes as plain HTML: captions, galleries, embeds, players. Others stay in the text."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Sequence

_ATTRIBUTE: Final = re.compile(r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'\]]+))|(\S+)""")
_PLAYERS: Final = {
    "youtube": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}",
    "dailymotion": "https://www.dailymotion.com/video/{}",
    "soundcloud": "{}",
    "tweet": "{}",
    "instagram": "{}",
    "ted": "https://www.ted.com/talks/{}",
}
_KNOWN: Final = frozenset({"caption", "wp_caption", "gallery", "embed", "audio", "video", "playlist", *_PLAYERS})
_SHORTCODE: Final = re.compile(
    rf"\[(\[?)({'|'.join(sorted(_KNOWN))})(?![\w-])([^\]\[]*(?:\[[^\]]*\][^\]\[]*)*?)(?:/?\](?:((?:(?!\[/?\2\b).)*)\[/\2\])?)(\]?)",
    re.DOTALL,
)
# Words in brackets are prose more often than not; with an attribute or an end they are a plugin's.
_UNKNOWN: Final = re.compile(r"\[([a-z][a-z0-9_-]{2,40})(?:\s+[\w-]+=[^\]]*|(?=\][^\[]*\[/\1\]))\]?")
_OWN_LINE: Final = re.compile(r"(?m)^[ \t]*(?:<p>[ \t]*)?(https?://[^\s<>\"\[\]]+)[ \t]*(?:</p>)?[ \t]*$")
_IMAGE_CLASS: Final = re.compile(r"<img\b(?=[^<>]*?\bwp-image-(\d+))", re.IGNORECASE)
_PICTURE: Final = re.compile(r"(?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?", re.IGNORECASE)


def attributes_of(text: str) -> tuple[dict[str, str], list[str]]:
    """Named attributes and bare words of a shortcode."""
    named: dict[str, str] = {}
    bare = []
    for name, double, single, plain, word in _ATTRIBUTE.findall(text):
        if name:
            named[name.lower()] = double or single or plain
        elif word != "/":
            bare.append(word.strip("\"'="))
    return named, bare


def mark_pictures(html: str) -> str:
    """Put the id of a picture, which WordPress keeps in a class, where the converter looks for it."""
    if "wp-image-" not in html:
        return html
    return _IMAGE_CLASS.sub(r'<img data-picture="\1"', html)


def link_own_lines(html: str, is_player: Callable[[str], bool]) -> str:
    """An address alone on its line is an embed where a known player stands there, else a link."""
    if "http" not in html:
        return html

    def put(match: re.Match[str]) -> str:
        url = escape(match[1].replace("&amp;", "&"))
        if is_player(match[1]):
            return f'\n<figure data-embed="{url}">{url}</figure>\n'
        return f'<p><a href="{url}">{url}</a></p>' if "<p>" in match[0] else f'<a href="{url}">{url}</a>'

    return _OWN_LINE.sub(put, html)


def expand_shortcodes(html: str, *, children: Callable[[], Sequence[str]], unknown: Counter[str]) -> str:
    """HTML with the known shortcodes resolved. `children`: ids of the pictures attached to this item."""
    if "[" not in html:
        return html

    def put(match: re.Match[str]) -> str:
        opening, name, rest, content, closing = match.groups()
        if opening and closing:
            return match[0][1:-1]  # [[caption]] is how an author writes about shortcodes
        named, bare = attributes_of(rest)
        return opening + _html_of(name, named, bare, content or "", children) + closing

    html = _SHORTCODE.sub(put, html)
    unknown.update(name for name in _UNKNOWN.findall(html) if name not in _KNOWN)
    return html


def _html_of(
    name: str, named: dict[str, str], bare: list[str], content: str, children: Callable[[], Sequence[str]]
) -> str:
    match name:
        case "caption" | "wp_caption":
            return _caption(named, content)
        case "gallery" | "playlist":
            return _gallery(named, children)
        case "embed" | "audio" | "video":
            keys = ("src", "mp3", "m4a", "ogg", "wav", "mp4", "m4v", "webm", "ogv", "flv", "url")
            url = content.strip() or next((named[key] for key in keys if named.get(key)), "") or " ".join(bare[:1])
            return _embed(url, content.strip()) if url.startswith(("http", "/")) else content
        case _:
            word = named.get("id") or named.get("url") or (bare[0] if bare else "") or content.strip()
            word = word.replace("&amp;", "&")
            return _embed(word if word.startswith("http") else _PLAYERS[name].format(word), content.strip())


def _caption(named: dict[str, str], content: str) -> str:
    picture = _PICTURE.search(content)
    if picture is None:
        return content
    text = (content[: picture.start()] + content[picture.end() :]).strip() or named.get("caption", "")
    key = re.sub(r"\D", "", named.get("id", ""))
    html = picture[0]
    if key and "data-picture" not in html:
        html = re.sub(r"<img\b", f'<img data-picture="{key}"', html, count=1, flags=re.IGNORECASE)
    caption = f"<figcaption>{' '.join(text.split())}</figcaption>" if text else ""
    return f"\n<figure>{html}{caption}</figure>\n"


def _gallery(named: dict[str, str], children: Callable[[], Sequence[str]]) -> str:
    listed = named.get("ids") or named.get("include")
    ids: Sequence[str] = re.findall(r"\d+", listed) if listed else children()
    return "\n" + "\n".join(f'<figure><img data-picture="{each}"></figure>' for each in ids) + "\n"


def _embed(url: str, said: str) -> str:
    return f'\n<figure data-embed="{escape(url)}">{escape(said) if said.startswith("http") else said}</figure>\n'
