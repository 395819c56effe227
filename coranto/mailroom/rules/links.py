"""What a mail may lead to: our own addresses, and of anybody else's nothing that can be followed or loaded.

A comment, a name or a title that somebody else wrote may stand in a mail; mail programs load pictures, and turn into
a link whatever looks like one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import lxml.html
from lxml import etree

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LOADING: Final = ("src", "srcset", "background", "poster", "data", "action", "formaction", "cite", "longdesc", "ping")
_PROGRAMS: Final = ("script", "style", "iframe", "frame", "object", "embed", "form", "base", "link")
_LOADED: Final = ("img", "picture", "source", "video", "audio", "svg", "math")
_REST: Final = r"[^\s<>\"']"
# Bounded throughout: what is looked through was written by anybody.
_URL: Final = rf"(?:[a-z][a-z0-9+.-]{{0,30}}://|www\.){_REST}+"
# What mail programs take for the name of a host, in any script; not where an e-mail address is, and no name's middle.
_DOT: Final = r"[.\u3002\uff0e\uff61]"
_TOP: Final = r"(?:[^\W\d_]{2,63}|xn--[a-z0-9-]{1,59})(?![^\W_]|[\w.+-]{0,254}@)"
_NAME: Final = rf"(?:[\w-]{{1,63}}{_DOT}){{1,126}}{_TOP}(?:[/:?#]{_REST}*)?"
_NUMBER: Final = rf"\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?![\w.-])[/:]{_REST}*"
_FOREIGN: Final = re.compile(rf"(?i){_URL}|(?<![\w@-])(?<!\w[.])(?:{_NAME}|{_NUMBER})")
# README.md, CHANGELOG.txt
_FILE: Final = re.compile(r"[A-Z]+\.(?:md|txt)")
# Where programs that look for links let one end, and begin to look anew.
_END: Final = re.compile(r"([()\[\]{}|])")
_AFTER: Final = ".,:;!?"


def without_foreign_links(html: str, *, origin: str) -> str:
    """The page `html` with links and pictures of `origin` alone; the words of the others stay, as mere words."""
    page: Any = lxml.html.document_fromstring(html)
    for element in list(page.iter(*_PROGRAMS)):
        element.drop_tree()
    for element in list(page.iter(*_LOADED)):
        if not is_ours(element.get("src") or "", origin):
            element.drop_tree()
    for element in list(page.iter("a", "area")):
        href = element.get("href")
        if href is not None and not is_ours(href, origin):
            del element.attrib["href"]
            element.drop_tag()
    for element in list(page.iter("meta")):
        if "http-equiv" in element.attrib:
            element.drop_tree()
    for element in page.iter(etree.Element):
        _clean(element, origin)
    return "<!doctype html>\n" + lxml.html.tostring(page, encoding="unicode")


def _clean(element: HtmlElement, origin: str) -> None:
    for name in _LOADING:
        if name in element.attrib and not (name == "src" and is_ours(element.attrib[name], origin)):
            del element.attrib[name]
    if element.text:
        element.text = without_foreign_words(element.text, origin=origin)
    if element.tail:
        element.tail = without_foreign_words(element.tail, origin=origin)


def is_ours(url: str, origin: str) -> bool:
    return url == origin or url.startswith((f"{origin}/", f"{origin}?", f"{origin}#"))


def without_foreign_words(text: str, *, origin: str) -> str:
    """`text` with addresses of others written so that no mail program makes a link of them: `elsewhere[.]example/x`."""
    host = origin.lower().partition("://")[2].removeprefix("www.")
    ours = (origin.lower(), host, f"www.{host}")

    def defuse(found: re.Match[str]) -> str:
        words = found[0]
        if _FILE.fullmatch(words):
            return words
        own, *rest = _END.split(words)
        if any(is_ours(own.lower().rstrip(_AFTER), each) for each in ours):
            return own + "".join(_FOREIGN.sub(defuse, each) for each in rest)
        return _defused(words)

    return _FOREIGN.sub(defuse, text)


def _defused(words: str) -> str:
    rest = words.partition("://")[2] or words
    return re.sub(rf"{_DOT}(?=\w)", "[.]", rest).replace("://", "[:]//")
