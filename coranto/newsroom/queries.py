"""The reads of the newsroom's pages, each with a fixed number of queries however much there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery, prefetch_related_objects

from coranto.masthead.models import Picture
from coranto.masthead.rules import address_of
from coranto.newsroom import rules
from coranto.newsroom.models import (
    Article,
    ArticleAuthor,
    Author,
    FormerAddress,
    Listing,
    Section,
    Topic,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coranto.newsroom.models import Credit

PAGE_LENGTH = 20
RELATED_LENGTH = 4
LEAD_LENGTH = 9
ROW_LENGTH = 4
ROW_LIMIT = 12
ARTICLE_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture in its place: with the caption, credit and description that hold there."""

    picture: Picture
    caption: str
    credit: str
    alt: str


@dataclass(frozen=True, slots=True)
class BodyBlock:
    """A block of a body with everything it refers to resolved; the theme has a template for each kind."""

    kind: str
    id: str
    value: Mapping[str, Any]

    @property
    def template(self) -> str:
        return f"newsroom/blocks/{self.kind}.html"


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of an article."""

    article: Article
    section: Section | None
    authors: Sequence[Author] = ()
    credits: Sequence[Credit] = ()

    @property
    def figure(self) -> Figure | None:
        return figure_of(self.article)


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Everything an article's page shows."""

    article: Article
    section: Section | None
    further_sections: Sequence[Section]
    authors: Sequence[Author]
    topics: Sequence[Topic]
    credits: Sequence[Credit]
    figure: Figure | None
    body: Sequence[BodyBlock]
    related: Sequence[Card]
    words: int
    minutes: int
    updated_at: datetime | None


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


@dataclass(frozen=True, slots=True)
class FrontPageContent:
    """The front page nobody has arranged: the newest, then a row for each section."""

    lead: Card | None = None
    seconds: Sequence[Card] = ()
    latest: Sequence[Card] = ()
    rows: Sequence[SectionRow] = field(default_factory=tuple)


# Sections -----------------------------------------------------------------------------------------------


def sections() -> dict[str, Section]:
    """All live sections by slug, in the order the editor gave them. One query."""
    return {each.slug: each for each in Section.objects.live().order_by("path")}


def top_sections(of: Mapping[str, Section]) -> list[Section]:
    return [each for each in of.values() if each.parent_section_id is None]


# Lists --------------------------------------------------------------------------------------------------


def list_page(
    kind: str,
    subject_id: int = 0,
    *,
    cursor: str = "",
    known: Mapping[str, Section],
    length: int = PAGE_LENGTH,
) -> ListPage:
    """A stretch of a list from `cursor` on. Four queries.

    Raises `ValueError` for a cursor we did not write.
    """
    rows = Listing.objects.of(kind, subject_id)
    if cursor:
        rows = rows.before(*_read_cursor(cursor))
    places = list(rows.newest_first().values_list("published_at", "article_id")[: length + 1])
    more, places = len(places) > length, places[:length]
    cards = cards_of([article_id for _, article_id in places], known)
    return ListPage(cards=cards, next_cursor=_write_cursor(*places[-1]) if more else "", is_first=not cursor)


def _write_cursor(published_at: datetime, article_id: int) -> str:
    microseconds = (published_at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return f"{microseconds}-{article_id}"


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    when, _, article_id = cursor.rpartition("-")
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(when)), int(article_id)
    except OverflowError as error:
        raise ValueError(cursor) from error


def cards_of(ids: Sequence[int], known: Mapping[str, Section]) -> list[Card]:
    """Cards of the given articles, in the given order. Four queries at most."""
    found = Article.objects.for_cards().in_bulk(ids) if ids else {}
    return [_card(found[each], known) for each in ids if each in found]


def _card(article: Article, known: Mapping[str, Section]) -> Card:
    return Card(
        article=article,
        section=known.get(article.section_slug),
        authors=[byline.author for byline in sorted(article.bylines.all(), key=_by_order)],
        credits=list(article.credits.all()),
    )


def _by_order(row: Any) -> int:
    return row.sort_order or 0


