"""After a day nothing is left by which its visitors could be told apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections, router

from coranto.audience import operations, queries
from coranto.audience.models import Crowd, DailySalt, DayAgent, Visit
from coranto.audience.operations import salting
from coranto.kit import clock

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
OWN_BUILD = "Mozilla/5.0 (X11; Linux riscv64; rv:128.0) Gecko/20100101 Firefox/128.0 built-by-ada"


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def pass_a_day(time_machine):
    def pass_a_day():
        time_machine.shift(DAY)
        for _ in range(2):
            operations.close_hours(now=clock.now())
        return operations.forget_days(now=clock.now())

    return pass_a_day


def test_day_leaves_numbers_and_nothing_else(article, view, pass_a_day):
    view(article, 3, agent=OWN_BUILD)

    assert pass_a_day() == 9  # each visitor once for the article and once for the day; each address once
    for model in (DailySalt, Visit, Crowd, DayAgent):
        assert not model.objects.exists()
    assert queries.shown_views([article.pk]) == {article.pk: 3}


def test_running_day_is_left_alone(article, view):
    view(article, 3)

    assert operations.forget_days(now=NOON.replace(hour=23, minute=59)) == 0
    assert (DailySalt.objects.count(), Visit.objects.count(), DayAgent.objects.count()) == (1, 6, 1)


def test_agents_stay_until_their_hours_are_closed(article, view):
    view(article, 3)
    operations.forget_days(now=NOON + DAY)

    assert not DailySalt.objects.exists()
    assert DayAgent.objects.count() == 1
    assert queries.shown_views([article.pk]) == {article.pk: 3}


def test_marks_of_two_days_have_nothing_in_common(article, view, time_machine):
    view(article, 3)
    yesterday = {bytes(each) for each in Visit.objects.values_list("visitor", flat=True)}
    addresses = {bytes(each) for each in Crowd.objects.values_list("address", flat=True)}
    time_machine.shift(DAY)
    view(article, 3)
    today = {bytes(each) for each in Visit.objects.filter(day=clock.now()).values_list("visitor", flat=True)}

    assert (len(yesterday), len(today)) == (3, 3)
    assert not yesterday & today
    assert not addresses & {
        bytes(each) for each in Crowd.objects.filter(day=clock.now()).values_list("address", flat=True)
    }


def test_salt_is_one_for_all_processes_and_another_each_day(db):
    today = salting.salt_of(NOON.date())
    salting.forget_salts()  # as in a process that has just begun
    again = salting.salt_of(NOON.date())
    tomorrow = salting.salt_of((NOON + DAY).date())

    assert today == again
    assert len(today) == 32
    assert tomorrow != today
    assert list(salting._known) == [(NOON + DAY).date()]


def test_day_that_is_over_gets_no_salt_again(db, time_machine):
    time_machine.move_to(NOON + DAY, tick=False)
    today = salting.salt_of((NOON + DAY).date())

    assert salting.salt_of(NOON.date()) == today
    assert DailySalt.objects.count() == 1


def test_process_nobody_asks_forgets_yesterdays_salt(db, time_machine):
    salting.salt_of(NOON.date())
    salting.forget_old_salts()
    assert list(salting._known) == [NOON.date()]
    time_machine.move_to(NOON + DAY, tick=False)
    salting.forget_old_salts()

    assert salting._known == {}


@pytest.mark.django_db(transaction=True)
def test_salt_is_gone_from_the_file(article, view, pass_a_day):
    """Neither in the database nor beside it: a deleted row would else stay where it stood."""
    view(article, 3)
    connection = connections[router.db_for_write(DailySalt)]
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files are its own")
    salt = salting.salt_of(NOON.date())
    mark = bytes(Visit.objects.values_list("visitor", flat=True)[0])
    assert {salt in content(connection), mark in content(connection)} == {True}

    pass_a_day()

    assert {salt in content(connection), mark in content(connection)} == {False}


def content(connection) -> bytes:
    name = str(connection.settings_dict["NAME"])
    return b"".join(Path(f"{name}{end}").read_bytes() for end in ("", "-wal"))
