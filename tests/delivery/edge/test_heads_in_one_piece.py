"""Requests in one piece are read quickly, and only where that means the same."""

from __future__ import annotations

import pytest

from coranto.delivery.edge.whole import WholeHeads

PLAIN = b"GET /page/?a=b HTTP/1.1\r\nHost: localhost\r\n"


@pytest.mark.parametrize(
    "more",
    [
        b"",
        b"Connection: keep-alive\r\n",
        b"User-Agent: Browser/1.0 (X; Y)\r\nAccept: */*\r\nAccept-Encoding: gzip, br\r\n",
        b'Cookie: a=b; c=d\r\nIf-None-Match: "x"\r\nsec-ch-ua-mobile: ?0\r\n',
    ],
)
def test_simple_request_is_read(more):
    heads = WholeHeads()
    for _ in range(3):
        assert heads.read(PLAIN + more + b"\r\n") == b"/page/?a=b"
        assert heads.fields[b"Host"] == b"localhost"
        assert len(heads.fields) == 1 + more.count(b"\n")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GET /",
        PLAIN,
        PLAIN + b"\r\n" + PLAIN + b"\r\n",
        PLAIN + b"\r\nGET /other/ HTTP/1.1\r\n\r\n",
        PLAIN + b"Host: localhost\r\n\r\n",
        PLAIN + b"host: other\r\n\r\n",
        PLAIN + b"Cookie: a=b\r\nCookie: c=d\r\n\r\n",
        PLAIN + b"cookie: coranto_session=x\r\n\r\n",
        PLAIN + b"COOKIE: coranto_session=x\r\n\r\n",
        PLAIN + b"Authorization: Basic x\r\n\r\n",
        PLAIN + b"Range: bytes=0-1\r\n\r\n",
        PLAIN + b"Surrogate-Capability: x=ESI/1.0\r\n\r\n",
        PLAIN + b"X-Unknown: 1\r\n\r\n",
        PLAIN + b"Content-Length: 4\r\n\r\n\r\n\r\n",
        PLAIN + b"Content-Length: 0\r\n\r\n",
        PLAIN + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        PLAIN + b"Connection: close\r\n\r\n",
        PLAIN + b"Connection: keep-alive, close\r\n\r\n",
        PLAIN + b"Connection: upgrade\r\nUpgrade: h2c\r\n\r\n",
        PLAIN + b"Accept: a\r\n b\r\n\r\n",
        PLAIN + b"Accept : a\r\n\r\n",
        PLAIN + b"Accept: a\x00b\r\n\r\n",
        PLAIN + b"Accept: a\nHost: b\r\n\r\n",
        PLAIN.replace(b"1.1", b"1.0") + b"\r\n",
        PLAIN.replace(b"1.1", b"2.0") + b"\r\n",
        PLAIN.replace(b"GET", b"HEAD") + b"\r\n",
        PLAIN.replace(b"GET", b"POST") + b"\r\n",
        PLAIN.replace(b"GET ", b"GET  ") + b"\r\n",
        b"\r\n" + PLAIN + b"\r\n",
        b"GET http://localhost/page/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    ],
)
def test_anything_else_is_left_to_the_connections_own_parser(data):
    heads = WholeHeads()
    assert heads.read(data) is None
    assert heads.read(PLAIN + b"\r\n") == b"/page/?a=b"
    assert heads.fields == {b"Host": b"localhost"}


def test_piece_that_looks_whole_but_continues_another_is_read_as_what_it_is(front):
    front.talk().ask("/page/")
    talk = front.talk().say("GET ")
    own = talk.socket.getsockname()
    while not front.paper.on_loop(
        lambda: [each.is_between for each in front.state.connections if each.client == own] == [False]
    ):
        pass
    talk.say("GET /page/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert talk.hear().status in {400, 501}
    assert talk.is_closed()
    assert front.talk().ask("/page/").get("x-made") is None
