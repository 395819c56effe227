"""Fault `kill9-process-tree`: parts of a running site are killed under load.

No acknowledged write is lost, a task in hand is run again after its lease, no orphan serves the port, and the
next start is clean.
"""

from __future__ import annotations

import http.client
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Self

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "jobs"))

from serving import ServedSite, descendants, is_listening, is_running, sites, until

assert sites  # a fixture

pytestmark = pytest.mark.slow

LEASE = 2.0

# The site under test has one more address, at which a write is acknowledged, and tasks whose effects show.
ADDRESSES = """
from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
import kill9_tasks

@csrf_exempt
def write(request):
    word = request.body.decode()
    kill9_tasks.note.enqueue(word)
    return HttpResponse(word)

urlpatterns = [path("-/", include("coranto.jobs.urls")), path("write/", write)]
"""
SETTINGS = """
from coranto.config.settings import *
ROOT_URLCONF = "kill9_addresses"
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]  # it insists
"""
TASKS = """
import os, time
from pathlib import Path
from typing import Self
from django.conf import settings
from django_tasks import task

def tell(word):
    descriptor = os.open(settings.DATA / "effects", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{word}\\n".encode())
    os.close(descriptor)

@task
def note(word):
    tell(word)

@task
def wait_for_the_gate(word):
    tell(f"{word} begun by {os.getpid()}")
    while not (settings.DATA / "gate").exists():
        time.sleep(0.02)
    tell(f"{word} done by {os.getpid()}")
"""


@pytest.fixture
def site(sites, tmp_path):
    """A running site with the additions above."""
    for name, source in (("addresses", ADDRESSES), ("settings", SETTINGS), ("tasks", TASKS)):
        (tmp_path / f"kill9_{name}.py").write_text(source)
    site = sites.ready(DJANGO_SETTINGS_MODULE="kill9_settings", PYTHONPATH=str(tmp_path))
    site.start("--workers", "2", "--lease", str(LEASE), "--grace", "6")
    yield site
    site.kill_everything()


def effects(site: ServedSite) -> list[str]:
    path = site.data / "effects"
    return path.read_text().splitlines() if path.exists() else []


class Writer:
    """Writes as fast as the site takes it, and remembers what was acknowledged."""

    def __init__(self, site: ServedSite, name: str) -> None:
        self.acknowledged: list[str] = []
        self.refused = 0
        self._site, self._name = site, name
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def _write(self) -> None:
        number = 0
        while not self._over.is_set():
            number += 1
            word = f"{self._name}-{number}"
            try:
                if self._site.ask("/write/", method="POST", body=word) == (200, word):
                    self.acknowledged.append(word)
            except (OSError, http.client.HTTPException) as error:
                self.refused += isinstance(error, ConnectionRefusedError)
                self._over.wait(0.02)

    def __enter__(self) -> Self:
        self._thread.start()
        until(lambda: len(self.acknowledged) >= 20, told=self._site.said)
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def until_it_goes_on(self) -> None:
        before = len(self.acknowledged)
        until(lambda: len(self.acknowledged) >= before + 20, told=self._site.said)

    def assert_nothing_is_lost(self) -> None:
        until(lambda: set(self.acknowledged) <= set(effects(self._site)), told=self._site.said)

    def assert_nobody_was_refused(self) -> None:
        assert self.refused == 0


def test_when_the_parent_is_killed_no_orphan_serves_and_the_next_start_is_clean(site):
    port, below = site.port, descendants(site.pid)
    assert len(below) == 6
    with Writer(site, "ada") as writer:
        os.kill(site.pid, signal.SIGKILL)
        site.process.wait()
        until(lambda: not is_listening(port), seconds=5)
    until(lambda: not any(is_running(pid) for pid in below), seconds=10)
    assert (site.data / "run" / "serve.json").exists()

    site.start("--workers", "2", "--lease", str(LEASE), port=port)
    assert site.answers()
    assert site.ask("/-/ready/") == (200, "ready\n")
    writer.assert_nothing_is_lost()
    told = effects(site)
    # Once each, but for the one that was in hand when everything died.
    assert len(told) - len(set(told)) <= 1
    assert site.stop() == 0


