"""What is read most now, for readers and, with the reason, for editors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from coranto.audience.models import Trending
from coranto.audience.queries.sums import summed_views
from coranto.audience.rules import trending as rules
from coranto.delivery.tags import carry
from coranto.newsroom import queries as newsroom
from coranto.newsroom.models import Listing
from coranto.newsroom.queries.cards import headlines_of
from coranto.newsroom.rules import list_tag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from coranto.audience.rules.trending import Standing
    from coranto.newsroom.models import Section
    from coranto.newsroom.queries import Card

PAGE_LENGTH: Final = 20
# How many of the highest are asked whether they are public; beyond so many withdrawn ones the list gets shorter.
CANDIDATES: Final = 200
TAG: Final = "trending"


@dataclass(frozen=True, slots=True)
class TrendingPage:
    """The page about it. While nothing is trending, the newest articles instead."""

    cards: Sequence[Card] = ()
    newest: Sequence[Card] = ()


def trending_setting() -> Trending:
    """What the editor set, the defaults where nothing was. One query."""
    carry(TAG)
    return Trending.objects.first() or Trending()


def most_read(*, half_life: int, length: int, now: datetime) -> list[Standing]:
    """Public articles by their weighted views, the highest first. Three queries.

    Only hours that still count are read, by the index of hours, and of articles only the highest.
    """
    counted = summed_views("article_id", "hour", since=rules.read_since(now, half_life=half_life))
    hours = (rules.ViewsInHour(article_id, hour, views) for (article_id, hour), views in counted.items())
    candidates = rules.highest(rules.standings(hours, now=now, half_life=half_life), CANDIDATES)
    # All their places, of which one is looked for here: asked for that list alone, SQLite would walk through it.
    places = Listing.objects.filter(article_id__in=[each.article_id for each in candidates]).order_by()
    rows = places.values_list("article_id", "kind", "published_at")
    published = {article_id: at for article_id, kind, at in rows if kind == Listing.Kind.LATEST}
    carry(list_tag(Listing.Kind.LATEST, 0))  # what is public or not any more, and of equals the fresher one
    return rules.ranked(candidates, published=published, length=length)


def trending_page(*, known: Mapping[str, Section], now: datetime) -> TrendingPage | None:
    """The page about what is trending; None where readers are not shown it. Eight queries at most."""
    setting = trending_setting()
    if not setting.is_shown:
        return None
    shown = most_read(half_life=setting.half_life, length=PAGE_LENGTH, now=now)
    cards = newsroom.cards_of([each.article_id for each in shown], known)
    if cards:
        return TrendingPage(cards=cards)
    return TrendingPage(newest=newsroom.list_page(Listing.Kind.LATEST, known=known).cards)


def trending_headlines(*, known: Mapping[str, Section], length: int, now: datetime) -> list[Card]:
    """The first few, for beside other things; none where readers are not shown them. Six queries at most."""
    setting = trending_setting()
    if not setting.is_shown:
        return []
    shown = most_read(half_life=setting.half_life, length=length, now=now)
    return headlines_of([each.article_id for each in shown], known)
