"""Hours that are over leave the running day and are written down for good.

On SQLite that is a step from one file into another, which no transaction spans. What is over is first sealed under a
token; a later run writes it down together with the token, and then removes what bears it. Killed anywhere, the next
run goes on there, and nothing is written twice.
"""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC
from typing import TYPE_CHECKING, Any

from django.db import router, transaction

from coranto.audience.models import Closing, LeftOut, RollUp, RunningLeftOut, RunningViews, UserAgent
from coranto.audience.operations.recording import write_roll_ups
from coranto.audience.rules import FEWEST_OF_AN_AGENT, Rare

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from coranto.audience.models import DayAgent


def close_hours(*, now: datetime) -> int:
    """Write down what an earlier run has sealed, and seal what is over; how many views were written down.

    A run lies between the two so that whoever reads views, the running hour first, never meets one twice or not at all.
    """
    token = _sealed_token()
    closed = _close(token, now=now) if token else 0
    _seal(before=now.astimezone(UTC).replace(minute=0, second=0, microsecond=0))
    return closed


def _sealed_token() -> str:
    """That of what is sealed; at most one at a time is. Empty where nothing is."""
    for model in (RunningViews, RunningLeftOut):
        token = model.objects.exclude(token="").values_list("token", flat=True).first()
        if token:
            return token
    return ""


def _seal(*, before: datetime) -> None:
    token = uuid.uuid4().hex
    with transaction.atomic(using=router.db_for_write(RunningViews)):
        for model in (RunningViews, RunningLeftOut):
            model.objects.filter(hour__lt=before, token="").update(token=token)


def _close(token: str, *, now: datetime) -> int:
    views = list(RunningViews.objects.filter(token=token).select_related("agent").order_by("pk"))
    left_out = list(RunningLeftOut.objects.filter(token=token).order_by("pk"))
    with transaction.atomic():
        if not Closing.objects.filter(token=token).exists():
            _write_down(token, views, left_out, now=now)
    with transaction.atomic(using=router.db_for_write(RunningViews)):
        for model in (RunningViews, RunningLeftOut):
            model.objects.filter(token=token).delete()
    return sum(each.views for each in views)


def _write_down(
    token: str, views: Collection[RunningViews], left_out: Iterable[RunningLeftOut], *, now: datetime
) -> None:
    agents = _agents_to_keep({each.agent for each in views})
    counts: Counter[tuple[Any, ...]] = Counter()
    for each in views:
        kept = agents.get(each.agent.text)
        rare = "" if kept else (Rare.BOT if each.agent.is_bot else Rare.PERSON).value
        counts[each.hour, each.article_id, kept, rare, each.referrer] += each.views
    rows = [
        RollUp(hour=hour, article_id=article_id, agent=agent, rare=rare, referrer=referrer, views=count)
        for (hour, article_id, agent, rare, referrer), count in counts.items()
    ]
    closing = write_roll_ups(token, rows, now=now)
    LeftOut.objects.bulk_create(
        [LeftOut(closing=closing, hour=each.hour, reason=each.reason, count=each.count) for each in left_out]
    )


def _agents_to_keep(agents: Collection[DayAgent]) -> dict[str, UserAgent]:
    """Those that enough visitors of the day have had by now; the others stay nameless, known from other days or not.

    A browser everybody had once may be the last reader's own today.
    """
    enough = {each.text: each.is_bot for each in agents if each.visitors >= FEWEST_OF_AN_AGENT}
    UserAgent.objects.bulk_create(
        [UserAgent(text=text, is_bot=judged) for text, judged in sorted(enough.items())], ignore_conflicts=True
    )
    texts = sorted(enough)
    return {
        found.text: found
        for start in range(0, len(texts), 500)
        for found in UserAgent.objects.filter(text__in=texts[start : start + 500])
    }
