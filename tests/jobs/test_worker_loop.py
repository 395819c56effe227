from __future__ import annotations

from datetime import timedelta

import jobs_errands
import pytest
from django.db import OperationalError
from django.utils import translation
from django_tasks_db.models import DBTaskResult

from coranto.jobs import operations, worker
from coranto.jobs.models import Lease
from coranto.jobs.rules import periodic

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def wren(monkeypatch):
    """A worker, in a world without regular work."""
    monkeypatch.setattr(periodic, "_registered", {})
    return worker.Worker(name="wren", lease=timedelta(seconds=30))


class Bell:
    """Counts how long the loop would have waited."""

    def __init__(self):
        self.waits = []

    def wait(self, seconds):
        self.waits.append(seconds)


def rounds(number):
    left = [False] * number
    return lambda: not left or left.pop()


def test_a_round_runs_one_task(wren, told):
    jobs_errands.tell.enqueue("one")
    jobs_errands.tell.enqueue("two")
    assert (wren.round(), told) == (True, [("one",)])
    assert (wren.round(), wren.round()) == (True, False)


def test_a_round_takes_back_what_another_worker_lost(wren, told):
    jobs_errands.tell.enqueue("lost")
    operations.claim_task(worker="tern", now=worker.clock.now())
    Lease.objects.update(leased_until=worker.clock.now() - timedelta(seconds=1))
    wren.round()
    assert told == [("lost",)]


def test_a_full_queue_does_not_keep_regular_work_from_its_turn(wren, told):
    periodic.register("tea", every=timedelta(hours=1), function=lambda *, now: told.append("tea"))
    periodic.register("cake", every=timedelta(hours=1), function=lambda *, now: told.append("cake"))
    for number in range(3):
        jobs_errands.tell.enqueue(number)
    while wren.round():
        pass
    assert told == ["tea", (0,), "cake", (1,), (2,)]


def test_the_next_task_does_not_inherit_a_language(wren, told, monkeypatch):
    jobs_errands.tell.enqueue("hello")
    translation.activate("fr")
    wren.round()
    assert translation.get_language() == "en"


def test_the_loop_waits_only_when_there_is_nothing_to_do(wren, told):
    jobs_errands.tell.enqueue("hello")
    bell = Bell()
    worker._loop(wren, bell, rounds(4))
    assert told == [("hello",)]
    assert len(bell.waits) in {1, 2}
    assert max(bell.waits) <= 1


def test_the_loop_survives_a_database_that_is_away(wren, told, monkeypatch, caplog):
    jobs_errands.tell.enqueue("hello")
    real, refusals = wren.round, [OperationalError("the connection is closed")] * 3

    def round_():
        if refusals:
            raise refusals.pop()
        return real()

    monkeypatch.setattr(wren, "round", round_)
    bell = Bell()
    worker._loop(wren, bell, rounds(5))
    assert bell.waits[:3] == [1, 2, 4]
    assert told == [("hello",)]
    assert "the connection is closed" in caplog.text


def test_the_loop_survives_a_fault_of_its_own(wren, told, monkeypatch, caplog):
    jobs_errands.tell.enqueue("hello")
    real, faults = wren.round, [KeyError("unforeseen")]

    def round_():
        if faults:
            raise faults.pop()
        return real()

    monkeypatch.setattr(wren, "round", round_)
    worker._loop(wren, Bell(), rounds(3))
    assert told == [("hello",)]
    assert "unforeseen" in caplog.text


def test_an_idle_worker_opens_no_transaction(wren, django_assert_num_queries):
    wren.round()
    with django_assert_num_queries(1) as captured:
        wren.round()
    assert captured[0]["sql"].startswith("SELECT")


def test_no_two_workers_have_the_same_name():
    assert worker.worker_name() != worker.worker_name()
    assert len(worker.worker_name()) <= 64


def test_nothing_is_left_running(wren, told):
    jobs_errands.stumble.enqueue()
    wren.round()
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"READY"}
