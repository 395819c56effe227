from __future__ import annotations

from django.db import models


class ImportedItem(models.Model):
    """What an item of another system became here. Importing the same source again finds it and creates nothing.

    `source` names the site the export came from, `kind` and `source_id` the item in it, `target_id` our row;
    `digest` is the SHA-256 of what was read, so that a changed item is told from an unchanged one, and
    `result_digest` that of what we made of it, so that an item edited here since is left alone.
    """

    source = models.CharField(max_length=300)
    kind = models.CharField(max_length=20)
    source_id = models.CharField(max_length=300)
    target_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    result_digest = models.CharField(max_length=64, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "kind", "source_id"], name="imported_once"),
        ]
        indexes = [models.Index(fields=["kind", "target_id"], name="imported_target")]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.source_id}"
