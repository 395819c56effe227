"""Links to other sites: visited by the worker, when somebody may, and never while a draft is written."""

from __future__ import annotations

import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore
import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult
from wagtail.models import GroupApprovalTask, Workflow, WorkflowPage, WorkflowTask

from coranto.desk.models import LinkCheck
from coranto.desk.operations.checklist import ask_for_link_checks, visit_links
from coranto.desk.rules.links import VISITED_IN_ONE_GO, Answer, digest_of, still_holds
from coranto.desk.tasks import links as tasks
from coranto.kit import clock
from coranto.kit.fetch import Fetcher
from coranto.newsroom.models import Article

pytestmark = pytest.mark.django_db

NAMES = {"other.example": "93.184.215.14", "inside.example": "10.0.0.5"}


class Detour(httpcore.NetworkBackend):
    """Leads every public address to the press on this machine."""

    def __init__(self, port):
        self.port = port

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        if self.port is None:
            raise httpcore.ConnectError
        return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout)


class Press:
    """A site that answers with the status its path names; `asked` is what was asked for, and how."""

    def __init__(self):
        self.asked = []
        press = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                press.asked.append((self.command, self.path, self.headers["User-Agent"].partition("/")[0]))
                status = int(self.path.strip("/").partition("/")[0])
                self.send_response(status)
                self.send_header("Content-Type", "text/html")
                if status == 302:
                    self.send_header("Location", "/" + self.path.strip("/").partition("/")[2])
                self.send_header("Content-Length", "2000000")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def press():
    made = Press()
    yield made
    made.close()


def resolver(host, port):
    if host == "flaky.example":
        raise socket.gaierror(socket.EAI_AGAIN, "try again")
    if host not in NAMES:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    return [NAMES[host]]


@pytest.fixture
def fetcher(press):
    return lambda names: Fetcher(resolver=names, connector=Detour(press.server.server_address[1]))


@pytest.fixture
def link_to(write, paragraph):
    def link_to(*urls, **fields):
        words = " ".join(f'<a href="{url}">x</a>' for url in urls)
        return write(body=[paragraph(words)], **fields)

    return link_to


def asked_for(article, now):
    queued = []
    ask_for_link_checks(article=article.get_latest_revision_as_object(), queue=queued.append, now=now)
    return queued


def visit(keys, fetcher, now):
    return visit_links(keys=keys, fetcher=fetcher, resolver=resolver, clock=lambda: now)


# What a visit tells ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "answer", "status"),
    [
        ("http://other.example/200/", "found", None),
        ("http://other.example/302/200/", "found", None),
        ("http://other.example/404/", "gone", 404),
        ("http://other.example/410/", "gone", 410),
        ("http://other.example/302/404/", "gone", 404),
        ("http://other.example/403/", "unclear", 403),
        ("http://other.example/429/", "unclear", 429),
        ("http://other.example/503/", "unclear", 503),
        ("http://nobody.example/", "gone", None),
        ("http://flaky.example/", "unclear", None),
        ("http://inside.example/", "gone", None),
        ("http://127.0.0.1/", "gone", None),
        ("http://other.example:22/", "gone", None),
    ],
)
def test_answer_of_a_site(link_to, press, fetcher, noon, url, answer, status):
    (keys,) = asked_for(link_to(url), noon)
    assert visit(keys, fetcher, noon) == 1
    check = LinkCheck.objects.get()
    assert (check.url, check.answer, check.status, check.checked_at) == (url, answer, status, noon)


def test_refused_connection_tells_nothing(link_to, noon):
    (keys,) = asked_for(link_to("http://other.example/200/"), noon)
    visit(keys, lambda names: Fetcher(resolver=names, connector=Detour(None)), noon)
    assert LinkCheck.objects.get().answer == Answer.UNCLEAR


def test_no_body_is_read_and_nobody_inside_is_asked(link_to, press, fetcher, noon):
    article = link_to("http://other.example/200/", "http://inside.example/200/", "http://127.0.0.1/200/")
    (keys,) = asked_for(article, noon)
    visit(keys, fetcher, noon)
    assert press.asked == [("GET", "/200/", "Coranto")]


