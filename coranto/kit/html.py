"""The site's one sanitiser, and plain text from HTML.

Every `clean_*` function takes a fragment from anyone and returns a fragment that is safe in a page: only the
elements and attributes listed below, no script in any form, no control characters (C0 other than newline and
tab), no lone surrogates, no byte order marks. Each is idempotent: what it returns, it returns unchanged. None
of them raises.

Parsing is html5ever's, through nh3: the algorithm browsers use (https://html.spec.whatwg.org/#parsing), so
that what is judged is what a browser will see. The cleaners are built once, at import.
"""

import html as entities
import re
from collections.abc import Mapping
from typing import Final

import nh3


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INLINE: Final = _names("a b br code em i strong sub sup")
_RICH_TEXT: Final = _INLINE | _names("li ol p s u ul")
_COMMENT: Final = _names("a b blockquote br code del em i li ol p pre strong ul")
_BODY: Final = _names(
    "a abbr b blockquote br caption cite code dd del details dl dt em figcaption figure h2 h3 h4 h5 h6 hr i"
    " img ins kbd li mark ol p pre q s small span strong sub summary sup table tbody td tfoot th thead time"
    " tr u ul"
)

# Elements that stand on lines of their own. One that is not allowed leaves a newline behind, since words on
# either side of it must not run together.
_BLOCKS: Final = _names(
    "address article aside blockquote caption center dd details dialog dir div dl dt fieldset figcaption"
    " figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol optgroup option p pre"
    " search section summary table tbody td tfoot th thead tr ul"
)

# What stands inside these is no prose: code, a drawing's parts, a fallback for browsers that cannot do more.
_DROPPED_WITH_CONTENT: Final = _names(
    "applet audio canvas embed iframe math noembed noframes noscript object script select style svg template"
    " textarea title video"
)

