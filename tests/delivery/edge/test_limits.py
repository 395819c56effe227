"""What a client may not do, and that one who does it hurts nobody else."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket

import pytest

from coranto.delivery.edge.limits import Limits, Watch
from coranto.delivery.edge.protocol import EdgeProtocol

# Requests that are refused --------------------------------------------------------------------------------------

HEAD = "GET /page/ HTTP/1.1\r\nHost: localhost\r\n"
POST = "POST /echo/ HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = POST + "Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("status", "request_bytes"),
    [
        (400, "GET /page/ HTTP/1.1\r\n\r\n"),
        (400, HEAD + "Host: localhost\r\n\r\n"),
        (400, "GET /page/ HTTP/1.1\r\nHost: a b\r\n\r\n"),
        (400, "GET /page/ HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        (400, "GET /page/ HTTP/1.1\r\nHost: user@a\r\n\r\n"),
        (400, "GET /page/ HTTP/1.1\r\nHost: [::1\r\n\r\n"),
        (400, "GET /page/ HTTP/1.1\r\nHost: \r\n\r\n"),
        (400, "GET /page/ HTTP/1.1\r\nHost: localhost\r\nHost : localhost\r\n\r\n"),
        (400, "GET http://a@b/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        (400, "GET page HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (400, "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (400, "GET /page/#part HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (400, "GET /page/ä HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (400, HEAD + "X-Folded: a\r\n b\r\n\r\n"),
        (400, HEAD + "X-Odd: a\x00b\r\n\r\n"),
        (400, HEAD + "X-Odd: a\x01b\r\n\r\n"),
        (400, HEAD + "X-Odd: a\rb\r\n\r\n"),
        (400, HEAD + "No colon\r\n\r\n"),
        (400, HEAD.replace("\r\n", "\n") + "\n"),
        (400, POST + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
        (400, POST + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"),
        (400, POST + "Content-Length: 3, 3\r\n\r\nabc"),
        (400, POST + "Content-Length: +3\r\n\r\nabc"),
        (400, POST + "Content-Length: -3\r\n\r\nabc"),
        (400, POST + "Content-Length: 0x3\r\n\r\nabc"),
        (400, POST + "Content-Length: three\r\n\r\nabc"),
        (400, POST + "Content-Length: 99999999999999999999999\r\n\r\nabc"),
        (400, POST + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (400, POST + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n"),
        (400, POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (501, POST + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        (400, POST + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"),
        (400, POST + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"),
        (501, POST + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        (400, POST.replace("1.1", "1.0") + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        (400, POST + "Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\nabc"),
        (400, CHUNKED + "zz\r\n\r\n"),
        (400, CHUNKED + "-1\r\n\r\n"),
        (400, CHUNKED + "0x3\r\nabc\r\n0\r\n\r\n"),
        (400, CHUNKED + "fffffffffffffffff\r\nabc\r\n0\r\n\r\n"),
        (400, CHUNKED + "3\r\nabcd\r\n0\r\n\r\n"),
        (400, CHUNKED + "3;a\nb\r\nabc\r\n0\r\n\r\n"),
        (400, CHUNKED + "3\nabc\n0\n\n"),
        (400, CHUNKED + "3\r\nabc\r\n0\r\nContent-Length: 3\r\n\r\n"),
        (417, POST + "Expect: 200-maybe\r\nContent-Length: 3\r\n\r\n"),
        (501, "BREW /pot HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (501, "get /page/ HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (501, "TRACE /page/ HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (501, "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (501, "PROPFIND /page/ HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (505, "GET /page/ HTTP/2.0\r\nHost: localhost\r\n\r\n"),
        (505, "GET /page/ HTTP/0.9\r\nHost: localhost\r\n\r\n"),
        (400, "GET /page/ HTTP/1.2\r\nHost: localhost\r\n\r\n"),
        (400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        (400, "\x16\x03\x01\x02\x00\x01\x00\x01"),
        (400, "\x00\x00\x00\x00"),
        (414, f"GET /{'a' * 8_200} HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        (414, f"GET /{'a' * 400_000}"),
        (431, HEAD + f"X-Large: {'a' * 33_000}\r\n\r\n"),
        (431, HEAD + f"X-Large: {'a' * 400_000}"),
        (431, HEAD + "".join(f"X-{number}: a\r\n" for number in range(100)) + "\r\n"),
        (431, HEAD + "A: a\r\n" * 10_000 + "\r\n"),
        (413, POST + "Content-Length: 1048577\r\n\r\n"),
        (413, POST + "Expect: 100-continue\r\nContent-Length: 1048577\r\n\r\n"),
        (413, CHUNKED + f"{1_048_577:x}\r\n{'a' * 1_048_577}\r\n0\r\n\r\n"),
    ],
)
def test_request_is_refused_and_the_connection_ends(front, status, request_bytes):
    front.talk().ask("/page/")
    front.paper.asked.clear()
    talk = front.talk().say(request_bytes)
    answer = talk.hear()
    assert (answer.status, answer["connection"]) == (status, "close")
    assert answer.body.endswith(b".\n")
    assert talk.is_closed()
    assert front.paper.asked in ([], ["/echo/"])
    assert front.talk().ask("/page/").get("x-made") is None


def test_what_is_refused_after_something_else_is_refused_in_its_turn(front):
    talk = front.talk().get("/slow/").get("/echo/").say("GET /page/ HTTP/1.1\r\n\r\n").get("/page/")
    front.paper.wait_for_arrival()
    front.paper.open_gate()
    assert [talk.hear().status for _ in range(3)] == [200, 200, 400]
    assert talk.is_closed()
    assert front.paper.asked == ["/slow/", "/echo/"]


def test_nothing_can_be_smuggled_behind_a_refused_body(front):
    talk = front.talk().say(POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HEAD + "\r\n")
    assert talk.hear().status == 400
    assert talk.is_closed()
    assert front.paper.asked == []


def test_more_requests_than_may_wait_behind_one_are_refused(front):
    talk = front.talk().say(
        "".join([HEAD.replace("page", "slow") + "\r\n", *[HEAD.replace("page", "echo") + "\r\n"] * 40])
    )
    front.paper.wait_for_arrival()
    front.paper.open_gate()
    assert [talk.hear().status for _ in range(34)] == [200] * 33 + [503]
    assert talk.is_closed()


def test_too_many_requests_at_once_are_told_to_come_back(make_front):
    front = make_front(limits={"requests": 3})
    waiting = [front.talk().get("/slow/") for _ in range(3)]
    for _ in waiting:
        front.paper.wait_for_arrival()
    answer = front.talk().ask("/echo/")
    assert (answer.status, answer["retry-after"]) == (503, "5")
    assert front.talk().ask("/-/health/").status == 200
    front.paper.open_gate()
    assert {talk.hear().status for talk in waiting} == {200}
    assert front.talk().ask("/echo/").status == 200


# Bodies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 65_536, 300_000, 1_048_576])
def test_body_arrives_as_it_was_sent(front, size):
    import hashlib

    body = os.urandom(size)
    said = front.talk().post("/echo/", body).json
    assert (said["length"], said["sha256"]) == (size, hashlib.sha256(body).hexdigest())


def test_body_in_chunks_arrives_whole(front):
    talk = front.talk().say(CHUNKED + "3;note=x\r\nabc\r\n5\r\nde\r\nf\r\n0\r\nX-Trailer: 1\r\n\r\n")
    said = talk.hear().json
    assert (said["length"], [name for name, _value in said["headers"]]) == (8, ["host"])
    assert talk.ask("/page/").status == 200


def test_chunks_that_are_nearly_all_framing_are_refused(front):
    talk = front.talk().say(CHUNKED)
    with pytest.raises((ConnectionError, AssertionError)):  # noqa: PT012 - it may be refused while it still sends
        for _ in range(200):
            talk.say(f"1;{'x' * 1_000}\r\na\r\n")
        assert talk.hear().status == 200
    assert front.talk().ask("/page/").status == 200


def test_large_upload_is_for_the_admin_alone(front):
    body = b"a" * 3_000_000
    talk = front.talk().get("/admin/images/", f"Content-Length: {len(body)}", method="POST")
    assert talk.say(body).hear().status == 200
    assert front.talk().get("/article/", f"Content-Length: {len(body)}", method="POST").hear().status == 413
    assert front.talk().get("/admin/x", f"Content-Length: {101 << 20}", method="POST").hear().status == 413


def test_client_that_asks_first_is_told_to_send(front):
    talk = front.talk().get("/echo/", "Expect: 100-continue", "Content-Length: 3", method="POST")
    assert talk.hear().status == 100
    assert talk.say(b"abc").hear().json["length"] == 3


def test_client_that_asks_first_may_be_refused_without_sending(front):
    talk = front.talk().get("/hasty/", "Expect: 100-continue", "Content-Length: 300000", method="POST")
    assert talk.hear().status == 403


def test_answer_that_does_not_wait_for_the_body_is_heard(front):
    talk = front.talk().get("/hasty/", "Content-Length: 900000", method="POST").say(b"a" * 900_000)
    assert talk.hear().status == 403
    assert talk.ask("/page/").status == 200


# The timer ----------------------------------------------------------------------------------------------------


class Clock:
    def __init__(self, now=1_000.0):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def clock(front):
    """The clock of the front's timer, to be moved; the timer itself is rung by the test."""
    watch = _watch_of(front)
    clock = Clock(watch.now)
    original = watch._clock
    watch._clock = clock
    yield clock, lambda: front.paper.on_loop(watch.tick)
    watch._clock = original
    front.hang_up()
    front.paper.on_loop(watch.tick)


