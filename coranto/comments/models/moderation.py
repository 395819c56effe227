from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting
from wagtail.contrib.settings.registry import register_setting

from coranto.comments.models.comment import Comment
from coranto.comments.rules.deciding import LONGEST_REASON, Verdict
from coranto.comments.rules.score import LONGEST_WORD, Mode


class Decision(models.Model):
    """What was decided about a comment, by whom and why; of an appeal, what its writer says. Never changed."""

    class What(models.TextChoices):
        APPROVED = "approve", _("approved")
        REJECTED = "reject", _("rejected")
        SPAM = "spam", _("taken for spam")
        BINNED = "bin", _("binned")
        HELD = "hold", _("put back to wait")
        APPEALED = "appeal", _("its writer asks to look again")

    comment = models.ForeignKey("comments.Comment", on_delete=models.CASCADE, related_name="decisions")
    what = models.CharField(_("what"), max_length=8, choices=What.choices)
    before = models.CharField(_("state before"), max_length=8, choices=Comment.State.choices)
    held_because = models.CharField(_("held because"), max_length=200, blank=True)
    score = models.FloatField(_("score"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    was_told = models.BooleanField(_("its writer was written to"), default=False)
    in_a_sweep = models.BooleanField(_("with all that matched, unseen"), default=False)
    by = models.ForeignKey(
        "masthead.Account", verbose_name=_("by"), null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name = _("decision about a comment")
        verbose_name_plural = _("decisions about comments")
        indexes = [models.Index(fields=["at"], name="decision_at")]

    def __str__(self) -> str:
        return f"{self.get_what_display()}, {self.at:%Y-%m-%d %H:%M}"


@register_setting(icon="glasses", order=31)
class Scoring(BaseGenericSetting):
    """What the learned score may do: one row, edited in the admin. It only ever has a comment wait."""

    mode = models.CharField(
        _("the score is"),
        max_length=6,
        choices=Mode.choices,
        default=Mode.SHADOW,
        help_text=_("It learns from what editors decide on this site, and from nothing else."),
    )
    hold_from = models.PositiveSmallIntegerField(
        _("high from"),
        default=90,
        validators=[MinValueValidator(50), MaxValueValidator(100)],
        help_text=_("In percent. The lower it is, the more comments wait for nothing."),
    )

    class Meta:
        verbose_name = _("comments: learned score")

    def __str__(self) -> str:
        return str(_("comments: learned score"))


class WordCount(models.Model):
    """In how many lessons of each verdict a word was. The row of no word counts the lessons themselves."""

    word = models.CharField(max_length=LONGEST_WORD, unique=True)
    wanted = models.IntegerField(default=0)
    unwanted = models.IntegerField(default=0)
    taught_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["taught_on"], name="word_taught")]

    def __str__(self) -> str:
        return self.word


class Lesson(models.Model):
    """What was learned of one set of words: the same ones teach once, and another verdict takes the first one back."""

    digest = models.CharField(max_length=32, unique=True)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    taught_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.digest}: {self.verdict}"
