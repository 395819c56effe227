"""The command line. `coranto --help` loads nothing but this; each command loads what it needs.

A command that cannot begin says why in a sentence on stderr and exits with 2.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

import coranto
from coranto.importers.command import import_group

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from coranto.config.env import Environment

SETTINGS = "coranto.config.settings"
APPLICATION = "coranto.config.wsgi:application"
VERSION_FILE = "version"
DEMO_FOLDER = Path("coranto-demo")

# SQLite can corrupt a database in WAL mode before these (https://sqlite.org/wal.html#walresetbug).
_SOUND_SQLITE = (3, 51, 3)
_SOUND_IN_SERIES = {(3, 50): 7, (3, 44): 6}

# `python -m coranto`, without the current folder on the import path: a file named random.py lying there
# would otherwise take the place of the library's.
_THIS_PROGRAM = (sys.executable, "-P", "-m", "coranto")

_file = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(coranto.__version__, prog_name="Coranto", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """Coranto, a publishing system for independent newsrooms.

    All state of a site lives in one folder, CORANTO_DATA (default ./coranto-data).
    """
    context.obj = _open_site  # for the commands of other rooms


# For whoever runs a site ------------------------------------------------------------------------------------


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="The port to listen on; 0 takes a free one.",
)
@click.option(
    "--workers",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Web processes, of four threads each.",
)
@click.option("--tls-cert", type=_file, help="A certificate (PEM, with its chain), to serve https.")
@click.option("--tls-key", type=_file, help="The certificate's private key (PEM).")
@click.option("--lease", type=float, hidden=True, help="Seconds a dead worker's task waits.")
@click.option("--grace", default=25.0, type=float, hidden=True, help="Seconds a stop may take.")
def serve(
    *,
    host: str,
    port: int,
    workers: int,
    tls_cert: Path | None,
    tls_key: Path | None,
    lease: float | None,
    grace: float,
) -> None:
    """Run the site; creates and migrates CORANTO_DATA where it is new."""
    env = _environment()
    _check_certificate(tls_cert, tls_key)
    web = ["--workers", str(workers)]
    if tls_cert and tls_key:
        web += ["--tls-cert", str(tls_cert), "--tls-key", str(tls_key)]
    _run_site(env, host=host, port=port, web=web, is_https=tls_cert is not None, lease=lease, grace=grace)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port to listen on.")
def demo(*, host: str, port: int) -> None:
    """Show Coranto with an invented newspaper, in ./coranto-demo unless CORANTO_DATA names another folder."""
    env = _environment()
    if "coranto_data" not in env.model_fields_set:
        env = env.model_copy(update={"coranto_data": DEMO_FOLDER.absolute()})
    _run_site(env, host=host, port=port, web=["--workers", "2"], prepare=["--specimen"])


def _run_site(
    env: Environment,
    *,
    host: str,
    port: int,
    web: Sequence[str],
    prepare: Sequence[str] = (),
    is_https: bool = False,
    lease: float | None = None,
    grace: float = 25.0,
) -> NoReturn:
    """Become the supervisor of a site until it is stopped."""
    if not env.database_url:
        _check_sqlite()
    _prepare_folder(env)
    _check_version(env.coranto_data)

    from coranto.jobs import supervisor

    # Every child is told whose death is its own: this process becomes the supervisor.
    parent = ("--parent", str(os.getpid()))
    # The worker stops a little before it would be killed, so that it can hand back what it has in hand.
    worker = [*parent, "--grace", str(max(grace - 5, grace / 2))]
    if lease is not None:
        worker += ["--lease", str(lease)]
    site = supervisor.Site(
        run=env.coranto_data / "run",
        host=host,
        port=port,
        is_https=is_https,
        grace=grace,
        environment=lambda bound: _child_environment(env, bound, is_https=is_https),
        prepare=[*_THIS_PROGRAM, "_prepare", *parent, *prepare],
        web=lambda listener, ready: [
            *(*_THIS_PROGRAM, "_web", *parent, *web),
            *("--listener", str(listener), "--ready", str(ready)),
        ],
        worker=lambda ready: [*_THIS_PROGRAM, "_worker", *worker, "--ready", str(ready)],
        say=click.echo,
    )
    logging.basicConfig(
        level=logging.INFO, format="{asctime} {levelname} {name}: {message}", style="{", stream=sys.stderr
    )
    try:
        code = supervisor.serve(site)
    except supervisor.ServeError as error:
        _refuse(str(error))
    sys.exit(code)


@main.command(
    context_settings={
        "ignore_unknown_options": True,
        "allow_interspersed_args": False,
        "help_option_names": [],
    }
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(*, arguments: tuple[str, ...]) -> None:
    """Django's own commands: `coranto manage help` lists them."""
    _prepare_folder(_environment())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)

    from django.core.management import execute_from_command_line

    with _database_may_be_away():
        execute_from_command_line(["coranto manage", *arguments])


