"""What a feed says, whatever it is written in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from django.conf import settings

from coranto.feeds.rules import xml_text
from coranto.newsroom.documents import WRITTEN_ELSEWHERE

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence

    from coranto.newsroom.models import Author, Credit
    from coranto.newsroom.queries import BodyBlock, CorrectionItem, Figure

# Of a feed in which nothing has been published yet: RFC 4287 wants a moment.
NOTHING_YET: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """`url` is empty for people who have no page here."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A section or a topic; `scheme` tells which, as the address above all of its kind."""

    name: str
    scheme: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An article, or the correction of one. Addresses are whole; `key` stays the same whatever changes.

    `template` makes the text from the entry itself.
    """

    key: uuid.UUID
    url: str
    title: str
    template: str
    published_at: datetime
    updated_at: datetime
    summary: str = ""
    people: Sequence[Person] = ()
    categories: Sequence[Category] = ()
    figure: Figure | None = None
    body: Sequence[BodyBlock] = ()
    credits: Sequence[Credit] = ()
    corrections: Sequence[CorrectionItem] = ()

    @property
    def id(self) -> str:
        """An IRI (RFC 4122) that survives a new slug, another section and another domain."""
        return self.key.urn

    @property
    def original_urls(self) -> list[str]:
        return [xml_text(each.original_url) for each in self.credits if each.original_url]

    @property
    def licences(self) -> list[str]:
        return [each.licence for each in self.credits if each.licence]


@dataclass(frozen=True, slots=True)
class Feed:
    """`address` is the page it belongs to, `/` or `/news/`; its files stand below it."""

    title: str
    address: str
    about: str
    publication: str
    language: str
    entries: Sequence[Entry]
    hub: str = ""
    icon: str = ""

    @property
    def url(self) -> str:
        return settings.ORIGIN + self.address

    def file_url(self, name: str) -> str:
        """Where the feed itself is found: `feed.file_url("rss.xml")`."""
        return f"{self.url}{name}"

    @property
    def updated_at(self) -> datetime:
        return max((each.updated_at for each in self.entries), default=NOTHING_YET)


def signed(authors: Iterable[Author], credits: Iterable[Credit]) -> list[Person]:
    """Whoever wrote it elsewhere, then ours, each once: as an article's page says."""
    ours = {each.name: Person(each.name, settings.ORIGIN + each.address) for each in authors}
    elsewhere = [name for each in credits if each.relation in WRITTEN_ELSEWHERE for name in each.people_list]
    first = {name: ours.get(name, Person(name)) for name in elsewhere}
    return list({**first, **ours}.values())
