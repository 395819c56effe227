"""SQLite ranks what few have in common, and gives the newest of what many have: it would take minutes over the rest."""

from __future__ import annotations

import pytest
from django.db import connection

from coranto.newsroom.models import Article

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL ranks by itself"),
]


@pytest.fixture
def trams(write, run_tasks, paragraph):
    """Three articles about trams, the oldest of which is about nothing else."""
    articles = [
        write("Trams and trams", body=[paragraph("Trams and trams.")]),
        *(write(f"City news {n}", body=[paragraph("Nothing happened. A tram passed. " * 20)]) for n in range(2)),
    ]
    run_tasks()
    return articles


def found(words, **kwargs):
    return [each.pk for each in Article.objects.public().search(words, operator="and", **kwargs)]


def test_few_are_ranked_by_how_well_they_fit(trams):
    assert found("tram")[0] == trams[0].pk or found("trams")[0] == trams[0].pk


def test_of_many_the_newest_come_first(trams, monkeypatch):
    from coranto.newsroom.backends import sqlite

    monkeypatch.setattr(sqlite, "MOST_RANKED", 1)
    assert found("passed") == [trams[2].pk, trams[1].pk]
    results = Article.objects.public().search("passed", operator="and")
    assert (len(results[:1]), results.count()) == (1, 2)
