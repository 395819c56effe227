"""Fault `view-count-honesty-privacy`: whoever wants to be counted often, and whoever wants to know who read.

Bots, programs without a name, HEAD, prefetches and reloads add nothing; thousands of views are counted to the visitor,
also when what counts them is killed; and nothing on the disk tells an address, or lays a browser beside a visitor.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlencode

import crawleruseragents
import pytest
from django.apps import apps

sys.path.insert(0, str(Path(__file__).parent.parent / "jobs"))

from serving import ServedSite, sites, until

if TYPE_CHECKING:
    from collections.abc import Callable

assert sites  # a fixture

pytestmark = pytest.mark.slow

VISITORS = 1000
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
BOTS = sorted({each for bot in crawleruseragents.CRAWLER_USER_AGENTS_DATA for each in bot["instances"]})

WRITE_ARTICLES = """
from coranto.newsroom.models import Article, FrontPage, Section
city = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
for number in range(6):
    article = city.add_child(instance=Article(title=f"Tram {number}", slug=f"tram-{number}"))
    article.save_revision().publish()
print("articles", *Article.objects.order_by("pk").values_list("pk", flat=True))
"""


@pytest.fixture(scope="module")
def served(sites):
    """A running site behind a proxy, with an article for each who counts its views."""
    site = sites.ready(CORANTO_TRUSTED_PROXIES="127.0.0.1")
    told = site.run("manage", "shell", "-c", WRITE_ARTICLES)
    line = next((each for each in told.stdout.splitlines() if each.startswith("articles ")), told.stderr)
    site.start("--workers", "2")
    yield site, [int(each) for each in line.split()[1:]]
    site.kill_everything()


@pytest.fixture
def site(served):
    return served[0]


@pytest.fixture
def articles(served):
    return served[1]


def address_of(number: int) -> str:
    """Every third visitor comes by IPv6, from a network of their own."""
    if number % 3 == 0:
        return f"2001:db8:{number:x}:1::{number + 7:x}"
    return f"198.51.{number // 200}.{number % 200 + 20}"


class Reader:
    """Reports views over one connection."""

    def __init__(self, site: ServedSite) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def report(self, article: int, *, address: str, agent: str = CHROME, method: str = "POST", **headers: str) -> int:
        """The number that comes back; -1 where none does."""
        body = urlencode({"article": article}) if method == "POST" else None
        path = "/-/seen" if method == "POST" else f"/-/seen?article={article}"
        given = {"X-Forwarded-For": address, "User-Agent": agent, "Sec-Fetch-Site": "same-origin", **headers}
        if body:
            given["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, path, body=body, headers=given)
            answer = self._connection.getresponse()
            told = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return -1
        return json.loads(told)["views"][str(article)] if method == "POST" and answer.status == 200 else -1


def shown(site: ServedSite, article: int) -> int:
    """What the page says, once it has heard of all."""
    _status, page = site.ask(f"/-/fragments/views/?article={article}")
    number = page.partition(f'data-views="{article}">')[2].partition("<")[0]
    return int(number.replace(",", "") or 0)


def report_all(site: ServedSite, article: int, visitors: list[int], *, at_half: Callable[[], None]) -> Counter[str]:
    """All of them, from several readers at once; `at_half` is called when half of them were sent."""
    waiting, found, lock = iter(enumerate(visitors)), Counter[str](), threading.Lock()

    def work() -> None:
        with Reader(site) as reader:
            while True:
                with lock:
                    number, visitor = next(waiting, (None, None))
                if number is None:
                    return
                if number == len(visitors) // 2:
                    at_half()
                views = reader.report(article, address=address_of(visitor))
                with lock:
                    found["answered" if views >= 0 else "lost"] += 1

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.parametrize("rounds", [3, pytest.param(10, marks=pytest.mark.long)])
def test_each_visitor_is_counted_once_across_a_kill(site, articles, rounds):
    """Each comes back after the kill, as a reader who reloads: whoever was lost by it is counted then, nobody twice."""
    article = articles[0]
    order = random.Random(7)
    visitors = [visitor for _ in range(rounds) for visitor in order.sample(range(VISITORS), VISITORS)]

    def kill() -> None:
        for pid in site.processes("web")[1:]:
            os.kill(pid, signal.SIGKILL)

    found = report_all(site, article, visitors, at_half=kill)

    assert found["lost"] < len(visitors) / 100
    until(lambda: shown(site, article) >= VISITORS, seconds=60, told=lambda: f"{shown(site, article)} {found}")
    assert shown(site, article) == VISITORS


def test_one_who_wants_to_be_many_is_one(site, articles):
    """Reloads, HEAD, prefetches, programs without a name: over the wire, through the edge."""
    article = articles[1]
    with Reader(site) as reader:
        numbers = {reader.report(article, address="203.0.113.77") for _ in range(100)}
        for method, headers in (
            ("HEAD", {"agent": FIREFOX}),
            ("GET", {"agent": FIREFOX, "Sec-Purpose": "prefetch;prerender", "Sec-Fetch-Dest": "image"}),
            ("GET", {"agent": FIREFOX, "Sec-Fetch-Site": "cross-site"}),
            ("POST", {"agent": FIREFOX, "Sec-Purpose": "prefetch"}),
            ("POST", {"agent": ""}),
            ("POST", {"agent": "curl/8.5.0"}),
        ):
            for _ in range(3):
                reader.report(article, address="203.0.113.78", method=method, **headers)
        last = reader.report(article, address="203.0.113.79")

    assert numbers == {1}
    assert last == 2


def test_pictures_asked_for_at_once_are_views_of_their_own(site, articles):
    """Nobody is given the answer to another's question, as readers of one page are."""
    with ThreadPoolExecutor(8) as pool:

        def look(number: int) -> None:
            with Reader(site) as reader:
                reader.report(articles[2], address=f"203.0.113.{number}", method="GET", **{"Sec-Fetch-Dest": "image"})

        list(pool.map(look, range(100, 124)))

    until(lambda: shown(site, articles[2]) == 24, seconds=60, told=lambda: str(shown(site, articles[2])))


