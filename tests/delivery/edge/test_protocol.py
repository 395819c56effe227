"""Hits, misses, and what holds a connection's answers in order."""

from __future__ import annotations

import time

import pytest

from coranto.delivery.rules.entitlement import Entitlement, write


@pytest.fixture
def stored(front):
    """A page that is in the store: /page/."""
    front.talk().ask("/page/")
    front.paper.asked.clear()
    return "/page/"


def cookie_of(level, secret=b"a key that is used in tests alone"):
    return write(Entitlement(level, "session-1", int(time.time()) + 300), secret)


# Hits -------------------------------------------------------------------------------------------------------


def test_what_is_stored_is_answered_without_the_application(front, stored):
    talk = front.talk()
    first = talk.ask(stored)
    assert (first.status, first["content-type"], first.get("x-made")) == (200, "text/html; charset=utf-8", None)
    assert talk.ask(stored).body == first.body
    assert front.paper.asked == []
    assert len([name for name, _value in first.headers if name == "date"]) == 1


def test_encoding_is_the_one_the_client_takes(front, stored):
    import gzip

    plain = front.talk().ask(stored)
    packed = front.talk().ask(stored, "Accept-Encoding: br;q=1, gzip;q=0.5")
    assert (packed["content-encoding"], plain.get("content-encoding")) == ("gzip", None)
    assert gzip.decompress(packed.body) == plain.body
    assert packed["etag"] != plain["etag"]


def test_head_tells_the_length_and_sends_nothing(front, stored):
    talk = front.talk()
    whole = talk.ask(stored)
    head = talk.ask(stored, method="HEAD")
    assert (head.status, head["content-length"], head.body) == (200, str(len(whole.body)), b"")
    assert talk.ask(stored).status == 200  # the connection is still in step
    assert front.paper.asked == []


@pytest.mark.parametrize("written", ["{}", "W/{}", '"other", {}', '"other" ,W/{} , "more"', "*"])
def test_page_the_client_has_already_is_not_sent_again(front, stored, written):
    talk = front.talk()
    etag = talk.ask(stored)["etag"]
    answer = talk.ask(stored, f"If-None-Match: {written.format(etag)}")
    assert (answer.status, answer["etag"], answer.body) == (304, etag, b"")
    assert talk.ask(stored, 'If-None-Match: "other"').status == 200
    assert front.paper.asked == []


def test_part_of_a_stored_page_is_sent(front, stored):
    talk = front.talk()
    whole = talk.ask(stored)
    size = len(whole.body)
    part = talk.ask(stored, "Range: bytes=3-9")
    assert (part.status, part["content-range"], part.body) == (206, f"bytes 3-9/{size}", whole.body[3:10])
    beyond = talk.ask(stored, "Range: bytes=9000000-")
    assert (beyond.status, beyond["content-range"], beyond.body) == (416, f"bytes */{size}", b"")
    assert talk.ask(stored, "Range: bytes=0-1,5-6").body == whole.body
    assert talk.ask(stored, "Range: bytes=0-1", f"If-Range: {whole['etag']}").status == 206
    assert talk.ask(stored, "Range: bytes=0-1", 'If-Range: "other"').status == 200
    assert talk.ask(stored, "Range: bytes=0-1", method="HEAD").status == 200


@pytest.mark.parametrize(
    "header",
    [
        "Cookie: coranto_session=abc",
        "Cookie: theme=dark; coranto_session=abc",
        "Authorization: Basic YTpi",
        "Content-Length: 0",
        "Surrogate-Capability: abc=ESI/1.0",
        "Cookie: coranto_entitlement={staff}",
        "Cookie: coranto_session=abc; coranto_entitlement={forged}",
    ],
)
def test_request_that_may_be_answered_for_one_person_reaches_the_application(front, stored, header):
    header = header.format(staff=cookie_of("staff"), forged=cookie_of("registered", b"another key"))
    assert front.talk().ask(stored, header)["x-made"] == "anew"


@pytest.mark.parametrize("cookie", ["theme=dark", "other_session=1", "coranto_scheme=dark", "odd", ""])
def test_cookies_that_say_nothing_about_a_person_do_not_matter(front, stored, cookie):
    assert front.talk().ask(stored, f"Cookie: {cookie}").get("x-made") is None


