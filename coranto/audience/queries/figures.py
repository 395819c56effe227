"""What was counted, what was left out and why: the figures a sceptic asks for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Exists, Sum

from coranto.audience.models import Closing, DayViews, LeftOut, RuleChange, RunningLeftOut, RunningViews
from coranto.audience.rules import FEWEST_OF_AN_AGENT, MOST_FROM_ONE_ADDRESS, Reason, rules_version
from coranto.delivery.tags import carry, expire_within
from coranto.newsroom.models import Article

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DAYS: Final = 30
# As the reasons are named, besides.
PEOPLE: Final = "people"
BOTS: Final = "bots"
_CHANGES: Final = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """What became of how many views today, and in thirty days, today included. `name`: people, bots, or a reason."""

    name: str
    label: str
    today: int
    month: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CountingFigures:
    """A day is one by UTC. `changes` are those of the rules for bots, newest first."""

    people: Line
    left_out: Sequence[Line]
    rules: str
    changes: Sequence[RuleChange]
    articles_before: int
    views_before: int
    most_from_one_address: int = MOST_FROM_ONE_ADDRESS
    fewest_of_an_agent: int = FEWEST_OF_AN_AGENT


def counting_figures(*, now: datetime) -> CountingFigures:
    """Six queries."""
    carry("how-we-count")
    today = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    expire_within(today + timedelta(days=1) - now)
    counts = _viewed(today) | _left_out(today)
    before = Article.objects.public().aggregate(articles=Count("views_before"), views=Sum("views_before", default=0))
    return CountingFigures(
        people=_line(PEOPLE, "", counts),
        left_out=[_line(BOTS, "", counts), *(_line(each.value, str(each.label), counts) for each in Reason)],
        rules=rules_version(),
        changes=list(RuleChange.objects.order_by("-pk")[:_CHANGES]),
        articles_before=before["articles"],
        views_before=before["views"],
    )


def _line(name: str, label: str, counts: Mapping[tuple[str, bool], int]) -> Line:
    today = counts.get((name, True), 0)
    return Line(name=name, label=label, today=today, month=today + counts.get((name, False), 0))


def _viewed(today: datetime) -> Counter[tuple[str, bool]]:
    """Views of people and bots, today's apart; the running hours first, as in `queries.views`."""
    running = list(
        RunningViews.objects.filter(hour__gte=_begin(today))
        .values_list("agent__is_bot", "hour", "token")
        .annotate(views=Sum("views"))
    )
    token = next((token for *_, token, _views in running if token), "")
    is_written = Exists(Closing.objects.filter(token=token))
    days = list(
        DayViews.objects.filter(day__gte=_begin(today).date())
        .annotate(is_written=is_written)
        .values_list("day", "people", "bots", "is_written")
    )
    has_written = any(is_written for *_, is_written in days)
    counts: Counter[tuple[str, bool]] = Counter()
    for is_bot, hour, found, views in running:
        if not (found and has_written):
            counts[BOTS if is_bot else PEOPLE, hour >= today] += views
    for day, people, bots, _is_written in days:
        counts[PEOPLE, day >= today.date()] += people
        counts[BOTS, day >= today.date()] += bots
    return counts


def _left_out(today: datetime) -> Counter[tuple[str, bool]]:
    counts: Counter[tuple[str, bool]] = Counter()
    token = ""
    running = RunningLeftOut.objects.filter(hour__gte=_begin(today)).values_list("reason", "hour", "token", "count")
    for reason, hour, found, count in running:
        token = token or found
        counts[reason, hour >= today] += count
    closed = (
        LeftOut.objects.filter(hour__gte=_begin(today))
        .exclude(closing__token=token)
        .values_list("reason", "hour")
        .annotate(count=Sum("count"))
    )
    for reason, hour, count in closed:
        counts[reason, hour >= today] += count
    return counts


def _begin(today: datetime) -> datetime:
    return today - timedelta(days=DAYS - 1)
