import gzip
import io
import socket
import threading
import time
import tracemalloc
import zlib

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coranto.kit.fetch import Fetcher, FetchError, fetch

ANY = {"*/*"}
PUBLIC = "93.184.215.14"


def test_page_comes_with_its_address_status_and_bare_content_type(press, fetcher):
    press.page("/news?a=1", b"Hello", "Text/HTML; charset=utf-8")
    got = fetcher.fetch("http://press.example/news?a=1#top", accept={"text/html"})
    assert (got.url, got.status, got.content_type, got.body) == (
        "http://press.example/news?a=1",
        200,
        "text/html",
        b"Hello",
    )


def test_one_call_needs_no_fetcher(press):
    press.page("/", b"Hello")
    got = fetch(
        f"http://press.example:{press.port}/",
        accept=ANY,
        resolver=lambda host, port: ["127.0.0.1"],
        allow=lambda address: str(address) == "127.0.0.1",
        ports={press.port},
    )
    assert got.body == b"Hello"


def test_large_body_goes_to_a_file(press, fetcher):
    press.page("/big", b"x" * 300_000, "video/mp4")
    file = io.BytesIO()
    got = fetcher.fetch_into(file, "http://press.example/big", accept={"video/*"})
    assert (got.size, file.getvalue()) == (300_000, b"x" * 300_000)


def test_request_says_who_asks_and_for_what_and_wants_no_compression(press, fetcher):
    press.page("/")
    fetcher.fetch("http://press.example/", accept=["text/html", "image/*"], headers={"Accept-Language": "de"})
    (_, headers), *_ = press.asked
    assert headers["user-agent"].startswith("Coranto/")
    assert headers["accept"] == "text/html, image/*"
    assert headers["accept-encoding"] == "identity"
    assert headers["accept-language"] == "de"
    assert headers["host"] == "press.example"


@pytest.mark.parametrize("name", ["Host", "Accept-Encoding", "transfer-encoding", "Content-Length"])
def test_caller_cannot_set_the_headers_that_frame_a_request(fetcher, name):
    with pytest.raises(ValueError, match="not for the caller"):
        fetcher.fetch("http://press.example/", accept=ANY, headers={name: "x"})


def test_accept_is_not_one_string(fetcher):
    with pytest.raises(TypeError):
        fetcher.fetch("http://press.example/", accept="image/*")


def test_connection_is_kept_for_the_next_picture(press, fetcher):
    for number in range(5):
        press.page(f"/{number}.png", b"png", "image/png")
        fetcher.fetch(f"http://press.example/{number}.png", accept={"image/*"})
    assert press.connections == 1


def test_connection_outlives_a_missing_picture_and_a_redirect(press, fetcher):
    press.page("/gone", b"Not found", status=404)
    press.page("/old", b"Moved", status=301, Location="/new")
    press.page("/new", b"New")
    with pytest.raises(FetchError):
        fetcher.fetch("http://press.example/gone", accept=ANY)
    assert fetcher.fetch("http://press.example/old", accept=ANY).body == b"New"
    assert press.connections == 1


def test_kept_connection_that_the_server_drops_on_use_is_replaced(press, fetcher):
    press.page("/first", b"1")
    dropped = []

    def drop_once(handler):
        handler.close_connection = True
        if dropped:
            handler.send_response(200)
            handler.send_header("Content-Type", "text/html")
            handler.send_header("Content-Length", "1")
            handler.end_headers()
            handler.wfile.write(b"2")
        dropped.append(True)

    press.pages["/second"] = drop_once
    fetcher.fetch("http://press.example/first", accept=ANY)
    assert fetcher.fetch("http://press.example/second", accept=ANY).body == b"2"
    assert press.connections == 2


def test_new_connection_that_the_server_drops_is_an_error(press, fetcher):
    press.raw("/drop")
    assert refusal(fetcher, "http://press.example/drop") == "network"
    assert len(press.asked) == 1


