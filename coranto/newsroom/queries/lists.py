"""Lists of articles, newest first, and the front page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from coranto.delivery.tags import carry, tag
from coranto.newsroom.models import Listing, Section
from coranto.newsroom.queries.cards import Card, cards_of, headlines_of, top_sections
from coranto.newsroom.rules import list_tag

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from coranto.newsroom.models.listing import ListingQuerySet

PAGE_LENGTH = 20
LEAD_LENGTH = 9
ROW_LENGTH = 4
ROW_LIMIT = 12
CURSOR_LENGTH = 34  # sixteen digits of microseconds, and an id that both databases can hold


@dataclass(frozen=True, slots=True)
class ListPage:
    """A stretch of a list, newest first. `next_cursor` asks for what follows; empty at the end."""

    cards: Sequence[Card]
    next_cursor: str = ""
    is_first: bool = True


@dataclass(frozen=True, slots=True)
class SectionRow:
    section: Section
    cards: Sequence[Card]

    @property
    def key(self) -> str:
        return f"row-{self.section.pk}"

    @property
    def title(self) -> str:
        return self.section.title

    @property
    def address(self) -> str:
        return self.section.address

    @property
    def about(self) -> str:
        return self.section.description


@dataclass(frozen=True, slots=True)
class FrontPageContent:
    """The front page nobody has arranged: the newest, then a row for each section."""

    lead: Card | None = None
    seconds: Sequence[Card] = ()
    latest: Sequence[Card] = ()
    rows: Sequence[SectionRow] = field(default_factory=tuple)
    key: str = "front-title"


def list_page(
    kind: str,
    subject_id: int = 0,
    *,
    cursor: str = "",
    known: Mapping[str, Section],
    length: int = PAGE_LENGTH,
    without: Collection[int] = (),
) -> ListPage:
    """A stretch of a list from `cursor` on, the articles in `without` left out. Five queries.

    Raises `ValueError` for a cursor we did not write.
    """
    rows = _places(kind, subject_id)
    if without:
        rows = rows.exclude(article_id__in=without)
    if cursor:
        rows = rows.before(*read_cursor(cursor))
    places = list(rows.values_list("published_at", "article_id")[: length + 1])
    more, places = len(places) > length, places[:length]
    cards = cards_of([article_id for _, article_id in places], known)
    return ListPage(cards=cards, next_cursor=write_cursor(*places[-1]) if more else "", is_first=not cursor)


def headlines(kind: str, subject_id: int, *, known: Mapping[str, Section], length: int) -> list[Card]:
    """The newest of a list where nothing says who wrote them. Three queries."""
    ids = _places(kind, subject_id).values_list("article_id", flat=True)[:length]
    return headlines_of(list(ids), known)


def _places(kind: str, subject_id: int) -> ListingQuerySet:
    carry(list_tag(kind, subject_id))
    rows: ListingQuerySet = Listing.objects.of(kind, subject_id).newest_first()
    return rows


def write_cursor(published_at: datetime, article_id: int) -> str:
    microseconds = (published_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return f"{microseconds}-{article_id}"


def read_cursor(cursor: str) -> tuple[datetime, int]:
    when, _, article_id = cursor.rpartition("-")
    if len(cursor) > CURSOR_LENGTH:
        raise ValueError(cursor)
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(when)), int(article_id)
    except OverflowError as error:
        raise ValueError(cursor) from error


def front_page(known: Mapping[str, Section]) -> FrontPageContent:
    """The front page. Two queries to choose, four to fetch, whatever the number of sections and articles."""
    newest = list(
        Listing.objects.of(Listing.Kind.LATEST).newest_first().values_list("article_id", flat=True)[:LEAD_LENGTH]
    )
    top = top_sections(known)[:ROW_LIMIT]
    carry(list_tag(Listing.Kind.LATEST), *(list_tag(Listing.Kind.SECTION, each.pk) for each in top))
    carry(*(tag("page", each.pk) for each in top))  # a row says what its section is about
    chosen = _newest_by_section([each.pk for each in top], without=newest)
    cards = {card.article.pk: card for card in cards_of(list({*newest, *chain.from_iterable(chosen.values())}), known)}
    head = [cards[each] for each in newest if each in cards]
    # The lead wants a picture; the newest article with one takes it, and the order stays otherwise.
    lead = next((card for card in head[:5] if card.article.picture_id), head[0] if head else None)
    rest = [card for card in head if card is not lead]
    rows = []
    for section in top:
        # An article in several sections stands in the first row that has it: once taken, it is gone.
        row = [cards.pop(each) for each in chosen.get(section.pk, ()) if each in cards]
        if row:
            rows.append(SectionRow(section=section, cards=row[:ROW_LENGTH]))
    return FrontPageContent(lead=lead, seconds=rest[:4], latest=rest[4:], rows=rows)


def _newest_by_section(sections: Sequence[int], *, without: Sequence[int]) -> dict[int, list[int]]:
    """The newest article ids of each section, those in `without` left out.

    One query that seeks a few places in the list's index for each section; a window function would read
    every place of every list.
    """
    seeks = {
        f"at_{place}": Subquery(
            Listing.objects.of(Listing.Kind.SECTION, OuterRef("pk"))
            .exclude(article_id__in=without)
            .newest_first()
            .values("article_id")[place : place + 1]
        )
        for place in range(2 * ROW_LENGTH)
    }
    rows = Section.objects.filter(pk__in=sections).order_by()
    return {
        pk: [each for each in ids if each is not None] for pk, *ids in rows.annotate(**seeks).values_list("pk", *seeks)
    }
