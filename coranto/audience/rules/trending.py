"""What is trending: views weigh less the older they are.

A view is worth 1 in the running hour and half as much a half-life later: exponential decay. Whichever of two articles
stands higher now will do so an hour later too, unless somebody reads one of them: all grow old alike.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import timedelta
from math import fsum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

HOUR: Final = timedelta(hours=1)
DEFAULT_HALF_LIFE: Final = 6
SHORTEST_HALF_LIFE: Final = 1
LONGEST_HALF_LIFE: Final = 168
# What is older weighs less than a thousandth of a view of now.
HALF_LIVES_READ: Final = 10
# Beside the half-life itself, the first of these that is longer tells the editor how the article does otherwise.
OTHER_SPANS: Final = (24, 168)


@dataclass(frozen=True, slots=True)
class Span:
    """So many views in so many hours, the running one included."""

    hours: int
    views: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an article stands and why: its weighted views, and what was counted in one or two spans."""

    article_id: int
    score: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ViewsInHour:
    """`hour` is its beginning, in UTC."""

    article_id: int
    hour: datetime
    views: int


def hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def read_since(now: datetime, *, half_life: int) -> datetime:
    """The first hour that still counts; as far back as the longer span, where that is further."""
    return hour_of(now) - HOUR * (max(half_life * HALF_LIVES_READ, *spans_for(half_life)) - 1)


def spans_for(half_life: int) -> tuple[int, ...]:
    """In how many hours views are told to the editor."""
    return half_life, *[each for each in OTHER_SPANS if each > half_life][:1]


def standings(hours: Iterable[ViewsInHour], *, now: datetime, half_life: int) -> list[Standing]:
    """What each article's views weigh, in no order. Views of hours that are to come count as views of now."""
    views: dict[int, dict[int, int]] = {}
    running = hour_of(now)
    for each in hours:
        ages = views.setdefault(each.article_id, {})
        age = max(0, (running - each.hour) // HOUR)
        ages[age] = ages.get(age, 0) + each.views
    spans = spans_for(half_life)
    return [
        Standing(
            article_id=article_id,
            # Exact sums: two articles with the same views are equal in whatever order those were read.
            score=fsum(count * 0.5 ** (age / half_life) for age, count in ages.items()),
            spans=tuple(Span(span, sum(count for age, count in ages.items() if age < span)) for span in spans),
        )
        for article_id, ages in views.items()
    ]


def highest(among: Iterable[Standing], length: int) -> list[Standing]:
    """The `length` highest; of more equals than there is room for, those that were written last."""
    return heapq.nlargest(length, among, key=lambda each: (each.score, each.article_id))


def ranked(among: Iterable[Standing], *, published: Mapping[int, datetime], length: int) -> list[Standing]:
    """The highest, of equals the one published last. An article that is not in `published` is not in the ranking."""
    public = (each for each in among if each.article_id in published and each.score > 0)
    return heapq.nlargest(length, public, key=lambda each: (each.score, published[each.article_id], each.article_id))