def front_page(known: Mapping[str, Section]) -> FrontPageContent:
    """The front page. Two queries to choose, four to fetch, whatever the number of sections and articles."""
    newest = list(
        Listing.objects.of(Listing.Kind.LATEST).newest_first().values_list("article_id", flat=True)[:LEAD_LENGTH]
    )
    chosen = _newest_by_section(newest)
    cards = {card.article.pk: card for card in cards_of(list({*newest, *chain.from_iterable(chosen.values())}), known)}
    head = [cards[each] for each in newest if each in cards]
    # The lead wants a picture; the newest article with one takes it, and the order stays otherwise.
    lead = next((card for card in head[:5] if card.article.picture_id), head[0] if head else None)
    rest = [card for card in head if card is not lead]
    rows = []
    for section in top_sections(known):
        # An article in several sections stands in the first row that has it: once taken, it is gone.
        row = [cards.pop(each) for each in chosen.get(section.pk, ()) if each in cards]
        if row:
            rows.append(SectionRow(section=section, cards=row[:ROW_LENGTH]))
    return FrontPageContent(lead=lead, seconds=rest[:4], latest=rest[4:], rows=rows)


def _newest_by_section(without: Sequence[int]) -> dict[int, list[int]]:
    """The newest article ids of each top section, those in `without` left out.

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
    rows = Section.objects.live().filter(parent_section=None).order_by("path")[:ROW_LIMIT]
    return {
        pk: [each for each in ids if each is not None] for pk, *ids in rows.annotate(**seeks).values_list("pk", *seeks)
    }


# One article --------------------------------------------------------------------------------------------


def find_article(section_slug: str, slug: str) -> Article | None:
    """The live article at an address. One query."""
    return (
        Article.objects.live()
        .filter(slug=slug, depth=ARTICLE_DEPTH, url_path__endswith=f"/{section_slug}/{slug}/")
        .select_related("picture")
        .first()
    )


def article_page(article: Article, known: Mapping[str, Section]) -> ArticlePage:
    """An article's page, live or previewed. Nine queries at most, whatever the article holds."""
    authors = [byline.author for byline in _bylines(article)]
    credits = list(article.credits.all())
    section = known.get(article.section_slug)
    places = related_places(article, section) if section else []
    portraits = [each.picture for each in authors if each.picture]
    body, cards = resolve_body(article, places, known, portraits)
    words = rules.count_words(article.body_text)
    return ArticlePage(
        article=article,
        section=section,
        further_sections=[each for each in article.further_sections.all() if each.live],
        authors=authors,
        topics=list(article.topics.all()),
        credits=credits,
        figure=figure_of(article),
        body=body,
        related=cards,
        words=words,
        minutes=rules.reading_minutes(words),
        updated_at=_visible_update(article),
    )


def _visible_update(article: Article) -> datetime | None:
    first, updated = article.first_published_at, article.updated_at
    return updated if first and updated and updated - first >= timedelta(minutes=1) else None


def _bylines(article: Article) -> Iterable[ArticleAuthor]:
    # Those of a live article come with their authors in one query; a preview's exist only in memory.
    return sorted(article.bylines.select_related("author__picture"), key=_by_order)


def related_places(article: Article, section: Section) -> list[int]:
    """Ids of the newest other articles of the same section. One query."""
    return list(
        Listing.objects.of(Listing.Kind.SECTION, section.pk)
        .exclude(article_id=article.pk)
        .newest_first()
        .values_list("article_id", flat=True)[:RELATED_LENGTH]
    )


def figure_of(article: Article) -> Figure | None:
    if article.picture is None:
        return None
    return _figure(article.picture, {"caption": article.picture_caption})


def _figure(picture: Picture, here: Mapping[str, Any]) -> Figure:
    return Figure(
        picture=picture,
        caption=here.get("caption") or picture.caption,
        credit=here.get("credit") or picture.credit,
        alt=here.get("alt") or picture.description,
    )


# Bodies -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Resolved:
    """What the raw blocks of a body refer to."""

    pictures: Mapping[int, Picture]
    articles: Mapping[int, Article]
    addresses: Mapping[int, str]
    cards: Mapping[int, Card]


def resolve_body(
    article: Article, related: Sequence[int], known: Mapping[str, Section], portraits: Sequence[Picture] = ()
) -> tuple[list[BodyBlock], list[Card]]:
    """The body's blocks with what they refer to, and cards of the related articles.

    Four queries: pictures, articles shown as cards, pages linked to, and the renditions of every picture the
    page shows, the main one and `portraits` among them.
    """
    raw = article.raw_body
    wanted_pictures = [b["value"]["picture"] for b in raw if b["type"] == "picture" and b["value"]["picture"]]
    wanted_articles = [b["value"]["article"] for b in raw if b["type"] == "related" and b["value"]["article"]]
    linked = {each for html in _rich_texts(raw) for each in rules.linked_page_ids(html)}

    pictures = Picture.objects.in_bulk(wanted_pictures) if wanted_pictures else {}
    ids = list(dict.fromkeys([*related, *wanted_articles]))
    articles = Article.objects.public().defer("body").select_related("picture").in_bulk(ids) if ids else {}
    shown = [*portraits, *pictures.values(), *(each.picture for each in (article, *articles.values()) if each.picture)]
    prefetch_related_objects(shown, "renditions")
    resolved = _Resolved(
        pictures=pictures,
        articles=articles,
        addresses=addresses_of(linked),
        cards={pk: Card(article=each, section=known.get(each.section_slug)) for pk, each in articles.items()},
    )
    blocks = [block for each in raw if (block := _resolve(each, resolved)) is not None]
    return blocks, [resolved.cards[each] for each in related if each in resolved.cards]