def test_many_threads_share_a_fetcher(press, fetcher):
    for number in range(40):
        press.page(f"/{number}", str(number).encode())
    got = {}

    def ask(number):
        got[number] = fetcher.fetch(f"http://press.example/{number}", accept=ANY).body

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == {number: str(number).encode() for number in range(40)}


def test_cookies_are_not_kept(press, fetcher):
    press.page("/", b"", Set_Cookie="a=1")
    fetcher.fetch("http://press.example/", accept=ANY)
    fetcher.fetch("http://press.example/", accept=ANY)
    assert "cookie" not in press.asked[1][1]


def test_proxy_of_the_environment_is_not_used(press, fetcher, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    press.page("/", b"direct")
    assert fetcher.fetch("http://press.example/", accept=ANY).body == b"direct"


# Redirects


def test_redirects_are_followed_as_often_as_allowed_and_no_further(press, fetcher):
    for number in range(4):
        press.page(f"/{number}", status=302, Location=f"{number + 1}")
    press.page("/4", b"end")
    assert fetcher.fetch("http://press.example/1", accept=ANY).url == "http://press.example/4"
    assert refusal(fetcher, "http://press.example/0") == "redirects"
    assert refusal(fetcher, "http://press.example/3", max_redirects=0) == "redirects"


@pytest.mark.parametrize("location", ["", "http://[", "http://a b/", "http://:99999999/"])
def test_redirect_to_nowhere_is_an_error(press, fetcher, location):
    press.page("/", status=301, Location=location)
    assert refusal(fetcher, "http://press.example/") in {"redirects", "address"}


def test_redirect_may_lead_from_http_to_https(press, secure_press, fetcher, detour):
    press.page("/", status=301, Location="https://press.example/safe")
    secure_press.page("/safe", b"safe")
    assert fetcher.fetch("http://press.example/", accept=ANY).body == b"safe"
    assert detour.connected_to == [(PUBLIC, 80), (PUBLIC, 443)]


def test_redirect_may_not_lead_from_https_to_http(press, secure_press, fetcher):
    secure_press.page("/", status=301, Location="http://press.example/open")
    assert refusal(fetcher, "https://press.example/") == "scheme"
    assert press.asked == []


def test_secrets_stay_with_the_origin_they_were_meant_for(press, fetcher):
    press.page("/", status=302, Location="/again")
    press.page("/again", status=302, Location="http://other.example/end")
    press.page("/end", b"end")
    headers = {"Authorization": "Bearer x", "Signature": "y", "User-Agent": "Ada"}
    fetcher.fetch("http://press.example/", accept=ANY, headers=headers)
    sent = [(h.get("authorization"), h.get("signature"), h["user-agent"]) for _, h in press.asked]
    assert sent == [("Bearer x", "y", "Ada"), ("Bearer x", "y", "Ada"), (None, None, "Ada")]


# TLS


def test_certificate_is_verified_against_the_name_though_we_connect_to_an_address(secure_press, fetcher):
    secure_press.page("/", b"safe")
    assert fetcher.fetch("https://press.example/", accept=ANY).body == b"safe"


def test_certificate_for_another_name_is_refused(secure_press, fetcher):
    secure_press.page("/", b"safe")
    assert refusal(fetcher, "https://other.example/") == "network"
    assert secure_press.asked == []


def test_certificate_nobody_trusts_is_refused(secure_press, detour):
    secure_press.page("/", b"safe")
    with Fetcher(resolver=lambda host, port: [PUBLIC], connector=detour) as distrustful:
        assert refusal(distrustful, "https://press.example/") == "network"
    assert secure_press.asked == []


# Answers we do not take


@pytest.mark.parametrize("status", [204, 304, 400, 404, 500, 503])
def test_answer_other_than_success_is_an_error(press, fetcher, status):
    press.page("/", b"" if status in {204, 304} else b"secret words", status=status)
    with pytest.raises(FetchError) as caught:
        fetcher.fetch("http://press.example/", accept={"image/png"})
    assert caught.value.kind == ("type" if status == 204 else "status")
    assert caught.value.status == (None if status == 204 else status)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("content_type", "accept", "taken"),
    [
        ("image/png", {"image/*"}, True),
        ("image/png", {"image/png", "image/jpeg"}, True),
        ("IMAGE/PNG ; x=y", {"image/png"}, True),
        ("image/png", {"*/*"}, True),
        ("text/html", {"image/*"}, False),
        ("images/png", {"image/*"}, False),
        ("image", {"image/png"}, False),
        ("", {"*/*"}, False),
        ("text/html, image/png", {"image/*"}, False),
    ],
)
def test_only_the_kinds_asked_for_are_taken(press, fetcher, content_type, accept, taken):
    press.page("/", b"x", content_type)
    if taken:
        assert fetcher.fetch("http://press.example/", accept=accept).body == b"x"
    else:
        with pytest.raises(FetchError) as caught:
            fetcher.fetch("http://press.example/", accept=accept)
        assert caught.value.kind == "type"


