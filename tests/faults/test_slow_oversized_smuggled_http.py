"""Fault 39: clients that are slow, send too much, or say one thing to us and another to the app.

Limits hold, each is told so in the right words, and other readers notice nothing. The edge is the real process; behind it
stands an app that notes what reaches it.
"""

from __future__ import annotations

import contextlib
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "delivery" / "edge"))

from edges import ARTICLE, App, Edge, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talking import Talk

HOST = "Host: localhost\r\n"
SMUGGLED = f"GET /page/smuggled/ HTTP/1.1\r\n{HOST}\r\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("edge")


@pytest.fixture(scope="module")
def common_app(folder) -> Iterator[App]:
    app = App(folder / "app.sock")
    yield app
    app.stop()


@pytest.fixture
def app(common_app) -> App:
    common_app.asked.clear()
    return common_app


@pytest.fixture(scope="module")
def patient_edge(folder, common_app) -> Iterator[Edge]:
    edge = Edge(folder)
    edge.talk().ask("/page/")
    yield edge
    edge.close()


@pytest.fixture
def edge(patient_edge, app) -> Iterator[Edge]:
    """With the limits a site has."""
    yield patient_edge
    patient_edge.hang_up()


@pytest.fixture
def hasty(tmp_path, app) -> Iterator[Edge]:
    """With times so short that a test can wait for their end, and room for few."""
    (tmp_path / "app.sock").symlink_to(app.path)
    edge = Edge(
        tmp_path,
        limits="Limits(head_time=1, body_time=1, body_rate=1_000_000, idle_time=1, lingering_time=1, connections=100)",
    )
    edge.talk().ask("/page/")
    app.asked.clear()
    yield edge
    edge.close()


def reads_on(edge: Edge) -> bool:
    """Whether a reader gets the stored page, asking anew and without the app."""
    return edge.talk().ask("/page/", "Connection: close").body == ARTICLE


def told(talk: Talk) -> int | None:
    """The status of the answer; None where the connection was cut while we still sent."""
    try:
        return talk.hear().status
    except (ConnectionError, OSError):
        return None


# Smuggled -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: chunked;q=1\r\n",
        "Transfer-Encoding: \x0bchunked\r\n",
        "Transfer-Encoding\t: chunked\r\n",
        "Transfer-Encoding\r\n : chunked\r\n",
        "X: y\nTransfer-Encoding: chunked\r\n",
        "X: y\rTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\n Content-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 0\r\n",
        "Content-Length: 5, 0\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: +5\r\n",
        "Content-Length : 5\r\n",
        "Content-Length: 5\r\nConnection: upgrade\r\nUpgrade: websocket\r\n",
        "Transfer-Encoding: chunked\r\nConnection: upgrade\r\nUpgrade: h2c\r\n",
    ],
)
def test_request_cannot_hide_in_another(edge, app, fields):
    talk = edge.talk().say(f"POST /echo/ HTTP/1.1\r\n{HOST}{fields}\r\n0\r\n\r\n{SMUGGLED}")
    assert talk.hear().status in {400, 501}
    assert talk.is_closed()
    assert app.asked == []
    assert reads_on(edge)


