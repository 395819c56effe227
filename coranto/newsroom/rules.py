"""Pure rules of the newsroom: credits, canonical addresses, texts of bodies, documents of versions."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import rfc8785
from django.db import models
from django.utils.translation import gettext_lazy as _

from coranto.kit.html import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

VERSION_SCHEMA: Final = "coranto/article-version/1"
WORDS_A_MINUTE: Final = 230

_WORD = re.compile(r"\w+(?:[\u2019'-]\w+)*")
_LINK = re.compile(r'<a linktype="page" id="(\d+)"')


class CommentPolicy(models.TextChoices):
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed: shown, no new ones")
    NONE = "none", _("none at all")


class Visibility(models.TextChoices):
    PUBLIC = "public", _("everybody")
    PASSWORD = "password", _("whoever has the password")
    PRIVATE = "private", _("staff only")


class ChangeKind(models.TextChoices):
    FIRST = "first", _("first publication")
    TYPO = "typo", _("typing error")
    UPDATE = "update", _("update")
    CLARIFICATION = "clarification", _("clarification")
    CORRECTION = "correction", _("correction")


class Relation(models.TextChoices):
    AUTHORED_BY = "authored-by", _("Authored by")
    VIA = "via", _("Via")
    OP_ED_VIA = "op-ed-via", _("Op-ed via")
    TRANSLATED_FROM = "translated-from", _("Translated from")
    EXCERPT_OF = "excerpt-of", _("Excerpt of")


def changes_the_date(kind: str) -> bool:
    """Whether a change of this kind is one a reader should see as *last updated*; a typing error is not."""
    return kind in {ChangeKind.UPDATE, ChangeKind.CLARIFICATION, ChangeKind.CORRECTION}


def canonical_url(own: str, credits: Iterable[tuple[str, bool]]) -> str:
    """The address search engines are told: the original's when its licence asks for it, else our own.

    `credits` are pairs of original address and whether the licence asks.
    """
    return next((url for url, asked in credits if asked and url), own)


def texts_of_block(kind: str, value: Any) -> Iterator[str]:
    """The words of one raw block, without markup, as search and word counts want them."""
    match kind:
        case "paragraph" | "html":
            yield text_of(value)
        case "heading" | "pull_quote":
            yield value["text"]
        case "quote":
            yield text_of(value["text"])
            yield value.get("attribution") or ""
        case "picture":
            yield value.get("caption") or ""
        case "list":
            for item in value["items"]:
                yield text_of(item["value"] if isinstance(item, dict) else item)
        case "table":
            for row in (value or {}).get("data") or ():
                yield " ".join(cell for cell in row if cell)
        case "embed":
            yield value.get("title") or ""


def text_of_body(raw: Iterable[Mapping[str, Any]]) -> str:
    """The whole body as plain text, one block or line of it a line."""
    texts = (text for block in raw for text in texts_of_block(block["type"], block["value"]))
    return "\n".join(text for text in texts if text)


def count_words(text: str) -> int:
    return len(_WORD.findall(text))


def reading_minutes(words: int) -> int:
    return max(1, round(words / WORDS_A_MINUTE))


def linked_page_ids(html: str) -> list[int]:
    """Ids of our own pages that a piece of stored rich text links to."""
    return [int(each) for each in _LINK.findall(html)]


def with_addresses(html: str, addresses: Mapping[int, str]) -> str:
    """Stored rich text with links to our own pages filled in; a link to a page that is gone loses its `href`."""

    def fill(match: re.Match[str]) -> str:
        address = addresses.get(int(match[1]))
        return f'<a href="{address}"' if address else "<a"

    return _LINK.sub(fill, html)


def version_document(**parts: Any) -> tuple[bytes, str]:
    """The canonical JSON of a published version (RFC 8785) and its SHA-256 in hexadecimal."""
    document = rfc8785.dumps({"schema": VERSION_SCHEMA, **parts})
    return document, hashlib.sha256(document).hexdigest()


def people_of(lines: str) -> Sequence[str]:
    """Names written one a line."""
    return [line.strip() for line in lines.splitlines() if line.strip()]


def clean_query(raw: str, *, length: int, words: int) -> str:
    """A reader's search as plain words: no operators, no quotes, no control characters, of bounded length.

    SQLite's full-text search reads an unpaired quote, a NUL or hundreds of words as errors; nobody who looks
    for an article means them.
    """
    text = unicodedata.normalize("NFC", raw[: 4 * length])
    text = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in text)[:length]
    return " ".join(text.split()[:words])