def test_body_may_be_as_long_as_the_limit_but_not_a_byte_longer(press, fetcher):
    press.page("/", b"x" * 1000)
    assert len(fetcher.fetch("http://press.example/", accept=ANY, max_bytes=1000).body) == 1000
    assert refusal(fetcher, "http://press.example/", max_bytes=999) == "too-large"


def test_compressed_body_nobody_asked_for_is_unpacked(press, fetcher):
    press.page("/", gzip.compress(b"Hello " * 50_000), Content_Encoding="gzip")
    assert fetcher.fetch("http://press.example/", accept=ANY).body == b"Hello " * 50_000


def test_compressed_bomb_is_stopped_at_the_limit(press, fetcher):
    packer = zlib.compressobj(9, wbits=31)
    million = bytes(1_000_000)
    bomb = b"".join([packer.compress(million) for _ in range(200)]) + packer.flush()
    press.page("/", bomb, Content_Encoding="x-gzip")
    taken = io.BytesIO()
    tracemalloc.start()
    try:
        with pytest.raises(FetchError) as caught:
            fetcher.fetch_into(taken, "http://press.example/", accept=ANY, max_bytes=1_000_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.kind == "too-large"
    assert taken.tell() <= 1_000_000
    assert peak < 10_000_000  # one piece of it, unpacked at once, would be 64 MB


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd", "nonsense"])
def test_other_encodings_are_refused(press, fetcher, encoding):
    press.page("/", b"x", Content_Encoding=encoding)
    assert refusal(fetcher, "http://press.example/") == "type"


@pytest.mark.parametrize(
    "body", [b"not gzip", gzip.compress(b"Hello" * 99)[:-9], b""], ids=["plain", "cut short", "empty"]
)
def test_broken_compression_is_an_error(press, fetcher, body):
    press.page("/", body, Content_Encoding="gzip")
    assert refusal(fetcher, "http://press.example/") == "network"


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type text/html\r\n\r\n",
        HEAD + b"Content-Length: 10\r\n\r\nshort",
        HEAD + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nx",
        HEAD + b"Content-Length: -5\r\n\r\nx",
        HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        HEAD + b"Transfer-Encoding: gzip\r\n\r\nzz\r\n",
        HEAD + b"X: " + b"y" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
    ],
    ids=lambda answer: repr(answer[-24:]),
)
def test_answer_that_is_no_http_is_an_error(press, fetcher, answer):
    press.raw("/", answer)
    assert refusal(fetcher, "http://press.example/") in {"network", "status"}


def test_headers_without_end_are_cut_off(press, fetcher):
    press.raw("/", b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 8192 + b"\r\n", drip=True)
    assert refusal(fetcher, "http://press.example/", deadline=5) == "network"


# One deadline for everything


