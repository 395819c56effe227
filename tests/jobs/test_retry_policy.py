from __future__ import annotations

from datetime import timedelta

import pytest
from django_tasks import task

from coranto.jobs.rules import Policy, retry
from coranto.jobs.rules.retries import DEFAULT, policy_of


def test_the_wait_doubles_up_to_the_longest():
    policy = Policy(first_delay=timedelta(minutes=10), longest_delay=timedelta(minutes=60))
    waits = [policy.delay(attempts=n, chance=0).total_seconds() / 60 for n in (1, 2, 3, 4, 500)]
    assert waits == [10, 20, 40, 60, 60]


def test_chance_lengthens_a_wait_by_a_quarter_at_most():
    policy = Policy(first_delay=timedelta(seconds=100))
    assert policy.delay(attempts=1, chance=1) == timedelta(seconds=125)


def test_a_function_that_declares_nothing_has_the_default_policy():
    assert policy_of(lambda: None) == DEFAULT
    assert DEFAULT.attempts == 5


def test_a_declared_policy_is_found_through_the_task():
    @retry(attempts=9)
    def declared():
        pass

    assert policy_of(declared).attempts == 9


def test_the_declaration_stands_below_the_task():
    from jobs_errands import tell

    with pytest.raises(TypeError, match="below @task"):
        retry(attempts=2)(tell)
    assert task


@pytest.mark.parametrize("nonsense", [{"attempts": 0}, {"longest_delay": timedelta(days=1)}])
def test_a_policy_that_cannot_be_kept_is_refused(nonsense):
    with pytest.raises(ValueError, match=r"tried|waits"):
        Policy(**nonsense)
