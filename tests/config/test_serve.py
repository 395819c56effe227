"""`coranto serve` and its neighbours, as real processes."""

from __future__ import annotations

import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).parent.parent / "jobs"))

from serving import PROGRAM, descendants, is_listening, is_running, sites, until

from coranto.config import beginning, cli

assert sites  # a fixture

slow = pytest.mark.slow


@pytest.fixture(scope="module")
def served(sites):
    """A site that runs throughout the module; tests that stop or change a site make their own."""
    return sites.ready().start("--workers", "1")


# A site begins and ends ---------------------------------------------------------------------------------------


@slow
def test_a_new_folder_becomes_a_site_that_answers(sites):
    site = sites.new()
    site.start("--workers", "1")
    assert site.answers()
    assert site.ask("/-/ready/") == (200, "ready\n")
    assert stat.S_IMODE(site.data.stat().st_mode) == 0o700
    assert stat.S_IMODE((site.data / "secret-key").stat().st_mode) == 0o600
    assert (site.data / "version").read_text().strip() == cli.coranto.__version__
    assert f"http://localhost:{site.port}/-/setup/" in site.said()
    assert site.stop() == 0


@slow
def test_a_stop_is_clean(sites):
    site = sites.ready().start()
    kinds = [site.processes(kind) for kind in ("edge", "app", "web", "worker")]
    assert [len(kind) for kind in kinds] == [1, 1, 3, 1]
    processes = [site.pid, *(pid for kind in kinds for pid in kind)]
    assert site.note()["pid"] == site.pid
    assert stat.S_IMODE((site.data / "run" / "app.sock").stat().st_mode) == 0o600
    assert site.stop() == 0
    assert [pid for pid in processes if is_running(pid)] == []
    assert not is_listening(site.port)
    assert not (site.data / "run" / "serve.json").exists()
    assert list((site.data / "run").glob("*.sock")) == []


@slow
def test_ctrl_c_stops_it_too(sites):
    site = sites.ready().start("--workers", "1")
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(60) == 0


class Visitor:
    """Asks the app (no page that may be stored) again and again; what it got in the end."""

    def __init__(self, site):
        self._site, self._over = site, threading.Event()
        self._thread = threading.Thread(target=self._visit)
        self.answers = []

    def _visit(self):
        while not self._over.is_set():
            try:
                self.answers.append(self._site.ask("/-/ready/", method="POST")[0])
            except OSError as error:
                self.answers.append(type(error).__name__)

    def __enter__(self):
        self._thread.start()
        until(lambda: self.answers, told=self._site.said)
        return self

    def __exit__(self, *_error):
        self._over.set()
        self._thread.join()


def stored(site):
    """How many pages and parts of pages the edge holds."""
    _status, metrics = site.ask("/-/metrics")
    return int(re.search(r"^coranto_edge_entries (\d+)", metrics, re.MULTILINE)[1])


@slow
def test_a_hang_up_replaces_the_app_and_no_request_is_lost(sites):
    site = sites.ready().start("--workers", "1")
    edge, before = site.processes("edge"), {*site.processes("app"), *site.processes("web"), *site.processes("worker")}
    assert len(before) == 4
    assert site.ask("/")[0] == 200
    assert stored(site) > 0
    with Visitor(site) as visitor:
        site.process.send_signal(signal.SIGHUP)
        until(lambda: not any(is_running(pid) for pid in before), told=site.said)
        until(lambda: site.processes("worker"), told=site.said)
        # The code may be another: nothing that the old one made is shown any more.
        until(lambda: stored(site) == 0, told=site.said)
    # A process that has just been forked still has the name of the one it comes from.
    until(lambda: {len(site.processes("app")), len(site.processes("worker"))} == {1}, told=site.said)
    assert site.processes("edge") == edge
    assert set(visitor.answers) == {403}  # what the app says to a stranger who posts
    assert len(visitor.answers) > 10
    assert site.stop() == 0


@slow
def test_a_reload_that_fails_leaves_the_old_app_in_place(sites, tmp_path):
    (tmp_path / "changing.py").write_text("from coranto.config.settings import *\n")
    site = sites.ready(DJANGO_SETTINGS_MODULE="changing", PYTHONPATH=str(tmp_path)).start("--workers", "1")
    before = [site.processes("app"), site.processes("web"), site.processes("worker")]
    (tmp_path / "changing.py").write_text("raise SystemExit('The new code is broken')\n")
    site.process.send_signal(signal.SIGHUP)
    until(lambda: "before it was ready; the old one goes on" in site.said(), told=site.said)
    assert "The new code is broken" in site.said()
    assert [site.processes("app"), site.processes("web"), site.processes("worker")] == before
    assert site.ask("/-/ready/") == (200, "ready\n")
    assert site.stop() == 0