def _watch_of(front):
    front.talk().ask("/page/")
    return next(iter(front.state.connections)).watch


def _pass(clock, seconds):
    moved, tick = clock
    tick()
    moved.now += seconds
    tick()


def _settled(front, talk, data):
    """Send, and wait until it has arrived."""
    own = talk.socket.getsockname()
    talk.say(data)

    def arrived():
        (connection,) = [each for each in front.state.connections if each.client == own]
        return not connection.is_between

    while not front.paper.on_loop(arrived):
        pass


def test_head_that_takes_too_long_is_refused(front, clock):
    talk = front.talk()
    clock[1]()
    _settled(front, talk, "GET /page/ HTTP/1.1\r\nHost: loc")
    _pass(clock, 9)
    talk.say("al")
    _pass(clock, 2)
    assert talk.hear().status == 408
    assert talk.is_closed()


def test_body_that_comes_too_slowly_is_refused(front, clock):
    talk = front.talk()
    clock[1]()
    _settled(front, talk, POST + "Content-Length: 900000\r\n\r\nabc")
    _pass(clock, 21)
    assert talk.hear().status == 408
    assert talk.is_closed()
    assert front.talk().ask("/page/").status == 200
    assert front.paper.left == ["/echo/"]


def test_body_that_keeps_its_pace_is_waited_for(front, clock):
    talk = front.talk()
    clock[1]()
    _settled(front, talk, POST + "Content-Length: 30000\r\n\r\n" + "a" * 20_000)
    own = talk.socket.getsockname()
    while not front.paper.on_loop(
        lambda: [each._body_size for each in front.state.connections if each.client == own] == [20_000]
    ):
        pass
    _pass(clock, 55)
    assert talk.say(b"a" * 10_000).hear().json["length"] == 30_000