def test_visit_takes_place_outside_a_transaction(link_to, press, noon, monkeypatch):
    seen = []

    class Watching:
        def __init__(self, names):
            pass

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def fetch(self, url, **_):
            seen.append(len(connection.savepoint_ids))
            raise AssertionError(url)

    (keys,) = asked_for(link_to("http://other.example/200/"), noon)
    before = len(connection.savepoint_ids)
    with pytest.raises(AssertionError):
        visit(keys, Watching, noon)
    assert seen == [before]


# Asking ---------------------------------------------------------------------------------------------------


def test_each_address_is_asked_for_once_whatever_part_of_the_page_it_names(link_to, noon):
    url = "https://other.example/200/"
    article = link_to(url, f"{url}#top", "/city/", "mailto:x@other.example", "ftp://other.example/")
    assert [len(each) for each in asked_for(article, noon)] == [1]
    assert LinkCheck.objects.get().url == url
    assert asked_for(article, noon) == []


def test_originals_of_credits_are_visited_too(write, noon):
    credits = [{"relation": "via", "outlet": "Wire", "original_url": "https://other.example/404/"}]
    article = write(credits=credits)
    asked_for(article, noon)
    assert [each.url for each in LinkCheck.objects.all()] == ["https://other.example/404/"]


def test_many_links_are_visited_some_at_a_time(link_to, noon):
    urls = [f"https://other.example/{number}/" for number in range(VISITED_IN_ONE_GO + 1)]
    assert [len(each) for each in asked_for(link_to(*urls), noon)] == [VISITED_IN_ONE_GO, 1]


@pytest.mark.parametrize(
    ("answer", "holds"),
    [
        ("found", timedelta(days=7)),
        ("gone", timedelta(days=1)),
        ("unclear", timedelta(hours=6)),
        ("waiting", timedelta(hours=1)),
    ],
)
def test_answer_holds_for_a_while_and_is_asked_anew_after_it(link_to, noon, answer, holds):
    url = "https://other.example/200/"
    article = link_to(url)
    LinkCheck.objects.create(
        url_digest=digest_of(url),
        url=url,
        answer=answer,
        asked_at=noon,
        checked_at=None if answer == "waiting" else noon,
        status=200,
    )
    assert still_holds(answer, since=noon, now=noon + holds - timedelta(seconds=1))
    assert asked_for(article, noon + holds - timedelta(seconds=1)) == []
    ((key,),) = asked_for(article, noon + holds)
    check = LinkCheck.objects.get(pk=key)
    assert (check.answer, check.checked_at, check.status) == ("waiting", None, None)


def test_answers_nobody_asks_for_any_more_are_forgotten(link_to, noon):
    asked_for(link_to("https://other.example/200/"), noon)
    asked_for(link_to("https://other.example/404/", title="Other"), noon + timedelta(days=31))
    assert [each.url for each in LinkCheck.objects.all()] == ["https://other.example/404/"]


# What the checklist says ----------------------------------------------------------------------------------


def test_dead_link_is_told_once_it_was_visited(link_to, press, fetcher, examined, noon):
    article = link_to("http://other.example/404/", "http://other.example/200/")
    before = examined(article)
    assert (before.findings, before.outside.unvisited, before.outside.waiting) == ([], 2, 0)
    assert "link_outside" not in before.in_order  # nobody knows yet
    assert "link_outside" in examined(link_to("/city/", title="Without")).in_order
    (keys,) = asked_for(article, noon)
    during = examined(article)
    assert (during.findings, during.outside.unvisited, during.outside.waiting) == ([], 0, 2)
    visit(keys, fetcher, noon)
    after = examined(article)
    assert [each.message for each in after.findings] == ["A link to another site is dead: http://other.example/404/"]
    assert (after.outside.unvisited, after.outside.waiting) == (0, 0)
    assert examined(article, now=noon + timedelta(days=1)).findings == []


