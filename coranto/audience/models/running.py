"""What is known of the running day. On SQLite these tables are in the second file.

No row holds an address; no row holds a user agent beside a visitor's mark. What is of a day is destroyed after it.
Articles are plain numbers here: a key cannot point into the other file.
"""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from coranto.audience.rules import Reason, Referrer

# Instead of an article: the visitor was here today, whatever was read.
ANYWHERE: Final = 0


class DailySalt(models.Model):
    """What makes marks of one day unlike those of any other, and of no use to anybody once it is gone."""

    day = models.DateField(_("day"), primary_key=True)
    salt = models.BinaryField()

    class Meta:
        verbose_name = _("salt of a day")
        verbose_name_plural = _("salts of days")

    def __str__(self) -> str:
        return f"{self.day}"


class Visit(models.Model):
    """That a visitor, as a mark, has viewed an article on a day."""

    day = models.DateField(_("day"), db_index=True)
    visitor = models.BinaryField(max_length=16)
    article_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [models.UniqueConstraint(fields=["visitor", "article_id"], name="visited_once_a_day")]

    def __str__(self) -> str:
        return f"{self.article_id}"


class Crowd(models.Model):
    """How many visitors one address, as a mark, was to an article on a day."""

    day = models.DateField(_("day"), db_index=True)
    address = models.BinaryField(max_length=16)
    article_id = models.BigIntegerField()
    visitors = models.PositiveIntegerField(_("visitors"))

    class Meta:
        verbose_name = _("crowd")
        verbose_name_plural = _("crowds")
        constraints = [models.UniqueConstraint(fields=["address", "article_id"], name="crowd_at_an_article")]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.visitors}"


class DayAgent(models.Model):
    """A user agent of the day, and how many visitors had it. That of too few is forgotten with the day."""

    day = models.DateField(_("day"))
    text = models.CharField(_("user agent"), max_length=400)
    visitors = models.PositiveIntegerField(_("visitors"))
    is_bot = models.BooleanField(_("bot"))

    class Meta:
        verbose_name = _("user agent of the day")
        verbose_name_plural = _("user agents of the day")
        constraints = [models.UniqueConstraint(fields=["day", "text"], name="agent_once_a_day")]

    def __str__(self) -> str:
        return self.text


class RunningViews(models.Model):
    """Views of an hour that is not closed. With a token: sealed, and about to be written down under it."""

    hour = models.DateTimeField(_("hour"))
    article_id = models.BigIntegerField(db_index=True)
    agent = models.ForeignKey(DayAgent, on_delete=models.PROTECT, related_name="+")
    referrer = models.CharField(_("referrer"), max_length=8, choices=Referrer.choices)
    views = models.PositiveIntegerField(_("views"))
    token = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name = _("views of the running hour")
        verbose_name_plural = _("views of the running hour")
        constraints = [
            models.UniqueConstraint(
                fields=["hour", "article_id", "agent", "referrer", "token"], name="running_views_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id}: {self.views}"


class RunningLeftOut(models.Model):
    """Views left out in an hour that is not closed."""

    hour = models.DateTimeField(_("hour"))
    reason = models.CharField(_("reason"), max_length=8, choices=Reason.choices)
    count = models.PositiveIntegerField(_("views"))
    token = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name = _("views left out in the running hour")
        verbose_name_plural = _("views left out in the running hour")
        constraints = [models.UniqueConstraint(fields=["hour", "reason", "token"], name="running_left_out_once")]

    def __str__(self) -> str:
        return f"{self.reason}: {self.count}"
