"""What was imported before: the rows by which a second import knows each item again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection

from coranto.importers.models import ImportedItem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

COMMENT = "comment"
# Something it refers to was not there: the next import looks at the item again, however unchanged it is.
INCOMPLETE = ""


_INSERT = (
    f'INSERT INTO "{ImportedItem._meta.db_table}" '  # noqa: S608 - our own names
    "(source, kind, source_id, target_id, digest, result_digest, imported_at) VALUES (%s, %s, %s, %s, %s, %s, %s)"
)


@dataclass(frozen=True, slots=True)
class Known:
    target_id: int
    digest: str
    result_digest: str


class Ledger:
    """The rows of one source, those of its comments left in the database: there may be very many."""

    def __init__(self, source: str, *, now: datetime) -> None:
        self.source = source
        self._now = now
        self._known: dict[tuple[str, str], Known] = {
            (kind, source_id): Known(target_id, digest, result)
            for kind, source_id, target_id, digest, result in ImportedItem.objects.filter(source=source)
            .exclude(kind=COMMENT)
            .values_list("kind", "source_id", "target_id", "digest", "result_digest")
            .iterator(chunk_size=5_000)
        }

    def key_of(self, kind: str, key: str, others: Sequence[str]) -> str:
        """The key an item is known by: its own, that of the item noted under one of the others, or else its own."""
        if others and self.get(kind, key) is None:
            targets = {self.target(f"{kind}-alias", each) for each in others} - {None}
            for (known_kind, known_key), known in self._known.items() if targets else ():
                if known_kind == kind and known.target_id in targets:
                    return known_key
        return key

    def get(self, kind: str, key: str) -> Known | None:
        return self._known.get((kind, key[:300]))

    def target(self, kind: str, key: str) -> int | None:
        known = self.get(kind, key)
        return known.target_id if known else None

    def comments(self, keys: Sequence[str]) -> dict[str, int]:
        """Ids of those comments that were imported before. A query for each thousand."""
        found: dict[str, int] = {}
        for start in range(0, len(keys), 1_000):
            found.update(
                ImportedItem.objects.filter(
                    source=self.source, kind=COMMENT, source_id__in=keys[start : start + 1_000]
                ).values_list("source_id", "target_id")
            )
        return found

    def write(self, kind: str, rows: Iterable[tuple[str, int, str, str]]) -> None:
        """Note key, target, digest and digest of the result of each; inside the transaction that made them."""
        now = connection.ops.adapt_datetimefield_value(self._now)
        made = [
            (self.source, kind, key[:300], target_id, digest, result, now) for key, target_id, digest, result in rows
        ]
        with connection.cursor() as cursor:
            # As in `comments.operations`: a row for each comment, and `bulk_create` costs more than they do.
            cursor.executemany(_INSERT, made)
        if kind != COMMENT:
            for _, _, key, target_id, digest, result, _ in made:
                self._known[kind, key] = Known(target_id, digest, result)

    def rewrite(self, kind: str, key: str, *, digest: str, result: str) -> None:
        """Note that an item known before was read again."""
        ImportedItem.objects.filter(source=self.source, kind=kind, source_id=key[:300]).update(
            digest=digest, result_digest=result, imported_at=self._now
        )
        known = self._known[kind, key[:300]]
        self._known[kind, key[:300]] = Known(known.target_id, digest, result)

    def forget(self, kind: str, key: str) -> None:
        """Take out an item whose row here is gone."""
        ImportedItem.objects.filter(source=self.source, kind=kind, source_id=key[:300]).delete()
        self._known.pop((kind, key[:300]), None)
