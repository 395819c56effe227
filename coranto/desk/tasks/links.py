"""Visiting the links an article has to other sites."""

from __future__ import annotations

from datetime import timedelta

from django_tasks import task

from coranto.desk.operations import checklist as operations
from coranto.jobs.rules import retry
from coranto.kit import clock
from coranto.kit.fetch import Fetcher, Resolver, resolve

AFTER_ALL_ELSE = -10


@task(priority=AFTER_ALL_ELSE)
@retry(attempts=3, first_delay=timedelta(minutes=1), longest_run=timedelta(minutes=5))
def visit_links_task(keys: list[int]) -> None:
    """Visit some links; repeatable. A site that does not answer is an answer, and no failure."""
    operations.visit_links(keys=keys, fetcher=fetcher, resolver=resolve, clock=clock.now)


def fetcher(resolver: Resolver) -> Fetcher:
    return Fetcher(resolver=resolver)
