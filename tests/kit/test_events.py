import logging
from dataclasses import dataclass

import pytest
from django.db import transaction

from coranto.kit import events
from coranto.kit.events import AFTER_COMMIT, WITHIN, publish, subscribe


@dataclass(frozen=True)
class ArticlePublished:
    article_id: int


@dataclass(frozen=True)
class CorrectionPublished(ArticlePublished):
    note: str = ""


@dataclass
class Changeable:
    article_id: int


@pytest.fixture(autouse=True)
def no_receivers(monkeypatch):
    monkeypatch.setattr(events, "_receivers", {})


def fail(event):
    raise LookupError(event)


def test_receiver_within_is_called_at_once():
    heard = []
    subscribe(ArticlePublished, heard.append, when=WITHIN)
    publish(ArticlePublished(1))
    publish(ArticlePublished(2))
    assert heard == [ArticlePublished(1), ArticlePublished(2)]


def test_receivers_are_called_in_the_order_they_subscribed():
    heard = []
    subscribe(ArticlePublished, lambda event: heard.append("first"), when=WITHIN)
    subscribe(ArticlePublished, lambda event: heard.append("second"), when=WITHIN)
    publish(ArticlePublished(1))
    assert heard == ["first", "second"]


def test_event_nobody_hears_is_no_error():
    publish(ArticlePublished(1))


def test_receiver_hears_exactly_the_type_it_asked_for():
    heard = []
    subscribe(ArticlePublished, heard.append, when=WITHIN)
    publish(CorrectionPublished(1))
    assert heard == []


def test_receiver_that_subscribes_twice_hears_once():
    heard = []
    hear = heard.append
    subscribe(ArticlePublished, hear, when=WITHIN)
    subscribe(ArticlePublished, hear, when=WITHIN)
    publish(ArticlePublished(1))
    assert heard == [ArticlePublished(1)]


def test_receiver_may_publish_in_its_turn():
    heard = []
    subscribe(ArticlePublished, lambda event: publish(CorrectionPublished(event.article_id)), when=WITHIN)
    subscribe(CorrectionPublished, heard.append, when=WITHIN)
    publish(ArticlePublished(1))
    assert heard == [CorrectionPublished(1)]


@pytest.mark.parametrize("event", [Changeable(1), {"article_id": 1}, "published", None, ArticlePublished])
def test_only_frozen_dataclasses_are_events(event):
    with pytest.raises(TypeError, match="frozen dataclass"):
        publish(event)


@pytest.mark.parametrize("event_type", [Changeable, dict, object])
def test_only_frozen_dataclasses_can_be_subscribed_to(event_type):
    with pytest.raises(TypeError, match="frozen dataclass"):
        subscribe(event_type, print, when=WITHIN)


@pytest.mark.django_db(transaction=True)
def test_failure_within_aborts_the_act_and_nothing_follows_the_commit():
    followed = []
    subscribe(ArticlePublished, followed.append, when=AFTER_COMMIT)
    subscribe(ArticlePublished, fail, when=WITHIN)
    with transaction.atomic():  # the act goes on without its event, which must then reach nobody
        with pytest.raises(LookupError):
            publish(ArticlePublished(1))
        assert followed == []
    assert followed == []


@pytest.mark.django_db(transaction=True)
def test_receiver_after_commit_waits_for_the_outermost_commit():
    heard = []
    subscribe(ArticlePublished, heard.append, when=AFTER_COMMIT)
    with transaction.atomic():
        with transaction.atomic():
            publish(ArticlePublished(1))
        assert heard == []
    assert heard == [ArticlePublished(1)]


@pytest.mark.django_db(transaction=True)
def test_receiver_after_commit_is_called_at_once_outside_a_transaction():
    heard = []
    subscribe(ArticlePublished, heard.append, when=AFTER_COMMIT)
    publish(ArticlePublished(1))
    assert heard == [ArticlePublished(1)]


@pytest.mark.django_db(transaction=True)
def test_receiver_after_commit_hears_nothing_of_what_was_rolled_back():
    heard = []
    subscribe(ArticlePublished, heard.append, when=AFTER_COMMIT)
    with transaction.atomic():
        publish(ArticlePublished(1))
        transaction.set_rollback(True)
    assert heard == []


@pytest.mark.django_db(transaction=True)
def test_failure_after_commit_is_logged_and_stops_nobody(caplog):
    heard = []
    subscribe(ArticlePublished, fail, when=AFTER_COMMIT)
    subscribe(ArticlePublished, heard.append, when=AFTER_COMMIT)
    with caplog.at_level(logging.ERROR, logger="coranto.kit.events"), transaction.atomic():
        publish(ArticlePublished(1))
    assert heard == [ArticlePublished(1)]
    (record,) = caplog.records
    assert record.exc_info[0] is LookupError
    assert "ArticlePublished(article_id=1)" in record.getMessage()
