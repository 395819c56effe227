"""A served site, and real programs in front of it with exactly the files of docs/operate/examples."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "jobs"))

from serving import Sites, kept_databases, until

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES = Path(__file__).parents[3] / "docs" / "operate" / "examples"
HOST = "news.example"

_PAPER = """
import uuid
from django.contrib.auth import get_user_model, login
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from allauth.account.internal.flows.login import record_authentication
from coranto.newsroom.models import Article, FrontPage, Section
section = Section(title="News", slug="news")
FrontPage.objects.get().add_child(instance=section)
section.save_revision().publish()
body = [{"type": "paragraph", "value": "<p>It rings again.</p>", "id": str(uuid.uuid4())}]
article = Article(title="The tram is back", slug="tram", standfirst="After a year.", body=body)
section.add_child(instance=article)
article.save_revision().publish()
cora = get_user_model().objects.create_superuser("cora@news.example", password="sesame-sesame")
request = HttpRequest()
request.session = SessionStore()
login(request, cora, backend="django.contrib.auth.backends.ModelBackend")
record_authentication(request, cora, "mfa")
request.session.save()
print("session", request.session.session_key)
"""


def program(name: str) -> str:
    """Debian keeps servers where only root looks."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    assert found, f"{name} is missing: run `make setup`"
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Front:
    """Something that answers for the site at a port."""

    def __init__(self, port: int, *, tls: bool = False) -> None:
        self.port, self.tls = port, tls

    def ask(
        self, path: str, *, method: str = "GET", body: str | None = None, source: str = "127.0.0.1", **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        connection: http.client.HTTPConnection
        if self.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=context)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(source, 0))
        given = {"Host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
        try:
            connection.request(method, path, body=body, headers=given)
            answer = connection.getresponse()
            text = answer.read().decode()
            cookies = "; ".join(line.partition(";")[0] for line in answer.headers.get_all("Set-Cookie", []))
            return answer.status, text, {**{k.lower(): v for k, v in answer.headers.items()}, "set-cookie": cookies}
        finally:
            connection.close()

    def answers(self) -> bool:
        try:
            return self.ask("/-/health/")[:2] == (200, "ok\n")
        except (OSError, http.client.HTTPException):
            return False


class Paper:
    """A site with one article and one editor, behind Varnish and nginx as the documentation has them."""

    def __init__(self, site: object, varnish_port: int) -> None:
        self.site = site
        self.edge = Front(site.port)
        self.varnish_port = varnish_port
        self.session = ""

    def shell(self, statement: str) -> str:
        done = self.site.run("manage", "shell", "--no-imports", "-c", statement)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def correct(self, headline: str) -> None:
        """Publish another headline, from a command line."""
        self.shell(
            "from coranto.newsroom.models import Article\n"
            "article = Article.objects.get().get_latest_revision_as_object()\n"
            f"article.title = {headline!r}\narticle.save_revision().publish()"
        )

    def forget_everything(self) -> None:
        self.shell("from coranto.delivery.operations import purge_everything; purge_everything()")


@pytest.fixture(scope="package")
def paper(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paper]:
    made = Sites(tmp_path_factory.mktemp("fronts"), kept_databases(request))
    varnish_port = free_port()
    site = made.ready(
        CORANTO_ORIGIN=f"https://{HOST}",
        CORANTO_TRUSTED_PROXIES="127.0.0.1",
        CORANTO_FRONT_CACHE=f"varnish+http://127.0.0.1:{varnish_port}",
    )
    try:
        site.start("--workers", "1")
        paper = Paper(site, varnish_port)
        paper.session = paper.shell(_PAPER).split("session ")[1].strip()
        yield paper
    finally:
        made.close()


def _run(words: list[str], front: Front, log: Path) -> Iterator[Front]:
    with log.open("wb") as output:
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
    try:
        until(lambda: process.poll() is not None or front.answers(), seconds=60, told=log.read_text)
        assert process.poll() is None, log.read_text()
        yield front
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="package")
def varnish(paper: Paper, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("v")
    rules = folder / "varnish.vcl"
    rules.write_text(_put_in((EXAMPLES / "varnish.vcl").read_text(), {'"8000"': f'"{paper.site.port}"'}))
    front = Front(paper.varnish_port)
    front.folder = folder / "n"
    yield from _run(
        [
            *(program("varnishd"), "-F", "-j", "none", "-a", f"127.0.0.1:{front.port}", "-f", str(rules)),
            *("-n", str(front.folder), "-s", "malloc,32m", "-p", "thread_pools=1", "-p", "thread_pool_min=10"),
        ],
        front,
        folder / "log",
    )


@pytest.fixture(scope="package")
def nginx(paper: Paper, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"),
            *("-out", str(folder / "fullchain.pem"), "-keyout", str(folder / "privkey.pem")),
        ],
        check=True,
        capture_output=True,
    )
    front, plain = Front(free_port(), tls=True), Front(free_port())
    given = {
        "127.0.0.1:8000": f"127.0.0.1:{paper.site.port}",
        "listen 80;": f"listen 127.0.0.1:{plain.port};",
        "listen 443 ssl": f"listen 127.0.0.1:{front.port} ssl",
        "    listen [::]:80;\n": "",
        "    listen [::]:443 ssl http2;\n": "",
        f"/etc/letsencrypt/live/{HOST}/": f"{folder}/",
    }
    (folder / "site.conf").write_text(_put_in((EXAMPLES / "nginx.conf").read_text(), given))
    main = folder / "main.conf"
    main.write_text(
        f"pid {folder}/pid; error_log {folder}/errors; daemon off; worker_processes 1; events {{}}\n"
        f"http {{ access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};"
        f" uwsgi_temp_path {folder}; scgi_temp_path {folder}; include {folder}/site.conf; }}\n"
    )
    front.plain = plain
    yield from _run([program("nginx"), "-c", str(main)], front, folder / "log")


def _put_in(text: str, given: dict[str, str]) -> str:
    for former, new in given.items():
        assert former in text, f"the example has no {former!r} any more"
        text = text.replace(former, new)
    return text
