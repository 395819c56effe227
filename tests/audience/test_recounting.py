"""Rules for bots change; past views are judged by those of today, and what that changed is told."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from coranto.audience import operations, queries
from coranto.audience.models import ArticleViews, DayAgent, DayViews, RuleChange, UserAgent
from coranto.audience.operations import recounting
from coranto.audience.rules import bots, rules_version
from coranto.kit import clock

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
)
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def other_rules(monkeypatch):
    """Rules by which Firefox is a bot, and Googlebot is none."""

    def put_in_force():
        monkeypatch.setattr(recounting, "is_bot", lambda agent: "Firefox" in agent)
        monkeypatch.setattr(recounting, "rules_version", lambda: "2")

    return put_in_force


@pytest.fixture
def counted(make_article, view, time_machine):
    """Two articles over two days, all of it closed, and one running hour."""
    articles = [make_article("Trams"), make_article("Ferries")]
    for _day in range(2):
        for article in articles:
            view(article, 5, agent=FIREFOX)
            view(article, 6, agent=CHROME, net=2)
        view(articles[0], 7, agent=GOOGLEBOT, net=3)
        time_machine.shift(timedelta(days=1))
        operations.close_hours(now=clock.now())
        operations.close_hours(now=clock.now())
    view(articles[1], 5, agent=FIREFOX)
    return articles


def totals():
    return [list(model.objects.order_by("pk").values_list("people", "bots")) for model in (ArticleViews, DayViews)]


def test_totals_can_be_worked_out_anew(counted):
    before = totals()
    ArticleViews.objects.update(people=1, bots=1)
    DayViews.objects.all().delete()
    operations.recount_views(now=NOON)

    assert totals() == before == [[(22, 14), (22, 0)], [(22, 7), (22, 7)]]


def test_other_rules_change_the_past(counted, other_rules):
    other_rules()
    recount = operations.recount_views(now=NOON)

    assert (recount.agents, recount.went, recount.came) == (2, 25, 14)
    assert totals() == [[(26, 10), (12, 10)], [(19, 10), (19, 10)]]
    assert queries.shown_views([each.pk for each in counted]) == {counted[0].pk: 26, counted[1].pk: 12}
    assert sum(each.views for each in queries.hourly_views(since=NOON)) == 38
    assert dict(UserAgent.objects.values_list("text", "is_bot")) == {FIREFOX: True, CHROME: False, GOOGLEBOT: False}
    assert DayAgent.objects.filter(text=FIREFOX, is_bot=False).count() == 0


def test_recount_is_undone_by_the_former_rules(counted, other_rules, monkeypatch):
    before = totals()
    with monkeypatch.context():
        other_rules()
        operations.recount_views(now=NOON)
    monkeypatch.undo()
    operations.recount_views(now=NOON)

    assert totals() == before


def test_change_is_noted_and_told(counted, other_rules):
    operations.recount_views(now=NOON)
    other_rules()
    operations.recount_views(now=NOON + HOUR)
    page = " ".join(Client().get("/how-we-count/").content.decode().split())

    assert list(RuleChange.objects.order_by("pk").values_list("from_version", "to_version", "went", "came")) == [
        ("", rules_version(), 0, 0),
        (rules_version(), "2", 25, 14),
    ]
    assert f"version {rules_version()} gave way to version 2; 25 views no longer count, 14 count now" in page


def test_recount_without_a_change_is_no_news(counted):
    for _ in range(3):
        operations.recount_views(now=NOON)

    assert RuleChange.objects.count() == 1


def test_worker_recounts_once_after_an_upgrade(counted, other_rules):
    assert operations.recount_if_rules_changed(now=NOON).to_version == rules_version()
    assert operations.recount_if_rules_changed(now=NOON) is None
    other_rules()
    assert operations.recount_if_rules_changed(now=NOON).went == 25
    assert operations.recount_if_rules_changed(now=NOON) is None


def killed():
    raise KeyboardInterrupt


def test_recount_killed_midway_is_ended_by_the_next_and_noted_once(counted, other_rules, monkeypatch):
    operations.recount_views(now=NOON)
    other_rules()
    with monkeypatch.context() as context:
        context.setattr(recounting, "_add_up_days", killed)
        with pytest.raises(KeyboardInterrupt):
            operations.recount_views(now=NOON)
    operations.recount_if_rules_changed(now=NOON)

    assert totals() == [[(26, 10), (12, 10)], [(19, 10), (19, 10)]]
    assert list(RuleChange.objects.order_by("pk").values_list("to_version", "went", "came"))[1:] == [("2", 25, 14)]
    assert operations.recount_if_rules_changed(now=NOON) is None


def test_recount_purges_every_number(counted, monkeypatch):
    purged = []
    monkeypatch.setattr(recounting.delivery, "purge_tags", lambda *, tags: purged.extend(tags))
    operations.recount_views(now=NOON)

    assert purged == ["views", "how-we-count"]


def test_command_tells_what_changed(counted, other_rules):
    operations.recount_views(now=NOON)
    other_rules()
    told = StringIO()
    call_command("recount_views", json=True, stdout=told)

    assert json.loads(told.getvalue()) == {
        "from_version": rules_version(),
        "to_version": "2",
        "agents": 2,
        "went": 25,
        "came": 14,
    }


def test_command_says_it_in_words(counted):
    told = StringIO()
    call_command("recount_views", stdout=told)

    assert told.getvalue().splitlines()[-1] == (
        "0 user agents are judged otherwise than before. 0 views no longer count, 0 count now. "
        f"Rules: {rules_version()}."
    )


def test_version_names_both_parts():
    assert rules_version().startswith(f"{bots.OWN_VERSION}, crawler-user-agents 1.")
