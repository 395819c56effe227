"""Which SQLite file a table lives in.

Sessions and counters are written by every visitor who does something; in a file of their own they do not
queue behind publishing, and the main file can afford `synchronous=FULL`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model

SIDE = "side"
SIDE_TABLES = frozenset(
    {
        ("sessions", "session"),
        ("jobs", "limit"),
        ("audience", "crowd"),
        ("audience", "dailysalt"),
        ("audience", "dayagent"),
        ("audience", "runningleftout"),
        ("audience", "runningviews"),
        ("audience", "visit"),
    }
)


class SideRouter:
    """Sends the tables named above to the second file and keeps all others out of it."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str | None:
        return SIDE if _belongs_aside(model._meta.app_label, model._meta.model_name) else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **_hints: Any) -> bool:
        aside = _belongs_aside(app_label, model_name)
        return aside if db == SIDE else not aside


def _belongs_aside(app_label: str, model_name: str | None) -> bool:
    return (app_label, model_name) in SIDE_TABLES
