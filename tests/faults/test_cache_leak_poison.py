"""Fault `cache-leak-poison`: nothing of one reader reaches another through the page store, and nobody can put into it
what is not the page.

Through `coranto serve`, so with the edge, the app, and a Redis in which somebody has planted something.
"""

from __future__ import annotations

import http.client
import pickle
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "jobs"))

from serving import ServedSite, sites, until

from coranto.config import folder
from coranto.delivery.rules import datagrams

assert sites  # a fixture

pytestmark = pytest.mark.slow

EMAIL, PASSWORD = "cora@lantern.example", "a long enough secret"
PROXY = "127.0.0.1"
CAST = f"""
import uuid
from coranto.masthead.models import Account
from coranto.newsroom.models import Article, FrontPage, Section
from coranto.newsroom.rules import Visibility

Account.objects.create_superuser({EMAIL!r}, {PASSWORD!r})
city = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))

def write(slug, words, publish=True, **fields):
    body = [{{"type": "paragraph", "value": f"<p>{{words}}</p>", "id": str(uuid.uuid4())}}]
    article = city.add_child(instance=Article(title=slug.title(), slug=slug, body=body, live=publish, **fields))
    revision = article.save_revision()
    if publish:
        revision.publish()
    print(f"{{slug}}={{article.pk}}")

write("trams", "Words for everybody.")
write("draft", "Words of a draft.", publish=False)
write("private", "Words for staff.", visibility=Visibility.PRIVATE)
write("locked", "Words behind a password.", visibility=Visibility.PASSWORD, password="open sesame")
"""
# Words, tokens and names that only one reader may see.
SECRETS = ("Words of a draft", "Words for staff", "Words behind a password", EMAIL, "csrfmiddlewaretoken", "userbar")
CHANGING = {"date", "age"}
TOO_MANY = "Too many attempts"


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.cookies = [value for name, value in response.getheaders() if name.lower() == "set-cookie"]
        self.body = response.read().decode("utf-8", "replace")

    def as_seen(self) -> tuple[int, dict[str, str], str]:
        return self.status, {name: each for name, each in self.headers.items() if name not in CHANGING}, self.body