@pytest.mark.parametrize(
    "body",
    [
        "3\r\nabcd\r\n0\r\n\r\n",
        "3\nabc\n0\n\n",
        "-3\r\nabc\r\n0\r\n\r\n",
        "0x3\r\nabc\r\n0\r\n\r\n",
        " 3\r\nabc\r\n0\r\n\r\n",
        "ffffffffffffffff3\r\nabc\r\n0\r\n\r\n",
        "3;x\rabc\r\n0\r\n\r\n",
        "3;x=\ny\r\nabc\r\n0\r\n\r\n",
        "zzz\r\n",
        "3\r\nabc\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_chunks_are_read_in_one_way_only(edge, app, body):
    talk = edge.talk().say(f"POST /echo/ HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n{body}{SMUGGLED}")
    assert talk.hear().status == 400
    assert talk.is_closed()
    assert app.asked == []


def test_what_the_app_does_not_read_is_not_taken_for_a_request(edge, app):
    talk = edge.talk().say(f"GET /echo/ HTTP/1.1\r\n{HOST}Content-Length: {len(SMUGGLED)}\r\n\r\n{SMUGGLED}")
    talk.get("/page/")
    assert talk.hear().body.startswith(b"GET ")
    assert talk.hear().body == ARTICLE
    assert app.asked == ["/echo/"]


def test_headers_cannot_be_split_by_an_address(edge, app):
    talk = edge.talk().ask("/echo/%0d%0aX-Evil:%20yes%0d%0a%0d%0aGET%20/page/smuggled/")
    assert talk.status == 200
    assert app.asked == ["/echo/%0d%0aX-Evil:%20yes%0d%0a%0d%0aGET%20/page/smuggled/"]


# Oversized ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "head"),
    [
        (431, f"GET /page/ HTTP/1.1\r\n{HOST}X-Large: {'x' * 65_536}\r\n\r\n"),
        (431, f"GET /page/ HTTP/1.1\r\n{HOST}{'x' * 65_536}: y\r\n\r\n"),
        (
            431,
            f"GET /page/ HTTP/1.1\r\n{HOST}{''.join(f'X-{number}: y{chr(13)}{chr(10)}' for number in range(10_000))}\r\n",
        ),
        (431, f"GET /page/ HTTP/1.1\r\n{HOST}Cookie: {'a=b; ' * 10_000}\r\n\r\n"),
        (414, f"GET /{'x' * 65_536} HTTP/1.1\r\n{HOST}\r\n"),
        (413, f"POST /echo/ HTTP/1.1\r\n{HOST}Content-Length: 104857600\r\n\r\n"),
        (413, f"POST /admin/ HTTP/1.1\r\n{HOST}Content-Length: 1048576000\r\n\r\n"),
    ],
)
def test_head_that_is_too_large_or_promises_too_much_is_refused(edge, app, status, head):
    talk = edge.talk().say(head)
    assert talk.hear().status == status
    assert talk.is_closed()
    assert app.asked == []
    assert reads_on(edge)


def test_hundred_megabytes_reach_neither_the_app_nor_the_memory(edge, app):
    before = edge.memory()
    talk = edge.talk().get("/echo/", "Transfer-Encoding: chunked", method="POST")
    piece = b"10000\r\n" + b"x" * 65_536 + b"\r\n"
    with contextlib.suppress(OSError):  # we are cut off while we send
        for _ in range(1_600):
            talk.say(piece)
    assert told(talk) in {413, None}
    assert app.asked == []
    assert edge.memory() - before < 20_000
    assert reads_on(edge)


def test_editors_large_upload_passes_and_lies_on_the_disk_meanwhile(edge, app):
    before, size = edge.memory(), 60 << 20
    talk = edge.talk().get("/admin/images/add/", f"Content-Length: {size}", method="POST")
    for _ in range(size >> 16):
        talk.say(b"x" * 65_536)
    assert reads_on(edge)
    assert talk.hear().status == 200
    assert app.asked == ["/admin/images/add/"]
    assert edge.memory() - before < 20_000


def test_endless_pipeline_is_cut(edge, app):
    talk = edge.talk()
    talk.say("".join([f"GET /slow/ HTTP/1.1\r\n{HOST}\r\n", *[f"GET /echo/ HTTP/1.1\r\n{HOST}\r\n"] * 1_000]))
    assert app.arrived.acquire(timeout=20)
    assert reads_on(edge)
    app.gate.set()
    statuses = []
    while (status := told(talk)) is not None:
        statuses.append(status)
    assert statuses == [200] * 33 + [503]
    app.gate.clear()


def test_reader_who_asks_for_much_and_takes_nothing_costs_little(edge):
    before = edge.memory()
    talks = [edge.talk(receive_buffer=4_096) for _ in range(50)]
    for talk in talks:
        talk.socket.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            for _ in range(200):
                talk.say(f"GET /page/ HTTP/1.1\r\n{HOST}\r\n" * 10)
    assert reads_on(edge)
    assert edge.memory() - before < 30_000


# Slow -----------------------------------------------------------------------------------------------------------


def test_heads_that_never_end_are_refused_and_nobody_waits_for_them(hasty, app):
    slow = [hasty.talk().say(f"GET /page/ HTTP/1.1\r\n{HOST}X-") for _ in range(60)]
    assert reads_on(hasty)  # in the meantime
    for talk in slow:
        with contextlib.suppress(OSError):
            talk.say("slow")
    assert {told(talk) for talk in slow} == {408}
    assert all(talk.is_closed() for talk in slow)
    assert app.asked == []


def test_heads_of_nothing_but_empty_lines_end_too(hasty):
    talk = hasty.talk().say("\r\n\r\n")

    def is_cut():
        try:
            talk.say("\r\n")
        except OSError:
            return True
        return False

    until(is_cut)
    assert reads_on(hasty)


def test_bodies_that_never_end_hold_no_thread_of_the_app(hasty, app):
    slow = [hasty.talk().get("/echo/", "Content-Length: 500000", method="POST").say("a little") for _ in range(60)]
    assert hasty.talk().ask("/echo/").status == 200
    assert {told(talk) for talk in slow} == {408}
    assert app.asked == ["/echo/"]


def test_idle_connections_make_room_for_readers(hasty, app):
    idle = [hasty.talk() for _ in range(300)]  # three times what there is room for
    assert reads_on(hasty)
    assert all(talk.is_closed() for talk in idle)
    assert reads_on(hasty)


def hold_idle(edge: Edge, number: int) -> None:
    before = edge.memory()
    idle = [edge.talk() for _ in range(number)]
    for talk in idle[::2]:
        assert talk.ask("/page/").body == ARTICLE
    working = edge.talk()
    for _ in range(200):
        assert working.ask("/page/").body == ARTICLE
        assert reads_on(edge)
    assert edge.memory() - before < 1_000 + number * 12


def test_many_idle_connections_hurt_nobody(edge):
    hold_idle(edge, 400)


@pytest.mark.long
def test_five_thousand_idle_connections_hurt_nobody(edge):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        hold_idle(edge, 5_000)
    finally:
        edge.hang_up()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
