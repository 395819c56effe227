from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting
from wagtail.contrib.settings.registry import register_setting

from coranto.comments.rules.policy import Pause, Who

_DAY = 24 * 60


@register_setting(icon="comment", order=30)
class Commenting(BaseGenericSetting):
    """How the site takes comments: one row, edited in the admin. Each article may be closed besides."""

    who = models.CharField(_("who may comment"), max_length=10, choices=Who.choices, default=Who.ANYONE)
    pause = models.CharField(
        _("pause"),
        max_length=4,
        choices=Pause.choices,
        default=Pause.NONE,
        blank=True,
        help_text=_("For a day on which it gets too much: it holds for the whole site at once."),
    )
    holds_first = models.BooleanField(
        _("first comments wait"),
        default=True,
        help_text=_("A comment waits for an editor until one of the same person was approved."),
    )
    most_links = models.PositiveSmallIntegerField(
        _("links"), default=2, help_text=_("A comment with more links than these waits for an editor.")
    )
    banned_words = models.TextField(
        _("words to look at"),
        blank=True,
        help_text=_("One word or phrase a line; * stands for the rest of a word. A comment with one waits."),
    )
    edit_minutes = models.PositiveSmallIntegerField(
        _("minutes to edit"),
        default=10,
        validators=[MaxValueValidator(_DAY)],
        help_text=_("How long readers may change what they wrote. The comment says that it was edited."),
    )

    class Meta:
        verbose_name = _("comments")

    def __str__(self) -> str:
        return str(_("comments"))
