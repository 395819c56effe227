from __future__ import annotations

import threading
from datetime import timedelta

import jobs_errands
import pytest
from django.db import OperationalError, connections
from django_tasks_db.models import DBTaskResult

from coranto.jobs import operations
from coranto.jobs.models import Failure, Lease
from coranto.jobs.operations import heartbeat
from coranto.jobs.rules import leases
from coranto.kit import clock

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def claimed(worker: str = "wren", *, errand=jobs_errands.tell):
    errand.enqueue()
    return operations.claim_task(worker=worker, now=clock.now(), lease=MINUTE)


def test_a_task_whose_worker_was_killed_is_run_by_another(told, run_next):
    claim = claimed()
    assert operations.reclaim_expired(now=clock.now()) == 0
    assert run_next("tern") is None

    assert operations.reclaim_expired(now=clock.now() + MINUTE) == 1
    assert operations.reclaim_expired(now=clock.now() + MINUTE) == 0
    lease = Lease.objects.get()
    assert (lease.leased_until, lease.last_error) == (None, "The worker wren ended while it ran this.")
    assert run_next("tern") is True
    assert told == [()]
    row = DBTaskResult.objects.get(pk=claim.task.pk)
    assert (row.status, row.worker_ids) == ("SUCCESSFUL", ["wren", "tern"])


def test_a_task_that_kills_its_workers_is_given_up():
    jobs_errands.tell.enqueue("hello")
    for _ in range(5):
        assert operations.claim_task(worker="wren", now=clock.now())
        assert operations.reclaim_expired(now=clock.now() + 2 * MINUTE) == 1
    assert operations.claim_task(worker="wren", now=clock.now()) is None
    failure = Failure.objects.get()
    assert (failure.exception_class, failure.attempts) == ("WorkerLost", 5)
    assert failure.message == "The worker wren ended while it ran this."
    assert DBTaskResult.objects.get().status == "FAILED"


def test_a_lost_task_tried_only_once_is_given_up():
    claimed(errand=jobs_errands.stumble_once)
    operations.reclaim_expired(now=clock.now() + MINUTE)
    assert Failure.objects.get().attempts == 1


def test_a_lost_task_whose_function_is_gone_is_taken_back_too():
    claimed()
    DBTaskResult.objects.update(task_path="no_such_module.at_all")
    assert operations.reclaim_expired(now=clock.now() + MINUTE) == 1
    assert DBTaskResult.objects.get().status == "READY"


def test_a_lease_from_before_the_clock_went_back_has_run_out():
    claimed()
    hours_ago = clock.now() - timedelta(hours=2)
    assert operations.reclaim_expired(now=hours_ago) == 1


def test_the_worker_that_lost_its_task_does_not_overwrite_the_other_ones_outcome(told):
    slow = claimed("wren")
    operations.reclaim_expired(now=clock.now() + MINUTE)
    fast = operations.claim_task(worker="tern", now=clock.now())
    operations.run_task(claim=slow)
    row = DBTaskResult.objects.get()
    assert (row.status, Lease.objects.get().worker) == ("RUNNING", "tern")
    operations.run_task(claim=fast)
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
    assert told == [(), ()]


def test_a_lost_attempt_that_fails_changes_nothing_either(told):
    slow = claimed("wren", errand=jobs_errands.stumble)
    operations.reclaim_expired(now=clock.now() + MINUTE)
    operations.claim_task(worker="tern", now=clock.now())
    operations.run_task(claim=slow)
    lease = Lease.objects.get()
    assert (lease.worker, lease.retry_at, lease.leased_until is None) == ("tern", None, False)


@pytest.mark.django_db(transaction=True)
def test_a_living_worker_keeps_its_lease_however_long_the_task_takes(told, until):
    jobs_errands.wait_at_the_gate.enqueue()
    lease = timedelta(milliseconds=90)
    claim = operations.claim_task(worker="wren", now=clock.now(), lease=lease)
    first = Lease.objects.get().leased_until

    def run():
        operations.run_task(claim=claim)
        connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    until(lambda: told == ["arrived"])
    until(lambda: Lease.objects.get().leased_until > first + 3 * lease)
    jobs_errands.gate.set()
    thread.join()
    assert told == ["arrived", "left"]
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


@pytest.mark.django_db(transaction=True)
def test_a_task_that_hangs_ends_its_worker_and_is_free_at_once(told):
    jobs_errands.hang.enqueue()
    claim = operations.claim_task(worker="wren", now=clock.now())
    ended = []

    def end():
        ended.append(Lease.objects.get().leased_until <= clock.now())
        jobs_errands.gate.set()  # the real one ends the process; here the task must return

    operations.run_task(claim=claim, overrun=end)
    assert ended == [True]


def test_a_hung_task_says_so_when_it_is_given_up():
    claim = claimed(errand=jobs_errands.stumble_once)
    from coranto.jobs.operations import tasks
    from coranto.jobs.rules import Policy

    tasks._overrun(claim, Policy(), lambda: None, clock.now())
    operations.reclaim_expired(now=clock.now())
    assert Failure.objects.get().message == "It ran for longer than 0:30:00."


def test_the_heart_beats_on_when_the_database_does_not_answer_once(until):
    answers = [OperationalError("database is locked"), True, True]
    beats = []

    def renew(now):
        beats.append(now)
        answer = answers.pop(0) if answers else True
        if isinstance(answer, Exception):
            raise answer
        return answer

    with heartbeat.Heartbeat(
        renew=renew, lease=timedelta(milliseconds=30), longest_run=MINUTE, overrun=lambda _now: None
    ):
        until(lambda: len(beats) >= 3)


def test_the_heart_stops_when_the_work_was_taken_over():
    done = threading.Event()

    def renew(_now):
        done.set()
        return False

    heart = heartbeat.Heartbeat(
        renew=renew, lease=timedelta(milliseconds=30), longest_run=MINUTE, overrun=lambda _now: None
    )
    with heart:
        assert done.wait(20)
        heart._thread.join(20)
        assert not heart._thread.is_alive()


def test_a_lease_is_renewed_more_than_once_before_it_runs_out():
    assert leases.RENEWALS >= 3
    assert leases.LEASE < leases.LONGEST_LEASE
