"""Many rows at once, each either new or added to the one that is there: in one statement, whoever else writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import connections, router

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import Field, Model

_ROWS_AT_ONCE: Final = 500


def insert_new(
    model: type[Model], *, unique: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> list[tuple[Any, ...]]:
    """Insert the rows that are not there yet; the `unique` values of those."""
    return _insert(model, rows, conflict=f"({', '.join(unique)}) DO NOTHING", returning=unique)


def add_up(
    model: type[Model],
    *,
    unique: Sequence[str],
    amount: str,
    rows: Sequence[Mapping[str, Any]],
    returning: Sequence[str] = ("id",),
) -> list[tuple[Any, ...]]:
    """Insert the rows, or add their `amount` to that of the row with the same `unique` values.

    What `returning` names of each, as it is then, in no order. No two rows may have the same `unique` values.
    """
    table = model._meta.db_table
    update = f"DO UPDATE SET {amount} = {table}.{amount} + excluded.{amount}"
    return _insert(model, rows, conflict=f"({', '.join(unique)}) {update}", returning=returning)


def _insert(
    model: type[Model], rows: Sequence[Mapping[str, Any]], *, conflict: str, returning: Sequence[str]
) -> list[tuple[Any, ...]]:
    connection = connections[router.db_for_write(model)]
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        columns = list(some[0])
        fields = [_field(model, each) for each in columns]
        values = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(some))
        statement = (
            f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES {values} "  # noqa: S608 - names of ours
            f"ON CONFLICT {conflict} RETURNING {', '.join(returning)}"
        )
        given = [
            field.get_db_prep_save(row[name], connection)
            for row in some
            for name, field in zip(columns, fields, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
            found += cursor.fetchall()
    return found


def _field(model: type[Model], column: str) -> Field[Any, Any]:
    return next(each for each in model._meta.concrete_fields if each.column == column)
