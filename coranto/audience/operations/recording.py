"""Writing down what hours had, for good."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from coranto.audience.models import ArticleViews, Closing, DayViews, RollUp
from coranto.audience.rules import Rare, Referrer
from coranto.delivery import operations as delivery
from coranto.delivery.tags import tag
from coranto.kit import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime


def record_views(
    *, article_id: int, hour: datetime, views: int, referrer: Referrer = Referrer.DIRECT, rare: Rare = Rare.PERSON
) -> None:
    """Write down views of an hour that is over, without knowing whose."""
    hour = hour.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    row = RollUp(hour=hour, article_id=article_id, rare=rare, referrer=referrer, views=views)
    with transaction.atomic():
        write_roll_ups(uuid.uuid4().hex, [row], now=clock.now())
    delivery.purge_tags(tags=[tag("views", article_id), "how-we-count"])


def write_roll_ups(token: str, rows: Iterable[RollUp], *, now: datetime) -> Closing:
    """Append the rows under a new closing and add them to the totals. Within a transaction."""
    closing = Closing.objects.create(token=token, closed_at=now)
    rows = list(rows)
    for row in rows:
        row.closing = closing
    RollUp.objects.bulk_create(rows, batch_size=500)
    by_article: Mapping[bool, Counter[int]] = {False: Counter(), True: Counter()}
    by_day: Mapping[bool, Counter[date]] = {False: Counter(), True: Counter()}
    for row in rows:
        is_bot = row.agent.is_bot if row.agent else row.rare == Rare.BOT
        by_article[is_bot][row.article_id] += row.views
        by_day[is_bot][row.hour.astimezone(UTC).date()] += row.views
    articles = by_article[False].keys() | by_article[True].keys()
    ArticleViews.objects.bulk_create([ArticleViews(pk=each) for each in sorted(articles)], ignore_conflicts=True)
    for each in sorted(articles):
        people, bots = by_article[False][each], by_article[True][each]
        ArticleViews.objects.filter(pk=each).update(people=F("people") + people, bots=F("bots") + bots)
    for day in sorted(by_day[False].keys() | by_day[True].keys()):
        DayViews.objects.get_or_create(pk=day)
        people, bots = by_day[False][day], by_day[True][day]
        DayViews.objects.filter(pk=day).update(people=F("people") + people, bots=F("bots") + bots)
    return closing
