"""Deciding about everything that matches, which after a flood is a great deal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django_tasks import task

from coranto.comments import operations
from coranto.comments.queries.moderation import Choice, View, matching_pks
from coranto.jobs.rules import retry
from coranto.kit import clock
from coranto.masthead.models import Account

# A transaction each, so that readers who write meanwhile wait for one of them at most.
AT_ONCE: Final = 200


@task()
@retry(attempts=3, first_delay=timedelta(seconds=10), longest_run=timedelta(minutes=30))
def sweep_matching_task(choice: dict[str, Any], act: str, by: int, up_to: int) -> None:
    """Decide about all a choice holds up to a comment: what came later nobody has seen. Repeatable."""
    account = Account.objects.get(pk=by)
    wanted = Choice(**{**choice, "view": View(choice["view"])})
    after = 0
    while comments := matching_pks(wanted, after=after, up_to=up_to, length=AT_ONCE):
        operations.sweep_comments(comments=comments, act=act, by=account, now=clock.now())
        after = comments[-1]