main.add_command(import_group)


# The processes of `coranto serve` ---------------------------------------------------------------------------


@main.command("_prepare", hidden=True)
@click.option("--parent", type=int, required=True)
@click.option("--specimen", is_flag=True)
def prepare_site(*, parent: int, specimen: bool) -> None:
    """Bring the databases up to date and say what the owner must know."""
    import signal

    from coranto.jobs.supervisor.processes import die_with_parent

    die_with_parent(parent, by=signal.SIGTERM)
    env = _start_django()
    from coranto.kit import clock

    with _database_may_be_away():
        _migrate(env)

        if specimen:
            _plant_specimen(env)
            return

        from coranto.masthead.operations import create_setup_link_if_needed

        path = create_setup_link_if_needed(now=clock.now())
    if path:
        click.echo(f"Make the first account here, once: {env.coranto_origin}{path}")


def _mention(line: str) -> None:
    click.echo(line, err=True)  # at once: what a preparation prints is shown when it has ended


def _plant_specimen(env: Environment) -> None:
    from coranto.kit import clock
    from coranto.specimen import operations

    try:
        login = operations.plant_specimen_if_new(run=env.coranto_data / "run", now=clock.now(), say=_mention)
    except operations.NotEmptyError:
        _refuse(
            f"The folder {env.coranto_data} holds a newsroom of your own; the demonstration leaves it alone. "
            "Run `coranto serve`, or name a new folder in CORANTO_DATA."
        )
    click.echo(f"Sign in at {env.coranto_origin}/admin/ as {login.email} with the password {login.password}")


@main.command("_web", hidden=True)
@click.option("--parent", type=int, required=True)
@click.option("--listener", type=int, required=True)
@click.option("--ready", type=int, required=True)
@click.option("--workers", type=int, required=True)
@click.option("--tls-cert", type=_file)
@click.option("--tls-key", type=_file)
def serve_web(
    *, parent: int, listener: int, ready: int, workers: int, tls_cert: Path | None, tls_key: Path | None
) -> None:
    """Answer requests."""
    env = _environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    from coranto.jobs.supervisor.web import Web, run_web

    web = Web(
        application=APPLICATION,
        listener=listener,
        ready=ready,
        workers=workers,
        trusted_proxies=env.coranto_trusted_proxies,
        certificate=tls_cert,
        key=tls_key,
    )
    run_web(web, parent=parent)


@main.command("_worker", hidden=True)
@click.option("--parent", type=int, required=True)
@click.option("--ready", type=int, required=True)
@click.option("--grace", type=float, required=True)
@click.option("--lease", type=float)
def run_worker(*, parent: int, ready: int, grace: float, lease: float | None) -> None:
    """Do deferred and regular work."""
    _start_django()
    from coranto.jobs import worker
    from coranto.jobs.rules import leases

    worker.run_worker(
        parent=parent,
        ready=ready,
        grace=timedelta(seconds=grace),
        lease=leases.LEASE if lease is None else timedelta(seconds=lease),
    )


# What they begin with ---------------------------------------------------------------------------------------


