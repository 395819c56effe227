"""Requests that say after their first line what another has said before are not read again."""

from __future__ import annotations

import pytest

SAID = "Host: localhost\r\nAccept-Encoding: gzip\r\nAccept-Language: en\r\n\r\n"


@pytest.fixture
def talk(front):
    """A connection on which these headers were understood, and /page/ was answered from the store."""
    front.talk().ask("/page/")
    talk = front.talk()
    talk.say(f"GET /page/ HTTP/1.1\r\n{SAID}").hear()
    front.paper.asked.clear()
    return talk


def test_same_headers_bring_the_same_answer(front, talk):
    answers = [talk.say(f"GET /page/ HTTP/1.1\r\n{SAID}").hear() for _ in range(3)]
    assert {(each.status, each["content-encoding"], each.body) for each in answers} == {(200, "gzip", answers[0].body)}
    assert front.paper.asked == []


def test_same_headers_for_a_page_that_is_not_stored_go_to_the_application(front, talk):
    talk.say(f"GET /echo/ HTTP/1.1\r\n{SAID}").hear()
    assert front.paper.asked == ["/echo/"]


def test_same_headers_in_two_requests_at_once_bring_two_answers(front, talk):
    talk.say(f"GET /page/ HTTP/1.1\r\n{SAID}" * 2)
    assert talk.hear().body == talk.hear().body
    assert front.paper.asked == []


def test_same_headers_do_not_make_one_request_of_two(front, talk):
    older = "GET /page/?x HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n"
    talk.say(f"{older}GET /echo/ HTTP/1.1\r\n{SAID}")
    assert talk.hear()["connection"] == "keep-alive"
    assert talk.hear()["content-type"] == "application/json"
    assert front.paper.asked == ["/echo/"]


def test_same_headers_after_head_bring_no_body(front, talk):
    assert talk.say(f"HEAD /page/ HTTP/1.1\r\n{SAID}").hear(method="HEAD").status == 200
    assert talk.say(f"GET /page/ HTTP/1.1\r\n{SAID}").hear().status == 200


@pytest.mark.parametrize(
    ("line", "status"),
    [("XYZ /page/", 501), ("Get /page/", 501), ("\0\0\0 /page/", 400), ("GET  /page/ x", 400), ("GET page/", 400)],
)
def test_same_headers_after_a_line_that_is_refused_do_not_help_it(front, talk, line, status):
    assert talk.say(f"{line} HTTP/1.1\r\n{SAID}").hear().status == status
    assert talk.is_closed()


def test_same_headers_of_an_older_client_end_the_connection(front, talk):
    assert talk.say(f"GET /page/ HTTP/1.0\r\n{SAID}").hear().status == 200
    assert talk.is_closed()