def test_idle_connection_is_closed_and_a_working_one_is_not(front, clock):
    idle, working = front.talk(), front.talk()
    idle.ask("/page/")
    working.get("/slow/")
    front.paper.wait_for_arrival()
    clock[1]()
    _pass(clock, 16)
    assert idle.is_closed()
    front.paper.open_gate()
    assert working.hear().status == 200


def test_reader_who_takes_nothing_is_let_go(front, clock):
    talk = front.talk(receive_buffer=4_096).get("/stream/")
    front.paper.wait_for_arrival()
    seen = -1
    while seen != (seen := front.paper.on_loop(lambda: front.paper.sent)):
        front.talk().ask("/page/")
    _pass(clock, 5)
    _pass(clock, 61)
    taken = 0
    with contextlib.suppress(ConnectionResetError):
        while piece := talk.socket.recv(1_000_000):
            taken += len(piece)
    assert taken < 40_000_000


def _take_nothing_of(front, target, *headers):
    """A reader who asks for a page and takes nothing of it, and the edge's side of the connection."""
    front.talk().ask(target)
    talk = front.talk(receive_buffer=4_096)
    talk.ask("/page/")
    own = talk.socket.getsockname()

    def find():
        (found,) = [each for each in front.state.connections if each.client == own]
        # The system must not take it all for the reader.
        found.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
        return found

    connection = front.paper.on_loop(find)
    talk.get(target, *headers)
    while not front.paper.on_loop(connection.transport.get_write_buffer_size):
        pass
    return talk, connection


