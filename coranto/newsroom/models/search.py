from __future__ import annotations

from django.db import models


class TitleLengths(models.Model):
    """How many titles the search index holds and how long they are together: one row, kept by the search back end.

    How much a word in a title says depends on the length of that title beside the average one, which would
    otherwise be counted anew over the whole index whenever a page is saved.
    """

    count = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.count} titles, {self.total} long"

    @property
    def average(self) -> float:
        """Nothing is shorter than one: an index that is empty yet has none to compare with."""
        return max(self.total / self.count, 1.0) if self.count > 0 else 1.0
