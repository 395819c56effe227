"""Whoever asked to be told of a publication is told, by the worker, and by nobody else."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import httpcore
import pytest
from django_tasks_db.models import DBTaskResult

from coranto.feeds import operations, tasks
from coranto.jobs import operations as jobs
from coranto.jobs.models import Failure
from coranto.jobs.rules import GiveUp
from coranto.kit import clock
from coranto.kit.fetch import Fetcher, FetchError

pytestmark = pytest.mark.django_db

NAMES = {"hub.example": "93.184.215.14", "api.indexnow.org": "93.184.215.14", "inside.example": "10.0.0.5"}
HUB, KEY = "http://hub.example/", "0123456789abcdef"


class Hub:
    """Listens, and answers with the status it is told; `heard` is what it was sent."""

    def __init__(self):
        self.heard, self.status = [], 204
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                hub.heard.append((self.headers["Host"], self.path, self.headers["Content-Type"], body))
                self.send_response(hub.status)
                self.send_header("Location", "http://elsewhere.example/")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def fetcher(self):
        """The guarded one; what it may reach leads here."""
        port = self.server.server_address[1]

        class Detour(httpcore.NetworkBackend):
            def connect_tcp(self, host, _port, timeout=None, local_address=None, socket_options=None):
                return httpcore.SyncBackend().connect_tcp("127.0.0.1", port, timeout)

        return Fetcher(resolver=lambda host, _port: [NAMES[host]], connector=Detour())

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def hub(monkeypatch):
    made = Hub()
    monkeypatch.setattr(tasks, "fetcher", made.fetcher)
    # IndexNow is asked over TLS, which this machine cannot stand in for.
    monkeypatch.setattr(operations.announcing, "INDEXNOW", "http://api.indexnow.org/indexnow")
    yield made
    made.close()


def waiting():
    return sorted(
        DBTaskResult.objects.filter(task_path__startswith="coranto.feeds").values_list("task_path", flat=True)
    )


def pinged(body):
    return [each.removeprefix("http://localhost:8000") for each in parse_qs(body)["hub.url"]]


def test_nobody_is_told_unless_somebody_asked(write, hub, run_tasks):
    write().unpublish()
    run_tasks()

    assert waiting() == []
    assert hub.heard == []


def test_nobody_is_told_of_what_an_import_brings(store, hub, told):
    told(hub_url=HUB, indexnow_key=KEY)
    store(3)

    assert waiting() == []


def test_hub_is_told_which_feeds_have_changed(write, hub, told, run_tasks):
    told(hub_url=HUB)
    write()
    assert hub.heard == []  # whoever publishes does not wait for it
    run_tasks()
    ((host, path, kind, body),) = hub.heard

    assert (host, path, kind) == ("hub.example", "/", "application/x-www-form-urlencoded")
    assert parse_qs(body)["hub.mode"] == ["publish"]
    assert pinged(body) == [
        f"{place}{name}"
        for place in ("/", "/city/", "/authors/ada-thorne/")
        for name in ("rss.xml", "atom.xml", "feed.json")
    ]


def test_hub_is_told_of_feeds_that_are_there(write, hub, told, run_tasks, client):
    told(hub_url=HUB)
    write()
    run_tasks()

    assert {client.get(each).status_code for each in pinged(hub.heard[0][3])} == {200}


def test_correction_is_told_with_the_feed_of_corrections(write, hub, told, run_tasks):
    told(hub_url=HUB)
    draft = write().get_latest_revision_as_object()
    draft.change_kind, draft.change_note = "correction", "It was Tuesday."
    draft.save_revision().publish()
    run_tasks()

    assert ["/corrections/rss.xml" in pinged(each[3]) for each in hub.heard] == [False, True]


def test_search_engines_are_told_of_publication_and_withdrawal(write, hub, told, run_tasks, client):
    told(indexnow_key=KEY)
    article = write(slug="trams")
    run_tasks()
    article.unpublish()
    run_tasks()

    data = {
        "host": "localhost:8000",
        "key": KEY,
        "keyLocation": f"http://localhost:8000/{KEY}.txt",
        "urlList": ["http://localhost:8000/city/trams/"],
    }
    assert [json.loads(each[3]) for each in hub.heard] == [data, data]
    assert hub.heard[0][:3] == ("api.indexnow.org", "/indexnow", "application/json; charset=utf-8")
    assert client.get(f"/{KEY}.txt").text == KEY


def test_key_is_given_to_nobody_who_does_not_know_it(client, told):
    assert client.get(f"/{KEY}.txt").status_code == 404
    told(indexnow_key=KEY)
    assert client.get(f"/{KEY[:-1]}.txt").status_code == 404


@pytest.mark.parametrize("visibility", ["private", "password"])
def test_of_what_is_locked_nobody_is_told(write, hub, told, run_tasks, visibility):
    told(hub_url=HUB, indexnow_key=KEY)
    write(visibility=visibility, password="sesame").unpublish()
    run_tasks()

    assert hub.heard == []


def test_of_an_article_that_is_gone_when_its_turn_comes_there_is_nothing_to_tell(write, hub, told):
    told(hub_url=HUB, indexnow_key=KEY)
    article = write()
    pk = article.pk
    article.delete()
    operations.ping_hub(article_id=pk, kind="first", fetcher=hub.fetcher)
    operations.tell_indexnow(article_id=pk, fetcher=hub.fetcher)

    assert hub.heard == []


@pytest.mark.parametrize("status", [500, 503, 429])
def test_hub_that_is_ill_is_asked_again(write, hub, told, status):
    told(hub_url=HUB)
    article = write()
    hub.status = status

    with pytest.raises(FetchError) as error:
        operations.ping_hub(article_id=article.pk, kind="first", fetcher=hub.fetcher)
    assert error.value.status == status


@pytest.mark.parametrize("status", [400, 403, 404, 302])
def test_hub_that_refuses_is_not_asked_again_and_an_administrator_sees_it(write, hub, told, status):
    told(hub_url=HUB)
    article = write()
    hub.status = status
    with pytest.raises(GiveUp):
        operations.ping_hub(article_id=article.pk, kind="first", fetcher=hub.fetcher)

    while (claim := jobs.claim_task(worker="tests", now=clock.now())) is not None:
        jobs.run_task(claim=claim)
    (failure,) = Failure.objects.filter(task_path="coranto.feeds.tasks.ping_hub_task")
    assert "hub.example" in failure.message
    assert {each[0] for each in hub.heard} == {"hub.example"}  # and not where it was sent on to


def test_address_inside_the_house_is_never_asked(write, hub, told):
    told(hub_url="http://inside.example/")
    article = write()

    with pytest.raises(FetchError) as error:
        operations.ping_hub(article_id=article.pk, kind="first", fetcher=hub.fetcher)
    assert error.value.kind == "address"
    assert hub.heard == []


def test_what_is_taken_back_is_told_to_nobody(write, hub, told):
    from django.db import transaction

    told(hub_url=HUB, indexnow_key=KEY)
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert waiting() == []