_BODY_ATTRIBUTES: Final[Mapping[str, frozenset[str]]] = {
    "a": frozenset({"href", "title"}),
    "abbr": frozenset({"title"}),
    "blockquote": frozenset({"cite"}),
    "del": frozenset({"cite", "datetime"}),
    "details": frozenset({"open"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "ins": frozenset({"cite", "datetime"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"start"}),
    "q": frozenset({"cite"}),
    "span": frozenset({"lang", "dir"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "time": frozenset({"datetime"}),
}
_LINK: Final[Mapping[str, frozenset[str]]] = {"a": frozenset({"href"})}
_INTERNAL_LINK: Final[Mapping[str, frozenset[str]]] = {"a": frozenset({"href", "linktype", "id"})}

_ATTRIBUTE_VALUES: Final[Mapping[str, re.Pattern[str]]] = {
    "colspan": re.compile(r"[0-9]{1,4}"),
    "dir": re.compile(r"ltr|rtl|auto"),
    "height": re.compile(r"[0-9]{1,5}"),
    "id": re.compile(r"[0-9]{1,19}"),  # Wagtail's key of a page; a word would name an element for scripts
    "lang": re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,8}"),
    "linktype": re.compile(r"page|article|document"),
    "rowspan": re.compile(r"[0-9]{1,4}"),
    "scope": re.compile(r"row|col|rowgroup|colgroup"),
    "start": re.compile(r"-?[0-9]{1,9}"),
    "value": re.compile(r"-?[0-9]{1,9}"),
    "width": re.compile(r"[0-9]{1,5}"),
}


def _judge_attribute(_tag: str, name: str, value: str) -> str | None:
    if name == "src":
        return _judge_source(value)
    if name in {"href", "cite"}:
        return value if _is_harmless_address(value) else None
    pattern = _ATTRIBUTE_VALUES.get(name)
    return value if pattern is None or pattern.fullmatch(value) else None


_SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_SCHEME: Final = re.compile(r"[\x00-\x20]*([A-Za-z][A-Za-z0-9+.-]*):")


def _is_harmless_address(value: str) -> bool:
    """Whether nothing can run by following it. nh3 0.3.8 judges href and src, but no cite."""
    scheme = _SCHEME.match(re.sub(r"[\t\n\r]", "", value))  # as browsers read it
    return scheme is None or scheme[1].lower() in _SCHEMES


def _judge_source(value: str) -> str | None:
    """The address of a picture: http, https or from the root of this site; anything else is dropped."""
    # Browsers drop tabs and newlines inside an address and take \ for /, so `/<tab>/host` is `//host`.
    address = re.sub(r"[\t\n\r]", "", value).strip().replace("\\", "/")
    if address.startswith("//"):
        return f"https:{address}"
    if address.startswith("/") or re.match(r"https?://", address, re.IGNORECASE):
        return address
    return None


class _Profile:
    """One list of what may stay, made ready for many calls."""

    def __init__(self, tags: frozenset[str], attributes: Mapping[str, frozenset[str]], *, rel: str | None) -> None:
        layout = _BLOCKS - tags
        # Layout elements are let through the parser and taken out afterwards: nh3 alone would unwrap
        # <div>one</div><div>two</div> to "onetwo".
        self._layout = re.compile(rf"(?:</?(?:{'|'.join(sorted(layout))})>)+")
        self._cleaner = nh3.Cleaner(
            tags=set(tags | layout),
            clean_content_tags=set(_DROPPED_WITH_CONTENT),
            # Without the star nh3 lets lang and title stay everywhere.
            attributes={"*": set()} | {tag: set(names) for tag, names in attributes.items()},
            attribute_filter=_judge_attribute,
            link_rel=rel,
            url_schemes=set(_SCHEMES),
        )

    def clean(self, html: str) -> str:
        """A fixed point of `_clean_once`.

        One pass is not always one: taking an element out can leave a tree that no markup describes (a
        paragraph in a paragraph), and a character reference can smuggle a control character into an
        address, which hides its scheme until the character is dropped. Both need a second judgement.
        """
        if _is_too_deep(html):
            return self._clean_once(_escaped_text(html))
        for _ in range(8):
            cleaned = self._clean_once(html)
            if cleaned == html:
                return cleaned
            html = cleaned
        # Not known to happen. Plain text is a fixed point at once.
        return self._clean_once(_escaped_text(html))

    def _clean_once(self, html: str) -> str:
        cleaned = self._cleaner.clean(_without_controls(html))
        # In what nh3 writes, `<` begins a tag and nothing else (in text and attributes it is &lt;), so these
        # replacements cannot hit anything but tags.
        if "<" in cleaned:
            cleaned = self._layout.sub("\n", cleaned)
            if "<pre>\n" in cleaned:  # the parser swallows one newline here, and nh3 does not write it back
                cleaned = cleaned.replace("<pre>\n", "<pre>\n\n")
        return _without_controls(cleaned)


# Possessive and positive: a match over the whole text is many times as fast as a search for the opposite.
_HOLDS_NO_CONTROLS: Final = re.compile("[\t\n -\ud7ff\ue000-\ufefe\uff00-\U0010ffff]*+")
_DROP_CONTROLS: Final = {
    **dict.fromkeys([*range(0x20), *range(0xD800, 0xE000), 0xFEFF]),
    0x09: "\t",
    0x0A: "\n",
    0x0C: " ",  # a form feed is white space in HTML
    0x0D: "\n",
}


def _without_controls(text: str) -> str:
    if _HOLDS_NO_CONTROLS.fullmatch(text) is not None:
        return text
    return text.replace("\r\n", "\n").translate(_DROP_CONTROLS)


_MANY_TAGS: Final = 1_000
_MAX_DEPTH: Final = 1_000
_TAG_NAME: Final = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
_NEVER_NESTED: Final = _names(
    "area base br col dd dt embed hr img input li link meta option p param source td th tr track wbr"
)


def _is_too_deep(html: str) -> bool:
    """Whether elements are nested so deep that parsing would take time by the square of the length.

    Measured: 100,000 nested <div>, 500 kB, cost 17 s; as many nested 900 deep, 0.1 s. Browsers themselves
    stop at 512.
    """
    if html.count("<") < _MANY_TAGS:
        return False
    is_open: dict[str, int] = {}
    depth = 0
    for closing, name in _TAG_NAME.findall(html):
        tag = name.lower()
        if tag in _NEVER_NESTED:
            continue
        if not closing:
            is_open[tag] = is_open.get(tag, 0) + 1
            depth += 1
            if depth > _MAX_DEPTH:
                return True
        elif is_open.get(tag, 0):
            is_open[tag] -= 1
            depth -= 1
    return False


def _escaped_text(html: str) -> str:
    return entities.escape(entities.unescape(re.sub(r"<[^>]*>?", " ", html)), quote=False)


_body = _Profile(_BODY, _BODY_ATTRIBUTES, rel="noopener")
_comment = _Profile(_COMMENT, _LINK, rel="nofollow ugc noopener")
# These two are stored as Wagtail's editor stores them, without rel: it would come and go with each edit.
_rich_text = _Profile(_RICH_TEXT, _LINK, rel=None)
_rich_text_linked = _Profile(_RICH_TEXT, _INTERNAL_LINK, rel=None)
_inline = _Profile(_INLINE, _LINK, rel=None)


def clean_body(html: str) -> str:
    """What may stand in an article as kept HTML: prose, lists, tables, figures, pictures.

    No style, class or id. A picture's address is http, https or from the root of this site; one that begins
    with // becomes https. Links carry rel="noopener".
    """
    return _body.clean(html)


def clean_rich_text(html: str, *, internal_links: bool = False) -> str:
    """What the text of a paragraph block may hold: paragraphs, lists, links and emphasis.

    `internal_links` keeps Wagtail's `<a linktype="page|article|document" id="12">`, which only editors and
    importers may write.
    """
    return (_rich_text_linked if internal_links else _rich_text).clean(html)


def clean_inline(html: str) -> str:
    """One run of text with links and emphasis: captions, quotes."""
    return _inline.clean(html)


def clean_comment(html: str) -> str:
    """What a reader may write; links carry rel="nofollow ugc noopener"."""
    return _comment.clean(html)


# --- Plain text ---------------------------------------------------------------------------------------------

# Where a line ends. No text holds it: control characters are gone by then, and &#0; stands for U+FFFD.
_BREAK: Final = "\x00"
_PLAIN_BLOCK: Final = re.compile(r"</?p>|<br ?/?>")
_PLAIN_INLINE: Final = re.compile(
    r"</?(?:a|abbr|b|cite|code|em|i|mark|q|s|small|span|strong|sub|sup|u)"
    r'(?: [a-z]+(?:-[a-z]+)*="[^"<>\x00]*")*>'
)
# What the removal of the tag would complete: `&eacute<b>;`.
_BROKEN_REFERENCE: Final = re.compile(r"&[#0-9A-Za-z]*<")
_USUAL_TEXT: Final = re.compile(
    "[\t\n\f\r -~\x80-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufffd\U00010000-\U0001fffd]*+"
)
_LONG_SPACE: Final = re.compile(r"[\t\n\r\f ]{2,}|[\t\n\r\f]")
_ANY_TAG: Final = re.compile(r"<[^>]*>")
# Beside controls and surrogates: DEL, byte order marks and noncharacters, each parser's own affair.
_NO_TEXT: Final = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
_text_cleaner = nh3.Cleaner(
    tags=set(_BLOCKS | {"br"}),
    clean_content_tags=set(_DROPPED_WITH_CONTENT),
    attributes={},
    link_rel=None,
)


def text_of(html: str) -> str:
    """The plain text of a fragment: one line for each block element and <br>, no empty lines.

    Character references are decoded; white space is collapsed within a line and trimmed at its ends, no-break
    spaces inside a line are kept. The text of scripts, styles, drawings and fallbacks is left out.
    """
    if _USUAL_TEXT.fullmatch(html) is None:
        html = _NO_TEXT.sub("", html)
    text = _simple_text(html)
    if text is None:
        text = _parsed_text(html)
    return text


def _simple_text(html: str) -> str | None:
    """The text of a paragraph with the usual inline markup; None where only a parser can tell."""
    text = html
    if "<" in text:
        if _BROKEN_REFERENCE.search(text):
            return None
        # Blocks first and to a character the second pattern refuses: no tag can come into being by the
        # removal of another.
        text = _PLAIN_INLINE.sub("", _PLAIN_BLOCK.sub(_BREAK, text))
        if "<" in text:
            return None
    return _lines(text)


def _parsed_text(html: str) -> str:
    if _is_too_deep(html):
        html = _escaped_text(html)
    # Again, since nh3 has decoded references; on the simple way `unescape` drops such characters itself.
    cleaned = _NO_TEXT.sub("", _text_cleaner.clean(html))
    return _lines(_ANY_TAG.sub(_BREAK, cleaned))


def _lines(text: str) -> str:
    if "&" in text:
        text = entities.unescape(text)
    if "  " in text or "\n" in text or "\t" in text or "\r" in text or "\f" in text:
        text = _LONG_SPACE.sub(" ", text)
    if _BREAK not in text:
        return text.strip()
    return "\n".join(filter(None, map(str.strip, text.split(_BREAK))))