@slow
def test_the_edge_is_replaced_when_asked_to_and_no_request_is_lost(served):
    [before] = served.processes("edge")
    with Visitor(served) as visitor:
        served.process.send_signal(signal.SIGUSR2)
        until(lambda: not is_running(before), told=served.said)
        until(lambda: len(visitor.answers) > 10, told=served.said)
    assert served.processes("edge") != [before]
    assert set(visitor.answers) == {403}


@slow
def test_until_the_app_has_loaded_the_edge_says_so(sites, tmp_path):
    gate = tmp_path / "gate"
    (tmp_path / "late.py").write_text(
        f"import time\nfrom pathlib import Path\nwhile not Path({str(gate)!r}).exists():\n    time.sleep(0.02)\n"
        "from coranto.config.settings import *\n"
    )
    site = sites.ready(DJANGO_SETTINGS_MODULE="late", PYTHONPATH=str(tmp_path))
    starting = threading.Thread(target=site.start, args=("--workers", "1"))
    starting.start()
    try:
        note = site.data / "run" / "serve.json"
        until(lambda: note.exists() and site.note()["groups"])
        site.port = site.note()["port"]
        until(site.answers, told=site.said)  # its health: the edge runs
        status, words = site.ask("/")
        assert (status, words) == (503, "This page cannot be shown right now. Please try again in a moment.\n")
        assert site.ask("/-/ready/")[0] == 503
        assert "Coranto is at" not in site.said()
    finally:
        gate.touch()
        starting.join()
    assert site.ask("/")[0] == 200
    assert site.stop() == 0


@slow
def test_without_an_edge_the_app_answers_readers_itself_with_the_same_page(sites, served):
    site = sites.ready().start("--workers", "1", "--no-edge")
    assert site.processes("edge") == []
    assert site.answers()
    assert site.ask("/-/ready/") == (200, "ready\n")
    status, page = site.ask("/")
    assert (status, page.replace(f":{site.port}", ":N")) == (200, served.ask("/")[1].replace(f":{served.port}", ":N"))
    assert site.stop() == 0


@slow
def test_a_site_may_lie_in_a_folder_with_a_long_name(sites):
    site = sites.ready()
    long = site.data.parent / ("a" * 100) / "site"
    long.parent.mkdir()
    site.data = site.data.rename(long)
    site.environment["CORANTO_DATA"] = str(long)
    site.start("--workers", "1")
    assert site.ask("/")[0] == 200
    assert site.stop() == 0


@slow
def test_it_serves_https_with_a_certificate(sites, tmp_path):
    certificate, key = tmp_path / "site.pem", tmp_path / "site.key"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-out", str(certificate), "-keyout", str(key)),
        ],
        check=True,
        capture_output=True,
    )
    site = sites.ready().start("--workers", "1", "--tls-cert", str(certificate), "--tls-key", str(key))
    assert f"Coranto is at https://localhost:{site.port}/" in site.said()
    assert site.ask("/-/health/", tls=True) == (200, "ok\n")
    assert site.ask("/", tls=True)[0] == 200
    assert site.stop() == 0


@slow
def test_supervisor_and_edge_carry_no_django(served):
    for pid in (served.pid, *served.processes("edge")):
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        assert pages * 4096 / 1_000_000 < 55


@slow
def test_no_secret_is_on_a_command_line(sites):
    site = sites.ready(CORANTO_METRICS_TOKEN="sesame", REDIS_URL="redis://ada:sesame@127.0.0.1:1/0")
    site.start("--workers", "1")
    key = (site.data / "secret-key").read_text()
    words = [Path(f"/proc/{pid}/cmdline").read_bytes() for pid in (site.pid, *descendants(site.pid))]
    assert [line for line in words if b"sesame" in line or key.encode() in line or b"postgresql:" in line] == []
    assert site.stop() == 0


# What it refuses ------------------------------------------------------------------------------------------------


@slow
def test_a_second_serve_on_the_folder_is_refused_and_names_the_first(served):
    refused = served.run("serve", "--port", "0")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == (
        f"Coranto is serving the folder {served.data} already (process {served.pid}). "
        "Stop it first, or name another folder in CORANTO_DATA.\n"
    )


@slow
def test_a_taken_port_is_refused_and_names_the_holder(sites):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = sites.new().run("serve", "--port", str(port))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"Port {port} is taken by process ")
    assert refused.stderr.endswith("). Stop it, or choose another port with --port.\n")


def test_an_address_that_is_not_ours_is_refused(sites):
    refused = sites.new().run("serve", "--host", "192.0.2.1", "--port", "0")
    assert refused.returncode == 2
    assert refused.stderr.startswith("Nothing can listen on 192.0.2.1 port 0 (")


@pytest.mark.parametrize("below", ["", "below"])
def test_a_folder_that_cannot_be_used_is_refused(sites, tmp_path, below):
    (tmp_path / "file").write_text("I am no folder")
    folder = tmp_path / "file" / below
    refused = sites.new().run("serve", "--port", "0", CORANTO_DATA=str(folder))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith(f"The data folder {folder} cannot be used (")
    assert "Traceback" not in refused.stderr


