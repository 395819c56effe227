"""Pure rules of the newsroom: credits, canonical addresses, texts of bodies, documents of versions, fronts."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import rfc8785
from django.db import models
from django.utils.translation import gettext_lazy as _

from coranto.delivery.tags import tag
from coranto.kit.html import text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

VERSION_SCHEMA: Final = "coranto/article-version/2"
WORDS_A_MINUTE: Final = 230
# An article that follows another is folded from about two and a half screens on, after one.
FOLDED_FROM: Final = 600
WORDS_ABOVE_FOLD: Final = 220
WORDS_BEFORE_FOLD: Final = 20

_WORD = re.compile(r"\w+(?:[\u2019'-]\w+)*")
_CREATIVE_COMMONS = re.compile(r"\bCC[ -](BY(?:-(?:NC|ND|SA|NC-SA|NC-ND))?)[ -]([1-4]\.[05])\b", re.IGNORECASE)
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


class NotePlace(models.TextChoices):
    """Where on an article's page the note of a correction or clarification stands."""

    TOP = "top", _("above the text")
    FOOT = "foot", _("below the text")


class Relation(models.TextChoices):
    AUTHORED_BY = "authored-by", _("Authored by")
    VIA = "via", _("Via")
    OP_ED_VIA = "op-ed-via", _("Op-ed via")
    TRANSLATED_FROM = "translated-from", _("Translated from")
    EXCERPT_OF = "excerpt-of", _("Excerpt of")


# What readers are told of in a note of its own.
NOTED: Final = (ChangeKind.CLARIFICATION, ChangeKind.CORRECTION)


@dataclass(frozen=True, slots=True)
class ChangeMade:
    """What was said of a change. `passage` is empty where it is about the whole article."""

    kind: str
    note: str = ""
    passage: str = ""


FIRST_CHANGE: Final = ChangeMade(ChangeKind.FIRST.value)

_OPENNESS: Final = (Visibility.PUBLIC, Visibility.PASSWORD, Visibility.PRIVATE)


def was_as_open(then: str, now: str) -> bool:
    """Whether what was published for readers of `then` may be shown to whoever may read the article `now`.

    An article that was for staff and is public today has no public past: those words were for nobody else.
    """
    return _OPENNESS.index(Visibility(then)) <= _OPENNESS.index(Visibility(now))


def open_as(visibility: str) -> Sequence[str]:
    """The visibilities a version may have had for whoever may read the article today."""
    return [each for each in _OPENNESS if was_as_open(each, visibility)]


def changes_the_date(kind: str) -> bool:
    """Whether a change of this kind is one a reader should see as *last updated*; a typing error is not."""
    return kind in {ChangeKind.UPDATE, ChangeKind.CLARIFICATION, ChangeKind.CORRECTION}


def canonical_url(own: str, credits: Iterable[tuple[str, bool]]) -> str:
    """The address search engines are told: the original's when its licence asks for it, else our own.

    `credits` are pairs of original address and whether the licence asks.
    """
    return next((url for url, asked in credits if asked and url), own)


def licence_url(licence: str) -> str:
    """The address of a licence where its name tells it, else the words themselves.

    Names of Creative Commons are as short as `CC BY-SA 4.0`: https://creativecommons.org/share-your-work/cclicenses/.
    """
    known = _CREATIVE_COMMONS.search(licence)
    if not known:
        return licence
    return f"https://creativecommons.org/licenses/{known[1].lower()}/{known[2]}/"


def shortened(text: str, length: int) -> str:
    """At the end of a word, where it is longer."""
    if len(text) <= length:
        return text
    return text[: length - 1].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"


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


def words_of_block(raw: Mapping[str, Any]) -> int:
    return sum(map(count_words, texts_of_block(raw["type"], raw["value"])))


def fold_after(words: Sequence[int]) -> int:
    """After how many blocks, of so many words each, a text is folded; after all of them where it is short.

    Never after a block of few words: a heading would be left without what it is for.
    """
    if sum(words) < FOLDED_FROM:
        return len(words)
    read = 0
    for number, count in enumerate(words, start=1):
        read += count
        if read >= WORDS_ABOVE_FOLD and count >= WORDS_BEFORE_FOLD:
            # What would be folded away has to be worth a press.
            return number if sum(words[number:]) >= WORDS_ABOVE_FOLD else len(words)
    return len(words)


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


def version_document(change: ChangeMade, **parts: Any) -> tuple[bytes, str]:
    """The canonical JSON of a published version (RFC 8785) and its SHA-256 in hexadecimal."""
    document = rfc8785.dumps({"schema": VERSION_SCHEMA, "change": asdict(change), **parts})
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


# What pages carry and changes purge --------------------------------------------------------------------


def list_tag(kind: str, subject_id: int = 0) -> str:
    """Which articles stand in a list, and in which order; what a list shows of each is carried apart."""
    return tag(f"list:{kind}", subject_id)


def front_tag(section_id: int | None) -> str:
    """How a section's front is arranged; None for that of the front page."""
    return tag("front", section_id or 0)


# Fronts -------------------------------------------------------------------------------------------------

PICTURE_WITHIN: Final = 5  # so far down the newest a lead looks for one with a picture

Source = tuple[str, int]  # a list of articles: its kind, and of what


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may fill a place, as its list has it."""

    article_id: int
    has_picture: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """What a part of a front asks for: the articles picked for it, then the newest of `source`, `count` in all."""

    picks: Sequence[int] = ()
    source: Source | None = None
    count: int = 0
    wants_picture: bool = False


def fill_places(
    wanted: Sequence[Places], *, public: Collection[int], newest: Mapping[Source, Sequence[Candidate]]
) -> list[list[int]]:
    """Article ids for each part, from top to bottom; none twice, and whatever was picked anywhere stands there.

    `public` are the picks the public may read: the others leave their places to the newest.
    """
    taken: set[int] = set()
    filled = []
    for places in wanted:
        chosen = [each for each in dict.fromkeys(places.picks) if each in public and each not in taken]
        taken.update(chosen)
        free = max(0, places.count - len(chosen)) if places.source else 0
        left = [
            each
            for each in (newest.get(places.source, ()) if places.source else ())
            if each.article_id not in taken and each.article_id not in public
        ]
        if places.wants_picture:
            shown = next((each for each in left[:PICTURE_WITHIN] if each.has_picture), None)
            left = [shown, *left] if shown else left
        chosen += [each.article_id for each in left[:free]]
        taken.update(chosen)
        filled.append(chosen)
    return filled


def depths_of(wanted: Sequence[Places]) -> dict[Source, int]:
    """How many of each list have to be looked at so that every place can be filled, whatever is taken above."""
    depths: dict[Source, int] = {}
    above = 0
    for places in wanted:
        if places.source:
            above += places.count
            depth = above + (PICTURE_WITHIN if places.wants_picture else 0)
            depths[places.source] = max(depth, depths.get(places.source, 0))
    return depths
