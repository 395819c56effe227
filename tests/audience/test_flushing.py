"""What a second brings is written at once; what cannot be written waits."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connections, router

from coranto.audience import operations, queries
from coranto.audience.models import RunningLeftOut, RunningViews, Visit
from coranto.audience.operations import counting, flushing
from coranto.audience.operations.pending import MOST, Pending, PendingView
from coranto.audience.rules import Marks
from coranto.jobs.events import WebProcessBegan, WebProcessEnds
from coranto.kit import events

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = NOON
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture
def _wait(monkeypatch):
    """Nothing is written until the test says so."""
    monkeypatch.setattr(counting, "flush_soon", lambda: None)


@pytest.fixture
def purged(monkeypatch):
    purged = []
    monkeypatch.setattr(flushing.delivery, "purge_tags", lambda *, tags: purged.append(sorted(tags)))
    return purged


def pending_view(number: int, article_id: int = 1, agent: str = FIREFOX) -> PendingView:
    marks = Marks(visitor=number.to_bytes(16, "big"), address=number.to_bytes(16, "big"))
    return PendingView(article_id=article_id, marks=marks, agent=agent, referrer="direct", hour=HOUR)


@pytest.mark.django_db
@pytest.mark.usefixtures("_wait")
def test_what_waits_is_told_already(article, view):
    view(article, 3)

    assert operations.tell_views(article_id=article.pk) == 3
    assert queries.shown_views([article.pk]) == {article.pk: 0}
    assert operations.flush_views() == 3
    assert operations.tell_views(article_id=article.pk) == 3
    assert queries.shown_views([article.pk]) == {article.pk: 3}


@pytest.mark.django_db
@pytest.mark.usefixtures("_wait")
def test_what_waits_is_not_counted_twice(article, view):
    view(article, 3)
    view(article, 3)

    assert operations.flush_views() == 3
    assert RunningLeftOut.objects.values_list("reason", "count").get() == ("repeated", 3)


@pytest.mark.django_db
@pytest.mark.usefixtures("_wait")
def test_what_two_processes_were_told_is_counted_once(article, view, monkeypatch):
    view(article, 3)
    here = flushing.pending
    monkeypatch.setattr(flushing, "pending", Pending())
    monkeypatch.setattr(counting, "pending", flushing.pending)
    view(article, 4)

    assert operations.flush_views() == 4
    monkeypatch.setattr(flushing, "pending", here)
    monkeypatch.setattr(counting, "pending", here)
    assert operations.tell_views(article_id=article.pk) == 4
    assert operations.flush_views() == 0
    assert RunningLeftOut.objects.values_list("reason", "count").get() == ("repeated", 3)
    assert queries.shown_views([article.pk]) == {article.pk: 4}


@pytest.mark.django_db
@pytest.mark.usefixtures("_wait")
def test_what_cannot_be_written_waits(article, view, monkeypatch):
    view(article, 2)
    whole = flushing.add_up

    def fail(model, **given):
        if model is RunningViews:
            raise OperationalError("database is locked")
        return whole(model, **given)

    monkeypatch.setattr(flushing, "add_up", fail)
    with pytest.raises(OperationalError):
        operations.flush_views()
    assert not Visit.objects.exists()
    view(article, 1, net=2)
    view(article, 2)
    assert operations.tell_views(article_id=article.pk) == 3
    monkeypatch.setattr(flushing, "add_up", whole)

    assert operations.flush_views() == 3
    assert queries.shown_views([article.pk]) == {article.pk: 3}
    assert RunningLeftOut.objects.values_list("reason", "count").get() == ("repeated", 2)


@pytest.mark.django_db
def test_reader_is_answered_while_nothing_can_be_written(article, see, monkeypatch, caplog):
    def fail(*_args, **_kwargs):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(flushing, "_write", fail)
    monkeypatch.setattr(flushing._said, "may_say", lambda *_: True)
    answer = see(article)

    assert (answer.status_code, answer.json()["views"]) == (200, {str(article.pk): 1})
    assert "Views could not be written down; they wait" in caplog.text
    assert "203.0.113.7" not in caplog.text


@pytest.mark.django_db
@pytest.mark.usefixtures("_wait")
def test_those_that_changed_are_purged_twenty_at_a_time(make_article, view, purged):
    articles = [make_article(f"Trams {number}") for number in range(25)]
    for article in articles:
        view(article, 2)
    tags = [f"views:{article.pk}" for article in articles]
    purged.clear()
    operations.flush_views()
    operations.flush_views()
    operations.flush_views()

    assert purged == [["how-we-count"], sorted(tags[:20]), sorted(tags[20:]), []]


@pytest.mark.django_db
@pytest.mark.usefixtures("_wait")
def test_what_bots_do_changes_no_number(article, view, purged):
    view(article, 2, agent=GOOGLEBOT)
    purged.clear()
    operations.flush_views()

    assert purged == [["how-we-count"], []]


def test_memory_is_bounded():
    pending = Pending()
    for number in range(MOST + 10):
        pending.add(pending_view(number))

    assert len(pending.take().views) == MOST


def test_bots_that_wait_are_no_number():
    pending = Pending()
    pending.add(pending_view(1))
    pending.add(pending_view(2, agent=GOOGLEBOT))
    pending.add(pending_view(3, article_id=2))

    assert [len(pending.people_of(article_id)) for article_id in (1, 2, 3)] == [1, 1, 0]


# The thread ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_process_that_serves_writes_by_itself(article, view, monkeypatch):
    written = threading.Event()
    whole = flushing.flush_views

    def flush():
        count = whole()
        if count:
            written.set()
        return count

    monkeypatch.setattr(flushing, "INTERVAL", 0.01)
    monkeypatch.setattr(flushing, "flush_views", flush)
    events.publish(WebProcessBegan())
    try:
        view(article, 3)
        assert written.wait(30)
    finally:
        events.publish(WebProcessEnds())

    assert queries.shown_views([article.pk]) == {article.pk: 3}
    assert [each.name for each in threading.enumerate() if each.name == "views"] == []


@pytest.mark.django_db(transaction=True)
def test_process_that_ends_writes_what_is_left(article, view, monkeypatch):
    monkeypatch.setattr(flushing, "INTERVAL", 3600)
    events.publish(WebProcessBegan())
    view(article, 3)
    assert not Visit.objects.exists()
    events.publish(WebProcessEnds())

    assert queries.shown_views([article.pk]) == {article.pk: 3}


def test_end_of_a_process_that_never_served_is_no_matter():
    operations.stop_flushing()


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_lose_nothing(article):
    """As many threads as a machine has processes, telling the same and other things."""
    ids = [article.pk, article.pk + 1]
    found: list[int] = []

    def write(first: int) -> None:
        try:
            for number in range(first, first + 40):
                pending = Pending()
                for article_id in ids:
                    pending.add(pending_view(number, article_id))
                found.append(len(flushing._write(pending.take())))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(first,)) for first in (1, 21, 1, 41)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(found) == 2 * 80
    assert sum(RunningViews.objects.using(router.db_for_read(RunningViews)).values_list("views", flat=True)) == 2 * 80