@pytest.mark.parametrize(
    "pieces",
    [
        [b""],
        [b"H"],
        [b"HTTP/1.1 100 Continue\r\n\r\n"],
        [b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"],
        [HEAD + b"Content-Length: 1000000\r\n\r\n", b"x"],
        [HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"],
        [b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 1000000\r\n\r\n", b"x"],
        [b"HTTP/1.1 404 Not Found\r\nContent-Length: 1000000\r\n\r\n", b"x"],
    ],
    ids=["silence", "status", "continue", "headers", "body", "chunks", "redirect", "error"],
)
def test_slow_drip_ends_at_the_deadline(press, fetcher, pieces):
    press.raw("/", *pieces, drip=True)
    began = time.monotonic()
    assert refusal(fetcher, "http://press.example/", deadline=0.3) == "timeout"
    assert 0.25 < time.monotonic() - began < 2


def test_redirects_share_the_deadline(press, fetcher):
    def slowly(handler):
        press.closing.wait(0.1)
        handler.send_response(302)
        handler.send_header("Location", "/")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    press.pages["/"] = slowly
    assert refusal(fetcher, "http://press.example/", deadline=0.35, max_redirects=1000) == "timeout"


def test_slow_name_resolution_ends_at_the_deadline(press, detour):
    release = threading.Event()

    def slow(host, port):
        release.wait()
        return [PUBLIC]

    with Fetcher(resolver=slow, connector=detour) as fetcher:
        assert refusal(fetcher, "http://press.example/", deadline=0.1) == "timeout"
    release.set()
    assert detour.connected_to == []


def test_slow_handshake_ends_at_the_deadline(press, trust):
    with socket.create_server(("127.0.0.1", 0)) as mute:  # accepts, says nothing
        detour = type("Mute", (httpcore.NetworkBackend,), {})()
        detour.connect_tcp = lambda host, port, timeout, *_: httpcore.SyncBackend().connect_tcp(
            "127.0.0.1", mute.getsockname()[1], timeout
        )
        with Fetcher(resolver=lambda host, port: [PUBLIC], connector=detour, tls=trust) as fetcher:
            assert refusal(fetcher, "https://press.example/", deadline=0.2) == "timeout"


# Connecting


def test_next_address_is_tried_when_the_first_refuses(press):
    press.page("/", b"Hello")
    tried = []

    class FirstRefuses(httpcore.NetworkBackend):
        def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
            tried.append(host)
            if len(tried) == 1:
                raise httpcore.ConnectError
            return httpcore.SyncBackend().connect_tcp("127.0.0.1", press.port, timeout)

    two = ["2606:2800:21f:cb07:6820:80da:af6b:8b2c", PUBLIC]
    with Fetcher(resolver=lambda host, port: two, connector=FirstRefuses()) as fetcher:
        assert fetcher.fetch("http://press.example/", accept=ANY).body == b"Hello"
    assert tried == two


def test_unknown_name_refused_connection_and_forbidden_address_read_alike(closed_port):
    def unknown(host, port):
        raise socket.gaierror

    def text(resolver, allow=lambda address: True):
        with pytest.raises(FetchError) as caught:
            fetch(
                f"http://a.example:{closed_port}/",
                accept=ANY,
                resolver=resolver,
                allow=allow,
                ports={closed_port},
            )
        return str(caught.value)

    texts = [
        text(unknown),
        text(lambda host, port: []),
        text(lambda host, port: ["127.0.0.1"]),
        text(lambda host, port: ["127.0.0.1"], lambda address: False),
    ]
    assert texts == ["a.example could not be reached."] * 4


class NoConnect(httpcore.NetworkBackend):
    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        raise AssertionError(f"connected to {host}")


ADDRESS_LIKE = st.from_regex(r"(?:[a-z]{0,6}:)?/{0,3}[\[\]a-z0-9.:@%\\\x00-\x20é。-]{0,30}[/?#]?.{0,9}", fullmatch=True)


@given(address=st.one_of(st.text(), ADDRESS_LIKE, ADDRESS_LIKE.map("http://".__add__)))
def test_any_text_as_an_address_is_either_asked_or_refused_in_one_way(address):
    with (
        Fetcher(resolver=lambda host, port: ["10.0.0.1"], connector=NoConnect()) as fetcher,
        pytest.raises(FetchError) as caught,
    ):
        fetcher.fetch(address, accept=ANY)
    assert caught.value.kind in {"address", "scheme", "network"}


def refusal(fetcher, address, **limits):
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(address, accept=ANY, **limits)
    return caught.value.kind
