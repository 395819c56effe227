"""Fault `sqlite-contention-disk-full`: many want to write at once, and then there is no room left.

Nobody hears of a lock. On a full disk what would be written is refused with 503 and a sentence, pages are still
read, the databases stay whole, and the site recovers by itself once there is room.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent.parent / "jobs"))

import serving
from serving import sites, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serving import ServedSite

assert sites  # a fixture

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("DATABASE_URL" in os.environ, reason="it is about SQLite's files"),
]

EDITOR, PASSWORD = "cora@lantern.example", "a long enough secret"
MAKE_EDITOR = f"""
from coranto.masthead.models import Account
Account.objects.create_superuser(email="{EDITOR}", password="{PASSWORD}")
"""
ADDRESSES = """
from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
import crowded_tasks

@csrf_exempt
def write(request):
    word = request.body.decode()
    crowded_tasks.note.enqueue(word)
    return HttpResponse(word)

urlpatterns = [path("write/", write), path("", include("coranto.config.urls"))]
"""
TASKS = """
from django_tasks import task

@task
def note(word):
    pass
"""
WRITERS, EACH = 8, 30


def open_database(path: Path):
    with contextlib.suppress(ImportError):
        import pysqlite3

        return pysqlite3.connect(path, timeout=10)
    import sqlite3

    return sqlite3.connect(path, timeout=10)


def test_eight_writers_a_long_reader_a_copy_and_a_migration_never_meet_a_lock(sites, tmp_path):
    (tmp_path / "crowded_addresses.py").write_text(ADDRESSES)
    (tmp_path / "crowded_tasks.py").write_text(TASKS)
    (tmp_path / "crowded_settings.py").write_text(
        "from coranto.config.settings import *\nROOT_URLCONF = 'crowded_addresses'\n"
    )
    site = sites.ready(DJANGO_SETTINGS_MODULE="crowded_settings", PYTHONPATH=str(tmp_path))
    site.start()
    database = site.data / "coranto.sqlite3"
    reader = open_database(database)
    reader.execute("BEGIN")
    before = reader.execute("SELECT count(*) FROM django_tasks_database_dbtaskresult").fetchone()

    def write(name: int) -> list[tuple[int, str]]:
        return [site.ask("/write/", method="POST", body=f"{name}-{number}") for number in range(EACH)]

    over = threading.Event()

    def read() -> list[int]:
        statuses = []
        while not over.is_set():
            statuses.append(site.ask(f"/search/?q=harbour{len(statuses)}")[0])
        return statuses

    def copy() -> None:
        with (
            contextlib.closing(open_database(database)) as source,
            contextlib.closing(open_database(tmp_path / "copy.sqlite3")) as target,
        ):
            source.backup(target)

    with ThreadPoolExecutor(WRITERS + 3) as pool:
        writers = [pool.submit(write, name) for name in range(WRITERS)]
        read_meanwhile, copied = pool.submit(read), pool.submit(copy)
        migrated = pool.submit(site.run, "manage", "migrate", "--no-input")
        answers = [answer for writer in writers for answer in writer.result()]
        copied.result()
        assert migrated.result().returncode == 0
        over.set()
        assert set(read_meanwhile.result()) == {200}

    assert sorted(answers) == sorted((200, f"{name}-{number}") for name in range(WRITERS) for number in range(EACH))
    assert reader.execute("SELECT count(*) FROM django_tasks_database_dbtaskresult").fetchone() == before
    reader.close()
    for path in (database, tmp_path / "copy.sqlite3"):
        with contextlib.closing(open_database(path)) as look:
            assert look.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert "locked" not in site.said()
    assert site.stop() == 0


@pytest.fixture
def small_disk(sites, monkeypatch) -> Iterator[ServedSite]:
    """A site whose folder is a disk of 48 MB, mounted where only its own processes see it."""
    if subprocess.run(["unshare", "-Urm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], check=False).returncode:
        pytest.skip("this machine lets nobody mount a disk of their own")
    site = sites.ready()
    made = site.run("manage", "shell", "--no-imports", "-c", MAKE_EDITOR)
    assert made.returncode == 0, made.stderr
    site.link = site.entry_link(EDITOR)
    kept = site.data.rename(site.data.with_name(f"{site.data.name}-kept"))
    site.data.mkdir()
    script = f'mount -t tmpfs -o size=48m,mode=700 tmpfs "{site.data}" && cp -a "{kept}/." "{site.data}" && exec "$@"'
    monkeypatch.setattr(serving, "PROGRAM", ["unshare", "-Urm", "sh", "-c", script, "sh", *serving.PROGRAM])
    site.start()
    yield site
    site.kill_everything()


def test_on_a_full_disk_pages_are_read_writes_are_refused_and_all_recovers(small_disk, tmp_path):
    site = small_disk
    within = Path(f"/proc/{site.pid}/root{site.data}")
    with httpx.Client(base_url=f"http://127.0.0.1:{site.port}", timeout=60) as editor:
        signed_in = editor.post(site.link, data={"csrfmiddlewaretoken": token(editor, site.link)})
        assert signed_in.status_code == 302
        form = author_form(editor, "Ada Thorne")

        fill(within)
        refused = editor.post("/admin/snippets/newsroom/author/add/", data=form)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
        assert "Nothing was lost" in refused.text
        picture = editor.post(
            "/admin/images/add/",
            data={"title": "Quay", "description": "A quay", "csrfmiddlewaretoken": editor.cookies["coranto_csrf"]},
            files={"file": ("quay.png", a_large_picture(), "image/png")},
        )
        assert picture.status_code == 503
        for address in ("/", "/latest/", "/search/?q=harbour"):
            assert httpx.get(f"{editor.base_url}{address}").status_code == 200

        (within / "filler").unlink()
        accepted = until(lambda: editor.post("/admin/snippets/newsroom/author/add/", data=form).status_code == 302)
        assert accepted
    for name in ("coranto.sqlite3", "side.sqlite3"):
        # SQLite would follow the link out of the site's own view of the disks.
        for file in within.glob(f"{name}*"):
            shutil.copy(file, tmp_path)
        with contextlib.closing(open_database(tmp_path / name)) as look:
            assert look.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with contextlib.closing(open_database(tmp_path / "coranto.sqlite3")) as look:
        assert look.execute("SELECT name FROM newsroom_author").fetchall() == [("Ada Thorne",)]
    assert site.stop() == 0


def a_large_picture() -> bytes:
    file = io.BytesIO()
    Image.frombytes("RGB", (1000, 1000), os.urandom(3_000_000)).save(file, "PNG")
    return file.getvalue()


def token(client: httpx.Client, address: str) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(address).text)[1]


def author_form(client: httpx.Client, name: str) -> dict[str, str]:
    page = client.get("/admin/snippets/newsroom/author/add/").text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    return {**hidden, "name": name, "slug": "ada-thorne"}


def fill(folder: Path) -> None:
    with (folder / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(bytes(65536))
    with (folder / "filler").open("ab", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(b"\0")
