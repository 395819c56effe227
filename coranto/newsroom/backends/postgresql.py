"""Wagtail's search on PostgreSQL, which ranks well enough."""

from __future__ import annotations

from modelsearch.backends.database.postgres.postgres import PostgresIndex, PostgresSearchBackend

from coranto.newsroom.backends.lengths import KeepsLengths


class Index(KeepsLengths, PostgresIndex):
    pass


class PostgreSQLBackend(PostgresSearchBackend):
    index_class = Index