def test_dead_link_stops_publication_where_it_is_to(client, cora, link_to, press, fetcher, weigh, noon, time_machine):
    time_machine.move_to(noon, tick=False)
    weigh(link_outside="block")
    article = link_to("http://other.example/404/")
    client.force_login(cora)
    address = f"/admin/bulk/wagtailcore/page/publish/?next=/admin/&id={article.pk}"
    (keys,) = asked_for(article, noon)
    visit(keys, fetcher, noon)
    client.post(address)
    article.refresh_from_db()
    assert not article.live
    LinkCheck.objects.all().delete()  # not visited yet: that stops nothing
    client.post(address)
    article.refresh_from_db()
    assert article.live


def test_nothing_is_visited_nor_told_where_the_editor_in_chief_wants_no_visits(link_to, weigh, examined, noon):
    article = link_to("http://other.example/404/")
    asked_for(article, noon)
    LinkCheck.objects.update(answer="gone", checked_at=noon)
    weigh(visits_outside_links=False)
    examination = examined(article)
    assert (examination.findings, examination.outside.unvisited, examination.outside.waiting) == ([], 0, 0)
    LinkCheck.objects.all().delete()
    assert asked_for(article, noon) == []
    assert not LinkCheck.objects.exists()


# When it is asked -----------------------------------------------------------------------------------------


def queued():
    return DBTaskResult.objects.filter(task_path=tasks.visit_links_task.module_path).count()


@pytest.fixture
def linking_form(form_of):
    """What the editor sends of an article with a link to another site."""

    def linking_form(**fields):
        data = form_of(**fields)
        data["body-0-value"] = (
            '{"blocks": [{"key": "a", "text": "word", "type": "unstyled", "depth": 0, "inlineStyleRanges": [],'
            ' "entityRanges": [{"offset": 0, "length": 4, "key": 0}]}], "entityMap": {"0": {"type": "LINK",'
            ' "mutability": "MUTABLE", "data": {"url": "http://other.example/200/"}}}}'
        )
        return data

    return linking_form


def test_links_of_a_draft_are_not_visited_and_those_of_a_piece_in_review_are(
    client, rita, finn, city, linking_form, run_tasks, press, monkeypatch, fetcher
):
    workflow = Workflow.objects.create(name="Review")
    task = GroupApprovalTask.objects.create(name="Finn reads it")
    task.groups.set(finn.groups.all())
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    WorkflowPage.objects.create(workflow=workflow, page=city.page_ptr)
    client.force_login(rita)
    client.post(f"/admin/pages/add/newsroom/article/{city.pk}/", linking_form())
    article = Article.objects.get()
    client.post(f"/admin/pages/{article.pk}/edit/", linking_form())
    client.get(f"/admin/pages/{article.pk}/edit/")
    client.get(f"/admin/desk/checklist/{article.pk}/")
    assert (queued(), LinkCheck.objects.count()) == (0, 0)

    client.post(f"/admin/pages/{article.pk}/edit/", {**linking_form(), "action-submit": "action-submit"})
    assert (queued(), LinkCheck.objects.count()) == (1, 1)
    assert press.asked == []  # nothing is visited while somebody waits for a page
    monkeypatch.setattr(tasks, "fetcher", fetcher)
    monkeypatch.setattr(tasks, "resolve", resolver)
    run_tasks()
    assert LinkCheck.objects.get().answer == Answer.FOUND
    assert len(press.asked) == 1


def test_whoever_may_edit_an_article_may_have_its_links_visited(client, rita, dov, link_to):
    article = link_to("http://other.example/200/")
    address = f"/admin/desk/checklist/{article.pk}/links/"
    client.force_login(dov)
    client.post(address)
    assert queued() == 0
    client.force_login(rita)
    assert client.get(address).status_code == 405
    assert queued() == 0
    answer = client.post(address, headers={"X-Requested-With": "XMLHttpRequest"})
    assert "1 link to another site is being visited." in answer.text
    assert queued() == 1
    answer = client.post(address)
    assert answer.url == f"/admin/pages/{article.pk}/edit/"
    assert queued() == 1


def test_task_that_runs_twice_visits_once(link_to, press, fetcher, noon):
    (keys,) = asked_for(link_to("http://other.example/200/"), noon)
    assert visit(keys, fetcher, clock.now()) == 1
    assert visit(keys, fetcher, clock.now()) == 0
    assert len(press.asked) == 1
