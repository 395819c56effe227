"""The search index: Wagtail's own in the database, whichever that is, kept level however much it holds."""

from __future__ import annotations

from typing import Any

from django.db import connection


def SearchBackend(params: dict[str, Any]) -> Any:  # noqa: N802 - the name Wagtail looks for
    """By what exists only where that database is in use."""
    if connection.vendor == "sqlite":
        from coranto.newsroom.backends.sqlite import RankingFew

        return RankingFew(params)
    from coranto.newsroom.backends.postgresql import PostgreSQLBackend

    return PostgreSQLBackend(params)
