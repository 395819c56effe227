"""Tasks: claimed under a lease, run, tried again, given up, pruned.

The effect of a task happens *at least once*: a worker killed after the effect and before it could say so has
its task run again. A task therefore makes its effect repeatable (an upsert, a key the other side knows, a
check of the row it works on), or declares `@retry(attempts=1)` where never is better than twice.
"""

from __future__ import annotations

import logging
import random
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import Error as DatabaseError
from django.db import close_old_connections, models, transaction
from django_tasks import TaskContext, TaskResultStatus
from django_tasks.signals import task_finished, task_started
from django_tasks.utils import normalize_json
from django_tasks_db.models import DBTaskResult, get_date_max

from coranto.jobs.models import Lease
from coranto.jobs.operations.failures import Reason, give_up, storable
from coranto.jobs.operations.heartbeat import Heartbeat, Interrupted, end_process
from coranto.jobs.rules import GiveUp, Policy, leases, retries
from coranto.kit import clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

logger = logging.getLogger(__name__)

_CANDIDATES = 10
_RECORDING_PAUSES = (0.2, 1.0, 5.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """A task in the hands of one worker, for its attempt number `attempt`."""

    task: DBTaskResult
    worker: str
    attempt: int
    lease: timedelta

    def held(self) -> models.QuerySet[Lease]:
        """The lease, as long as nobody else has taken the task: every write of the holder goes through it."""
        return Lease.objects.filter(
            pk=self.task.pk, worker=self.worker, attempts=self.attempt, leased_until__isnull=False
        )


def due_tasks(*, now: datetime) -> models.QuerySet[DBTaskResult]:
    """Tasks that may be claimed, in the order in which they should be."""
    ready: models.QuerySet[DBTaskResult] = DBTaskResult.objects.filter(
        models.Q(run_after=get_date_max()) | models.Q(run_after__lte=now), status=TaskResultStatus.READY
    )
    return ready.exclude(models.Exists(Lease.objects.waiting(now).filter(task_id=models.OuterRef("pk"))))


def claim_task(*, worker: str, now: datetime, lease: timedelta = leases.LEASE) -> Claim | None:
    """Take the next due task for `worker`, or None. Of several workers exactly one gets it.

    Looking is a plain SELECT, so that idle workers take no lock; only a find opens a transaction.
    """
    for task_id in due_tasks(now=now).values_list("pk", flat=True)[:_CANDIDATES]:
        with transaction.atomic():
            taken = (
                due_tasks(now=now).filter(pk=task_id).order_by().update(status=TaskResultStatus.RUNNING, started_at=now)
            )
            if not taken:
                continue  # another worker was faster
            task = DBTaskResult.objects.get(pk=task_id)
            task.worker_ids = [*task.worker_ids, worker]
            task.save(update_fields=["worker_ids"])
            held, _created = Lease.objects.get_or_create(task=task)
            held.attempts += 1
            held.worker, held.leased_until, held.retry_at = worker, now + lease, None
            held.save()
        return Claim(task=task, worker=worker, attempt=held.attempts, lease=lease)
    return None


def run_task(*, claim: Claim, overrun: Callable[[], None] = end_process) -> bool:
    """Run a claimed task and record the outcome; True when it succeeded.

    Renews the lease from a thread meanwhile. On `Interrupted` and on Ctrl-C the task goes back, its attempt
    uncounted, and the exception continues. Raises `django.db.Error` when the outcome cannot be recorded
    even after a few seconds: the lease then runs out, and the task is run again.
    """
    policy = retries.DEFAULT
    try:
        task = claim.task.task
        policy = retries.policy_of(task.func)
        with Heartbeat(
            renew=partial(_renew, claim),
            lease=claim.lease,
            longest_run=policy.longest_run,
            overrun=partial(_overrun, claim, policy, overrun),
        ):
            returned = _call(claim)
    except (Interrupted, KeyboardInterrupt):
        _record(partial(_hand_back, claim))
        raise
    except BaseException as error:  # noqa: BLE001 - SystemExit too: a task must not stop its worker
        return _fail(claim, policy, error)
    try:
        value = normalize_json(returned)
    except TypeError as error:
        # The effect has happened: trying again would repeat it and fail in the same way.
        return _fail(claim, Policy(attempts=1), error)
    if _record(partial(_succeed, claim, value)):
        task_finished.send_robust(type(task.get_backend()), task_result=_told(claim))
    return True


def _call(claim: Claim) -> Any:
    task, result = claim.task.task, claim.task.task_result
    task_started.send_robust(type(task.get_backend()), task_result=result)
    if task.takes_context:
        return task.call(TaskContext(task_result=result), *result.args, **result.kwargs)
    return task.call(*result.args, **result.kwargs)


def _told(claim: Claim) -> Any:
    return DBTaskResult.objects.get(pk=claim.task.pk).task_result


def _renew(claim: Claim, now: datetime) -> bool:
    return bool(claim.held().update(leased_until=now + claim.lease))


def _overrun(claim: Claim, policy: Policy, end: Callable[[], None], now: datetime) -> None:
    logger.critical("%s runs for longer than %s: its worker ends", claim.task.task_path, policy.longest_run)
    # Leased until this moment: whichever worker looks next takes it back.
    claim.held().update(leased_until=now, last_error=f"It ran for longer than {policy.longest_run}.")
    end()


def _record(write: Callable[[], bool]) -> bool:
    """Insist for a few seconds: an outcome that is not recorded means that the work is done twice."""
    for pause in _RECORDING_PAUSES:
        try:
            return write()
        except DatabaseError as error:
            logger.warning("The outcome of a task could not be recorded yet: %s", error)
            close_old_connections()
            time.sleep(pause)
    return write()


def _succeed(claim: Claim, value: Any) -> bool:
    with transaction.atomic():
        if not _let_go(claim):
            return False
        DBTaskResult.objects.filter(pk=claim.task.pk).update(
            status=TaskResultStatus.SUCCESSFUL,
            finished_at=clock.now(),
            return_value=value,
            exception_class_path="",
            traceback="",
        )
    return True


def _let_go(claim: Claim) -> bool:
    deleted, _by_model = claim.held().delete()
    if not deleted:
        logger.warning("%s was taken over before it ended (task %s)", claim.task.task_path, claim.task.pk)
    return bool(deleted)


def _fail(claim: Claim, policy: Policy, error: BaseException) -> bool:
    reason = Reason.of(error)
    final = claim.attempt >= policy.attempts or isinstance(error, GiveUp)
    logger.warning(
        "%s failed at attempt %d of %d (task %s)",
        claim.task.task_path,
        claim.attempt,
        policy.attempts,
        claim.task.pk,
        exc_info=error,
    )
    write = partial(_give_up, claim, reason) if final else partial(_put_off, claim, policy, reason)
    _record(write)
    return False


def _give_up(claim: Claim, reason: Reason) -> bool:
    with transaction.atomic():
        if not _let_go(claim):
            return False
        give_up(task=claim.task, attempts=claim.attempt, reason=reason, now=clock.now())
    return True


def _put_off(claim: Claim, policy: Policy, reason: Reason) -> bool:
    delay = policy.delay(attempts=claim.attempt, chance=random.random())  # noqa: S311 - no secret depends on it
    with transaction.atomic():
        if not claim.held().update(leased_until=None, retry_at=clock.now() + delay, last_error=storable(str(reason))):
            return False
        _make_ready(claim.task)
    return True


def _hand_back(claim: Claim) -> bool:
    with transaction.atomic():
        if not claim.held().update(leased_until=None, attempts=models.F("attempts") - 1):
            return False
        _make_ready(claim.task)
    return True


def _make_ready(task: DBTaskResult) -> None:
    DBTaskResult.objects.filter(pk=task.pk).update(status=TaskResultStatus.READY)


def reclaim_expired(*, now: datetime) -> int:
    """Take back the tasks of workers that are gone; how many.

    The attempt counts, so that a task which kills its worker is given up like one that raises.
    """
    run_out = Lease.objects.run_out(now).select_related("task")
    return sum(_reclaim(lease, now) for lease in list(run_out))


def _reclaim(lease: Lease, now: datetime) -> bool:
    error = lease.last_error or f"The worker {lease.worker} ended while it ran this."
    policy = _policy(lease.task)
    with transaction.atomic():
        # The worker may have woken up and renewed, or another one been faster: both change `leased_until`.
        free = Lease.objects.filter(pk=lease.pk, leased_until=lease.leased_until)
        if not free.update(leased_until=None, retry_at=None, last_error=error):
            return False
        if lease.attempts >= policy.attempts:
            reason = Reason(exception_class="WorkerLost", message=error)
            give_up(task=lease.task, attempts=lease.attempts, reason=reason, now=now)
        else:
            logger.warning("%s is taken back: %s (task %s)", lease.task.task_path, error, lease.pk)
            _make_ready(lease.task)
    return True


def _policy(task: DBTaskResult) -> Policy:
    try:
        return retries.policy_of(task.task.func)
    except Exception:  # noqa: BLE001 - whatever its import raises: running it reports that, taking it back must not
        return retries.DEFAULT


def prune_finished(*, now: datetime, keep: timedelta = leases.KEEP_FINISHED) -> int:
    """Delete finished tasks older than `keep`, some hundreds at a time for short write locks; how many.

    What failed stays known by its `Failure`.
    """
    old = DBTaskResult.objects.finished().filter(finished_at__lt=now - keep).order_by()
    pruned = 0
    while ids := list(old.values_list("pk", flat=True)[:500]):
        DBTaskResult.objects.filter(pk__in=ids).delete()
        pruned += len(ids)
    return pruned
