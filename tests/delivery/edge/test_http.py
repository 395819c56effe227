"""The edge as a process: what it answers, and how it begins and ends."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from edges import ARTICLE, App, Edge, until
from talking import Talk

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("edge")


@pytest.fixture(scope="module")
def certificate(folder) -> tuple[Path, Path]:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"),
            *("-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key


@pytest.fixture(scope="module")
def app(folder) -> Iterator[App]:
    app = App(folder / "app.sock")
    yield app
    app.stop()


@pytest.fixture(scope="module")
def plain(folder, app) -> Iterator[Edge]:
    edge = Edge(folder)
    yield edge
    edge.close()


@pytest.fixture(scope="module")
def encrypted(tmp_path_factory, app, certificate) -> Iterator[Edge]:
    folder = tmp_path_factory.mktemp("tls")
    (folder / "app.sock").symlink_to(app.path)
    edge = Edge(folder, certificate=certificate[0], key=certificate[1])
    yield edge
    edge.close()


class Secret(Talk):
    def __init__(self, address):
        super().__init__(address)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self._file.close()
        self.socket = context.wrap_socket(self.socket)
        self._file = self.socket.makefile("rb")


@pytest.fixture(params=["plain", "encrypted"])
def edge(request, app) -> Iterator[Edge]:
    edge = request.getfixturevalue(request.param)
    edge.meet = (lambda: edge.talk(Secret)) if request.param == "encrypted" else edge.talk
    edge.scheme = "https" if request.param == "encrypted" else "http"
    app.asked.clear()
    app.gate.clear()
    yield edge
    app.gate.set()
    edge.hang_up()


# What any server has to do, over both ------------------------------------------------------------------------


def test_page_is_rendered_once_for_all(edge, app):
    target = f"/page/once/{edge.scheme}/"
    talk = edge.meet()
    bodies = {talk.ask(f"{target}{query}").body for query in ("", "?utm_source=x", "?fbclid=1", "")}
    assert bodies == {ARTICLE}
    assert app.asked == [target]
    assert talk.ask(f"{target}?page=2").status == 200
    assert app.asked == [target, f"{target}?page=2"]


def test_surrogate_headers_stay_between_us(edge):
    names = {name for name, _value in edge.meet().ask("/page/names/").headers}
    assert names == {"content-type", "cache-control", "vary", "etag", "content-length", "date"}


def test_page_that_is_known_is_not_sent_again(edge):
    talk = edge.meet()
    first = talk.ask("/page/known/", "Accept-Encoding: gzip")
    again = talk.ask("/page/known/", "Accept-Encoding: gzip", f"If-None-Match: {first['etag']}")
    assert (again.status, again.body) == (304, b"")
    assert talk.ask("/page/known/", method="HEAD")["content-length"] == str(len(ARTICLE))


def test_form_and_upload_arrive(edge):
    import hashlib

    talk = edge.meet()
    for size in (3, 700_000):
        body = b"x" * size
        said = talk.post("/echo/", body).body.decode().split()
        assert said == ["POST", str(size), hashlib.sha256(body).hexdigest(), "127.0.0.1", edge.scheme]
    talk.get("/echo/", "Transfer-Encoding: chunked", method="POST").say("3\r\nabc\r\n0\r\n\r\n")
    assert talk.hear().body.split()[1] == b"3"


def test_file_is_sent_in_part(edge):
    (edge.folder / "media").mkdir(exist_ok=True)
    for folder in {edge.folder, edge.folder.parent}:
        (folder / "media").mkdir(exist_ok=True)
    # The application names a file of its own folder; only there the plain one may send from.
    (edge.folder / "media" / "tune.mp3").write_bytes(bytes(range(250)))
    talk = edge.meet()
    part = talk.ask("/file/tune.mp3", "Range: bytes=10-19")
    if edge.scheme == "http":
        assert (part.status, part.body) == (206, bytes(range(10, 20)))
    else:
        assert part.status == 404


def test_hit_waits_behind_a_miss(edge, app):
    edge.meet().ask("/page/behind/")
    talk = edge.meet().get("/slow/").get("/page/behind/")
    assert app.arrived.acquire(timeout=10)
    app.gate.set()
    assert [talk.hear().body[:4] for _ in range(2)] == [b"slow", ARTICLE[:4]]


def test_reader_whose_connection_closes_gets_all(edge):
    talk = edge.meet()
    assert talk.ask("/page/all/", "Connection: close").body == ARTICLE
    assert talk.is_closed()


@pytest.mark.parametrize("sent", ["GET / HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"])
def test_what_cannot_be_read_is_refused(edge, sent):
    talk = edge.meet().say(sent)
    assert talk.hear().status == 400
    assert talk.is_closed()


# The process -------------------------------------------------------------------------------------------------


def test_nothing_of_django_is_loaded():
    program = (
        "import sys, coranto.delivery.edge.serving; "
        "print([name for name in sys.modules if name.split('.')[0] in {'django', 'wagtail', 'gunicorn'}])"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said == "[]\n"


def test_while_the_application_is_away_pages_stay_and_the_rest_is_told_so(tmp_path):
    app = App(tmp_path / "app.sock")
    edge = Edge(tmp_path)
    try:
        assert edge.talk().ask("/page/stays/").status == 200
        app.stop()
        (tmp_path / "app.sock").unlink()
        assert edge.talk().ask("/page/stays/").body == ARTICLE
        answer = edge.talk().ask("/page/new/")
        assert (answer.status, answer["retry-after"]) == (503, "5")
        assert edge.talk().ask("/-/health/").body == b"ok\n"
    finally:
        edge.close()


def test_stopping_finishes_what_was_asked_and_takes_nothing_new(tmp_path):
    app = App(tmp_path / "app.sock")
    edge = Edge(tmp_path)
    try:
        idle, waiting = edge.talk(), edge.talk()
        idle.ask("/page/")
        waiting.get("/slow/")
        assert app.arrived.acquire(timeout=10)
        edge.process.terminate()
        assert idle.is_closed()
        assert edge.process.poll() is None
        app.gate.set()
        answer = waiting.hear()
        assert (answer.body, answer["connection"]) == (b"slowly\n", "close")
        assert waiting.is_closed()
        assert edge.process.wait(10) == 0
    finally:
        edge.close()
        app.stop()


def test_what_does_not_end_within_the_grace_is_cut(tmp_path):
    app = App(tmp_path / "app.sock")
    edge = Edge(tmp_path, grace=0.2)
    try:
        waiting = edge.talk().get("/slow/")
        assert app.arrived.acquire(timeout=10)
        assert edge.stop() == 0
        assert waiting.is_closed()
    finally:
        edge.close()
        app.stop()


def test_successor_takes_over_without_one_refused_connection(tmp_path):
    app = App(tmp_path / "app.sock")
    edge = Edge(tmp_path)
    try:
        first = edge.process
        for number in range(40):
            if number == 10:
                edge.process = edge.start()
            if number == 20:
                first.terminate()
            assert edge.talk().ask("/-/health/").status == 200
        assert first.wait(10) == 0
        assert edge.talk().ask("/page/").status == 200
    finally:
        edge.close()
        app.stop()


def test_edge_dies_with_its_parent(tmp_path):
    program = f"""
import sys; sys.path.insert(0, {str(__file__.rpartition("/")[0])!r})
from pathlib import Path
from edges import Edge
edge = Edge(Path({str(tmp_path)!r}))
print(edge.process.pid, flush=True)
import os; os.kill(os.getpid(), 9)
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False).stdout
    pid = int(said)

    def is_gone():
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
        except OSError:
            return True

    until(is_gone)


def test_proxy_may_reach_it_over_a_unix_socket(tmp_path):
    app = App(tmp_path / "app.sock")
    edge = Edge(tmp_path, at=tmp_path / "edge.sock", trusted_proxies=("127.0.0.1",))
    try:
        with socket.socket(socket.AF_UNIX) as proxy:
            proxy.connect(edge.address)
            proxy.sendall(
                b"GET /echo/ HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 198.51.100.7\r\n"
                b"X-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
            )
            said = b"".join(iter(lambda: proxy.recv(65_536), b""))
        assert said.endswith(b" 198.51.100.7 https")
    finally:
        edge.close()
        app.stop()
