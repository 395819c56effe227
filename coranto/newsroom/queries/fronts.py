"""Fronts an editor has arranged."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from coranto.delivery.tags import carry, tag
from coranto.newsroom import rules
from coranto.newsroom.arranging import LeadLayout, RowLook
from coranto.newsroom.models import Listing, Topic
from coranto.newsroom.queries.cards import Card, cards_of
from coranto.newsroom.rules import Candidate, Places, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from coranto.newsroom.models import Section

RawBlock = dict[str, Any]

LATEST_BELOW = 8
EVERYTHING: Source = (Listing.Kind.LATEST.value, 0)
# Blocks that stand side by side with what comes before them, and what may come before.
_BESIDE = {"seconds": {"lead"}, "latest": {"lead", "seconds"}}


@dataclass(frozen=True, slots=True)
class FrontHead:
    """A lead with what stands beside it; without one, secondary leads or the latest by themselves."""

    key: str
    lead: Card | None = None
    layout: str = LeadLayout.LARGE
    seconds: Sequence[Card] = ()
    latest: Sequence[Card] = ()
    is_first: bool = False
    template: str = field(default="parts/front_head.html", init=False)

    @property
    def cards(self) -> Sequence[Card]:
        return [*((self.lead,) if self.lead else ()), *self.seconds, *self.latest]


@dataclass(frozen=True, slots=True)
class FrontRow:
    """Articles side by side under a title. `address` is where more of them are; empty for a mixed row."""

    key: str
    title: str
    cards: Sequence[Card]
    address: str = ""
    about: str = ""
    look: str = RowLook.EVEN

    @property
    def template(self) -> str:
        return f"parts/row_{self.look}.html"

    @property
    def has_portraits(self) -> bool:
        return self.look == RowLook.SIGNED


@dataclass(frozen=True, slots=True)
class FrontPlacement:
    """A place another part of the program fills."""

    value: Mapping[str, Any]
    cards: Sequence[Card] = ()
    template: str = field(default="newsroom/blocks/placement.html", init=False)


@dataclass(frozen=True, slots=True)
class ArrangedFront:
    """What stands on an arranged front, from top to bottom; parts with nothing to show are gone."""

    parts: Sequence[FrontHead | FrontRow | FrontPlacement] = ()
    latest: Sequence[Card] = ()

    @property
    def shown(self) -> list[int]:
        """Ids of all articles on it."""
        cards = chain(chain.from_iterable(each.cards for each in self.parts), self.latest)
        return [card.article.pk for card in cards]


def arranged_front(
    arrangement: Sequence[RawBlock],
    *,
    here: Source = EVERYTHING,
    known: Mapping[str, Section],
    latest_below: int = 0,
    coming: Mapping[int, Card] | None = None,
) -> ArrangedFront:
    """A front as arranged; `here` is the list its newest come from. Nine queries at most, whatever is arranged.

    One for the topics, one to choose, five for the cards, two for portraits. A pick that is not public leaves
    its place to the newest; in a preview those in `coming` count as public already.
    """
    wanted = [_places_of(each, here) for each in arrangement]
    if latest_below:
        wanted.append(Places(source=here, count=latest_below))
    _carry_sources(arrangement, wanted)
    public, newest = _candidates(wanted)
    filled = rules.fill_places(wanted, public={*public, *(coming or ())}, newest=newest)
    cards = {card.article.pk: card for card in cards_of(list(chain.from_iterable(filled)), known)} | {**(coming or {})}
    shown = [[cards[each] for each in ids if each in cards] for ids in filled]
    _add_portraits(card for block, row in zip(arrangement, shown, strict=False) if _is_signed(block) for card in row)
    parts = list(_parts(arrangement, shown, known))
    return ArrangedFront(
        parts=[each for each in parts if each.cards or isinstance(each, FrontPlacement)],
        latest=shown[-1] if latest_below else (),
    )


def _carry_sources(arrangement: Iterable[RawBlock], wanted: Iterable[Places]) -> None:
    """All that is asked for, whether it is there now or not."""
    for places in wanted:
        carry(*(tag("page", each) for each in places.picks))
        if places.source:
            carry(rules.list_tag(*places.source))
    for block in arrangement:
        for kind, name in (("page", "section"), ("topic", "topic")):
            if block["value"].get(name):
                carry(tag(kind, block["value"][name]))


def picks_in(arrangement: Iterable[RawBlock]) -> list[int]:
    """Ids of the articles picked by hand, in order, as often as they were picked."""
    return list(chain.from_iterable(_picks(each["value"]) for each in arrangement if each["type"] != "placement"))


def _picks(value: Mapping[str, Any]) -> list[int]:
    items = [each["value"] if isinstance(each, dict) else each for each in value.get("articles") or ()]
    return [each for each in [value.get("article"), *items] if each]


def _places_of(block: RawBlock, here: Source) -> Places:
    """What a block asks for, read from what is stored; an unknown one asks for nothing."""
    value, source = block["value"], here
    if block["type"] in {"seconds", "row", "opinion"}:
        if value.get("section"):
            source = (Listing.Kind.SECTION.value, value["section"])
        elif value.get("topic"):
            source = (Listing.Kind.TOPIC.value, value["topic"])
    match block["type"]:
        case "lead":
            wants_picture = value.get("layout") != LeadLayout.WORDS
            return Places(picks=_picks(value), source=here, count=1, wants_picture=wants_picture)
        case "row" if not value.get("fill"):
            return Places(picks=_picks(value))
        case "opinion" if source == here:
            return Places(picks=_picks(value))
        case "seconds" | "latest" | "row" | "opinion":
            return Places(picks=_picks(value), source=source, count=value.get("count") or 0)
    return Places()


def _candidates(wanted: Sequence[Places]) -> tuple[set[int], dict[Source, list[Candidate]]]:
    """Which picks are public, and the newest of each list as deep as is needed. One query.

    Each list is a seek in its index, joined by UNION: the number of lists makes no further queries.
    """
    picks = {pick for places in wanted for pick in places.picks}
    seeks = [
        Listing.objects.of(*source).exclude(article_id__in=picks).newest_first().values("pk")[:depth]
        for source, depth in rules.depths_of(wanted).items()
    ]
    # A limit may not stand in an arm of a UNION everywhere; within a subquery of the arm it may.
    arms = [Listing.objects.of(*EVERYTHING).filter(article_id__in=picks)]
    arms += [Listing.objects.filter(pk__in=each) for each in seeks]
    first, *others = [
        arm.values_list("kind", "subject_id", "article_id", "published_at", "article__picture_id") for arm in arms
    ]
    public: set[int] = set()
    newest: dict[Source, list[tuple[Any, Candidate]]] = {}
    for kind, subject_id, pk, published_at, picture_id in first.union(*others, all=True):
        if pk in picks:
            public.add(pk)
        else:
            newest.setdefault((kind, subject_id), []).append(((published_at, pk), Candidate(pk, bool(picture_id))))
    return public, {
        source: [candidate for _, candidate in sorted(found, key=_by_place, reverse=True)]
        for source, found in newest.items()
    }


def _by_place(found: tuple[Any, Candidate]) -> Any:
    return found[0]


def _is_signed(block: RawBlock) -> bool:
    return block["type"] == "opinion" or block["value"].get("look") == RowLook.SIGNED


def _add_portraits(cards: Iterable[Card]) -> None:
    authors = [author for card in cards for author in card.authors]
    prefetch_related_objects(authors, "picture__renditions")
    carry(*(tag("picture", each.picture_id) for each in authors if each.picture_id))


def _parts(
    arrangement: Sequence[RawBlock], shown: Sequence[Sequence[Card]], known: Mapping[str, Section]
) -> Iterable[FrontHead | FrontRow | FrontPlacement]:
    sections = {each.pk: each for each in known.values()}
    topics = Topic.objects.in_bulk([each["value"]["topic"] for each in arrangement if each["value"].get("topic")])
    before = ""
    head: FrontHead | None = None
    for number, (block, cards) in enumerate(zip(arrangement, shown, strict=False), start=1):
        kind, value, key = block["type"], block["value"], f"part-{number}"
        if head and before not in _BESIDE.get(kind, ()):
            yield head
            head = None
        match kind:
            case "lead":
                lead = cards[0].with_headline(value.get("headline") or "") if cards else None
                layout = value.get("layout") or LeadLayout.LARGE
                head = FrontHead(key=key, lead=lead, layout=layout, is_first=number == 1)
            case "seconds":
                head = replace(head or FrontHead(key=key), seconds=cards)
            case "latest":
                head = replace(head or FrontHead(key=key), latest=cards)
            case "row" | "opinion":
                yield _row(key, block, cards, sections.get(value.get("section")) or topics.get(value.get("topic")))
            case "placement":
                yield FrontPlacement(value=value)
        before = kind
    if head:
        yield head


def _row(key: str, block: RawBlock, cards: Sequence[Card], of: Section | Topic | None) -> FrontRow:
    value = block["value"]
    title = value.get("title") or (str(of) if of else _("Opinion") if block["type"] == "opinion" else _("More to read"))
    return FrontRow(
        key=key,
        title=title,
        cards=cards,
        address=of.address if of else "",
        about="" if value.get("title") else getattr(of, "description", ""),
        look=RowLook.SIGNED if _is_signed(block) else value.get("look") or RowLook.EVEN,
    )
