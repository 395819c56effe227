"""Work that was given up, and what an administrator does about it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from traceback import format_exception
from typing import TYPE_CHECKING, Self

from django.db import transaction
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from coranto.jobs.models import Failure, Lease

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)

_LONGEST_TRACEBACK = 50_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """Why an attempt failed, as text that every database takes."""

    exception_class: str
    message: str
    traceback: str = ""

    @classmethod
    def of(cls, error: BaseException) -> Self:
        kind = type(error)
        return cls(
            exception_class=f"{kind.__module__}.{kind.__qualname__}"[:255],
            message=storable(str(error)),
            traceback=storable("".join(format_exception(error))[-_LONGEST_TRACEBACK:]),
        )

    def __str__(self) -> str:
        return f"{self.exception_class}: {self.message}"


def storable(text: str) -> str:
    """`text` without what PostgreSQL refuses: NUL and half surrogates."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8")


def give_up(*, task: DBTaskResult, attempts: int, reason: Reason, now: datetime) -> Failure:
    """Close a task that will not be tried again; the caller holds its lease and a transaction."""
    DBTaskResult.objects.filter(pk=task.pk).update(
        status=TaskResultStatus.FAILED,
        finished_at=now,
        return_value=None,
        exception_class_path=reason.exception_class,
        traceback=reason.traceback,
    )
    Lease.objects.filter(pk=task.pk).delete()
    failure, _created = Failure.objects.update_or_create(
        task_id=task.pk,
        defaults={
            "task_path": task.task_path[:255],
            "arguments": task.args_kwargs,
            "exception_class": reason.exception_class,
            "message": reason.message,
            "traceback": reason.traceback,
            "attempts": attempts,
            "failed_at": now,
            "resolved_at": None,
        },
    )
    logger.error("Gave up on %s after %d attempts: %s (task %s)", task.task_path, attempts, reason, task.pk)
    return failure


def resolve_failure(*, failure: Failure, now: datetime) -> None:
    """Mark a failure as dealt with; the second time changes nothing."""
    Failure.objects.unresolved().filter(pk=failure.pk).update(resolved_at=now)
    failure.refresh_from_db()


def repeat_failure(*, failure: Failure, now: datetime) -> bool:
    """Queue the work anew, with the same arguments, and mark the failure as dealt with.

    False when somebody has dealt with it already. Raises ImportError when the function no longer exists.
    """
    task = import_string(failure.task_path)
    with transaction.atomic():
        if not Failure.objects.unresolved().filter(pk=failure.pk).update(resolved_at=now):
            return False
        task.enqueue(*failure.arguments["args"], **failure.arguments["kwargs"])
    return True
