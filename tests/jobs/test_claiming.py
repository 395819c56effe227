from __future__ import annotations

import threading
from datetime import timedelta

import jobs_errands
import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from coranto.jobs import operations
from coranto.jobs.models import Lease
from coranto.kit import clock

pytestmark = pytest.mark.django_db


def test_nothing_is_claimed_where_nothing_waits(noon):
    assert operations.claim_task(worker="wren", now=noon) is None


def test_a_claimed_task_is_running_under_a_lease_of_its_worker():
    queued = jobs_errands.tell.enqueue("hello")
    now = clock.now()

    claim = operations.claim_task(worker="wren", now=now, lease=timedelta(seconds=40))

    row = DBTaskResult.objects.get()
    assert str(row.id) == queued.id
    assert (row.status, row.started_at, row.worker_ids) == ("RUNNING", now, ["wren"])
    lease = Lease.objects.get()
    assert (lease.task_id, lease.worker, lease.attempts) == (row.id, "wren", 1)
    assert lease.leased_until == now + timedelta(seconds=40)
    assert (claim.task.pk, claim.attempt) == (row.pk, 1)


def test_a_claimed_task_is_not_claimed_again():
    jobs_errands.tell.enqueue("hello")
    assert operations.claim_task(worker="wren", now=clock.now())
    assert operations.claim_task(worker="tern", now=clock.now()) is None


def test_the_more_urgent_task_comes_first():
    jobs_errands.tell.using(priority=-5).enqueue("later")
    jobs_errands.tell.using(priority=5).enqueue("sooner")
    claim = operations.claim_task(worker="wren", now=clock.now())
    assert claim.task.args_kwargs["args"] == ["sooner"]


def test_a_task_for_later_waits_for_its_time():
    now = clock.now()
    jobs_errands.tell.using(run_after=now + timedelta(hours=1)).enqueue("later")
    assert operations.claim_task(worker="wren", now=now) is None
    assert operations.claim_task(worker="wren", now=now + timedelta(hours=1))


def test_an_idle_look_is_one_select_and_no_transaction(django_assert_num_queries):
    with django_assert_num_queries(1) as captured:
        operations.claim_task(worker="wren", now=clock.now())
    assert captured[0]["sql"].startswith("SELECT")


def test_a_task_queued_in_a_transaction_that_fails_was_never_queued():
    from django.db import transaction

    with transaction.atomic():
        jobs_errands.tell.enqueue("never")
        transaction.set_rollback(True)
    assert operations.claim_task(worker="wren", now=clock.now()) is None


@pytest.mark.django_db(transaction=True)
def test_many_workers_run_each_task_once(told):
    for number in range(24):
        jobs_errands.tell.enqueue(number)
    faults = []

    def work(name: str) -> None:
        try:
            while claim := operations.claim_task(worker=name, now=clock.now()):
                operations.run_task(claim=claim)
        except Exception as error:  # noqa: BLE001 - told to the test
            faults.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work, args=(name,)) for name in ("wren", "tern", "ruff", "kite")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert faults == []
    assert sorted(told) == [(number,) for number in range(24)]
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}
    assert Lease.objects.count() == 0


def test_who_comes_second_to_a_task_takes_the_next_one(monkeypatch):
    jobs_errands.tell.enqueue("first")
    jobs_errands.tell.enqueue("second")
    from coranto.jobs.operations import tasks

    looked = tasks.due_tasks(now=clock.now()).values_list("pk", flat=True)
    both = list(looked)
    operations.claim_task(worker="wren", now=clock.now())

    class Stale:
        """What a worker saw before another one claimed the first."""

        def __init__(self, queryset):
            self.queryset = queryset

        def values_list(self, *_args, **_kwargs):
            return both

        def filter(self, **conditions):
            return self.queryset.filter(**conditions)

    real = tasks.due_tasks
    monkeypatch.setattr(tasks, "due_tasks", lambda *, now: Stale(real(now=now)))
    claim = operations.claim_task(worker="tern", now=clock.now())
    assert claim.task.pk == both[1]


def test_looking_costs_the_same_with_one_task_and_with_three():
    for number in range(3):
        jobs_errands.tell.enqueue(number)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connections["default"]) as captured:
            operations.claim_task(worker="wren", now=clock.now())
        counts.append(len(captured))
    assert counts[0] == counts[1]
