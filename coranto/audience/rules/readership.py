"""For which stretches of time the newsroom looks at its readers, and what is counted together.

Views are kept by whole hours of UTC. Where a day begins at half past one of them (India, Nepal), the hour in which it
begins belongs to the day before.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from coranto.audience.rules.trending import HOUR, hour_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

HOURS_SHOWN: Final = 24
DAYS_SHOWN: Final = 7


class Period(models.TextChoices):
    HOUR = "hour", _("This hour")
    TODAY = "today", _("Today")
    WEEK = "week", _("7 days")


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour or a day on a chart."""

    begins: datetime
    views: int


def begins(period: str, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The first hour that belongs to a period; the week is today and the six days before."""
    if period == Period.HOUR:
        return hour_of(now)
    return _days(now, zone)[0 if period == Period.WEEK else -1]


def slots(period: str, views: Mapping[datetime, int], *, now: datetime, zone: ZoneInfo) -> list[Slot]:
    """What a period's chart shows: the days of a week, else the last 24 hours. `views` are given by hour."""
    running = hour_of(now)
    edges: Sequence[datetime] = (
        _days(now, zone) if period == Period.WEEK else [running - HOUR * age for age in reversed(range(HOURS_SHOWN))]
    )
    counted = [0] * len(edges)
    for hour, count in views.items():
        place = bisect_right(edges, hour) - 1
        if place >= 0:
            counted[place] += count
    return [Slot(*each) for each in zip(edges, counted, strict=True)]


def _days(now: datetime, zone: ZoneInfo) -> list[datetime]:
    today = now.astimezone(zone).date()
    return [
        _whole_hour(datetime.combine(today - timedelta(days=age), time.min, tzinfo=zone))
        for age in reversed(range(DAYS_SHOWN))
    ]


def _whole_hour(midnight: datetime) -> datetime:
    exact = midnight.astimezone(UTC)
    hour = hour_of(exact)
    return hour if hour == exact else hour + HOUR
