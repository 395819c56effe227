from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import OuterRef


class ListingQuerySet(models.QuerySet["Listing"]):
    def of(self, kind: str, subject_id: int | OuterRef = 0) -> ListingQuerySet:
        return self.filter(kind=kind, subject_id=subject_id)

    def having(self, kind: str) -> models.Exists:
        """Whether a subject stands over an article in public; for filtering authors and topics."""
        return models.Exists(self.of(kind, models.OuterRef("pk")))

    def newest_first(self) -> ListingQuerySet:
        return self.order_by("-published_at", "-article_id")

    def before(self, published_at: datetime, article_id: int) -> ListingQuerySet:
        """What comes after the given place in a list that is newest first; a seek in the index, not a count."""
        return self.filter(published_at__lte=published_at).exclude(
            published_at=published_at, article_id__gte=article_id
        )


class Listing(models.Model):
    """One place of one public article in one list: latest, a section, an author, a topic.

    Written when an article is published, moved or withdrawn, so that reading any list is a seek in one
    index however many articles there are. Derived: `operations.relist_article` makes the rows anew.
    """

    class Kind(models.TextChoices):
        LATEST = "latest", _("latest")
        SECTION = "section", _("section")
        AUTHOR = "author", _("author")
        TOPIC = "topic", _("topic")

    kind = models.CharField(max_length=7, choices=Kind.choices)
    subject_id = models.PositiveBigIntegerField(default=0)
    article = models.ForeignKey("newsroom.Article", on_delete=models.CASCADE, related_name="listings")
    published_at = models.DateTimeField()

    objects = ListingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "kind", "subject_id"], name="listed_once"),
        ]
        indexes = [
            models.Index(
                "kind",
                "subject_id",
                models.F("published_at").desc(),
                models.F("article").desc(),
                name="listing_newest_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}: {self.article_id}"


class FormerAddress(models.Model):
    """Where a section or an article once stood. A rename writes one row: articles below are found through it."""

    section_slug = models.CharField(max_length=255)
    slug = models.CharField(max_length=255, blank=True, help_text=_("Empty: the section itself."))
    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="former_addresses")
    left_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["section_slug", "slug"], name="one_heir_an_address")]

    def __str__(self) -> str:
        return f"/{self.section_slug}/{self.slug}"
