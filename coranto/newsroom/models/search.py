from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from coranto.kit import spelling


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


class SearchEntry(models.Model):
    """A public article in the readers' index (`backends.archive`), whose words the database keeps beside this row.

    The key is when it was published, so that the newest are found at the end of the index. Derived:
    `operations.index_articles` makes it anew.
    """

    key = models.BigIntegerField(primary_key=True)
    article = models.OneToOneField("newsroom.Article", on_delete=models.CASCADE, related_name="search_entry")
    manner = models.CharField(
        max_length=32, db_index=True, help_text=_("How its terms were made; empty: they are to be made anew.")
    )
    is_counted = models.BooleanField(default=False, help_text=_("Its words are among those suggested."))

    class Meta:
        indexes = [models.Index("key", name="search_entry_uncounted", condition=models.Q(is_counted=False))]

    def __str__(self) -> str:
        return f"{self.key}: {self.article_id}"


class SearchWord(models.Model):
    """A word of the archive, as it is written there in small letters, and in how many articles it was seen."""

    word = models.CharField(max_length=spelling.LONGEST, unique=True)
    articles = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.word


class SearchSpelling(models.Model):
    """What a word is found under by somebody who misspells it (`kit.spelling`)."""

    key = models.CharField(max_length=spelling.BEGINNING, db_index=True)
    word = models.ForeignKey(SearchWord, on_delete=models.CASCADE, related_name="spellings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "key"], name="search_spelled_once")]

    def __str__(self) -> str:
        return self.key
