from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting
from wagtail.contrib.settings.registry import register_setting

from coranto.desk.rules import links
from coranto.desk.rules.checklist import DEFAULT_WEIGHTS, UNBENDING, Limits, Point, Weight

if TYPE_CHECKING:
    from collections.abc import Mapping


def _weight_of(point: Point) -> models.CharField[str, str]:
    return models.CharField(point.label, max_length=6, choices=Weight.choices, default=DEFAULT_WEIGHTS[point])


@register_setting(icon="tasks", order=20)
class Checklist(BaseGenericSetting):
    """What is looked at before an article goes out: one row, the editor-in-chief's."""

    headline_length = _weight_of(Point.HEADLINE_LENGTH)
    headline_twin = _weight_of(Point.HEADLINE_TWIN)
    standfirst = _weight_of(Point.STANDFIRST)
    byline = _weight_of(Point.BYLINE)
    body = _weight_of(Point.BODY)
    placeholder = _weight_of(Point.PLACEHOLDER)
    picture_description = _weight_of(Point.PICTURE_DESCRIPTION)
    picture_credit = _weight_of(Point.PICTURE_CREDIT)
    picture_rights = _weight_of(Point.PICTURE_RIGHTS)
    credit_licence = _weight_of(Point.CREDIT_LICENCE)
    credit_original = _weight_of(Point.CREDIT_ORIGINAL)
    link_inside = _weight_of(Point.LINK_INSIDE)
    link_outside = _weight_of(Point.LINK_OUTSIDE)
    section = _weight_of(Point.SECTION)
    audience = _weight_of(Point.AUDIENCE)
    notes = _weight_of(Point.NOTES)

    headline_longest = models.PositiveSmallIntegerField(_("longest headline, in characters"), default=120)
    standfirst_shortest = models.PositiveSmallIntegerField(_("shortest standfirst, in characters"), default=40)
    standfirst_longest = models.PositiveSmallIntegerField(_("longest standfirst, in characters"), default=300)
    visits_outside_links = models.BooleanField(
        _("visit links to other sites"),
        default=True,
        help_text=_(
            "To find dead links, this server visits them once an article is in review, or when somebody asks for it "
            "in the article's checklist; never while a draft is being written. The sites visited can tell that "
            "somebody here is interested in them. Without this, no link is ever visited."
        ),
    )

    class Meta:
        verbose_name = _("checklist")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def clean(self) -> None:
        super().clean()
        if self.standfirst_longest < self.standfirst_shortest:
            raise ValidationError({"standfirst_longest": _("The longest cannot be shorter than the shortest.")})

    @property
    def weights(self) -> Mapping[Point, Weight]:
        chosen = {point: Weight(getattr(self, point.value)) for point in Point if point not in UNBENDING}
        return {**chosen, **dict.fromkeys(UNBENDING, Weight.BLOCK)}

    @property
    def limits(self) -> Limits:
        return Limits(
            headline_longest=self.headline_longest,
            standfirst_shortest=self.standfirst_shortest,
            standfirst_longest=self.standfirst_longest,
        )


class PublishedHeadline(models.Model):
    """The headline of a published article without case, spaces and punctuation, so that a twin is one seek away.

    Derived: written when an article is published, gone when it is withdrawn. Aliases have none: they are the
    same article.
    """

    article = models.OneToOneField(
        "newsroom.Article", on_delete=models.CASCADE, primary_key=True, related_name="published_headline"
    )
    folded = models.CharField(max_length=255, db_index=True)

    def __str__(self) -> str:
        return self.folded


class LinkCheck(models.Model):
    """What another site answered when a link to it was visited. Kept for a while (`rules.links`), then asked anew."""

    url_digest = models.CharField(max_length=64, unique=True)
    url = models.TextField()
    answer = models.CharField(max_length=7, choices=links.Answer.choices, default=links.Answer.WAITING)
    status = models.PositiveSmallIntegerField(null=True)
    asked_at = models.DateTimeField(db_index=True)
    checked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.url}: {self.answer}"
