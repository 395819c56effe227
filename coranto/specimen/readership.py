"""How much the specimen was read in the days before it was planted: invented, and the same for the same hour.

An article is read most when it comes out, half as much every so many hours, and a little for ever; by day more than at
night. Some are read more than others, and that is decided by their slugs.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from coranto.audience.rules import Referrer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

HOUR: Final = timedelta(hours=1)
HOURS: Final = 8 * 24
_AT_FIRST: Final = 140
_HALF_LIFE: Final = 11
_FOR_EVER: Final = 0.012
# How the day goes, hour by hour from midnight.
_DAY: Final = (3, 2, 1, 1, 1, 2, 5, 9, 10, 8, 7, 7, 9, 8, 6, 6, 7, 8, 9, 10, 10, 9, 7, 5)
_CAME_FROM: Final = {
    Referrer.DIRECT: 0.33,
    Referrer.INTERNAL: 0.28,
    Referrer.SEARCH: 0.2,
    Referrer.SOCIAL: 0.13,
    Referrer.SITE: 0.06,
}


@dataclass(frozen=True, slots=True)
class Read:
    hour: datetime
    referrer: Referrer
    views: int


def views_of(slug: str, *, published_at: datetime, now: datetime) -> Iterator[Read]:
    """Views of one article in each of the last hours, by where readers came from."""
    running = now.replace(minute=0, second=0, microsecond=0)
    chance = random.Random(slug)  # noqa: S311 - believable, not secret
    pull = chance.lognormvariate(0, 0.7)
    tastes = {each: share * chance.uniform(0.5, 1.6) for each, share in _CAME_FROM.items()}
    whole = sum(tastes.values())
    for hours in reversed(range(HOURS)):
        hour = running - HOUR * hours
        lasted = min(now, hour + HOUR) - max(published_at, hour)
        if lasted <= timedelta(0):
            continue
        age = max(timedelta(0), hour - published_at) / HOUR
        interest = 0.5 ** (age / _HALF_LIFE) + _FOR_EVER
        expected = _AT_FIRST * pull * interest * (lasted / HOUR) * _DAY[hour.hour] / max(_DAY)
        for referrer, taste in tastes.items():
            views = math.floor(expected * taste / whole * chance.uniform(0.7, 1.3) + chance.random())
            if views:
                yield Read(hour, referrer, views)
