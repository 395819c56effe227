"""What is kept of views for good: roll-ups that only grow, and the totals worked out from them."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coranto.audience.rules import Rare, Reason, Referrer


class UserAgent(models.Model):
    """A browser's or a bot's name for itself. Only those that five visitors of one day had come in here."""

    text = models.CharField(_("user agent"), max_length=400, unique=True)
    is_bot = models.BooleanField(_("bot"))

    class Meta:
        verbose_name = _("user agent")
        verbose_name_plural = _("user agents")

    def __str__(self) -> str:
        return self.text


class Closing(models.Model):
    """That hours which were over have been written down. Its token tells whether that has been done already."""

    token = models.CharField(max_length=32, unique=True)
    closed_at = models.DateTimeField(_("closed"))

    class Meta:
        verbose_name = _("closing of hours")
        verbose_name_plural = _("closings of hours")

    def __str__(self) -> str:
        return f"{self.closed_at:%Y-%m-%d %H:%M}"


# Of roll-ups: whose views they are, by what their user agents are taken for today.
OF_PEOPLE: Final = Q(agent__is_bot=False) | Q(rare=Rare.PERSON)
OF_BOTS: Final = Q(agent__is_bot=True) | Q(rare=Rare.BOT)


class RollUpQuerySet(models.QuerySet["RollUp"]):
    def of_people(self) -> RollUpQuerySet:
        return self.filter(OF_PEOPLE)


class RollUp(models.Model):
    """How often an article was viewed in an hour, by user agent and kind of referrer.

    The database refuses UPDATE and DELETE by triggers (migration 0002), here and for `LeftOut` and `RuleChange`.
    Several rows may say the same of one hour, from one closing each: they add up. `hour` is when it began. It outlives
    its article, hence the foreign key without a constraint.
    """

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="+")
    hour = models.DateTimeField(_("hour"))
    article = models.ForeignKey(
        "newsroom.Article", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )
    agent = models.ForeignKey(UserAgent, null=True, on_delete=models.PROTECT, related_name="+")
    rare = models.CharField(max_length=6, blank=True, choices=Rare.choices)
    referrer = models.CharField(_("referrer"), max_length=8, choices=Referrer.choices)
    views = models.PositiveIntegerField(_("views"))

    objects: ClassVar[RollUpQuerySet] = RollUpQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("views of an hour")
        verbose_name_plural = _("views of hours")
        indexes = [
            models.Index("hour", name="rollup_by_hour"),
            models.Index("article", "hour", name="rollup_by_article"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(agent__isnull=False, rare="") | Q(agent__isnull=True, rare__in=Rare.values),
                name="rollup_agent_or_rare",
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id} {self.hour:%Y-%m-%d %H}: {self.views}"


class LeftOut(models.Model):
    """How many reported views were not written down in an hour, and why."""

    closing = models.ForeignKey(Closing, on_delete=models.PROTECT, related_name="+")
    hour = models.DateTimeField(_("hour"), db_index=True)
    reason = models.CharField(_("reason"), max_length=8, choices=Reason.choices)
    count = models.PositiveIntegerField(_("views"))

    class Meta:
        verbose_name = _("views left out")
        verbose_name_plural = _("views left out")

    def __str__(self) -> str:
        return f"{self.reason} {self.hour:%Y-%m-%d %H}: {self.count}"


class RuleChange(models.Model):
    """That past views were judged anew by another version of the rules for bots, and what that changed."""

    changed_at = models.DateTimeField(_("changed"))
    from_version = models.CharField(_("from version"), max_length=60, blank=True)
    to_version = models.CharField(_("to version"), max_length=60)
    went = models.PositiveBigIntegerField(_("views that no longer count"))
    came = models.PositiveBigIntegerField(_("views that count now"))

    class Meta:
        verbose_name = _("change of the rules for bots")
        verbose_name_plural = _("changes of the rules for bots")

    def __str__(self) -> str:
        return f"{self.from_version} → {self.to_version}"


class Recounting(models.Model):
    """One row while past views are judged anew: totals that were not worked out to the end are worked out again."""

    class Meta:
        verbose_name = _("recount under way")
        verbose_name_plural = _("recounts under way")

    def __str__(self) -> str:
        return "under way"


class ArticleViews(models.Model):
    """An article's total in all closed hours; worked out from roll-ups, and again whenever the rules change."""

    article = models.OneToOneField(
        "newsroom.Article",
        primary_key=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    people = models.PositiveBigIntegerField(_("views by people"), default=0)
    bots = models.PositiveBigIntegerField(_("views by bots"), default=0)

    class Meta:
        verbose_name = _("views of an article")
        verbose_name_plural = _("views of articles")

    def __str__(self) -> str:
        return f"{self.article_id}: {self.people}"


class DayViews(models.Model):
    """The site's total of a day's closed hours, by UTC; worked out as `ArticleViews` is."""

    day = models.DateField(_("day"), primary_key=True)
    people = models.PositiveBigIntegerField(_("views by people"), default=0)
    bots = models.PositiveBigIntegerField(_("views by bots"), default=0)

    class Meta:
        verbose_name = _("views of a day")
        verbose_name_plural = _("views of days")

    def __str__(self) -> str:
        return f"{self.day}: {self.people}"
