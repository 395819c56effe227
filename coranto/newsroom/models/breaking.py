from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from coranto.kit import clock

STRIP_LENGTH = 140
USUAL_LIFE = timedelta(hours=3)


def usual_end() -> datetime:
    return clock.now() + USUAL_LIFE


class BreakingStripQuerySet(models.QuerySet["BreakingStrip"]):
    def not_over(self, now: datetime) -> BreakingStripQuerySet:
        """Strips that are up at a moment, and those that will be."""
        return self.filter(ends_at__gt=now)


class BreakingStrip(models.Model):
    """A line of news across the top of the site, up to its end and no longer.

    It is no part of an arrangement: putting one up publishes nothing else, and an arrangement planned
    yesterday does not take it down.
    """

    text = models.CharField(_("words"), max_length=STRIP_LENGTH)
    article = models.ForeignKey(
        "newsroom.Article",
        verbose_name=_("article"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_(
            "The words lead to it as soon as it is public. When it is withdrawn or deleted, the strip goes with it."
        ),
    )
    starts_at = models.DateTimeField(_("from"), default=clock.now)
    ends_at = models.DateTimeField(
        _("until"), default=usual_end, db_index=True, help_text=_("It is gone then by itself.")
    )
    on_every_page = models.BooleanField(_("on every page"), default=False, help_text=_("Not only on the front page."))

    objects: ClassVar[Any] = BreakingStripQuerySet.as_manager()

    class Meta:
        verbose_name = _("breaking strip")
        verbose_name_plural = _("breaking strips")

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        super().clean()
        if not self.starts_at or not self.ends_at:
            return  # the field itself says that it is missing
        if self.starts_at >= self.ends_at:
            raise ValidationError({"ends_at": _("The end comes before the beginning.")})
        if self.pk is None and self.ends_at <= clock.now():
            raise ValidationError({"ends_at": _("This time has passed: nobody would see the strip.")})

    @property
    def is_withdrawn(self) -> bool:
        """Whether its article was public once and is no more: what was taken back is not announced either."""
        article = self.article
        return article is not None and article.first_published_at is not None and not article.live
