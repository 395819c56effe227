from __future__ import annotations

import pytest
from django.db import OperationalError, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import RequestFactory

from coranto.jobs import queries, views


@pytest.fixture
def ask():
    """Ask a view, as a load balancer does; the status and the words."""

    def ask(view, method="get"):
        answer = view(getattr(RequestFactory(), method)("/-/"))
        return answer.status_code, answer.content.decode()

    return ask


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    monkeypatch.setattr(queries, "_known_complete", set())


def test_a_living_process_says_so_without_a_database(ask):
    assert ask(views.health) == (200, "ok\n")


def test_the_answer_is_never_stored():
    answer = views.health(RequestFactory().get("/-/health/"))
    assert "no-store" in answer["Cache-Control"]


def test_only_reading_is_allowed(ask):
    assert ask(views.health, "post")[0] == 405
    assert ask(views.ready, "post")[0] == 405


@pytest.mark.django_db
def test_a_site_with_database_and_tables_is_ready(ask):
    assert ask(views.ready) == (200, "ready\n")


@pytest.mark.django_db
def test_a_ready_site_answers_with_a_word_for_each_database(ask, django_assert_num_queries):
    ask(views.ready)
    with django_assert_num_queries(1):
        assert ask(views.ready) == (200, "ready\n")


@pytest.mark.django_db
def test_a_site_without_its_latest_tables_is_not_ready(ask):
    MigrationRecorder(connections["default"]).record_unapplied("jobs", "0001_initial")
    assert ask(views.ready) == (503, "migrations\n")


@pytest.mark.django_db
def test_a_site_whose_database_is_away_is_not_ready_and_tells_nothing_more(ask, monkeypatch, caplog):
    def refuse():
        raise OperationalError("password of coranto at 10.0.0.7 refused")

    monkeypatch.setattr(connections["default"], "cursor", refuse)
    assert ask(views.ready) == (503, "database\n")
    assert "10.0.0.7" in caplog.text


@pytest.mark.django_db
def test_migrations_of_a_newer_version_are_recognised():
    assert queries.foreign_migrations() == []
    recorder = MigrationRecorder(connections["default"])
    recorder.record_applied("jobs", "9001_from_the_future")
    recorder.record_applied("somebody_elses", "9001_from_the_future")
    assert queries.foreign_migrations() == ["jobs.9001_from_the_future"]
