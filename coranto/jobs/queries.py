"""How the tables of the site stand to its code."""

from __future__ import annotations

from django.apps import apps
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

_known_complete: set[str] = set()


def has_unapplied_migrations() -> bool:
    """Whether a database lacks tables this code needs.

    The answer "no" is remembered: a process does not get new migrations while it runs, and reading them
    all takes a tenth of a second.
    """
    for alias in connections:
        if alias in _known_complete:
            continue
        if lacks_migrations(alias):
            return True
        _known_complete.add(alias)
    return False


def lacks_migrations(alias: str) -> bool:
    """Whether this database lacks tables this code needs, as it stands now."""
    executor = MigrationExecutor(connections[alias])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def foreign_migrations() -> list[str]:
    """Applied migrations of Coranto's own apps that this code does not have: a newer version was here."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("coranto.")}
    foreign: set[str] = set()
    for alias in connections:
        recorder = MigrationRecorder(connections[alias])
        if not recorder.has_table():
            continue
        known = MigrationExecutor(connections[alias]).loader.disk_migrations
        foreign |= {
            f"{app}.{name}" for app, name in recorder.applied_migrations() if app in ours and (app, name) not in known
        }
    return sorted(foreign)
