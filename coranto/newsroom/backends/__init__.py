"""The search index: Wagtail's own in the database, whichever that is."""

from __future__ import annotations

from typing import Any

from django.db import connection
from modelsearch.backends import database


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name Wagtail looks for
    """PostgreSQL ranks well enough; SQLite is helped, by what exists only where SQLite is in use."""
    if connection.vendor != "sqlite":
        return database.SearchBackend(params)
    from coranto.newsroom.backends.sqlite import RankingFew

    return RankingFew(params)
