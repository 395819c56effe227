from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Report(models.Model):
    """What a reader finds wrong with a comment. However many there are, they hide nothing: an editor looks at it."""

    class Reason(models.TextChoices):
        INSULT = "insult", _("It insults or threatens somebody")
        ADVERT = "advert", _("It advertises something")
        PRIVATE = "private", _("It tells what is private")
        OTHER = "other", _("Something else")

    comment = models.ForeignKey("comments.Comment", on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(_("what is wrong"), max_length=10, choices=Reason.choices)
    words = models.CharField(_("in your words"), max_length=500, blank=True)
    reporter = models.CharField(max_length=16, editable=False)
    reported_at = models.DateTimeField(_("when"))
    settled_at = models.DateTimeField(_("looked at"), null=True, blank=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [models.UniqueConstraint(fields=["comment", "reporter"], name="reported_once")]
        indexes = [
            models.Index(fields=["reported_at"], name="report_open", condition=models.Q(settled_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.get_reason_display()
