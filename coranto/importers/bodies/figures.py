"""Pictures, players and what a `<figure>` holds."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, Final

from coranto.importers.bodies import quotes, tables
from coranto.importers.bodies.elements import MEDIA
from coranto.importers.bodies.inline import remove_element, tidy
from coranto.kit import html as kit

if TYPE_CHECKING:
    from coranto.importers.bodies.conversion import Conversion

_URL: Final = re.compile(r"https?://\S+")
_MAX_CAPTION: Final = 500
_YOUTUBE: Final = re.compile(r"^(?:https?:)?//(?:www\.)?youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]{6,})")
_VIMEO: Final = re.compile(r"^(?:https?:)?//player\.vimeo\.com/video/(\d+)")


def take(conversion: Conversion, figure: Any) -> None:
    captions = list(figure.iter("figcaption"))
    own = [each for each in captions if each.getparent() is figure or len(captions) == 1]
    caption = tidy(" ".join(conversion.inline.inner(each) for each in own))
    for each in own:
        remove_element(each)
    pictures = list(figure.iter("img"))
    inner_figures = figure.find(".//figure") is not None
    media = next(iter(figure.iter(*MEDIA)), None)
    words = "".join(figure.itertext()).strip()
    quote = next(iter(figure.iter("blockquote")), None)
    table = next(iter(figure.iter("table")), None)
    if figure.get("data-embed") or figure.get("data-related"):
        _marked(conversion, figure, words, caption)
    elif quote is not None and not pictures and not inner_figures:
        pull = "pullquote" in (figure.get("class") or "")
        for child in figure:
            quotes.take(conversion, child, pull=pull) if child.tag == "blockquote" else conversion.take(child)
        conversion.flush()
        conversion.blocks.paragraph(caption)
    elif table is not None and not pictures:
        tables.take(conversion, table, caption)
    elif media is not None and not words and not pictures:
        _put_media(conversion, media, _plain(caption))
    elif len(pictures) == 1 and not words and not inner_figures:
        picture(conversion, pictures[0], caption)
    elif _URL.fullmatch(words) and not pictures:
        conversion.moved.append(words)
        conversion.embed(words, _plain(caption))
    else:
        conversion.walk(figure)
        conversion.blocks.paragraph(f"<i>{caption}</i>" if caption else "")


def _marked(conversion: Conversion, figure: Any, words: str, caption: str) -> None:
    """What a source's reader has marked: something embedded, or a card of another article, if we have that."""
    if words:
        conversion.moved.append(words)
    if figure.get("data-embed"):
        conversion.embed(_known_address(conversion, figure.get("data-embed")), _plain(caption))
        return
    headline = figure.get("data-related")
    found = conversion.references.related(figure.get("data-key") or "", headline)
    if found is None:
        conversion.out.unknown.append(headline)
    else:
        label = (figure.get("data-label") or "")[:40]
        conversion.blocks.add("related", {"article": found, "label": label})


def picture(conversion: Conversion, img: Any, caption: str) -> None:
    """A picture with its caption; one we do not have leaves its caption, one of another site a link to it."""
    source = (img.get("src") or img.get("data-src") or img.get("data-lazy-src") or "").strip()
    if source.startswith("data:"):
        source = (img.get("data-src") or img.get("data-lazy-src") or "").strip()
    alt = " ".join((img.get("alt") or "").split())[:500]
    found = conversion.references.picture(img.get("data-picture") or "", source)
    text = _plain(caption)
    if found is not None:
        fits = len(text) <= _MAX_CAPTION
        if "<a " in caption and fits:
            conversion.out.remarks["links in captions were left out"] += 1
        value = {"picture": found, "caption": text if fits else "", "credit": "", "alt": alt}
        conversion.blocks.add("picture", value)
        if not fits:
            conversion.blocks.paragraph(caption)
        return
    if not source:
        conversion.blocks.paragraph(caption)
        return
    conversion.out.missing.append(source)
    if conversion.references.is_own(source) or not source.startswith(("http", "//")):
        conversion.blocks.paragraph(caption)
    else:
        conversion.out.remarks["pictures of other sites were not fetched; a card leads to each"] += 1
        if not text and alt:
            # What the picture shows is worth saying; readers did not see it as text before.
            conversion.embed(source, "")
        else:
            conversion.embed(source, text)


def player(conversion: Conversion, element: Any) -> None:
    """A player that stands alone. What is inside it is said to browsers that cannot play it, and is dropped."""
    _put_media(conversion, element, "")


def _put_media(conversion: Conversion, element: Any, caption: str) -> None:
    url = _address(element)
    fallback = kit.text_of("".join(element.itertext()))
    if fallback and element.tag == "object":
        conversion.moved.append(fallback)
    if not url:
        conversion.out.remarks[f"<{element.tag}> without an address was left out"] += 1
        conversion.blocks.paragraph(escape(caption))
        return
    conversion.embed(_known_address(conversion, url), caption)


def _address(element: Any) -> str:
    url = element.get("src") or element.get("data-src") or element.get("data") or ""
    if not url:
        source = next((each.get("src") for each in element.iter("source", "embed") if each.get("src")), "")
        movie = next((each.get("value") for each in element.iter("param") if each.get("name") in {"movie", "src"}), "")
        url = source or movie or ""
    return url.strip()


def _known_address(conversion: Conversion, url: str) -> str:
    """The address people know a player's film by, absolute."""
    if match := _YOUTUBE.match(url):
        return f"https://www.youtube.com/watch?v={match[1]}"
    if match := _VIMEO.match(url):
        return f"https://vimeo.com/{match[1]}"
    target = conversion.references.link(url)
    return target if isinstance(target, str) and target else url


def _plain(html: str) -> str:
    return " ".join(kit.text_of(html).split())
