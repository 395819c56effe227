"""The worker's part: every picture gets its sizes, and tells nothing it must not."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from coranto.jobs.models import Failure
from coranto.jobs.rules import GiveUp, retry
from coranto.kit import clock
from coranto.masthead import operations
from coranto.masthead.models import Picture
from coranto.masthead.rules.pictures import PictureProblem

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django_tasks import Task

# As many as a worker makes in about half a minute; mail and all else goes before them.
QUEUE_LENGTH = 100
AFTER_ALL_ELSE = -10


@task()
@retry(attempts=3, first_delay=timedelta(minutes=1), longest_run=timedelta(minutes=5))
def make_renditions_task(picture_id: int) -> None:
    """Make the sizes of one picture; repeatable. A picture that cannot be read is not tried again."""
    picture = Picture.objects.filter(pk=picture_id).first()
    if picture is None:
        return  # deleted meanwhile
    try:
        operations.make_renditions(picture=picture, now=clock.now())
    except PictureProblem as problem:
        raise GiveUp(f"{picture.title} (picture {picture_id}): {problem}") from problem


@task()
@retry(attempts=3, first_delay=timedelta(minutes=1), longest_run=timedelta(minutes=5))
def remove_metadata_task(picture_id: int) -> None:
    """Free one stored original of its metadata; repeatable."""
    picture = Picture.objects.filter(pk=picture_id).first()
    if picture is None:
        return  # deleted meanwhile
    try:
        operations.remove_metadata(picture=picture, now=clock.now())
    except PictureProblem as problem:
        raise GiveUp(f"{picture.title} (picture {picture_id}): {problem}") from problem


def queue_renditions(*, now: datetime) -> int:  # noqa: ARG001 - regular work is told the time
    """Queue pictures without sizes, the newest first, as long as the queue is short; how many."""
    return _queue(make_renditions_task, Picture.objects.awaiting_renditions())


def queue_removal_of_metadata(*, now: datetime) -> int:  # noqa: ARG001 - as above
    """Queue pictures whose file an earlier version stored as it came; how many."""
    return _queue(remove_metadata_task, Picture.objects.awaiting_removal_of_metadata())


def _queue(work: Task[[int], None], waiting: QuerySet[Picture]) -> int:
    """Queue work on the newest of those that wait, as long as there is little in the queue; how many.

    Tasks and not a loop of its own: a task that kills its worker is given up after some attempts, and a
    picture with a failure waits until an administrator has dealt with that.
    """
    unfinished = DBTaskResult.objects.filter(
        task_path=work.module_path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
    )
    queued = [each["args"][0] for each in unfinished.values_list("args_kwargs", flat=True)]
    failed = Failure.objects.unresolved().filter(task_path=work.module_path).values_list("arguments", flat=True)
    passed_over = {*queued, *(each["args"][0] for each in failed)}
    picture_ids = list(
        waiting.exclude(pk__in=passed_over)
        .order_by("-pk")
        .values_list("pk", flat=True)[: max(0, QUEUE_LENGTH - len(queued))]
    )
    for picture_id in picture_ids:
        work.using(priority=AFTER_ALL_ELSE).enqueue(picture_id)
    return len(picture_ids)
