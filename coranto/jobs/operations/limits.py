"""Counting within a window, across all processes of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections, router

from coranto.jobs.models import Limit

if TYPE_CHECKING:
    from datetime import datetime, timedelta

# One statement, so that no two processes can both take the last one. Nothing is written, and no row comes
# back, when the window is full. A window that begins more than its own length in the future was begun before
# the clock was set back.
_OVER = "(held.expires_at <= excluded.window_started_at OR held.window_started_at > excluded.expires_at)"
_TAKE = f"""
INSERT INTO jobs_limit AS held (key, window_started_at, expires_at, count) VALUES (%s, %s, %s, 1)
ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN {_OVER} THEN 1 ELSE held.count + 1 END,
    window_started_at = CASE WHEN {_OVER} THEN excluded.window_started_at ELSE held.window_started_at END,
    expires_at = CASE WHEN {_OVER} THEN excluded.expires_at ELSE held.expires_at END
WHERE {_OVER} OR held.count < %s
RETURNING count
"""  # noqa: S608 - put together of constants


def take_from_limit(*, key: str, allowed: int, per: timedelta, now: datetime) -> bool:
    """Whether `key` may happen once more: at most `allowed` times in a window of length `per`.

    The window is fixed: it begins with the first taking, and no later one moves it, a refused one least.
    Call it outside a transaction: on PostgreSQL others would wait for that, and the count roll back with it.
    """
    if allowed < 1:
        return False
    connection = connections[router.db_for_write(Limit)]
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [key, adapt(now), adapt(now + per), allowed])
        return cursor.fetchone() is not None


def prune_limits(*, now: datetime) -> int:
    """Delete the counts of windows that are over; how many."""
    deleted, _by_model = Limit.objects.filter(expires_at__lt=now).delete()
    return deleted