@pytest.mark.parametrize("stays", ["close", "keep-alive"])
def test_reader_who_takes_nothing_of_a_stored_page_is_let_go(front, clock, stays):
    _talk, connection = _take_nothing_of(front, "/large/", f"Connection: {stays}")
    _pass(clock, 5)
    _pass(clock, 61)
    assert not front.paper.on_loop(lambda: connection in front.state.connections)


@pytest.mark.parametrize("stays", ["close", "keep-alive"])
def test_reader_who_has_not_taken_its_answer_is_not_idle(front, stays):
    _talk, connection = _take_nothing_of(front, "/large/", f"Connection: {stays}")
    assert front.paper.on_loop(connection.close_if_idle) is False


def test_where_no_connection_is_idle_no_more_are_taken(make_front):
    front = make_front(limits={"connections": 3})
    working = [front.talk().get("/slow/") for _ in range(4)]
    for _ in working:
        front.paper.wait_for_arrival()
    assert all(front.talk().is_closed() for _ in range(3))
    assert front.paper.on_loop(lambda: len(front.state.connections)) == 4
    front.paper.open_gate()
    assert {talk.hear().status for talk in working} == {200}
    front.paper.on_loop(next(iter(front.state.connections)).watch.tick)
    assert front.talk().ask("/page/").status == 200


def test_oldest_idle_connections_make_room(make_front):
    front = make_front(limits={"connections": 10})
    working = front.talk().get("/slow/")
    front.paper.wait_for_arrival()
    talks = []
    for _ in range(30):
        talk = front.talk()
        assert talk.ask("/page/").status == 200
        talks.append(talk)
    assert front.paper.on_loop(lambda: len(front.state.connections)) <= 11
    assert all(talk.is_closed() for talk in talks[:19])
    assert talks[-1].ask("/page/").status == 200
    front.paper.open_gate()
    assert working.hear().status == 200


def test_one_timer_looks_at_all_connections_once_a_second():
    looked = []

    class Connection:
        since = 0.0

        def look(self, now):
            looked.append(now)

    clock = Clock()
    watch = Watch(Limits(), [Connection(), Connection()], clock=clock, calendar=lambda: 784_111_777)
    loop = asyncio.new_event_loop()
    try:
        watch.start(loop)
        assert len(watch._handle._args) == 1
        assert watch._handle.when() - loop.time() <= 1.0
        watch.stop()
    finally:
        loop.close()
    assert looked == [1_000.0, 1_000.0]
    assert watch.date == b"date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\r\n"


def test_connection_that_cannot_be_looked_at_keeps_the_timer_from_nothing(caplog):
    looked = []

    class Broken:
        def look(self, now):
            raise RuntimeError(now)

    class Sound:
        def look(self, now):
            looked.append(now)

    clock = Clock()
    watch = Watch(Limits(), [Broken(), Sound()], clock=clock)
    watch.tick()
    watch.tick()
    assert looked == [1_000.0, 1_000.0]
    assert [record.getMessage() for record in caplog.records] == ["A connection could not be looked at"]


def test_no_timer_is_set_for_a_request(front, monkeypatch):
    """uvicorn sets one for each: at these rates that is a cost."""
    assert EdgeProtocol.timeout_keep_alive_handler  # what it would call
    front.talk().ask("/echo/")
    assert {each.timeout_keep_alive_task for each in front.state.connections} == {None}


def test_connection_that_is_reset_hurts_nobody(front):
    talk = front.talk().get("/slow/")
    front.paper.wait_for_arrival()
    talk.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
    talk.close()
    assert front.talk().ask("/page/").status == 200
    front.paper.open_gate()
    assert front.talk().ask("/echo/").status == 200
