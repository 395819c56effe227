from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Block(models.Model):
    """Somebody from whom the site takes no more comments."""

    commenter = models.CharField(max_length=16, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    since = models.DateTimeField(_("since"))
    by = models.ForeignKey(
        "masthead.Account", verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("blocked commenter")
        verbose_name_plural = _("blocked commenters")

    def __str__(self) -> str:
        return self.name


class Mute(models.Model):
    """Somebody whose comments one reader does not want to see."""

    account = models.ForeignKey("masthead.Account", on_delete=models.CASCADE, related_name="mutes")
    commenter = models.CharField(max_length=16)
    name = models.CharField(_("name"), max_length=150, blank=True)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("muted commenter")
        verbose_name_plural = _("muted commenters")
        constraints = [models.UniqueConstraint(fields=["account", "commenter"], name="muted_once")]

    def __str__(self) -> str:
        return self.name
