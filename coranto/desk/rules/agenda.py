"""Days, weeks and months as the publication's own time zone has them."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

View = Literal["month", "week", "day"]
VIEWS: Final[tuple[View, ...]] = get_args(View)

# Beyond these, stepping on would leave what a date can hold.
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days a calendar shows. A month's whole weeks reach into its neighbours."""

    view: View
    on: date
    days: Sequence[date]

    @property
    def first(self) -> date:
        return self.days[0]

    @property
    def last(self) -> date:
        return self.days[-1]

    @property
    def before(self) -> date:
        """A day of the stretch before this one."""
        start = self.on.replace(day=1) if self.view == "month" else self.first
        return max(start - timedelta(days=1), EARLIEST)

    @property
    def after(self) -> date:
        """A day of the stretch after this one."""
        length = calendar.monthrange(self.on.year, self.on.month)[1]
        end = self.on.replace(day=length) if self.view == "month" else self.last
        return min(end + timedelta(days=1), LATEST)

    def has(self, day: date) -> bool:
        """Whether a day is of this month, week or day itself and not of its edge."""
        return day.month == self.on.month if self.view == "month" else True


def stretch_of(view: View, on: date, *, first_weekday: int) -> Stretch:
    """The month, week or day around `on`; `first_weekday` counts from Monday, which is 0."""
    match view:
        case "day":
            days = [on]
        case "week":
            start = on - timedelta(days=(on.weekday() - first_weekday) % 7)
            days = [start + timedelta(days=each) for each in range(7)]
        case "month":
            days = list(calendar.Calendar(first_weekday).itermonthdates(on.year, on.month))
    return Stretch(view=view, on=on, days=days)


def bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the first moment of `first` up to the first moment after `last`.

    Each midnight has the offset of its own day: a day on which clocks change has 23 or 25 hours.
    """
    return _midnight(first, zone), _midnight(last + timedelta(days=1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def read_day(written: str, *, otherwise: date) -> date:
    """A day as addresses write it, 2026-11-22; what is none, or is out of reach, counts as `otherwise`."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return otherwise
    return day if EARLIEST <= day <= LATEST else otherwise


def read_view(written: str) -> View:
    return next((each for each in VIEWS if each == written), "month")
