"""Sites that are really served: processes, sockets and folders, for the tests that kill them."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEPT = Path(__file__).parents[2] / ".cache" / "test-databases"
PROGRAM = [sys.executable, "-P", "-m", "coranto"]
# Only a test that fails waits this long; a first start migrates, on a busy machine for minutes.
PATIENCE = 300.0


def until(condition: Callable[[], object], *, seconds: float = PATIENCE, told: Callable[[], str] = str) -> object:
    """Wait until `condition` holds; its value."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited in vain; {told()}"
        time.sleep(0.02)
    return value


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def is_running(pid: int) -> bool:
    """Whether the process lives; one that is dead and not yet buried does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


def descendants(pid: int) -> dict[int, str]:
    """The living processes below `pid` with their names."""
    found: dict[int, str] = {}
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return found
    for child in children:
        try:
            found[child] = Path(f"/proc/{child}/comm").read_text().strip()
        except OSError:
            continue
        found |= descendants(child)
    return found


class ServedSite:
    """One data folder (and on PostgreSQL one database), served or not."""

    def __init__(self, data: Path, environment: dict[str, str]) -> None:
        self.data = data
        self.environment = {**environment, "CORANTO_DATA": str(data)}
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0
        self.output = data.parent / f"{data.name}.out"
        self.words = ""

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """A command that is expected to end by itself."""
        return subprocess.run(
            [*PROGRAM, *arguments],
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            cwd=self.data.parent,
        )

    def entry_link(self, email: str) -> str:
        """The path of a link by which somebody signs in whole, as the owner of the server makes it: a POST opens it."""
        made = self.run("manage", "break_glass", email)
        assert made.returncode == 0, made.stderr
        return urlsplit(made.stdout.strip()).path

    def start(self, *options: str, port: int = 0) -> ServedSite:
        """Serve, and come back once the site has said that it answers."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*PROGRAM, "serve", "--port", str(port), *options],
                env={**self.environment, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=self.data.parent,
            )
        match = until(self._announced, told=self.said)
        self.port = int(match[1])
        # It answers as soon as the first of them does.
        workers = int(options[options.index("--workers") + 1]) if "--workers" in options else 2
        until(lambda: len(self.processes("web")) == 1 + workers and self.processes("worker"), told=self.said)
        return self

    def _announced(self) -> re.Match[str] | None:
        assert self.process
        assert self.process.poll() is None, self.said()
        return re.search(r"^Coranto is at https?://localhost:(\d+)/$", self.said(), re.MULTILINE)

    def said(self) -> str:
        return self.output.read_text()

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def note(self) -> dict[str, object]:
        return json.loads((self.data / "run" / "serve.json").read_text())

    def processes(self, kind: str) -> list[int]:
        """The processes of one kind: `edge`, `app`, `web` (its master first) or `worker`."""
        return [pid for pid, name in descendants(self.pid).items() if name == f"coranto-{kind}"]

    def ask(self, path: str, *, method: str = "GET", body: str | None = None, tls: bool = False) -> tuple[int, str]:
        connection: http.client.HTTPConnection
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            connection = http.client.HTTPSConnection("localhost", self.port, timeout=30, context=context)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body=body)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def answers(self) -> bool:
        try:
            return self.ask("/-/health/") == (200, "ok\n")
        except (OSError, http.client.HTTPException):
            return False

    def stop(self) -> int:
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill_everything(self) -> None:
        """At the end of a test, whatever it left."""
        if self.process and self.process.poll() is None:
            below = descendants(self.pid)
            self.process.kill()
            self.process.wait()
            for pid in below:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue


class Sites:
    """Makes sites. The first is brought up to date, which takes its time; the others are copies of it.

    `kept` are the databases of SQLite that tests/conftest.py has made with all migrations, by alias.
    """

    def __init__(self, folder: Path, kept: dict[str, Path]) -> None:
        self.folder = folder
        self.kept = kept
        self.server = os.environ.get("DATABASE_URL", "")
        self.made: list[ServedSite] = []
        self.databases: list[str] = []
        self._pattern: ServedSite | None = None

    def new(self, **environment: str) -> ServedSite:
        """A folder that nothing was ever run on, with an empty database."""
        return self._site(environment, template="template0")

    def ready(self, **environment: str) -> ServedSite:
        """A site that was served before."""
        if self._pattern is None:
            pattern = self.new()
            put_databases(self.kept, pattern.data)
            pattern.start("--workers", "1")
            assert pattern.stop() == 0
            self._pattern = pattern
        site = self._site(environment, template=self._pattern.environment.get("DATABASE_URL", "").rpartition("/")[2])
        shutil.copytree(self._pattern.data, site.data)
        return site

    def _site(self, environment: dict[str, str], *, template: str) -> ServedSite:
        number = len(self.made)
        base = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CORANTO", "COV_", "DATABASE", "DJANGO", "PYTEST"))
        }
        if self.server:
            name = f"served_{os.getpid()}_{number}"
            self._execute(f'CREATE DATABASE {name} TEMPLATE "{template}"')
            self.databases.append(name)
            parts = urlsplit(self.server)
            base["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
        site = ServedSite(self.folder / f"site-{number}", {**base, **environment})
        self.made.append(site)
        return site

    def _execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)

    def close(self) -> None:
        for site in self.made:
            site.kill_everything()
        for name in self.databases:
            self._execute(f"DROP DATABASE {name} WITH (FORCE)")


def kept_databases(request: pytest.FixtureRequest) -> dict[str, Path]:
    """Databases of SQLite with every migration, by alias; none on PostgreSQL."""
    if "DATABASE_URL" in os.environ:
        return {}
    request.getfixturevalue("django_db_setup")
    return {path.name.partition("-")[0]: path for path in KEPT.glob("*-*.sqlite3")}


def put_databases(kept: dict[str, Path], data: Path) -> None:
    """Begin a data folder with these, so that it needs no migration any more."""
    data.mkdir()
    for alias, name in (("default", "coranto.sqlite3"), ("side", "side.sqlite3")):
        if alias in kept:
            shutil.copyfile(kept[alias], data / name)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Sites]:
    made = Sites(tmp_path_factory.mktemp("sites"), kept_databases(request))
    yield made
    made.close()
