"""Imports as the command line does them, with nobody to fetch from."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

# `exports` is also what the fault tests and the benchmark import.
sys.path.insert(0, str(Path(__file__).parent))

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def export():
    from exports import Export

    made = Export()
    made.author("cora", "Cora Vale", "cora@lantern.example")
    made.category("city", "City", term_id=1)
    return made


@pytest.fixture(autouse=True)
def _media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "site-media"


@pytest.fixture
def run(db, tmp_path) -> Callable[..., dict[str, Any]]:
    """Import an export and give the report. Every item of the file must be accounted for, each time."""
    from coranto.importers.operations import ImportSettings, import_site
    from coranto.importers.rules.reports import Report
    from coranto.importers.wordpress.source import WordPressExport

    def run(export, *, salvage=False, now=NOON, **settings) -> dict[str, Any]:
        path = export if isinstance(export, Path) else export.write(tmp_path / "export.xml")
        report = Report()
        import_site(
            source=WordPressExport(path, now=now, salvage=salvage),
            settings=ImportSettings(**settings),
            report=report,
            progress=lambda _count: None,
            now=now,
        )
        items = report.as_data()["items"]
        assert items["read"] == sum(count for name, count in items.items() if name != "read"), items
        return json.loads(json.dumps(report.as_data()))

    return run


@pytest.fixture
def article():
    """An article by its old id, as it is now."""
    from coranto.importers.models import ImportedItem
    from coranto.newsroom.models import Article

    def find(key: int | str) -> Article:
        return Article.objects.get(pk=ImportedItem.objects.get(kind="article", source_id=str(key)).target_id)

    return find


@pytest.fixture
def body(article):
    """An article's blocks as pairs of kind and value."""

    def find(key: int | str) -> list[tuple[str, Any]]:
        return [(each["type"], each["value"]) for each in article(key).raw_body]

    return find