def test_the_next_start_waits_for_children_that_are_still_dying(site):
    port = site.port
    os.kill(site.pid, signal.SIGKILL)
    site.process.wait()
    site.start("--workers", "1", port=port)
    assert site.answers()
    assert site.stop() == 0


@pytest.mark.parametrize("kind", ["edge", "app"])
def test_when_edge_or_app_is_killed_it_is_replaced_and_nobody_is_refused(site, kind):
    with Writer(site, "eve") as writer:
        [before] = site.processes(kind)
        below = descendants(before)
        os.kill(before, signal.SIGKILL)
        until(lambda: site.processes(kind) not in ([], [before]), told=site.said)
        until(lambda: not any(is_running(pid) for pid in below), seconds=10, told=site.said)
        writer.until_it_goes_on()
    writer.assert_nothing_is_lost()
    writer.assert_nobody_was_refused()
    assert f"The {kind} process ended (-9) and is replaced" in site.said()


def test_when_the_web_master_is_killed_it_is_replaced_and_answers(site):
    with Writer(site, "ben") as writer:
        before = site.processes("web")
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(set(site.processes("web")) - set(before)) == 3, told=site.said)
        until(lambda: not any(is_running(pid) for pid in before))
        writer.until_it_goes_on()
    writer.assert_nothing_is_lost()
    writer.assert_nobody_was_refused()
    assert "The web process ended (-9) and is replaced" in site.said()


def test_when_a_web_worker_is_killed_it_is_replaced_and_answers(site):
    with Writer(site, "cora") as writer:
        before = site.processes("web")
        os.kill(before[1], signal.SIGKILL)
        until(lambda: len(set(site.processes("web")) - set(before)) == 1, told=site.said)
        writer.until_it_goes_on()
    assert site.processes("web")[0] == before[0]
    writer.assert_nothing_is_lost()
    writer.assert_nobody_was_refused()


def test_when_the_worker_is_killed_its_task_is_run_again_after_the_lease(site):
    statement = "import kill9_tasks; kill9_tasks.wait_for_the_gate.enqueue('print')"
    assert site.run("manage", "shell", "--no-imports", "-c", statement).returncode == 0
    until(lambda: effects(site), told=site.said)
    [worker] = site.processes("worker")
    assert effects(site) == [f"print begun by {worker}"]

    os.kill(worker, signal.SIGKILL)
    until(lambda: len(effects(site)) == 2, told=site.said)
    (site.data / "gate").touch()
    until(lambda: len(effects(site)) == 3, told=site.said)

    [successor] = site.processes("worker")
    assert successor != worker
    assert effects(site) == [
        f"print begun by {worker}",
        f"print begun by {successor}",
        f"print done by {successor}",
    ]
    assert "is taken back: The worker" in site.said()


def test_when_the_worker_is_killed_again_and_again_under_load_nothing_is_lost(site):
    with Writer(site, "dov") as writer:
        for _ in range(3):
            [worker] = site.processes("worker")
            done = len(effects(site))
            until(lambda done=done: len(effects(site)) > done, told=site.said)
            os.kill(worker, signal.SIGKILL)
            until(lambda worker=worker: site.processes("worker") not in ([], [worker]), told=site.said)
            writer.until_it_goes_on()
    writer.assert_nothing_is_lost()
    told = effects(site)
    assert len(told) - len(set(told)) <= 3


def test_a_stop_hands_back_the_task_that_would_not_end_and_the_next_start_runs_it(site):
    statement = "import kill9_tasks; kill9_tasks.wait_for_the_gate.enqueue('print')"
    assert site.run("manage", "shell", "--no-imports", "-c", statement).returncode == 0
    until(lambda: effects(site), told=site.said)
    assert site.stop() == 0

    (site.data / "gate").touch()
    site.start("--workers", "1")
    until(lambda: len(effects(site)) == 3, told=site.said)
    assert [line.split(" by ")[0] for line in effects(site)] == ["print begun", "print begun", "print done"]
    # Handed back, it did not have to wait for a lease to run out.
    assert "is taken back" not in site.said()
    assert site.stop() == 0
