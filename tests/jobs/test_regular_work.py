from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections

from coranto.jobs import operations
from coranto.jobs.models import Beat
from coranto.jobs.operations.heartbeat import Interrupted
from coranto.jobs.rules import periodic

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ran(monkeypatch):
    """The times at which "tea" ran; it is the only regular work, every hour."""
    times = []
    monkeypatch.setattr(periodic, "_registered", {})
    periodic.register("tea", every=HOUR, function=lambda *, now: times.append(now))
    return times


def come_by(now, worker="wren"):
    """What a worker does at `now`: whether there was something due, and whether it succeeded."""
    claim = operations.claim_beat(worker=worker, now=now)
    return None if claim is None else operations.run_beat(claim=claim)


def test_new_work_runs_at_once_and_then_every_so_often(noon, ran):
    for minutes in (0, 1, 59, 60, 61, 119, 121):
        come_by(noon + minutes * MINUTE)
    assert ran == [noon, noon + 60 * MINUTE, noon + 121 * MINUTE]


def test_a_little_delay_does_not_shift_the_times(noon, ran):
    for minutes in (0, 63, 120):
        come_by(noon + minutes * MINUTE)
    assert ran == [noon, noon + 63 * MINUTE, noon + 120 * MINUTE]


def test_however_many_runs_were_missed_one_makes_up_for_them(noon, ran):
    come_by(noon)
    monday = noon + timedelta(days=2, minutes=10)
    for minutes in (0, 1, 59, 60):
        come_by(monday + minutes * MINUTE)
    assert ran == [noon, monday, monday + HOUR]


def test_what_was_run_is_written_down(noon, ran):
    assert come_by(noon) is True
    beat = Beat.objects.get()
    assert (beat.name, beat.last_run_at, beat.next_run_at) == ("tea", noon, noon + HOUR)
    assert (beat.leased_until, beat.last_error) == (None, "")


def test_two_workers_never_run_the_same_at_once(noon, ran):
    claim = operations.claim_beat(worker="wren", now=noon)
    assert operations.claim_beat(worker="tern", now=noon) is None
    operations.run_beat(claim=claim)
    assert operations.claim_beat(worker="tern", now=noon) is None


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_exactly_one_takes_what_is_due(noon, ran):
    Beat.objects.create(name="tea", next_run_at=noon)
    start = threading.Barrier(4)
    faults = []

    def work(name):
        try:
            start.wait()
            come_by(noon, name)
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
    assert ran == [noon]


def test_work_whose_worker_was_killed_is_run_once_its_lease_is_over(noon, ran):
    operations.claim_beat(worker="wren", now=noon, lease=MINUTE)
    assert come_by(noon + timedelta(seconds=59), "tern") is None
    assert come_by(noon + MINUTE, "tern") is True
    assert ran == [noon + MINUTE]


def test_a_failure_is_kept_logged_and_changes_no_time(noon, ran, caplog):
    periodic._registered.clear()
    kettle = [LookupError("no kettle"), None]

    def tea(*, now):
        ran.append(now)
        if error := kettle.pop(0):
            raise error

    periodic.register("tea", every=HOUR, function=tea)
    assert come_by(noon) is False
    beat = Beat.objects.get()
    assert beat.last_error.endswith("LookupError: no kettle\n")
    assert (beat.last_run_at, beat.next_run_at, beat.leased_until) == (noon, noon + HOUR, None)
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("ERROR", "Regular work failed: tea")
    ]
    assert come_by(noon + HOUR) is True
    assert Beat.objects.get().last_error == ""


def test_work_that_wants_to_exit_only_fails(noon, ran):
    periodic._registered.clear()

    def leave(*, now):
        raise SystemExit

    periodic.register("leave", every=HOUR, function=leave)
    assert come_by(noon) is False


def test_interrupted_work_stays_due(noon, ran):
    periodic._registered.clear()

    def stop(*, now):
        raise Interrupted

    periodic.register("stop", every=HOUR, function=stop)
    with pytest.raises(Interrupted):
        come_by(noon)
    assert operations.claim_beat(worker="tern", now=noon)


@pytest.mark.parametrize("back", [timedelta(hours=2), timedelta(days=400)])
def test_a_clock_that_is_set_back_does_not_stop_it(noon, ran, back):
    come_by(noon)
    earlier = noon - back
    come_by(earlier)
    come_by(earlier + HOUR)
    assert ran == [noon, earlier, earlier + HOUR]


def test_a_clock_set_back_while_a_worker_died_does_not_stop_it_either(noon, ran):
    operations.claim_beat(worker="wren", now=noon)
    assert come_by(noon - timedelta(hours=2), "tern") is True


def test_a_clock_that_is_set_forward_makes_one_run(noon, ran):
    come_by(noon)
    for minutes in (0, 1, 2):
        come_by(noon + timedelta(hours=2) + minutes * MINUTE)
    assert len(ran) == 2


def test_the_longest_overdue_comes_first(noon, ran):
    periodic.register("cake", every=HOUR, function=lambda *, now: ran.append("cake"))
    Beat.objects.create(name="tea", next_run_at=noon)
    Beat.objects.create(name="cake", next_run_at=noon - MINUTE)
    come_by(noon)
    assert ran == ["cake"]


def test_a_look_while_nothing_is_due_is_one_select(noon, ran, django_assert_num_queries):
    come_by(noon)
    with django_assert_num_queries(1) as captured:
        assert come_by(noon + MINUTE) is None
    assert captured[0]["sql"].startswith("SELECT")


def test_work_that_is_no_longer_registered_is_left_alone(noon, ran):
    Beat.objects.create(name="former", next_run_at=noon)
    come_by(noon)
    assert come_by(noon) is None
    assert ran == [noon]


def test_a_name_is_taken_once(ran):
    with pytest.raises(ValueError, match="registered already"):
        periodic.register("tea", every=HOUR, function=lambda *, now: None)


def test_the_room_itself_prunes():
    names = {work.name for work in periodic.registered()}
    assert {"jobs.prune_finished", "jobs.prune_limits"} <= names