def test_member_gets_what_is_stored_for_the_level(front, stored):
    cookie = f"Cookie: coranto_session=abc; coranto_entitlement={cookie_of('tier-2')}"
    talk = front.talk()
    assert talk.ask(stored, cookie)["x-made"] == "anew"  # stored for visitors, not for this level
    talk.ask(stored, "X-Level: tier-2", "Cookie: coranto_session=somebody")
    assert talk.ask(stored, cookie).get("x-made") is None
    front.paper.on_loop(lambda: front.paper.entitlements.revoke("session-1"))
    assert talk.ask(stored, cookie)["x-made"] == "anew"
    front.paper.on_loop(front.paper.entitlements._revoked.clear)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_only_reading_is_answered_from_the_store(front, stored, method):
    assert front.talk().ask(stored, method=method)["x-made"] == "anew"


def test_host_that_is_not_ours_shares_nothing(front, stored):
    talk = front.talk().say("GET /page/ HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n")
    assert talk.hear()["x-made"] == "anew"


# Connections ------------------------------------------------------------------------------------------------


def test_answers_come_in_the_order_of_the_requests(front, stored):
    talk = front.talk()
    talk.get("/slow/").get(stored).get("/echo/").get(stored).get("/-/health/")
    front.paper.wait_for_arrival()
    front.paper.open_gate()
    answers = [talk.hear() for _ in range(5)]
    assert [answer.body[:6] for answer in answers] == [b"slowly", b"<p>0 w", answers[2].body[:6], b"<p>0 w", b"ok\n"]
    assert answers[2].json["method"] == "GET"
    assert talk.ask(stored).get("x-made") is None


def test_no_more_is_read_while_one_request_waits_behind_another(front):
    talk = front.talk().say(
        b"".join(b"GET /%b/ HTTP/1.1\r\nHost: localhost\r\n\r\n" % each for each in (b"slow", b"echo"))
    )
    front.paper.wait_for_arrival()
    paused = lambda: [each.flow.read_paused for each in front.state.connections if each.is_answering]  # noqa: E731
    assert front.paper.on_loop(paused) == [True]
    front.paper.open_gate()
    assert [talk.hear().status for _ in range(2)] == [200, 200]
    assert talk.ask("/page/").status == 200


