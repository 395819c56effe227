"""The worker's part: every picture gets its sizes."""

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


def queue_renditions(*, now: datetime) -> int:  # noqa: ARG001 - regular work is told the time
    """Queue pictures without sizes, the newest first, as long as the queue is short; how many.

    Tasks and not a loop of its own: a task that kills its worker is given up after some attempts, and a
    picture with a failure waits until an administrator has dealt with that.
    """
    path = make_renditions_task.module_path
    unfinished = DBTaskResult.objects.filter(
        task_path=path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
    )
    queued = [each["args"][0] for each in unfinished.values_list("args_kwargs", flat=True)]
    failed = Failure.objects.unresolved().filter(task_path=path).values_list("arguments", flat=True)
    passed_over = {*queued, *(each["args"][0] for each in failed)}
    waiting: QuerySet[Picture] = Picture.objects.awaiting_renditions().exclude(pk__in=passed_over).order_by("-pk")
    picture_ids = list(waiting.values_list("pk", flat=True)[: max(0, QUEUE_LENGTH - len(queued))])
    for picture_id in picture_ids:
        make_renditions_task.using(priority=AFTER_ALL_ELSE).enqueue(picture_id)
    return len(picture_ids)
