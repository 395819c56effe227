"""Fault `publish-retract-stampede`: five hundred readers at the moment a page is forgotten, and a retraction.

One render per page whoever asks; four app processes, and what one of them publishes or retracts is seen by the
first request after its answer, on every page that shows it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "jobs"))

from serving import ServedSite, sites

assert sites  # a fixture

pytestmark = pytest.mark.slow

READERS = 500
# The site under test has one more address, at which an editor's acts are done, and notes what its app was asked for.
ADDRESSES = """
from django.urls import include, path
from stampede_acts import act

urlpatterns = [path("-/act/", act), path("", include("coranto.config.urls"))]
"""
SETTINGS = """
from coranto.config.settings import *
ROOT_URLCONF = "stampede_addresses"
MIDDLEWARE = ["stampede_acts.Noting", *MIDDLEWARE]
"""
ACTS = '''
import json, os, time, uuid
from django.conf import settings
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

class Noting:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        descriptor = os.open(settings.DATA / "asked", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, f"{request.get_full_path()}\\n".encode())
        os.close(descriptor)
        return self.get_response(request)

def words(text):
    return [{"type": "paragraph", "value": f"<p>{text} and lorries</p>", "id": str(uuid.uuid4())}]

def found():
    from coranto.newsroom.models import Article
    return Article.objects.get(slug="trams")

def begin(**_said):
    from coranto.newsroom.models import Article, ArticleAuthor, Author, FrontPage, Section, Topic
    front = FrontPage.objects.get()
    city = front.add_child(instance=Section(title="City", slug="city"))
    front.add_child(instance=Section(title="Harbour", slug="harbour"))
    article = Article(title="Before", slug="trams", body=words("Lorries"))
    article.bylines = [ArticleAuthor(author=Author.objects.create(name="Ada Thorne", slug="ada-thorne"))]
    city.add_child(instance=article)
    article.topics.add(Topic.objects.create(name="Tramways", slug="tramways"))
    article.save_revision().publish()

def publish(*, headline):
    article = found()
    article.title = headline
    article.body = words(headline)
    article.save_revision().publish()

def withdraw(**_said):
    found().unpublish()

def move(*, to):
    from coranto.newsroom.models import Section
    found().move(Section.objects.get(slug=to), "last-child")

def forget(*, tags):
    from coranto.delivery import operations
    operations.purge_tags(tags=tags)

def settle(**_said):
    """Until the worker has done all there was to do: it purges, too, what it finds changed."""
    from django_tasks import TaskResultStatus
    from django_tasks_db.models import DBTaskResult
    outstanding = DBTaskResult.objects.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING])
    deadline = time.monotonic() + 30
    while outstanding.exists():
        assert time.monotonic() < deadline, "the worker does not come to an end"
        time.sleep(0.05)

@csrf_exempt
def act(request):
    said = json.loads(request.body)
    globals()[said.pop("act")](**said)
    return JsonResponse({"pid": os.getpid()})
'''


@pytest.fixture(scope="module")
def site(sites, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stampede")
    for name, source in (("addresses", ADDRESSES), ("settings", SETTINGS), ("acts", ACTS)):
        (folder / f"stampede_{name}.py").write_text(source)
    site = sites.ready(DJANGO_SETTINGS_MODULE="stampede_settings", PYTHONPATH=str(folder))
    site.start("--workers", "4")
    tell(site, "begin")
    yield site
    assert site.stop() == 0


def tell(site: ServedSite, what: str, **more: object) -> int:
    """Have one of the app's processes do it; which one did."""
    status, answer = site.ask("/-/act/", method="POST", body=json.dumps({"act": what, **more}))
    assert status == 200, (answer[:500], site.said()[-2000:])
    return json.loads(answer)["pid"]


def asked(site: ServedSite, address: str) -> int:
    """How often the app was asked for this address."""
    return (site.data / "asked").read_text().splitlines().count(address)


async def read_at_once(port: int, address: str, readers: int) -> list[bytes]:
    """As many connections as readers, all open before the first of them asks."""
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(readers)]
    request = f"GET {address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    for _, writer in connections:
        writer.write(request)

    async def rest(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        answer = await reader.read(-1)
        writer.close()
        return answer

    return await asyncio.gather(*(rest(*connection) for connection in connections))


@pytest.mark.parametrize("address", ["/", "/city/trams/"])
def test_five_hundred_readers_of_a_forgotten_page_cause_one_render(site, address):
    tell(site, "publish", headline=f"Trams for {address}")
    tell(site, "settle")
    assert site.ask(address)[0] == 200
    before = asked(site, address)
    tell(site, "forget", tags=["menu"])  # all pages have one

    answers = asyncio.run(read_at_once(site.port, address, READERS))

    assert asked(site, address) == before + 1
    assert {answer.partition(b"\r\n")[0] for answer in answers} == {b"HTTP/1.1 200 OK"}
    assert len({answer.partition(b"\r\n\r\n")[2] for answer in answers}) == 1
    assert f"Trams for {address}".encode() in answers[0]


PAGES = ["/", "/latest/", "/city/", "/city/trams/", "/authors/ada-thorne/", "/topics/tramways/", "/search/?q=lorries"]


def test_what_one_of_four_processes_publishes_every_page_shows_with_the_next_request(site):
    did = set()
    for number in range(12):
        did.add(tell(site, "publish", headline=f"Trams {number}"))
        for address in PAGES:
            assert f"Trams {number}" in site.ask(address)[1], address
    assert len(did) > 1


def test_what_a_command_line_publishes_is_seen_as_soon_as_it_has_ended(site):
    assert site.ask("/")[0] == 200
    done = site.run(
        *("manage", "shell", "--no-imports", "-c"),
        "import stampede_acts; stampede_acts.publish(headline='From a command line')",
    )
    assert done.returncode == 0, done.stderr
    for address in PAGES:
        assert "From a command line" in site.ask(address)[1], address


def test_what_is_moved_or_retracted_is_gone_with_the_next_request(site):
    tell(site, "publish", headline="A regrettable tram")
    for address in PAGES:
        assert "A regrettable tram" in site.ask(address)[1], address
    assert site.ask("/harbour/trams/")[0] == 404

    tell(site, "move", to="harbour")
    assert "A regrettable tram" in site.ask("/harbour/trams/")[1]
    assert "A regrettable tram" in site.ask("/harbour/")[1]
    assert "A regrettable tram" not in site.ask("/city/")[1]
    assert site.ask("/city/trams/")[0] == 301

    tell(site, "withdraw")
    for address in ("/", "/latest/", "/harbour/", "/search/?q=lorries"):
        status, page = site.ask(address)
        assert status == 200
        assert "A regrettable tram" not in page, address
    for address in ("/harbour/trams/", "/authors/ada-thorne/", "/topics/tramways/"):
        assert site.ask(address)[0] == 404, address
    tell(site, "move", to="city")
    tell(site, "publish", headline="Trams return")
    assert "Trams return" in site.ask("/city/trams/")[1]
