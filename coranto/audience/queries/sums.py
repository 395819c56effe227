"""Views by people, added up by the database for whoever looks at many articles at once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db.models import F, Sum

from coranto.audience.models import RollUp, RunningViews

if TYPE_CHECKING:
    from datetime import datetime


def summed_views(*by: str, since: datetime) -> Counter[tuple[Any, ...]]:
    """Views by people in the hours from `since` on, by `hour`, `article_id` or `referrer`. Two queries.

    The running hour is read first, as in `queries.views`: what is being closed meanwhile is counted once.
    """
    total: Counter[tuple[Any, ...]] = Counter()
    token = ""
    running = RunningViews.objects.filter(agent__is_bot=False, hour__gte=since).order_by()
    for *key, found, views in running.values_list(*by, "token").annotate(views=Sum("views")):
        token = token or found
        total[tuple(key)] += views
    closed = RollUp.objects.of_people().filter(hour__gte=since).exclude(closing__token=token).order_by()
    # By an expression, and not by the column: to group by that, SQLite would walk through its index, over every hour
    # there ever was.
    closed = closed.annotate(of_article=F("article_id") + 0)
    columns = ["of_article" if each == "article_id" else each for each in by]
    for *key, views in closed.values_list(*columns).annotate(views=Sum("views")):
        total[tuple(key)] += views
    return total
