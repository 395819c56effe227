"""How often articles were viewed by people: the closed hours from the roll-ups, the running one beside them.

Always the running hour first. What it holds is sealed a while before it is written down (`operations.close_hours`), so
that whoever reads in this order meets each view once: sealed rows name the closing they are to be part of.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, Sum

from coranto.audience.models import ArticleViews, Closing, RollUp, RunningViews
from coranto.newsroom.models import Article

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class HourlyViews:
    """`hour` is when it began, `referrer` a value of `rules.Referrer`."""

    hour: datetime
    article_id: int
    referrer: str
    views: int


def shown_views(article_ids: Collection[int]) -> dict[int, int]:
    """What readers are told: views by people, and those from before the move. Three queries."""
    counted = counted_views(article_ids)
    before = Article.objects.filter(pk__in=article_ids, views_before__isnull=False).values_list("pk", "views_before")
    for pk, views in before:
        counted[pk] += views
    return counted


def public_views(article_id: int) -> int | None:
    """What readers are told of one article; None where they cannot read it. Three queries at most."""
    found = Article.objects.public().filter(pk=article_id).values_list("views_before", flat=True)
    if not found:
        return None
    return counted_views([article_id])[article_id] + (found[0] or 0)


def counted_views(article_ids: Collection[int]) -> dict[int, int]:
    """Views by people, of which each was counted here. Two queries."""
    running: Counter[int] = Counter()
    sealed: Counter[int] = Counter()
    token = ""
    rows = (
        RunningViews.objects.filter(article_id__in=article_ids, agent__is_bot=False)
        .values_list("article_id", "token")
        .annotate(views=Sum("views"))
    )
    for article_id, found, views in rows:
        token = token or found
        (sealed if found else running)[article_id] += views
    total = running + sealed
    closed = (
        ArticleViews.objects.filter(article_id__in=article_ids)
        .annotate(has_sealed=Exists(Closing.objects.filter(token=token)))
        .values_list("article_id", "people", "has_sealed")
    )
    for article_id, people, has_sealed in closed:
        total[article_id] += people - (sealed[article_id] if has_sealed else 0)
    return {each: total[each] for each in article_ids}


def hourly_views(*, since: datetime, until: datetime | None = None) -> list[HourlyViews]:
    """Views by people in the hours that began from `since` on and before `until`, in no order. Two queries."""
    hours: dict[str, datetime] = {"hour__gte": since} | ({"hour__lt": until} if until else {})
    views: Counter[tuple[datetime, int, str]] = Counter()
    token = _add_running(views, hours)
    rows = (
        RollUp.objects.of_people()
        .filter(**hours)
        .exclude(closing__token=token)
        .values_list("hour", "article_id", "referrer")
        .annotate(views=Sum("views"))
    )
    for hour, article_id, referrer, count in rows:
        views[hour, article_id, referrer] += count
    return [
        HourlyViews(hour=hour, article_id=article_id, referrer=referrer, views=count)
        for (hour, article_id, referrer), count in views.items()
    ]


def _add_running(views: Counter[tuple[datetime, int, str]], hours: Mapping[str, datetime]) -> str:
    """Adds what is not closed; the token of what is sealed, empty where nothing is."""
    token = ""
    rows = (
        RunningViews.objects.filter(agent__is_bot=False, **hours)
        .values_list("hour", "article_id", "referrer", "token")
        .annotate(views=Sum("views"))
    )
    for hour, article_id, referrer, found, count in rows:
        token = token or found
        views[hour, article_id, referrer] += count
    return token
