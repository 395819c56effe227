"""Migrations form one line per app, and the models are what they lead to."""

from collections import Counter

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


@pytest.fixture(scope="module")
def loader():
    return MigrationLoader(None)


@pytest.fixture(scope="module")
def labels():
    return {config.label for config in apps.get_app_configs() if config.name.startswith("coranto.")}


def test_each_app_has_one_last_migration(loader, labels):
    last = Counter(app for app, _ in loader.graph.leaf_nodes() if app in labels)

    assert {app: count for app, count in last.items() if count > 1} == {}


def test_no_migration_follows_two(loader, labels):
    assert [
        f"{app}.{name}"
        for (app, name), migration in loader.disk_migrations.items()
        if app in labels and sum(parent == app for parent, _ in migration.dependencies) > 1
    ] == []


def test_the_models_are_what_the_migrations_lead_to(loader, labels):
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    changes = detector.changes(loader.graph)

    assert {app: [str(migration) for migration in changes[app]] for app in labels & set(changes)} == {}