class Reader:
    """A browser with cookies of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def ask(self, target: str, *, method: str = "GET", form: dict[str, str] | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            given = {
                "Host": f"localhost:{self.port}",
                **{name.replace("__", "-"): each for name, each in headers.items()},
            }
            if self.cookies:
                given.setdefault("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
            body = urlencode(form).encode() if form is not None else b""
            if form is not None:
                given |= {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Content-Length": str(len(body)),
                    "Origin": f"http://localhost:{self.port}",
                }
            for name, value in given.items():
                connection.putheader(name, value)
            connection.endheaders(body or None)
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        for cookie in answer.cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    def sign_in(self, link: str, **headers: str) -> Answer:
        page = self.ask(link, **headers)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)
        assert token, page.body
        return self.ask(link, method="POST", form={"csrfmiddlewaretoken": token[1]}, **headers)


@pytest.fixture(scope="module")
def redis_address(tmp_path_factory):
    path = tmp_path_factory.mktemp("r") / "s"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = shutil.which("redis-server")
    assert program, "redis-server is missing: run `make setup`"
    process = subprocess.Popen(
        [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(path.parent)],
        stdout=subprocess.DEVNULL,
    )

    def answers():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    until(answers)
    yield f"redis://127.0.0.1:{port}/0"
    process.kill()
    process.wait()


@pytest.fixture(scope="module")
def site(sites, redis_address):
    made = sites.ready(CORANTO_TRUSTED_PROXIES=PROXY, REDIS_URL=redis_address)
    planted = made.run("manage", "shell", "-c", CAST)
    assert planted.returncode == 0, planted.stderr
    made.ids = dict(line.split("=") for line in planted.stdout.split() if "=" in line)
    return made.start("--workers", "1")


@pytest.fixture
def ada(site: ServedSite) -> Reader:
    return Reader(site.port)


@pytest.fixture(scope="module")
def cora(site: ServedSite) -> Reader:
    """Staff, signed in."""
    reader = Reader(site.port)
    assert reader.sign_in(site.entry_link(EMAIL), X__Forwarded__For="198.51.100.1").status == 302
    assert "coranto_session" in reader.cookies
    return reader


@pytest.fixture
def dov(site: ServedSite) -> Reader:
    """An outsider."""
    return Reader(site.port)


def holds_nothing_private(answer: Answer) -> bool:
    assert [secret for secret in SECRETS if secret in answer.body] == []
    assert answer.cookies == []
    assert [name for name in answer.headers if name.startswith(("surrogate", "coranto", "x-sendfile", "no-vary"))] == []
    return True


# Leaks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/city/", "/city/trams/", "/latest/", "/search/?q=words", "/nothing-here/"])
def test_what_staff_see_is_never_what_the_next_reader_gets(cora, ada, dov, address):
    for_staff = cora.ask(address)
    first, again = ada.ask(address), dov.ask(address)

    assert for_staff.status == 404 or "private" in for_staff.headers["cache-control"]
    assert holds_nothing_private(first)
    assert again.as_seen() == first.as_seen()
    assert "x-cache" not in first.headers


def test_a_private_article_exists_for_staff_alone(cora, ada):
    before = ada.ask("/city/private/")
    for_staff = cora.ask("/city/private/")
    after = ada.ask("/city/private/")

    assert (before.status, for_staff.status, after.status) == (404, 200, 404)
    assert "Words for staff" in for_staff.body
    assert holds_nothing_private(after)


def test_a_draft_and_its_preview_stay_with_staff(site, cora, ada):
    preview = cora.ask(f"/admin/pages/{site.ids['draft']}/view_draft/")
    answers = [ada.ask(address) for address in ("/city/draft/", f"/admin/pages/{site.ids['draft']}/view_draft/")]

    assert (preview.status, "Words of a draft" in preview.body) == (200, True)
    assert [answer.status for answer in answers] == [404, 302]
    assert all("Words of a draft" not in answer.body for answer in answers)


def test_what_a_password_opened_is_open_to_whoever_knows_it(ada, dov):
    opened = ada.ask("/city/locked/", method="POST", form={"password": "open sesame"})
    inside, outside, again = ada.ask("/city/locked/"), dov.ask("/city/locked/"), ada.ask("/city/locked/")

    assert (opened.status, len(opened.cookies)) == (302, 1)
    assert "Words behind a password" in inside.body
    assert holds_nothing_private(outside)
    assert inside.body == again.body
    assert inside.headers["cache-control"] == outside.headers["cache-control"] == "private, no-store"


def test_each_form_for_staff_has_a_token_of_its_own(ada, dov):
    tokens = {
        re.search(r'csrfmiddlewaretoken" value="([^"]+)"', each.ask("/admin/login/").body)[1] for each in (ada, dov)
    }

    assert len(tokens) == 2
    assert ada.cookies["coranto_csrf"] != dov.cookies["coranto_csrf"]


def test_who_brings_a_password_of_the_protocols_gets_a_page_of_their_own(ada, dov):
    before = ada.ask("/city/trams/")
    dov.ask("/city/trams/", Authorization="Basic ZG92OnNlY3JldA==")

    assert ada.ask("/city/trams/").as_seen() == before.as_seen()


def test_these_pages_do_come_from_the_store(site, ada, fresh_article):
    """Else nothing here would mean anything."""

    def hits() -> int:
        return sum(
            int(float(each))
            for each in re.findall(r"^coranto_\w*hits\w*(?:\{.*\})? (\S+)$", ada.ask("/-/metrics").body, re.MULTILINE)
        )

    ada.ask(fresh_article)
    before = hits()
    ada.ask(fresh_article)

    assert hits() == before + 1


# Poison -----------------------------------------------------------------------------------------------------

EVIL = "evil.example"
POISON = {
    "unknown-parameters": {"target": "/city/trams/?utm_source=evil.example&fbclid=<script>"},
    "many-parameters": {"target": "/city/trams/?" + "&".join(f"evil{number}=example" for number in range(200))},
    "host": {"Host": EVIL},
    "host-with-port": {"Host": f"localhost:1@{EVIL}"},
    "forwarded-host": {"X__Forwarded__Host": EVIL},
    "forwarded": {"Forwarded": f"host={EVIL};proto=https"},
    "forwarded-scheme": {"X__Forwarded__Proto": "https"},
    "forwarded-prefix": {"X__Forwarded__Prefix": f"//{EVIL}"},
    "original-url": {"X__Original__URL": "/admin/", "X__Rewrite__URL": "/admin/"},
    "method-override": {"X__HTTP__Method__Override": "POST"},
    "accept": {"Accept": "text/x-evil.example"},
    "accept-encoding": {"Accept__Encoding": "evil.example;q=1, identity;q=0"},
    "no-encoding": {"Accept__Encoding": "gzip;q=0, *;q=0"},
    "language": {"Accept__Language": "xx-evil"},
    "agent": {"User__Agent": "<script>evil.example</script>"},
    "referer": {"Referer": f"https://{EVIL}/"},
    "range": {"Range": "bytes=0-3"},
    "condition": {"If__None__Match": "*"},
    "capability": {"Surrogate__Capability": 'evil="ESI/1.0"', "X__Forwarded__For": "192.0.2.1"},
    "surrogate-control": {"Surrogate__Control": "max-age=99999", "Surrogate__Key": EVIL},
    "entitlement": {"Coranto__Entitlement": "staff", "Coranto__Staff": "1"},
    "underscores": {"X_Forwarded_For": "192.0.2.1", "Coranto_Entitlement": "staff"},
    "cookies": {"Cookie": "theme=evil.example; coranto_entitlement=staff.x.99999999999." + "A" * 43},
    "session": {"Cookie": "coranto_session=evil.example"},
    "head": {"method": "HEAD"},
    "post": {"method": "POST", "form": {"evil": "example"}},
    "query-escapes": {"target": "/city/trams/?%62efore=%00evil.example"},
}


@pytest.mark.parametrize("poison", POISON)
def test_whatever_somebody_sends_the_next_reader_gets_the_page(ada, dov, poison):
    before = ada.ask("/city/trams/")
    asked = dict(POISON[poison])
    # Whoever comes first decides what is stored, if anything can: the page is forgotten before and after.
    answer = dov.ask(asked.pop("target", "/city/trams/"), **asked)
    after = ada.ask("/city/trams/")

    assert before.status == 200
    assert after.as_seen() == before.as_seen()
    assert EVIL not in after.body
    assert answer.status < 500


@pytest.mark.parametrize("poison", POISON)
def test_nor_when_it_is_the_first_to_ask(site, ada, dov, poison, fresh_article):
    asked = dict(POISON[poison])
    asked["target"] = asked.get("target", "/city/trams/").replace("/city/trams/", fresh_article)
    answer = dov.ask(asked.pop("target"), **asked)
    first, again = ada.ask(fresh_article), ada.ask(fresh_article)

    assert answer.status < 500
    assert first.status == 200
    assert EVIL not in first.body
    assert again.as_seen() == first.as_seen()
    assert holds_nothing_private(first)


@pytest.fixture
def fresh_article(site):
    """The address of a page nobody has asked for since it was forgotten."""
    told = [*datagrams.purge([f"page:{site.ids['trams']}"])]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as own:
        own.bind("")
        own.settimeout(20)
        for message in told:
            own.sendto(bytes(message), datagrams.address_of(site.data / "run" / datagrams.SOCKET_NAME))
            assert own.recv(200).decode() == message.identity
    return "/city/trams/"


@pytest.mark.parametrize(
    "path",
    [
        "/admin/x.css",
        "/admin/login/x.css",
        "/city/private/x.css",
        "/city/private/;x.css",
        "/city/private/%2fx.css",
        "/city/private%2f..%2ftrams/",
        "/city/trams/..%2fprivate/",
        "/city/trams/../private/",
        "/city//private/",
        "/static/..%2f..%2fcity/private/",
        "/city/private/%00.css",
        "/city/private/\\x.css",
        "/CITY/private/",
        "/media/../city/private/",
    ],
)
def test_no_name_makes_a_page_for_staff_one_for_all(cora, ada, path):
    cora.ask(path)
    answer = ada.ask(path)

    assert answer.status in {301, 302, 400, 404}
    assert "Words for staff" not in answer.body
    assert ada.ask("/city/private/").status == 404


def test_limits_are_kept_on_the_reader_not_on_the_edge(site):
    """Ten wrong guesses close the door for one address, whatever it claims to be, and for no other."""
    answers = [
        Reader(site.port).ask(
            "/city/locked/",
            method="POST",
            form={"password": f"wrong {number}"},
            X__Forwarded__For=f"203.0.113.{number}, {reader}",
        )
        for number, reader in enumerate(["192.0.2.66"] * 11 + ["192.0.2.67"])
    ]

    assert [TOO_MANY in answer.body for answer in answers] == [False] * 10 + [True, False]
    assert {answer.status for answer in answers} == {200}


def test_the_apps_own_socket_says_who_reads(site):
    """As the edge asks: the limit is that of the one address it names."""
    answers = [_guess_by_socket(site, reader) for reader in ["192.0.2.77"] * 11 + ["192.0.2.78"]]

    assert [TOO_MANY in answer for answer in answers] == [False] * 10 + [True, False]
    assert {answer.partition("\r\n")[0] for answer in answers} == {"HTTP/1.1 200 OK"}


def _guess_by_socket(site: ServedSite, reader: str) -> str:
    form = urlencode({"password": "wrong"})
    lines = (
        "POST /city/locked/ HTTP/1.1",
        "Host: localhost",
        "Origin: http://localhost",
        "Connection: close",
        f"X-Forwarded-For: {reader}",
        "X-Forwarded-Proto: http",
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(form)}",
        "",
        form,
    )
    with socket.socket(socket.AF_UNIX) as own:
        own.settimeout(30)
        own.connect(datagrams.address_of(site.data / "run" / "app.sock"))
        own.sendall("\r\n".join(lines).encode())
        return own.makefile("rb").read().decode()


# Planted ----------------------------------------------------------------------------------------------------


class Planted:
    """Whoever loads this leaves a trace."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self):
        return (Path.touch, (self.trace,))


def test_a_pickle_planted_in_redis_is_never_loaded(site, ada, redis_address, tmp_path):
    from redis import Redis

    trace = tmp_path / "loaded"
    poison = pickle.dumps(Planted(trace))
    pickle.loads(poison)  # it works
    trace.unlink()
    channel = datagrams.redis_channel(datagrams.site_of(folder.secret_key(site.data).encode()))
    before = ada.ask("/city/trams/")
    with Redis.from_url(redis_address) as redis:
        until(lambda: redis.publish(channel, poison))  # somebody listens
        redis.publish(channel, b"purge x\n" + poison)
        for key in (channel, "coranto", ":1:views.decorators.cache", "/city/trams/"):
            redis.set(key, poison)
    after = ada.ask("/city/trams/")

    assert after.as_seen() == before.as_seen()
    assert not trace.exists()
    assert len(site.processes("edge")) == 1
