"""Fault `import-twice-interrupted`: an import is killed at any moment, run again, and ends where one run ends.

The imports are processes of their own over data folders of their own; what is compared is what readers get:
addresses, words, dates, pictures, threads, redirects.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "importers"))
sys.path.insert(0, str(Path(__file__).parent.parent / "jobs"))

from exports import archive, media_folder
from pages import make_page
from serving import kept_databases, put_databases

pytestmark = pytest.mark.slow

POSTS = 160  # a whole batch and a bit of another
BEGIN = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "coranto.config.settings"
from coranto.config import folder
from coranto.config.env import environment
folder.prepare(environment().coranto_data)
import django; django.setup()
"""
MIGRATE = """
from coranto.jobs.operations import databases
databases.migrate_databases(lock=environment().coranto_data / "run" / "migrate.lock")
"""
IMPORT = """
from coranto.importers.command import import_group
import_group(obj=None, standalone_mode=False)
"""
READ = """
import json
from django.db.models import F
from wagtail.contrib.redirects.models import Redirect
from coranto.comments.models import Comment
from coranto.importers.models import ImportedItem
from coranto.masthead.models import Picture, PlainPage
from coranto.newsroom.models import Article, ArticleVersion, Listing

names = {a.pk: a.address for a in Article.objects.all()} | {p.pk: p.address for p in PlainPage.objects.all()}
def said(article):
    text = json.dumps([[b["type"], {**b["value"], "picture": 0} if b["type"] == "picture" else b["value"]]
                       for b in article.raw_body])
    for pk in sorted(names, reverse=True):
        text = text.replace(f'id=\\\\"{pk}\\\\"', names[pk])
    return text
print(json.dumps({
    "articles": sorted([a.address, a.title, said(a), str(a.first_published_at), a.picture is not None, a.live,
                        a.versions.count(), sorted(t.name for t in a.topics.all())] for a in Article.objects.all()),
    "pages": sorted(p.address for p in PlainPage.objects.all()),
    "comments": sorted([names[c.article_id], c.html, c.depth, c.parent.html if c.parent else ""]
                       for c in Comment.objects.select_related("parent")),
    "redirects": sorted([r.old_path, names.get(r.redirect_page_id, r.redirect_link)] for r in Redirect.objects.all()),
    "listings": Listing.objects.count(),
    "versions": ArticleVersion.objects.count(),
    "pictures": sorted(p.title for p in Picture.objects.all()),
    "files": all(p.file.storage.exists(p.file.name) for p in Picture.objects.all()),
    "items": sorted(ImportedItem.objects.values_list("kind", "source_id")),
}))
"""


