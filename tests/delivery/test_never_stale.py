"""Whatever happens in a newsroom, what the store holds is what the app would say now: byte for byte, at every address.

`town` has a newsroom, `acts` what happens there. Each act is tried alone, with every page stored; then many after each
other, in whatever order Hypothesis thinks of.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.db import connections, transaction
from django.test import TestCase
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

sys.path.insert(0, str(Path(__file__).parent))
from acts import ACTS, first
from simulated_edge import SimulatedEdge, fresh
from town import BEGINNING, Town

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from acts import Pick

    from coranto.delivery.edge.answers import Answer


pytestmark = pytest.mark.django_db


@pytest.fixture
def _django_db_helper() -> None:
    """In the place of pytest-django's: the town has a transaction of its own, which all tests here share."""


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker) -> Iterator[Town]:
    """Once for all tests here, in a transaction that is rolled back."""
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        traveller = stack.enter_context(time_machine.travel(BEGINNING, tick=False))
        stack.enter_context(rolled_back())
        yield Town(traveller)


@pytest.fixture(scope="module")
def answers(town):
    """What the app says at every address, in the beginning."""
    with SimulatedEdge() as edge:
        for each in town.look_around():
            edge.get(each)
        return dict(edge.answers)


@contextmanager
def rolled_back() -> Iterator[None]:
    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(transaction.atomic(using=alias))
        yield
        for alias in connections:
            transaction.set_rollback(True, using=alias)


@contextmanager
def day(town: Town) -> Iterator[SimulatedEdge]:
    """A store, and the town as it began; afterwards nothing has happened."""
    known = set(town.known)
    try:
        with rolled_back(), SimulatedEdge() as edge:
            yield edge
    finally:
        town.known = known
        town.traveller.move_to(town.began_at, tick=False)


class NothingToPickError(Exception):
    """An act found nothing left that it could be done to."""


def happen(town: Town, name: str, pick: Pick) -> None:
    with TestCase.captureOnCommitCallbacks(execute=True), suppress(NothingToPickError):
        ACTS[name](town, pick)
    for each in connections.all():
        each.run_on_commit = []  # as after a commit: whoever waits for the next one would think it is still to come


def stale(town: Town, edge: SimulatedEdge) -> list[str]:
    """Addresses at which the store has something else than the app."""
    return [each for each in town.look_around() if edge.is_stored(each) and edge.get(each) != fresh(each)]


def get_all(town: Town, edge: SimulatedEdge) -> None:
    """What the store had to forget, it gets again."""
    for each in town.look_around():
        if not edge.is_stored(each):
            edge.get(each)


def test_every_page_of_the_town_is_stored_as_the_app_shows_it(town, answers):
    with day(town) as edge:
        edge.take(answers)
        unstored = [each for each in town.look_around() if not edge.is_stored(each)]
        assert stale(town, edge) == []
    assert unstored == [each for each in town.look_around() if "under-glass" in each]


@pytest.mark.one_database  # on the other one, the days below
@pytest.mark.parametrize("name", ACTS)
def test_readers_see_at_once_what_has_happened(town, answers, name):
    with day(town) as edge:
        edge.take(answers)
        happen(town, name, first)
        assert stale(town, edge) == []
        happen(town, "run_worker", first)
        searches = [each for each in town.look_around() if each.startswith("/search/")]
        assert [each for each in searches if edge.get(each) != fresh(each)] == []


class Newsroom(RuleBasedStateMachine):
    """Days in the town, each of them another one."""

    town: Town
    answers: Mapping[str, Answer]

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.edge = self.stack.enter_context(day(self.town))
        self.edge.take(self.answers)

    @rule(name=st.sampled_from(sorted(ACTS)), data=st.data())
    def something_happens(self, name: str, data: st.DataObject) -> None:
        def pick(many: Sequence[Any]) -> Any:
            if not many:
                raise NothingToPickError
            return data.draw(st.sampled_from(many))

        happen(self.town, name, pick)
        assert stale(self.town, self.edge) == []
        get_all(self.town, self.edge)

    def teardown(self) -> None:
        self.stack.close()


def live_through(town: Town, answers: Mapping[str, Answer], *, days: int, acts: int) -> None:
    run_state_machine_as_test(
        type("Newsroom", (Newsroom,), {"town": town, "answers": answers}),
        settings=settings(
            max_examples=days,
            stateful_step_count=acts,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # each act looks at every page: making a case smaller would take minutes
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_page_is_stale_whatever_happens_one_after_the_other(town, answers):
    live_through(town, answers, days=3, acts=6)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_no_page_is_stale_for_many_days(town, answers):
    live_through(town, answers, days=150, acts=25)