def test_a_folder_a_newer_version_has_used_is_refused(sites):
    site = sites.new()
    site.data.mkdir()
    (site.data / "version").write_text("99.1.0\n")
    refused = site.run("serve", "--port", "0")
    assert refused.returncode == 2
    assert refused.stderr.startswith(
        f"The folder {site.data} was last used by a newer Coranto (version 99.1.0; this is "
    )


@slow
def test_a_database_a_newer_version_has_migrated_is_refused(sites):
    site = sites.ready()
    statement = (
        "from django.db import connection; from django.db.migrations.recorder import MigrationRecorder; "
        "MigrationRecorder(connection).record_applied('jobs', '9001_from_the_future')"
    )
    assert site.run("manage", "shell", "--no-imports", "-c", statement).returncode == 0
    refused = site.run("serve", "--port", "0")
    assert refused.returncode == 2
    assert "was last used by a newer Coranto (it has jobs.9001_from_the_future; this is " in refused.stderr


def test_a_patch_level_back_is_no_newer_version(tmp_path):
    (tmp_path / "version").write_text(f"{cli.coranto.__version__}.99\n")
    beginning.check_version(tmp_path)


def test_each_bad_setting_is_told_in_a_sentence_without_its_value(sites):
    refused = sites.new().run("serve", CORANTO_ORIGIN="ftp://news.example", DATABASE_URL="mysql://ada:sesame@db/news")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert sorted(refused.stderr.splitlines()) == [
        "CORANTO_ORIGIN: must look like https://news.example, with no path",
        "DATABASE_URL: must be a postgresql:// address, or empty for SQLite",
    ]


@slow
def test_a_database_that_is_away_is_told_in_a_sentence(sites):
    with socket.create_server(("127.0.0.1", 0)) as other:
        closed = other.getsockname()[1]
    refused = sites.new().run("serve", "--port", "0", DATABASE_URL=f"postgresql://ada:sesame@127.0.0.1:{closed}/news")
    assert refused.returncode == 2
    # Beside it stands what the edge has to say about the same.
    assert any(line.startswith("The database cannot be used: ") for line in refused.stderr.splitlines())
    assert "sesame" not in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2), (3, 50, 6), (3, 44, 5), (3, 49, 9)])
def test_an_sqlite_that_can_corrupt_is_refused(monkeypatch, capsys, version):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    with pytest.raises(SystemExit) as stopped:
        beginning.check_sqlite()
    assert stopped.value.code == 2
    assert "which can corrupt a database" in capsys.readouterr().err


@pytest.mark.parametrize("version", [(3, 51, 3), (3, 53, 4), (4, 0, 0), (3, 50, 7), (3, 44, 6)])
def test_a_sound_sqlite_is_accepted(monkeypatch, version):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    beginning.check_sqlite()


def test_a_certificate_without_its_key_is_refused(tmp_path):
    (tmp_path / "site.pem").write_text("")
    with pytest.raises(SystemExit) as stopped:
        beginning.check_certificate(tmp_path / "site.pem", None)
    assert stopped.value.code == 2


def test_a_certificate_that_is_none_is_refused(tmp_path, capsys):
    (tmp_path / "site.pem").write_text("")
    with pytest.raises(SystemExit):
        beginning.check_certificate(tmp_path / "site.pem", tmp_path / "site.pem")
    assert "cannot be used with the key" in capsys.readouterr().err


# The command line ---------------------------------------------------------------------------------------------


def test_help_lists_what_works_and_loads_no_django():
    statement = (
        "import sys\nfrom coranto.config.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert not end.code\n"
        "assert not [name for name in sys.modules if name.split('.')[0] in {'django', 'wagtail', 'pydantic'}]"
    )
    told = subprocess.run(
        [sys.executable, "-P", "-c", statement], capture_output=True, text=True, check=False, timeout=60
    )
    assert (told.returncode, told.stderr) == (0, "")
    assert "serve" in told.stdout
    assert "manage" in told.stdout
    assert "_app" not in told.stdout
    assert "_edge" not in told.stdout


def test_the_version_is_told():
    told = CliRunner().invoke(cli.main, ["--version"])
    assert told.output == f"Coranto {cli.coranto.__version__}\n"


def test_what_tests_and_children_need_is_not_shown_to_owners():
    told = CliRunner().invoke(cli.main, ["serve", "--help"])
    assert "--lease" not in told.output
    assert "--tls-cert" in told.output


@slow
def test_django_s_commands_get_every_argument(sites):
    told = sites.new().run("manage", "showmigrations", "--help")
    assert told.returncode == 0
    assert told.stdout.startswith("usage: coranto manage showmigrations")
    assert sites.new().run("manage", "no_such_command").returncode == 1


def test_a_port_beyond_all_ports_is_refused():
    assert CliRunner().invoke(cli.main, ["serve", "--port", "70000"]).exit_code == 2
    assert PROGRAM[1] == "-P"
