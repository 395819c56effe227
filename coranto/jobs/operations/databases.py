"""Bringing the databases to the tables of this version."""

from __future__ import annotations

import contextlib
import fcntl
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.db import connections

from coranto.jobs.queries import foreign_migrations, lacks_migrations

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ADVISORY_LOCK = 0x636F72616E746F  # "coranto": any number, as long as it is always the same


class NewerVersionError(Exception):
    """The database was migrated by a newer version, whose migrations are named here."""

    def __init__(self, migrations: list[str]) -> None:
        super().__init__(", ".join(migrations))
        self.migrations = migrations


def migrate_databases(*, lock: Path) -> None:
    """Apply what is missing to every database; two processes that start at once take turns.

    Raises `NewerVersionError` before it changes anything.
    """
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for alias in connections:
            with _alone(alias):
                foreign = foreign_migrations()
                if foreign:
                    raise NewerVersionError(foreign)
                # Even one that finds nothing to do writes, and would wait for whoever is writing now.
                if lacks_migrations(alias):
                    call_command("migrate", database=alias, verbosity=0, interactive=False)


@contextlib.contextmanager
def _alone(alias: str) -> Iterator[None]:
    # The file keeps processes of this machine apart; PostgreSQL may be shared with another machine's.
    connection = connections[alias]
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ADVISORY_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ADVISORY_LOCK])
