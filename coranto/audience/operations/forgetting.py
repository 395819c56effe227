"""The end of a day: what told its visitors apart is destroyed."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from django.db import connections, router

from coranto.audience.models import Crowd, DailySalt, DayAgent, RunningViews, Visit

if TYPE_CHECKING:
    from datetime import datetime

    from django.db import models
    from django.db.backends.base.base import BaseDatabaseWrapper

_ROWS_AT_ONCE: Final = 20_000


def forget_days(*, now: datetime) -> int:
    """Destroy the salts, marks and user agents of days that are over, by UTC; how many marks there were."""
    today = now.astimezone(UTC).date()
    connection = connections[router.db_for_write(DailySalt)]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")  # else what is deleted stays where it stood
    DailySalt.objects.filter(day__lt=today).delete()
    marks = sum(_delete(model.objects.filter(day__lt=today)) for model in (Visit, Crowd))
    # Once no hour that is still open speaks of them.
    _delete(DayAgent.objects.filter(day__lt=today).exclude(pk__in=RunningViews.objects.values("agent")))
    _wipe(connection)
    return marks


def _delete(rows: models.QuerySet[models.Model]) -> int:
    """A part at a time, so that nobody who has something to write waits for long."""
    deleted = 0
    while some := list(rows.order_by("pk").values_list("pk", flat=True)[:_ROWS_AT_ONCE]):
        deleted += rows.filter(pk__lte=some[-1]).delete()[0]
    return deleted


def _wipe(connection: BaseDatabaseWrapper) -> None:
    """Have nothing of it left in the file either. Where readers are in the way, the next run does it."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute(f"VACUUM {DailySalt._meta.db_table}")
