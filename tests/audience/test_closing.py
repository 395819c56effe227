"""Hours that are over are written down for good, once, whatever is killed on the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from coranto.audience import operations, queries
from coranto.audience.models import (
    ArticleViews,
    Closing,
    DayViews,
    LeftOut,
    RollUp,
    RuleChange,
    RunningLeftOut,
    RunningViews,
    UserAgent,
)
from coranto.audience.operations import closing
from coranto.audience.rules import FEWEST_OF_AN_AGENT
from coranto.jobs.rules import periodic
from coranto.kit import clock

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
OWN_BUILD = "Mozilla/5.0 (X11; Linux riscv64; rv:128.0) Gecko/20100101 Firefox/128.0 built-by-ada"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
RARE_BOT = "Mozilla/5.0 (compatible; SeldomBot/0.1)"


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def close(time_machine):
    """An hour passes, and what was counted in it is written down."""

    def close():
        time_machine.shift(HOUR)
        operations.close_hours(now=clock.now())
        return operations.close_hours(now=clock.now())

    return close


def shown(article) -> int:
    return queries.shown_views([article.pk])[article.pk]


def hours(article) -> list[tuple[datetime, int]]:
    return [(each.hour, each.views) for each in queries.hourly_views(since=NOON - HOUR)]


def test_hour_is_closed_once_it_is_over(article, view, close):
    view(article, 7)

    assert operations.close_hours(now=NOON + HOUR - timedelta(seconds=1)) == 0
    assert not RunningViews.objects.exclude(token="").exists()
    assert close() == 7
    assert not RunningViews.objects.exists()
    assert RollUp.objects.get().views == 7


def test_views_are_the_same_at_every_step(article, view):
    view(article, 7)
    found = [(shown(article), hours(article))]
    for _ in range(4):
        operations.close_hours(now=NOON + HOUR)
        found.append((shown(article), hours(article)))

    assert found == [(7, [(NOON, 7)])] * 5


def test_views_are_the_same_between_the_two_files(article, view, monkeypatch):
    view(article, 7)
    operations.close_hours(now=NOON + HOUR)
    monkeypatch.setattr(RunningViews.objects, "filter", interrupted(RunningViews.objects.filter, at=2))

    with pytest.raises(KeyboardInterrupt):  # after it was written down, before it was removed
        operations.close_hours(now=NOON + HOUR)
    monkeypatch.undo()

    assert RollUp.objects.get().views == RunningViews.objects.get().views == 7
    assert (shown(article), hours(article)) == (7, [(NOON, 7)])
    assert (queries.counting_figures(now=NOON + HOUR).people.today) == 7


def interrupted(function, *, at):
    calls = iter(range(1, 100))

    def call(*args, **kwargs):
        if next(calls) == at:
            raise KeyboardInterrupt
        return function(*args, **kwargs)

    return call


@pytest.mark.parametrize("step", ["_write_down", "_close", "_seal"])
def test_nothing_is_lost_or_written_twice_when_it_is_killed(article, view, monkeypatch, step):
    view(article, 7)
    operations.close_hours(now=NOON + HOUR)
    whole = getattr(closing, step)

    def killed(*args, **kwargs):
        whole(*args, **kwargs)
        raise KeyboardInterrupt

    monkeypatch.setattr(closing, step, killed)
    with pytest.raises(KeyboardInterrupt):
        operations.close_hours(now=NOON + HOUR)
    monkeypatch.undo()
    for _ in range(3):
        operations.close_hours(now=NOON + HOUR)

    assert [each.views for each in RollUp.objects.all()] == [7]
    assert (shown(article), RunningViews.objects.count(), Closing.objects.count()) == (7, 0, 1)


def test_views_that_come_late_are_a_closing_of_their_own(article, view, close):
    view(article, 2)
    operations.close_hours(now=NOON + HOUR)
    view(article, 3, net=2)  # of the hour that is sealed already
    close()
    operations.close_hours(now=clock.now())

    assert sorted(each.views for each in RollUp.objects.all()) == [2, 3]
    assert (shown(article), hours(article)) == (5, [(NOON, 5)])


def test_user_agent_is_kept_once_enough_visitors_of_a_day_had_it(article, view, close):
    view(article, FEWEST_OF_AN_AGENT)
    view(article, FEWEST_OF_AN_AGENT - 1, agent=OWN_BUILD)
    view(article, FEWEST_OF_AN_AGENT, agent=GOOGLEBOT)
    view(article, FEWEST_OF_AN_AGENT - 1, agent=RARE_BOT)
    close()

    assert set(UserAgent.objects.values_list("text", "is_bot")) == {(FIREFOX, False), (GOOGLEBOT, True)}
    assert set(RollUp.objects.values_list("agent__text", "rare", "views")) == {
        (FIREFOX, "", 5),
        (None, "person", 4),
        (GOOGLEBOT, "", 5),
        (None, "bot", 4),
    }
    assert ArticleViews.objects.values_list("people", "bots").get() == (9, 9)
    assert DayViews.objects.values_list("day", "people", "bots").get() == (NOON.date(), 9, 9)
    assert shown(article) == 9


def test_visitors_of_an_agent_are_counted_once_whatever_they_read(make_article, view, close):
    for title in ("Trams", "Ferries", "Bridges"):
        view(make_article(title), FEWEST_OF_AN_AGENT - 1)
    close()

    assert not UserAgent.objects.exists()


def test_visitors_of_an_agent_add_up_over_the_day(article, view, close):
    view(article, FEWEST_OF_AN_AGENT - 1)
    close()
    view(article, 1, net=2)
    close()

    assert list(RollUp.objects.order_by("hour").values_list("agent__text", "rare")) == [(None, "person"), (FIREFOX, "")]


def test_agent_everybody_had_once_is_not_told_by_name_when_few_still_have_it(article, view, close, time_machine):
    view(article, FEWEST_OF_AN_AGENT)
    close()
    time_machine.move_to(NOON + timedelta(days=1), tick=False)
    view(article, 1)
    close()

    assert set(RollUp.objects.values_list("agent__text", "views")) == {(FIREFOX, 5), (None, 1)}


def test_what_was_left_out_is_written_down_too(article, see, close, left_out):
    see(article)
    see(article)
    close()

    assert LeftOut.objects.values_list("reason", "count").get() == ("repeated", 1)
    assert not RunningLeftOut.objects.exists()
    assert left_out() == {"repeated": 1}


@pytest.mark.parametrize("model", [RollUp, LeftOut, RuleChange], ids=lambda model: model.__name__)
def test_database_refuses_to_change_what_was_counted(article, view, see, close, model):
    view(article, 2)
    see(article)
    see(article)
    close()
    operations.recount_views(now=NOON)

    rows = model.objects.all()
    assert rows.exists()
    for change in (rows.delete, lambda: rows.update(id=99)):
        with pytest.raises(DatabaseError, match="final"), transaction.atomic():
            change()


def test_recorded_views_are_views(article):
    operations.record_views(article_id=article.pk, hour=NOON + timedelta(minutes=20), views=3)
    operations.record_views(article_id=article.pk, hour=NOON, views=4, rare="bot")

    assert (shown(article), hours(article)) == (3, [(NOON, 3)])


def test_worker_closes_and_forgets_by_itself():
    registered = {each.name: (each.every, each.function) for each in periodic.registered()}

    assert registered["audience.close_hours"] == (timedelta(minutes=1), operations.close_hours)
    assert registered["audience.forget_days"] == (timedelta(minutes=10), operations.forget_days)
    assert registered["audience.recount_if_rules_changed"] == (HOUR, operations.recount_if_rules_changed)
