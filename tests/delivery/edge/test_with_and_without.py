"""What any server of a site has to do: the edge in front of the app, and the app alone."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from talking import Talk

sys.path.insert(0, str(Path(__file__).parents[2] / "jobs"))

from serving import ServedSite, sites

if TYPE_CHECKING:
    from collections.abc import Iterator

assert sites  # a fixture

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(sites) -> ServedSite:
    return sites.ready().start("--workers", "1")


@pytest.fixture(params=["edge", "app"])
def talk(site, request) -> Iterator[Talk]:
    address = ("127.0.0.1", site.port) if request.param == "edge" else str(site.data / "run" / "app.sock")
    talk = Talk(address)
    yield talk
    talk.close()


def test_one_connection_brings_one_page_after_the_other(talk):
    answers = [talk.ask("/") for _ in range(3)]
    assert {(answer.status, answer["content-type"]) for answer in answers} == {(200, "text/html; charset=utf-8")}
    assert {answer.body.lstrip()[:9].lower() for answer in answers} == {b"<!doctype"}


def test_head_is_a_get_without_a_body(talk):
    whole = talk.ask("/")
    head = talk.ask("/", method="HEAD")
    assert (head.status, head.body, head["content-type"]) == (200, b"", whole["content-type"])
    assert talk.ask("/").status == 200


def test_parameters_nobody_knows_are_no_fault(talk):
    assert talk.ask("/?utm_source=letter&fbclid=1").status == 200


def test_page_that_is_not_there_is_told_so(talk):
    answer = talk.ask("/nothing/of/the/kind/")
    assert (answer.status, answer["content-type"]) == (404, "text/html; charset=utf-8")
    assert talk.ask("/").status == 200


def test_address_without_its_slash_leads_on(talk):
    answer = talk.ask("/admin")
    assert (answer.status, answer["location"]) in {(301, "/admin/"), (302, "/admin/")}


def test_form_is_understood(talk):
    page = talk.ask("/admin/login/")
    (cookie,) = [value.partition(";")[0] for name, value in page.headers if name == "set-cookie" and "csrf" in value]
    token = page.body.partition(b'name="csrfmiddlewaretoken" value="')[2].partition(b'"')[0]
    body = b"csrfmiddlewaretoken=" + token + b"&username=nobody&password=wrong"
    form = ("Content-Type: application/x-www-form-urlencoded", f"Cookie: {cookie}", "Origin: http://localhost")
    answer = talk.post("/admin/login/", body, *form)
    assert answer.status == 200
    assert b"nobody" in answer.body
    large = body + b"&filler=" + b"x" * 600_000
    assert b"nobody" in talk.post("/admin/login/", large, *form).body


@pytest.mark.parametrize(
    "sent",
    [
        "GET / HTTP/1.1\r\nHost: localhost\r\nX-Folded: a\r\n b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        f"GET /{'a' * 9_000} HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(talk, sent):
    assert talk.say(sent).hear().status in {400, 414}
