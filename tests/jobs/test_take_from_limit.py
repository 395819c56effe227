from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections, router

from coranto.jobs import operations
from coranto.jobs.models import Limit
from coranto.kit import clock

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def take(now, *, key="ada", allowed=3):
    return operations.take_from_limit(key=key, allowed=allowed, per=MINUTE, now=now)


def test_as_often_as_allowed_and_no_more(noon):
    assert [take(noon) for _ in range(5)] == [True, True, True, False, False]


def test_each_key_has_a_count_of_its_own(noon):
    assert [take(noon, key=key, allowed=1) for key in ("ada", "ben", "ada", "ben")] == [True, True, False, False]


def test_where_nothing_is_allowed_nothing_is_taken(noon):
    assert take(noon, allowed=0) is False
    assert Limit.objects.count() == 0


def test_the_window_begins_with_the_first_and_is_not_moved(noon):
    seconds = (0, 30, 50, 59, 60, 61)
    assert [take(noon + timedelta(seconds=second)) for second in seconds] == [True, True, True, False, True, True]
    limit = Limit.objects.get()
    assert (limit.window_started_at, limit.count) == (noon + MINUTE, 2)


def test_being_refused_does_not_count(noon):
    for _ in range(9):
        take(noon)
    assert Limit.objects.get().count == 3


def test_processes_whose_clocks_differ_a_little_share_the_window(noon):
    moments = [noon + timedelta(milliseconds=m) for m in (5, 0, 9, 2)]
    assert [take(moment) for moment in moments] == [True, True, True, False]


def test_a_clock_that_is_set_back_locks_nobody_out(noon):
    for _ in range(4):
        take(noon)
    assert take(noon - timedelta(hours=2)) is True


def test_one_statement_decides(noon, django_assert_num_queries):
    alias = router.db_for_write(Limit)
    with django_assert_num_queries(1, connection=connections[alias]):
        take(noon)


def test_counts_of_windows_that_are_over_are_pruned(noon):
    take(noon, key="ada")
    take(noon + MINUTE, key="ben")
    assert operations.prune_limits(now=noon + timedelta(seconds=90)) == 1
    assert Limit.objects.get().key == "ben"


@pytest.mark.django_db(transaction=True)
def test_threads_together_take_exactly_what_is_allowed():
    now = clock.now()
    taken, faults = [], []
    start = threading.Barrier(4)

    def hurry():
        try:
            start.wait()
            taken.extend(take(now, allowed=20) for _ in range(15))
        except Exception as error:  # noqa: BLE001 - told to the test
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=hurry) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert (len(taken), sum(taken)) == (60, 20)
