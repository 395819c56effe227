"""The page that says how it is done, with the figures of now."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from coranto.audience import operations, queries
from coranto.kit import clock

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


def table() -> dict[str, list[str]]:
    page = html.fromstring(Client().get("/how-we-count/").content)
    return {row.get("data-line"): [cell.text for cell in row.findall("td")] for row in page.iter("tr")}


def test_figures_are_those_of_now(article, see, view, time_machine):
    view(article, 1200)
    time_machine.shift(timedelta(days=3))
    for _ in range(2):
        operations.close_hours(now=clock.now())
    see(article)
    see(article)
    see(article, agent="")
    see(article, agent=GOOGLEBOT)
    see(article, HTTP_SEC_PURPOSE="prefetch")

    assert table() == {
        None: [None],
        "people": ["1", "1,201"],
        "bots": ["1", "1"],
        "repeated": ["1", "1"],
        "crowded": ["0", "0"],
        "staff": ["0", "0"],
        "prefetch": ["1", "1"],
        "nameless": ["1", "1"],
    }


def test_thirty_days_are_thirty(article, view, time_machine):
    view(article, 1)
    time_machine.shift(timedelta(days=29))
    for _ in range(2):
        operations.close_hours(now=clock.now())
    on_the_last = table()["people"]
    time_machine.shift(timedelta(days=1))

    assert (on_the_last, table()["people"]) == (["0", "1"], ["0", "0"])


def test_imported_numbers_are_told_apart(make_article):
    before = Client().get("/how-we-count/").content.decode()
    make_article("Trams", views_before=8603)
    make_article("Ferries", views_before=400)
    make_article("Hidden", views_before=5000, visibility="private")
    page = " ".join(Client().get("/how-we-count/").content.decode().split())

    assert "before the move" not in before
    assert "2 articles came here with a number from the system this publication used before, 9,003 views" in page


def test_page_is_reached_from_the_foot_of_every_page(db, conforms):
    answer = Client().get("/how-we-count/")

    assert '<a href="/how-we-count/">How we count</a>' in Client().get("/latest/").content.decode()
    assert conforms(answer.content)


def test_page_may_be_kept_until_something_is_counted(article, see):
    asked = {"REMOTE_ADDR": "", "HTTP_SURROGATE_CAPABILITY": 'coranto="ESI/1.0"'}
    answer = Client().get("/how-we-count/", **asked)

    assert "how-we-count" in answer["Surrogate-Key"].split()
    assert "max-age=600" in answer["Surrogate-Control"]


def test_page_changes_at_midnight(db, time_machine):
    time_machine.move_to(NOON.replace(hour=23, minute=59), tick=False)
    answer = Client().get("/how-we-count/", REMOTE_ADDR="", HTTP_SURROGATE_CAPABILITY='coranto="ESI/1.0"')

    assert "max-age=60," in answer["Surrogate-Control"] + ","


@pytest.mark.parametrize("days", [1, 20])
def test_query_counts(article, see, view, time_machine, days):
    for _ in range(days):
        view(article, 2)
        see(article, agent="")
        time_machine.shift(timedelta(days=1))
        operations.close_hours(now=clock.now())
    with ExitStack() as stack:
        watched = [stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections]
        queries.counting_figures(now=clock.now())
        asked = sum(len(each.captured_queries) for each in watched)

    assert asked == 6