def test_many_hits_in_one_piece_are_all_answered(front, stored):
    talk = front.talk()
    talk.say(b"GET /page/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 500)
    assert {talk.hear().status for _ in range(500)} == {200}


def test_request_may_arrive_byte_by_byte(front, stored):
    talk = front.talk()
    for byte in b"GET /page/ HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n":
        talk.say(bytes([byte]))
    assert talk.hear().status == 200


@pytest.mark.parametrize("target", ["/page/", "/echo/"])
def test_connection_closes_when_the_client_asks_for_that(front, stored, target):
    talk = front.talk()
    answer = talk.ask(target, "Connection: close")
    assert answer["connection"] == "close"
    assert talk.is_closed()


def test_nothing_after_a_closing_request_is_answered(front, stored):
    talk = front.talk().get(stored, "Connection: close").get(stored)
    assert talk.hear().status == 200
    assert talk.is_closed()


@pytest.mark.parametrize("target", ["/page/", "/echo/", "/few/"])
def test_old_client_is_answered_and_left(front, stored, target):
    talk = front.talk().get(target, version="1.0")
    answer = talk.hear()
    assert (answer.status, answer["connection"], answer.get("transfer-encoding")) == (200, "close", None)
    assert target != "/few/" or answer.body == b"one two three"
    assert talk.is_closed()


@pytest.mark.parametrize("target", ["/page/", "/echo/"])
def test_old_client_may_ask_to_stay(front, stored, target):
    talk = front.talk()
    for _ in range(2):
        answer = talk.ask(target, "Connection: keep-alive", version="1.0")
        assert (answer.status, answer["connection"]) == (200, "keep-alive")


def test_old_client_may_name_no_host(front):
    talk = front.talk().say("GET /echo/ HTTP/1.0\r\n\r\n")
    assert talk.hear().status == 200


@pytest.mark.parametrize("target", ["/page/", "/slow/"])
def test_client_that_writes_no_more_still_gets_its_answer(front, stored, target):
    talk = front.talk().get(target).say_no_more()
    if target == "/slow/":
        front.paper.wait_for_arrival()
        front.paper.open_gate()
    assert talk.hear().status == 200
    assert talk.is_closed()


def test_client_that_leaves_in_the_middle_of_its_body_is_forgotten(front):
    talk = front.talk().get("/echo/left/", "Content-Length: 10", method="POST").say(b"abc")
    front.paper.wait_for_arrival()
    talk.close()
    front.talk().ask("/echo/")
    deadline = time.monotonic() + 10
    while front.paper.left != ["/echo/left/"]:
        assert time.monotonic() < deadline
        front.talk().ask("/page/")


def test_other_protocols_are_not_taken_up(front, stored):
    talk = front.talk()
    answer = talk.ask(stored, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAA")
    assert (answer.status, answer["connection"]) == (200, "close")
    assert talk.is_closed()


# What the application gets and says -------------------------------------------------------------------------


def test_fields_only_we_may_set_are_dropped(front):
    said = (
        front.talk()
        .ask(
            "/echo/",
            "X-Forwarded-For: 8.8.8.8",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: evil.example",
            "Forwarded: for=8.8.8.8",
            "X-Real-IP: 8.8.8.8",
            "X_Forwarded_For: 8.8.8.8",
            "Surrogate-Capability: a=ESI/1.0",
            "Coranto-Entitlement: staff",
            "Connection: keep-alive, X-Gone",
            "TE: trailers",
            "X-Kept: yes",
        )
        .json
    )
    assert said["headers"] == [["host", "localhost"], ["x-kept", "yes"]]
    assert (said["client"], said["scheme"]) == ("127.0.0.1", "http")


def test_fields_the_client_calls_its_own_hops_are_dropped(front):
    said = front.talk().ask(
        "/echo/", "Connection: Close, Cookie , Host", "Connection: x-mine", "Cookie: a=1", "X-Mine: 1"
    )
    assert said.json["headers"] == [["host", "localhost"]]


def test_target_with_scheme_and_host_counts_as_that_host(front):
    talk = front.talk().say("GET http://localhost:80/echo/?a=b HTTP/1.1\r\nHost: other.example\r\n\r\n")
    assert talk.hear().json["headers"] == [["host", "localhost:80"]]
    assert front.paper.asked == ["/echo/?a=b"]


def test_applications_own_framing_and_clock_are_replaced(front):
    talk = front.talk().get("/stream/")
    front.paper.wait_for_arrival()
    lines = [line for line in (talk._file.readline() for _ in range(4)) if line != b"\r\n"]
    assert [line.split(b":")[0] for line in lines] == [b"HTTP/1.1 200 OK\r\n", b"transfer-encoding", b"date"]


def test_answer_without_a_body_has_none(front):
    talk = front.talk()
    answer = talk.ask("/nothing/")
    assert (answer.status, answer.get("transfer-encoding"), answer.body) == (204, None, b"")
    assert talk.ask("/nothing/").status == 204


def test_failure_of_the_application_is_a_plain_sentence(front, caplog):
    answer = front.talk().ask("/crash/")
    assert (answer.status, answer.body) == (500, b"Something went wrong here. It has been noted.\n")
    assert "the application has failed" in caplog.text


def test_health_is_answered_here(front):
    answer = front.talk().ask("/-/health/")
    assert (answer.status, answer.body) == (200, b"ok\n")
    assert front.paper.asked == []


def test_slow_reader_does_not_fill_the_memory(front):
    talk = front.talk(receive_buffer=4_096).get("/stream/")
    front.paper.wait_for_arrival()
    seen = -1
    while seen != (seen := front.paper.on_loop(lambda: front.paper.sent)):  # until it stands still
        front.talk().ask("/page/")
    assert seen < 20_000_000
    waiting = front.paper.on_loop(
        lambda: sum(each.transport.get_write_buffer_size() for each in front.state.connections)
    )
    assert waiting < 1_000_000
    assert len(talk.hear().body) == 640 * 65_536


def test_slow_reader_of_hits_is_not_given_more_than_it_takes(front, stored):
    talk = front.talk(receive_buffer=4_096)
    for _ in range(40):
        talk.say(b"GET /page/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20)
    held = front.paper.on_loop(lambda: max(each.transport.get_write_buffer_size() for each in front.state.connections))
    assert held < 1_000_000
    assert {talk.hear().status for _ in range(20)} == {200}