def _refuse(reason: str) -> NoReturn:
    click.echo(reason, err=True)
    sys.exit(2)


def _environment() -> Environment:
    from pydantic import ValidationError

    from coranto.config.env import environment

    try:
        return environment()
    except ValidationError as error:
        # Not what was given: it may hold a password.
        _refuse(
            "\n".join(
                f"{'.'.join(map(str, fault['loc'])).upper()}: {fault['msg'].removeprefix('Value error, ')}"
                for fault in error.errors(include_input=False, include_url=False)
            )
        )


def _prepare_folder(env: Environment) -> None:
    from coranto.config import folder

    try:
        folder.prepare(env.coranto_data)
    except folder.FolderError as error:
        _refuse(str(error))


def _start_django() -> Environment:
    env = _environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()
    return env


def _open_site() -> None:
    """Make the site's folder ready, bring its databases up to date and load Django."""
    env = _environment()
    if not env.database_url:
        _check_sqlite()
    _prepare_folder(env)
    _check_version(env.coranto_data)
    _start_django()
    with _database_may_be_away():
        _migrate(env)


def _migrate(env: Environment) -> None:
    from coranto.jobs.operations import databases

    try:
        databases.migrate_databases(lock=env.coranto_data / "run" / "migrate.lock")
    except databases.NewerVersionError as error:
        _refuse_newer(env.coranto_data, f"it has {error}")
    (env.coranto_data / VERSION_FILE).write_text(f"{coranto.__version__}\n")


def _child_environment(env: Environment, port: int, *, is_https: bool) -> dict[str, str]:
    """The children's environment: ours, made whole.

    The address of a site that was given none is where it listens, so that links in mail and in the editor
    work while it is tried out.
    """
    environment = {**os.environ, "CORANTO_DATA": str(env.coranto_data)}
    environment.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if "coranto_origin" not in env.model_fields_set:
        environment["CORANTO_ORIGIN"] = f"{'https' if is_https else 'http'}://localhost:{port}"
    return environment


def _check_certificate(certificate: Path | None, key: Path | None) -> None:
    if certificate is None and key is None:
        return
    if certificate is None or key is None:
        _refuse("--tls-cert and --tls-key belong together: give both, or neither for http.")
    import ssl

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (ssl.SSLError, OSError) as error:
        _refuse(f"The certificate {certificate} cannot be used with the key {key}: {error}.")


def _check_sqlite() -> None:
    import sqlite3

    version = sqlite3.sqlite_version_info
    patch = _SOUND_IN_SERIES.get(version[:2])
    if version >= _SOUND_SQLITE or (patch is not None and version[2] >= patch):
        return
    _refuse(
        f"This Python brings SQLite {sqlite3.sqlite_version}, which can corrupt a database "
        "(https://sqlite.org/wal.html#walresetbug). Install `pysqlite3` where there is a wheel for your "
        "platform, or a Python with SQLite 3.51.3 or newer, or use PostgreSQL by DATABASE_URL."
    )


def _check_version(data: Path) -> None:
    """Refuse a folder that a later feature version has used; a patch level back is no other format."""
    try:
        last = (data / VERSION_FILE).read_text().strip()
    except OSError:
        return
    if _series(last) > _series(coranto.__version__):
        _refuse_newer(data, f"version {last}")


def _series(version: str) -> tuple[int, ...]:
    numbers = version.split(".")[:2]
    return tuple(int(number) for number in numbers) if all(n.isdigit() for n in numbers) else ()


def _refuse_newer(data: Path, evidence: str) -> NoReturn:
    _refuse(
        f"The folder {data} was last used by a newer Coranto ({evidence}; this is {coranto.__version__}). "
        "Install that version again, or restore a backup made before it."
    )


@contextlib.contextmanager
def _database_may_be_away() -> Iterator[None]:
    from django.db import OperationalError

    try:
        yield
    except OperationalError as error:
        first_line = str(error).strip().partition("\n")[0]
        _refuse(f"The database cannot be used: {first_line}. Check DATABASE_URL, and that the server runs.")
