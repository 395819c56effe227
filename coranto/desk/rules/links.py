"""Links in the body of an article, and how long it is known what they lead to."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

KEPT: Final = timedelta(days=30)
# A check that is waited for this long was lost; it may be asked for again.
PATIENCE: Final = timedelta(hours=1)
# What one article may have visited; longer lists are directories, and a wait of many minutes.
MOST_AT_ONCE: Final = 200
# A task of so many ends within minutes, even where every site is as slow as it may be.
VISITED_IN_ONE_GO: Final = 20

_PAGE_ID: Final = re.compile("[0-9]{1,18}")


class Answer(models.TextChoices):
    WAITING = "waiting", _("not visited yet")
    FOUND = "found", _("found")
    GONE = "gone", _("gone")
    UNCLEAR = "unclear", _("could not tell")


# A page that was there is seldom gone next week; one that seemed gone may have been down for an hour.
_HOLDS: Final = {
    Answer.WAITING: PATIENCE,
    Answer.FOUND: timedelta(days=7),
    Answer.GONE: timedelta(days=1),
    Answer.UNCLEAR: timedelta(hours=6),
}


def still_holds(answer: str, *, since: datetime, now: datetime) -> bool:
    """Whether what was learnt (or, of one not visited yet, asked for) at `since` need not be asked again."""
    return since <= now < since + _HOLDS[Answer(answer)]


def digest_of(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """A link as written: to a page of ours by its id, or to an address; `text` are the words that carry it."""

    anchor: str
    page_id: int | None = None
    url: str = ""
    text: str = ""


class _Anchors(HTMLParser):
    def __init__(self, anchor: str) -> None:
        super().__init__()
        self._anchor = anchor
        self._target: tuple[int | None, str] | None = None
        self._words: list[str] = []
        self.found: list[Link] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "a":
            return
        self.end_link()
        told = dict(attrs)
        page_id = told.get("id") or ""
        if told.get("linktype") == "page" and _PAGE_ID.fullmatch(page_id):
            self._target = (int(page_id), "")
        elif told.get("href"):
            self._target = (None, str(told["href"]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self.end_link()

    def handle_data(self, data: str) -> None:
        if self._target:
            self._words.append(data)

    def end_link(self) -> None:
        if self._target:
            page_id, url = self._target
            self.found.append(Link(self._anchor, page_id, url, " ".join("".join(self._words).split())))
        self._target, self._words = None, []


def links_of_body(raw: Iterable[Mapping[str, Any]]) -> Iterator[Link]:
    """Every link in raw blocks, in order: in words, as a quote's source, as an embed, as a related article."""
    for block in raw:
        anchor, value = f"body.{block.get('id') or ''}", block["value"]
        for html in _rich_texts(block["type"], value):
            parser = _Anchors(anchor)
            parser.feed(html)
            parser.close()
            parser.end_link()
            yield from parser.found
        match block["type"]:
            case "quote" if value.get("source_url"):
                yield Link(anchor, url=value["source_url"])
            case "embed" if value.get("url"):
                yield Link(anchor, url=value["url"])
            case "related" if value.get("article"):
                yield Link(anchor, page_id=value["article"])


def _rich_texts(kind: str, value: Any) -> Iterator[str]:
    match kind:
        case "paragraph" | "html":
            yield value
        case "quote":
            yield value["text"]
        case "list":
            yield from (item["value"] if isinstance(item, dict) else item for item in value["items"])


def own_path(url: str, *, host: str) -> str | None:
    """The path, unquoted, of an address on our own site (`host` with its port, if it has one); else nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if not parts.netloc and not parts.scheme and parts.path.startswith("/"):
        return unquote(parts.path)
    if parts.scheme in {"http", "https"} and parts.netloc.lower() == host.lower():
        return unquote(parts.path) or "/"
    return None


def outside_url(url: str, *, host: str) -> str | None:
    """An address on somebody else's site without its fragment, as it is visited; else nothing."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc or "\0" in url:
        return None
    if own_path(url, host=host) is not None:
        return None
    return parts._replace(fragment="").geturl()