def addresses_of(page_ids: Iterable[int]) -> dict[int, str]:
    """Addresses of live pages by id. One query, none for nothing."""
    from wagtail.models import Page

    if not page_ids:
        return {}
    rows = Page.objects.live().filter(pk__in=page_ids).values_list("pk", "url_path")
    return {pk: address_of(path) for pk, path in rows}


def _rich_texts(raw: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for block in raw:
        value = block["value"]
        match block["type"]:
            case "paragraph":
                yield value
            case "quote":
                yield value["text"]
            case "list":
                yield from (_item(each) for each in value["items"])


def _item(raw: Any) -> str:
    return raw["value"] if isinstance(raw, dict) else raw


def _resolve(raw: Mapping[str, Any], found: _Resolved) -> BodyBlock | None:
    """One block, or nothing where what it refers to is gone."""
    kind, value = raw["type"], raw["value"]
    shown: Mapping[str, Any]
    match kind:
        case "paragraph":
            shown = {"html": rules.with_addresses(value, found.addresses)}
        case "html":
            shown = {"html": value}
        case "quote":
            shown = {**value, "html": rules.with_addresses(value["text"], found.addresses)}
        case "list":
            items = [rules.with_addresses(_item(each), found.addresses) for each in value["items"]]
            shown = {"ordered": value.get("ordered"), "items": items}
        case "picture":
            picture = found.pictures.get(value["picture"])
            if picture is None:
                return None
            shown = {"figure": _figure(picture, value)}
        case "related":
            card = found.cards.get(value["article"])
            if card is None:
                return None
            shown = {"card": card, "label": value.get("label")}
        case "divider":
            shown = {}
        case _:
            shown = value or {}
    return BodyBlock(kind=kind, id=raw.get("id") or "", value=shown)


# Addresses that were ------------------------------------------------------------------------------------


def present_address(path: str) -> str | None:
    """Where what once stood at `path` stands now; nothing for an address we never had. Three queries at most."""
    parts = [part for part in path.split("/") if part]
    if not 1 <= len(parts) <= 2:  # noqa: PLR2004 - /<section>/ or /<section>/<slug>/
        return None
    section_slug, slug = parts[0], parts[1] if len(parts) == 2 else ""  # noqa: PLR2004
    address = _heir(section_slug, slug)
    if address is None and slug:
        section = _heir(section_slug, "")
        if section is not None:
            renamed = section.strip("/")
            article = find_article(renamed, slug)
            address = article.address if article else _heir(renamed, slug)
    return address if address != path else None


def _heir(section_slug: str, slug: str) -> str | None:
    row = (
        FormerAddress.objects.filter(section_slug=section_slug, slug=slug, page__live=True)
        .values_list("page__url_path", flat=True)
        .first()
    )
    return address_of(row) if row else None


# Search -------------------------------------------------------------------------------------------------

SEARCH_LENGTH = 20
SEARCH_PAGES = 25
QUERY_LENGTH = 200
QUERY_WORDS = 12


@dataclass(frozen=True, slots=True)
class SearchResults:
    """What a search found. `query` is what was looked for: the reader's words, cleaned."""

    query: str
    cards: Sequence[Card]
    page: int
    has_next: bool


def search_results(raw: str, *, page: str, known: Mapping[str, Section]) -> SearchResults:
    """Public articles in which all the words occur, best first. Any text may be asked for; none makes an error."""
    query = rules.clean_query(raw, length=QUERY_LENGTH, words=QUERY_WORDS)
    number = min(max(int(page), 1), SEARCH_PAGES) if page.isascii() and page.isdigit() else 1
    if not query:
        return SearchResults(query="", cards=(), page=1, has_next=False)
    start = (number - 1) * SEARCH_LENGTH
    found = Article.objects.public().search(query, operator="and")
    ids = [each.pk for each in found[start : start + SEARCH_LENGTH + 1]]
    return SearchResults(
        query=query,
        cards=cards_of(ids[:SEARCH_LENGTH], known),
        page=number,
        has_next=len(ids) > SEARCH_LENGTH and number < SEARCH_PAGES,
    )
