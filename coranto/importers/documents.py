"""What a reader of another system's export hands over: its contents in our words, whatever the system.

Keys are the other system's ids, as text; a reader makes one up where there is none. Nothing here knows a
database: `operations` writes these documents.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

Kind = Literal["article", "page", "picture"]


class SourceRefusedError(Exception):
    """The source cannot be imported; the text says what is wrong with it and what to do, for the owner."""


@dataclass(frozen=True, slots=True)
class AuthorRead:
    """`is_only_named`: the source has no address for it, so whoever has the name here is meant."""

    key: str
    name: str
    slug: str
    biography: str = ""
    is_only_named: bool = False


@dataclass(frozen=True, slots=True)
class SectionRead:
    """`is_only_named`: as with authors."""

    key: str
    name: str
    slug: str
    parent_key: str = ""
    description: str = ""
    is_only_named: bool = False


@dataclass(frozen=True, slots=True)
class TopicRead:
    key: str
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class PictureRead:
    """A picture of the media library, or (`is_item` false) one that only a text mentions.

    `file` is where its bytes are, for a source that brings them along.
    """

    key: str
    url: str
    title: str = ""
    caption: str = ""
    credit: str = ""
    alt: str = ""
    created_at: datetime | None = None
    is_item: bool = True
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class CommentRead:
    """`html` is as the reader wrote it, in paragraphs, not yet sanitised. `state` is one of `Comment.State`."""

    key: str
    parent_key: str
    name: str
    email: str
    url: str
    html: str
    state: str
    written_at: datetime | None


@dataclass(frozen=True, slots=True)
class CreditRead:
    """Whose piece it is, as data. `relation` is one of `newsroom.rules.Relation`."""

    relation: str
    people: Sequence[str]
    outlet: str


@dataclass(frozen=True, slots=True)
class ArticleRead:
    """`html` is plain HTML: what is special to the other system has been resolved by its reader.

    A picture that is known by its id carries it as `data-picture`; an embed known by its address is
    `<figure data-embed="https://…">`, a card of another article `<figure data-related="Its headline">`, with its
    `data-key` where it is of the same source. `digest` is the SHA-256 of what was read, comments left out.
    `other_keys` are keys under which the same article may have been read before. Without `credits`, a line at the
    beginning of the text is looked at for one. `desk_note` is for colleagues, `views` as the source counted.
    """

    key: str
    headline: str
    slug: str
    html: str
    digest: str
    standfirst: str = ""
    live: bool = True
    first_published_at: datetime | None = None
    updated_at: datetime | None = None
    go_live_at: datetime | None = None
    author_keys: Sequence[str] = ()
    section_keys: Sequence[str] = ()
    topic_keys: Sequence[str] = ()
    picture_key: str = ""
    comment_policy: str = "open"
    visibility: str = "public"
    password: str = ""
    seo_title: str = ""
    search_description: str = ""
    old_paths: Sequence[str] = ()
    comments: Iterable[CommentRead | Skipped] = ()
    other_keys: Sequence[str] = ()
    credits: Sequence[CreditRead] = ()
    picture_caption: str = ""
    desk_note: str = ""
    views: int | None = None


@dataclass(frozen=True, slots=True)
class PageRead:
    key: str
    title: str
    slug: str
    html: str
    digest: str
    parent_key: str = ""
    live: bool = True
    updated_at: datetime | None = None
    first_published_at: datetime | None = None
    go_live_at: datetime | None = None
    seo_title: str = ""
    search_description: str = ""
    old_paths: Sequence[str] = ()
    comments: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item that is not taken, and why."""

    key: str
    kind: str
    reason: str


Document = ArticleRead | PageRead | Skipped


@dataclass(slots=True)
class SiteRead:
    """What has to be known of the whole site before its first article is written.

    `name` tells this site from others in `ImportedItem.source`; `url` is its public address,
    `title` what it calls itself; `hosts` are the
    host names, without `www.`, under which links and pictures are its own. `targets` says what stands at a
    path of it, `ids` what kind of thing a key is.
    """

    name: str
    url: str
    title: str = ""
    hosts: frozenset[str] = frozenset()
    authors: list[AuthorRead] = field(default_factory=list)
    sections: list[SectionRead] = field(default_factory=list)
    topics: list[TopicRead] = field(default_factory=list)
    pictures: list[PictureRead] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    targets: dict[str, tuple[Kind, str]] = field(default_factory=dict)
    ids: dict[str, Kind] = field(default_factory=dict)
    section_paths: Mapping[str, Sequence[str]] = field(default_factory=dict)
    topic_paths: Mapping[str, Sequence[str]] = field(default_factory=dict)
    author_paths: Mapping[str, Sequence[str]] = field(default_factory=dict)
    items: int = 0
    notes: list[str] = field(default_factory=list)


class Source(Protocol):
    """An export that is read twice: once for the whole of it, once article by article."""

    remarks: Counter[str]
    """Sentences about what was left out or changed all over, and how often."""

    def survey(self, progress: Callable[[int], None]) -> SiteRead:
        """Read all of it, writing nothing. Raises `SourceRefusedError`."""

    def documents(self, progress: Callable[[int], None], *, only: Container[str] | None = None) -> Iterator[Document]:
        """Articles, pages and what is skipped, in the order of the source; `only` these keys when given."""
