from __future__ import annotations

import logging
from datetime import timedelta

import jobs_errands
import pytest
from django.db import OperationalError
from django_tasks import task_backends
from django_tasks.signals import task_finished, task_started
from django_tasks_db.models import DBTaskResult

from coranto.jobs import operations
from coranto.jobs.models import Failure, Lease
from coranto.jobs.operations import tasks
from coranto.jobs.operations.heartbeat import Interrupted
from coranto.kit import clock

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def status() -> str:
    return DBTaskResult.objects.get().status


def test_a_task_that_succeeds_leaves_its_answer_and_no_lease(told, run_next):
    queued = jobs_errands.tell.enqueue("hello", loudly=True)
    assert run_next() is True
    assert told == [("hello", {"loudly": True})]
    queued.refresh()
    assert queued.return_value == "told"
    assert Lease.objects.count() == 0


def test_an_asynchronous_task_is_run_to_its_end(told, run_next):
    jobs_errands.tell_asynchronously.enqueue("hello")
    assert run_next() is True
    assert told == ["hello"]


def test_a_task_is_told_who_it_is_and_how_often_it_was_tried(told, run_next):
    queued = jobs_errands.tell_attempt.enqueue()
    run_next()
    assert told == [(queued.id, 1)]


def test_the_signals_of_the_api_are_sent(told, run_next):
    heard = []

    def hear(sender, task_result, **_more):
        heard.append((sender, task_result.status))

    task_started.connect(hear)
    task_finished.connect(hear)
    try:
        jobs_errands.tell.enqueue("hello")
        run_next()
    finally:
        task_started.disconnect(hear)
        task_finished.disconnect(hear)
    backend = type(task_backends["default"])
    assert heard == [(backend, "RUNNING"), (backend, "SUCCESSFUL")]


def test_a_task_that_fails_waits_before_it_is_tried_again(told, run_next):
    jobs_errands.stumble.enqueue()
    before = clock.now()
    assert run_next() is False
    assert status() == "READY"
    lease = Lease.objects.get()
    assert (lease.attempts, lease.leased_until) == (1, None)
    assert lease.last_error == "builtins.OSError: the printer is out of ink"
    assert before + timedelta(seconds=15) <= lease.retry_at <= clock.now() + timedelta(seconds=19)
    assert run_next() is None
    assert run_next(later=timedelta(seconds=20)) is False


def test_waits_double_from_one_attempt_to_the_next(told, run_next):
    jobs_errands.stumble.enqueue()
    for shortest in (15, 30, 60, 120):
        run_next(later=HOUR)
        wait = (Lease.objects.get().retry_at - clock.now()).total_seconds()
        assert shortest - 1 < wait <= shortest * 1.25


def test_a_task_is_given_up_after_five_attempts_and_an_administrator_sees_it(told, run_next, caplog):
    queued = jobs_errands.stumble_oddly.enqueue()
    for _ in range(5):
        assert run_next(later=HOUR) is False
    assert run_next(later=HOUR) is None
    assert status() == "FAILED"
    assert Lease.objects.count() == 0
    failure = Failure.objects.get()
    assert str(failure.task_id) == queued.id
    assert failure.task_path == "jobs_errands.stumble_oddly"
    assert failure.exception_class == "builtins.OSError"
    assert failure.message == "no\ufffdink ? left"
    assert "in stumble_oddly" in failure.traceback
    assert (failure.attempts, failure.resolved_at) == (5, None)
    assert [record.levelname for record in caplog.records if record.name.startswith("coranto")] == [
        *["WARNING"] * 5,
        "ERROR",
    ]


def test_arguments_are_kept_with_the_failure(run_next, told):
    jobs_errands.stumble.enqueue(message="no ink")
    for _ in range(5):
        run_next(later=HOUR)
    assert Failure.objects.get().arguments == {"args": [], "kwargs": {"message": "no ink"}}


def test_a_task_declares_how_often_it_is_tried(run_next):
    jobs_errands.stumble_twice.enqueue()
    run_next()
    wait = Lease.objects.get().retry_at - clock.now()
    assert timedelta(minutes=2, seconds=59) < wait <= timedelta(minutes=3, seconds=45)
    run_next(later=HOUR)
    assert Failure.objects.get().attempts == 2


def test_a_task_tried_once_is_given_up_at_once(run_next):
    jobs_errands.stumble_once.enqueue()
    assert run_next() is False
    assert (status(), Failure.objects.get().attempts) == ("FAILED", 1)


