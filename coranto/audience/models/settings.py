from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting
from wagtail.contrib.settings.registry import register_setting

from coranto.audience.rules.trending import DEFAULT_HALF_LIFE, LONGEST_HALF_LIFE, SHORTEST_HALF_LIFE


@register_setting(icon="order-up", order=30)
class Trending(BaseGenericSetting):
    """Whether readers are shown what is trending, and how quickly that changes: one row, the editor-in-chief's."""

    is_shown = models.BooleanField(
        _("show readers what is trending"),
        default=True,
        help_text=_("On the front page, after articles and on a page of its own. Colleagues see it in any case."),
    )
    half_life = models.PositiveSmallIntegerField(
        _("half-life, in hours"),
        default=DEFAULT_HALF_LIFE,
        validators=[MinValueValidator(SHORTEST_HALF_LIFE), MaxValueValidator(LONGEST_HALF_LIFE)],
        help_text=_(
            "After so many hours a view counts for half as much. With 6 the list changes within the day; "
            "with 24 or more an article that is read for days stays. 168 is a week."
        ),
    )

    class Meta:
        verbose_name = _("trending")
        # Of no row: Django keeps a permission with a model, and this is the model of the same subject.
        permissions = [("see_readers", _("Can see how much is read"))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(half_life__range=(SHORTEST_HALF_LIFE, LONGEST_HALF_LIFE)),
                name="half_life_within_bounds",
            )
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