def test_known_bots_add_nothing(site, articles):
    article = articles[3]
    with Reader(site) as reader:
        numbers = {reader.report(article, address=address_of(n), agent=agent) for n, agent in enumerate(BOTS[::20])}

    assert numbers == {0}


def test_restart_forgets_neither_numbers_nor_visitors(site, articles):
    """A site that is stopped writes what is left; one that begins again still knows who was here today."""
    article = articles[5]
    with Reader(site) as reader:
        reader.report(article, address="203.0.113.77")
        reader.report(article, address="203.0.113.78")
    assert site.stop() == 0
    site.start("--workers", "2", port=site.port)

    with Reader(site) as reader:
        assert reader.report(article, address="203.0.113.77") == 2
        assert reader.report(article, address="203.0.113.79") == 3


def test_no_address_is_kept(site, articles):
    """Not in the databases, nor beside them, nor in what the site has said; neither written out nor as bytes."""
    addresses = ["203.0.113.77", *(address_of(number) for number in (3, 4, 5, 300, 999))]
    with Reader(site) as reader:
        before = reader.report(articles[4], address="203.0.113.90")
        for address in addresses:
            reader.report(articles[4], address=address)
    until(lambda: shown(site, articles[4]) >= before)
    kept = everything_kept(site)
    told = [address.encode() for address in addresses]
    for address in (ip_address("203.0.113.77"), ip_address(address_of(3)), ip_address(address_of(999))):
        told += [address.packed, address.packed.hex().encode(), str(int(address)).encode()]
    # Those of IPv6 are known by their networks.
    told += [ip_address(address_of(number)).packed[:8] for number in (3, 300, 999)]

    assert [(name, each) for each in told for name, content in kept.items() if each in content] == []
    assert [
        name for name, content in kept.items() if CHROME.encode() in content
    ] != []  # the search finds what is there


def everything_kept(site: ServedSite) -> dict[str, bytes]:
    files = {str(path): path.read_bytes() for path in site.data.rglob("*") if path.is_file()}
    files[str(site.output)] = site.output.read_bytes()
    return {**files, **_rows(site)}


def _rows(site: ServedSite) -> dict[str, bytes]:
    """On PostgreSQL, whose files are elsewhere, every row of every table; bytes are written out as such."""
    if "DATABASE_URL" not in site.environment:
        return {}
    import psycopg

    found = {}
    with psycopg.connect(site.environment["DATABASE_URL"], autocommit=True) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            rows = connection.execute(f'SELECT t::text FROM "{table}" t').fetchall()
            found[table] = "\n".join(row for (row,) in rows).encode()
    return found


def test_no_table_lays_a_browser_beside_a_visitor():
    for model in apps.get_app_config("audience").get_models():
        fields = {each.name for each in model._meta.get_fields()}
        if fields & {"visitor", "address"}:
            assert fields <= {"id", "day", "visitor", "address", "article_id", "visitors"}