class Paper:
    """A site in a folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"CORANTO_DATA": str(data)}

    def start(self, script: str, *arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", BEGIN + script, *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, script: str, *arguments: object) -> str:
        process = self.start(script, *arguments)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        return out

    def take(self, file: Path, media: Path) -> dict:
        return json.loads(self.run(IMPORT, "wordpress", file, "--media", media, "--no-fetch", "--json"))

    def take_twice_and_read(self, file: Path, media: Path) -> tuple[dict, dict, dict]:
        """The reports of two imports, one after the other, and what readers get then."""
        return self.do_twice_and_read("wordpress", file, "--media", media, "--no-fetch", "--json")

    def do_twice_and_read(self, *arguments: object) -> tuple[dict, dict, dict]:
        out = self.run(f"{IMPORT}\nprint(chr(0)){IMPORT}\nprint(chr(0)){READ}", *arguments)
        first, second, read = map(json.loads, out.split("\0"))
        return first, second, read

    def rows(self, kind: str) -> int:
        with sqlite3.connect(f"file:{self.data}/coranto.sqlite3?mode=ro", uri=True) as connection:
            sql = "SELECT count(*) FROM importers_importeditem WHERE kind = ?"
            count = connection.execute(sql, [kind]).fetchone()[0]
        connection.close()
        return count


@pytest.fixture(scope="module")
def new_paper(tmp_path_factory, request):
    """Makes papers by copying one whose tables are made."""
    first = Paper(tmp_path_factory.mktemp("papers") / "first")
    put_databases(kept_databases(request), first.data)
    first.run(MIGRATE)

    def make(name: str) -> Paper:
        shutil.copytree(first.data, first.data.parent / name)
        return Paper(first.data.parent / name)

    return make


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return archive(posts=POSTS, comments=4, pictures=30).write(tmp_path_factory.mktemp("export") / "export.xml")


@pytest.fixture(scope="module")
def media(tmp_path_factory):
    return media_folder(tmp_path_factory.mktemp("media"), pictures=30)


@pytest.fixture(scope="module")
def whole(new_paper, file, media):
    """What one undisturbed import leaves."""
    paper = new_paper("whole")
    report, again, read = paper.take_twice_and_read(file, media)
    assert report["created"]["articles"] == POSTS
    assert set(again["created"].values()) == set(again["updated"].values()) == {0}
    return read


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("section", 1),
        ("picture", 1),
        ("article", POSTS // 2),
        ("article", POSTS),
    ],
)
def test_killed_import_is_finished_by_the_next_one(new_paper, file, media, whole, kind, count):
    paper = new_paper(f"killed-{kind}-{count}")
    process = paper.start(IMPORT, "wordpress", file, "--media", media, "--no-fetch", "--json")
    deadline = time.monotonic() + 120
    while paper.rows(kind) < count and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    _, again, read = paper.take_twice_and_read(file, media)

    assert read == whole
    assert set(again["created"].values()) == set(again["updated"].values()) == {0}


def test_changed_file_and_missing_media_end_the_same_by_any_way(new_paper, media, tmp_path):
    """First half of the posts without pictures, then all of them with pictures: as if all had come at once."""
    half, full = archive(posts=20, pictures=3), archive(posts=40, pictures=3)
    empty = tmp_path / "empty"
    empty.mkdir()
    stepwise, at_once = new_paper("stepwise"), new_paper("at-once")

    first = stepwise.take(half.write(tmp_path / "half.xml"), empty)
    second, _, one = stepwise.take_twice_and_read(full.write(tmp_path / "full.xml"), media)
    _, _, other = at_once.take_twice_and_read(tmp_path / "full.xml", media)

    assert len(first["missing"]) == 3
    assert second["created"]["images"] == 3
    for each in (one, other):
        # Readers get the same; that it came in two steps is history, and stays in the versions.
        del each["versions"]
        each["articles"] = [[*a[:6], *a[7:]] for a in each["articles"]]
    assert one == other


@pytest.fixture(scope="module")
def saved_pages(tmp_path_factory):
    """Dumps of 32 pages with five articles each: more than one batch of an import."""
    folder = tmp_path_factory.mktemp("saved")
    for n in range(32):
        (folder / f"page-{n}.txt").write_text(make_page(n, "en", articles=5).text)
    return folder


@pytest.fixture(scope="module")
def whole_of_pages(new_paper, saved_pages):
    report, again, read = new_paper("pages-whole").do_twice_and_read("page", saved_pages, "--json")
    assert report["created"]["articles"] == 160
    assert set(again["created"].values()) == set(again["updated"].values()) == {0}
    return read


@pytest.mark.parametrize(("kind", "count"), [("section", 1), ("article", 1)])
def test_killed_import_of_saved_pages_is_finished_by_the_next_one(new_paper, saved_pages, whole_of_pages, kind, count):
    paper = new_paper(f"pages-killed-{kind}-{count}")
    process = paper.start(IMPORT, "page", saved_pages, "--json")
    deadline = time.monotonic() + 120
    while paper.rows(kind) < count and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()

    _, again, read = paper.do_twice_and_read("page", saved_pages, "--json")

    assert read == whole_of_pages
    assert set(again["created"].values()) == set(again["updated"].values()) == {0}
