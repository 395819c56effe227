"""What every command begins with: the environment, the folder, a sound SQLite, databases that are up to date.

Each says in a sentence on stderr why it cannot go on, and exits with 2.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

import click

import coranto

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from coranto.config.env import Environment

SETTINGS = "coranto.config.settings"
VERSION_FILE = "version"

# SQLite can corrupt a database in WAL mode before these (https://sqlite.org/wal.html#walresetbug).
_SOUND_SQLITE = (3, 51, 3)
_SOUND_IN_SERIES = {(3, 50): 7, (3, 44): 6}


def refuse(reason: str) -> NoReturn:
    click.echo(reason, err=True)
    sys.exit(2)


def environment() -> Environment:
    from pydantic import ValidationError

    from coranto.config.env import environment

    try:
        return environment()
    except ValidationError as error:
        # Not what was given: it may hold a password.
        refuse(
            "\n".join(
                f"{'.'.join(map(str, fault['loc'])).upper()}: {fault['msg'].removeprefix('Value error, ')}"
                for fault in error.errors(include_input=False, include_url=False)
            )
        )


def prepare_folder(env: Environment) -> None:
    from coranto.config import folder

    try:
        folder.prepare(env.coranto_data)
    except folder.FolderError as error:
        refuse(str(error))


def start_django() -> Environment:
    env = environment()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()
    return env


def open_site() -> None:
    """Make the site's folder ready, bring its databases up to date and load Django."""
    env = environment()
    if not env.database_url:
        check_sqlite()
    prepare_folder(env)
    check_version(env.coranto_data)
    start_django()
    with database_may_be_away():
        migrate(env)


def migrate(env: Environment) -> None:
    from coranto.jobs.operations import databases

    try:
        databases.migrate_databases(lock=env.coranto_data / "run" / "migrate.lock")
    except databases.NewerVersionError as error:
        refuse_newer(env.coranto_data, f"it has {error}")
    (env.coranto_data / VERSION_FILE).write_text(f"{coranto.__version__}\n")


def child_environment(env: Environment, port: int, *, is_https: bool) -> dict[str, str]:
    """The children's environment: ours, made whole.

    The address of a site that was given none is where it listens, so that links in mail and in the editor
    work while it is tried out.
    """
    environment = {**os.environ, "CORANTO_DATA": str(env.coranto_data)}
    environment.pop("NOTIFY_SOCKET", None)  # the supervisor tells systemd, nobody else
    environment.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    # glibc gives each thread a heap of its own, which keeps what a large page once took: two are enough.
    environment.setdefault("MALLOC_ARENA_MAX", "2")
    # Under these very names: the edge reads them without what knows other ways of writing them.
    for name in ("database_url", "redis_url", "coranto_metrics_token"):
        environment[name.upper()] = getattr(env, name)
    if "coranto_origin" not in env.model_fields_set:
        environment["CORANTO_ORIGIN"] = f"{'https' if is_https else 'http'}://localhost:{port}"
    return environment


def check_certificate(certificate: Path | None, key: Path | None) -> None:
    if certificate is None and key is None:
        return
    if certificate is None or key is None:
        refuse("--tls-cert and --tls-key belong together: give both, or neither for http.")
    import ssl

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (ssl.SSLError, OSError) as error:
        refuse(f"The certificate {certificate} cannot be used with the key {key}: {error}.")


def check_sqlite() -> None:
    import sqlite3

    version = sqlite3.sqlite_version_info
    patch = _SOUND_IN_SERIES.get(version[:2])
    if version >= _SOUND_SQLITE or (patch is not None and version[2] >= patch):
        return
    refuse(
        f"This Python brings SQLite {sqlite3.sqlite_version}, which can corrupt a database "
        "(https://sqlite.org/wal.html#walresetbug). Install `pysqlite3` where there is a wheel for your "
        "platform, or a Python with SQLite 3.51.3 or newer, or use PostgreSQL by DATABASE_URL."
    )


def check_version(data: Path) -> None:
    """Refuse a folder that a later feature version has used; a patch level back is no other format."""
    try:
        last = (data / VERSION_FILE).read_text().strip()
    except OSError:
        return
    if series(last) > series(coranto.__version__):
        refuse_newer(data, f"version {last}")


def series(version: str) -> tuple[int, ...]:
    numbers = version.split(".")[:2]
    return tuple(int(number) for number in numbers) if all(n.isdigit() for n in numbers) else ()


def refuse_newer(data: Path, evidence: str) -> NoReturn:
    refuse(
        f"The folder {data} was last used by a newer Coranto ({evidence}; this is {coranto.__version__}). "
        "Install that version again, or restore a backup made before it."
    )


@contextlib.contextmanager
def database_may_be_away() -> Iterator[None]:
    from django.db import OperationalError

    try:
        yield
    except OperationalError as error:
        first_line = str(error).strip().partition("\n")[0]
        refuse(f"The database cannot be used: {first_line}. Check DATABASE_URL, and that the server runs.")


def warm_up(env: Environment) -> None:
    """Make the front page once, so that what is loaded at the first use is loaded before the processes part."""
    from django.db import connections

    from coranto.config.wsgi import application

    parts = urlsplit(env.coranto_origin)
    request = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": env.host,
        "SERVER_PORT": str(parts.port or (443 if env.is_https else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": parts.netloc,
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(),
    }
    # What goes wrong here is seen by the first reader as well, and logged.
    response = application(request, _do_not_begin)
    b"".join(response)
    response.close()
    # A connection must not be shared by forks.
    connections.close_all()


def _do_not_begin(*_status_and_headers: object) -> Callable[[bytes], object]:
    return lambda _data: None
