"""What comes out when: the days of a month or week with their articles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from coranto.desk.queries.desk import Choice, chosen, date_of_article, scheduled_ids
from coranto.desk.queries.visibility import may, visible_articles
from coranto.desk.rules import agenda

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from django.db.models import QuerySet

    from coranto.desk.rules.agenda import Stretch
    from coranto.masthead.models import Account
    from coranto.newsroom.models import Article, Section

MOST: Final = 400  # of one kind in one stretch; a day has more room than a month
SHOWN_OF_A_DAY: Final[Mapping[str, int]] = {"month": 5, "week": 20, "day": MOST}
SHOWN = ("title", "draft_title", "path", "depth", "url_path", "owner_id", "live")


class What(models.TextChoices):
    """What happens to an article at a moment."""

    EMBARGO = "embargo", _("embargo ends")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")


@dataclass(frozen=True, slots=True)
class Entry:
    what: What
    at: datetime
    article: Article
    section: Section | None
    may_edit: bool

    @property
    def headline(self) -> str:
        return self.article.draft_title or self.article.title


@dataclass(frozen=True, slots=True)
class Day:
    """A day with the first of its entries, in the order of time."""

    on: date
    is_inside: bool
    is_today: bool
    entries: Sequence[Entry]
    more: int


@dataclass(frozen=True, slots=True)
class Calendar:
    stretch: Stretch
    days: Sequence[Day]
    is_cut: bool  # there is more than a stretch of this length shows


def calendar_of(
    account: Account, stretch: Stretch, choice: Choice, *, zone: ZoneInfo, known: Mapping[str, Section], now: datetime
) -> Calendar:
    """The days of a stretch in the publication's time zone. Three queries, and one for permissions."""
    start, end = agenda.bounds(stretch.first, stretch.last, zone)
    articles = chosen(visible_articles(account), choice, account)
    found = {what: list(rows[: MOST + 1]) for what, rows in _between(articles, start, end).items()}
    by_day: dict[date, list[Entry]] = {}
    for what, rows in found.items():
        for row in rows[:MOST]:
            entry = Entry(
                what=what,
                at=row.at,
                article=row,
                section=known.get(row.section_slug),
                may_edit=may(account, "change", row),
            )
            by_day.setdefault(agenda.day_of(row.at, zone), []).append(entry)
    today = agenda.day_of(now, zone)
    return Calendar(
        stretch=stretch,
        days=[_day(on, stretch, today, by_day.get(on, [])) for on in stretch.days],
        is_cut=any(len(rows) > MOST for rows in found.values()),
    )


def _between(articles: QuerySet[Article], start: datetime, end: datetime) -> dict[What, QuerySet[Any]]:
    shown = articles.only(*SHOWN)
    return {
        What.EMBARGO: shown.filter(embargoed_until__gte=start, embargoed_until__lt=end)
        .annotate(at=F("embargoed_until"))
        .order_by("at", "pk"),
        What.SCHEDULED: shown.filter(pk__in=scheduled_ids(start, end))
        .annotate(at=date_of_article())
        .filter(at__gte=start, at__lt=end)
        .order_by("at", "pk"),
        # The latest of too many: what is old can be read on its day.
        What.PUBLISHED: shown.filter(live=True, first_published_at__gte=start, first_published_at__lt=end)
        .annotate(at=F("first_published_at"))
        .order_by("-first_published_at", "-pk"),
    }


def _day(on: date, stretch: Stretch, today: date, entries: list[Entry]) -> Day:
    room = SHOWN_OF_A_DAY[stretch.view]
    ordered = sorted(entries, key=_moment)
    # What is still to come first where there is no room for all: a date can be moved, what is out cannot.
    kept = sorted(sorted(ordered, key=_is_out)[:room], key=_moment)
    return Day(on=on, is_inside=stretch.has(on), is_today=on == today, entries=kept, more=max(0, len(ordered) - room))


def _moment(entry: Entry) -> datetime:
    return entry.at


def _is_out(entry: Entry) -> bool:
    return entry.what == What.PUBLISHED
