"""The worker's part: whoever asked to be told of a publication is told, and no editor waits for that."""

from __future__ import annotations

from datetime import timedelta

from django_tasks import task

from coranto.feeds import operations
from coranto.jobs.rules import retry
from coranto.kit.fetch import Fetcher

_NOT_URGENT = -5


@task(priority=_NOT_URGENT)
@retry(attempts=6, first_delay=timedelta(minutes=1), longest_run=timedelta(minutes=2))
def ping_hub_task(article_id: int, kind: str) -> None:
    """Repeatable: a hub that hears twice looks twice."""
    operations.ping_hub(article_id=article_id, kind=kind, fetcher=fetcher)


@task(priority=_NOT_URGENT)
@retry(attempts=6, first_delay=timedelta(minutes=1), longest_run=timedelta(minutes=2))
def tell_indexnow_task(article_id: int) -> None:
    """Repeatable, as above."""
    operations.tell_indexnow(article_id=article_id, fetcher=fetcher)


def fetcher() -> Fetcher:
    return Fetcher()