def test_a_task_that_knows_better_is_given_up_at_once_with_its_cause(run_next):
    jobs_errands.know_better.enqueue()
    assert run_next() is False
    failure = Failure.objects.get()
    assert failure.attempts == 1
    assert "KeyError: 'address'" in failure.traceback


def test_a_task_that_wants_to_exit_only_fails(run_next):
    jobs_errands.leave.enqueue()
    assert run_next() is False
    assert Lease.objects.get().last_error == "builtins.SystemExit: 3"


def test_an_answer_that_cannot_be_stored_fails_without_a_second_effect(told, run_next):
    jobs_errands.answer_nonsense.enqueue()
    assert run_next() is False
    assert told == ["answered"]
    assert Failure.objects.get().exception_class == "builtins.TypeError"


@pytest.mark.parametrize("path", ["jobs_errands.vanished", "no_such_module.at_all", "nonsense", "jobs_errands.told"])
def test_a_task_whose_function_is_gone_fails_and_the_next_one_runs(path, told, run_next):
    jobs_errands.tell.using(priority=10).enqueue("gone")
    DBTaskResult.objects.update(task_path=path)
    jobs_errands.tell.enqueue("hello")
    assert run_next() is False
    assert run_next() is True
    assert told == [("hello",)]
    for _ in range(4):
        assert run_next(later=HOUR) is False
    assert run_next(later=HOUR) is None
    assert (Failure.objects.get().task_path, Failure.objects.get().attempts) == (path, 5)


def test_an_interrupted_task_goes_back_and_the_attempt_does_not_count(monkeypatch, told, run_next):
    jobs_errands.tell.enqueue("hello")

    def stop(_claim):
        raise Interrupted

    with monkeypatch.context() as patch:
        patch.setattr(tasks, "_call", stop)
        with pytest.raises(Interrupted):
            run_next()
    lease = Lease.objects.get()
    assert (status(), lease.attempts, lease.leased_until) == ("READY", 0, None)
    assert run_next() is True


@pytest.mark.django_db(transaction=True)
def test_an_outcome_is_recorded_even_if_the_database_is_busy_at_first(monkeypatch, told, run_next):
    jobs_errands.tell.enqueue("hello")
    real, refusals = tasks._let_go, [OperationalError("database is locked")] * 2

    def let_go(claim):
        if refusals:
            raise refusals.pop()
        return real(claim)

    monkeypatch.setattr(tasks, "_let_go", let_go)
    monkeypatch.setattr(tasks, "_RECORDING_PAUSES", (0, 0, 0))
    assert run_next() is True
    assert status() == "SUCCESSFUL"


def test_a_wait_set_before_the_clock_went_back_is_over(told, run_next):
    jobs_errands.stumble.enqueue()
    run_next()
    Lease.objects.update(retry_at=clock.now() + timedelta(hours=5))
    assert run_next() is False


def test_failed_work_can_be_done_with_once(noon, run_next):
    jobs_errands.stumble_once.enqueue()
    run_next()
    failure = Failure.objects.get()
    operations.resolve_failure(failure=failure, now=noon)
    assert failure.resolved_at == noon
    operations.resolve_failure(failure=failure, now=noon + HOUR)
    assert failure.resolved_at == noon
    assert list(Failure.objects.unresolved()) == []


def test_failed_work_can_be_queued_again_once(noon, told, run_next):
    jobs_errands.stumble.enqueue(message="no ink")
    for _ in range(5):
        run_next(later=HOUR)
    failure = Failure.objects.get()
    assert operations.repeat_failure(failure=failure, now=noon) is True
    assert operations.repeat_failure(failure=failure, now=noon) is False
    again = DBTaskResult.objects.get(status="READY")
    assert again.args_kwargs == {"args": [], "kwargs": {"message": "no ink"}}


def test_finished_tasks_are_pruned_and_failures_stay(told, run_next):
    jobs_errands.tell.enqueue("hello")
    run_next()
    jobs_errands.stumble_once.enqueue()
    run_next()
    jobs_errands.tell.enqueue("waiting")
    now = clock.now()
    assert operations.prune_finished(now=now, keep=timedelta(days=1)) == 0
    assert operations.prune_finished(now=now + timedelta(days=2), keep=timedelta(days=1)) == 2
    assert status() == "READY"
    assert Failure.objects.count() == 1


@pytest.fixture(autouse=True)
def _quiet_api(caplog):
    caplog.set_level(logging.INFO, logger="coranto")
