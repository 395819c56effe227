from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.contrib.settings.models import BaseGenericSetting
from wagtail.contrib.settings.registry import register_setting
from wagtail.models import Orderable

from coranto.masthead import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrPromise


def language_choices() -> Sequence[tuple[str, str | _StrPromise]]:
    return settings.LANGUAGES  # by a function: a language more is no migration


def validate_colour(value: str) -> None:
    if not rules.is_colour(value):
        raise ValidationError(_("Write the colour as # and six hexadecimal digits, such as #8a1c1c."))
    if rules.contrast(value, "#ffffff") < 4.5:  # noqa: PLR2004 - WCAG 2.2, 1.4.3
        raise ValidationError(_("Too pale to be read on white. Choose a darker colour."))


def validate_time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(_("Not a time zone known to this server, such as Europe/Paris."))


@register_setting(icon="site", order=10)
class Publication(BaseGenericSetting, ClusterableModel):
    """The publication itself: one row, edited in the admin."""

    name = models.CharField(_("name"), max_length=100, default="Coranto")
    tagline = models.CharField(_("tagline"), max_length=200, blank=True)
    logo = models.ForeignKey(
        "masthead.Picture",
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    accent_colour = models.CharField(
        _("accent colour"),
        max_length=7,
        default="#8a1c1c",
        validators=[validate_colour],
        help_text=_("Links and marks on light ground; the dark scheme derives a lighter one."),
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        default="en",
        choices=language_choices,
        help_text=_("Of the articles and of everything the site says to readers."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        default="UTC",
        validators=[validate_time_zone],
        help_text=_("Times on the site are given in it, such as Europe/Paris."),
    )
    legal_lines = models.TextField(_("legal lines"), blank=True, help_text=_("At the foot of every page, one a line."))

    class Meta:
        verbose_name = _("publication")

    def __str__(self) -> str:
        return self.name


class ChannelLink(Orderable):
    """Where else readers can follow us; also published as `rel="me"`."""

    publication = ParentalKey(Publication, on_delete=models.CASCADE, related_name="channels")
    label = models.CharField(_("label"), max_length=60, help_text=_("Such as: our video channel."))
    url = models.URLField(_("address"))

    class Meta(Orderable.Meta):
        verbose_name = _("channel")
        verbose_name_plural = _("channels")

    def __str__(self) -> str:
        return self.label


class NavigationLink(Orderable):
    """A line of the site's main or foot navigation: one of our pages, or an address."""

    class Place(models.TextChoices):
        TOP = "top", _("at the top")
        FOOT = "foot", _("at the foot")

    publication = ParentalKey(Publication, on_delete=models.CASCADE, related_name="navigation")
    place = models.CharField(_("place"), max_length=4, choices=Place.choices, default=Place.TOP)
    label = models.CharField(_("label"), max_length=60, blank=True, help_text=_("Empty: the page's own title."))
    page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    url = models.CharField(_("or address"), max_length=500, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = _("navigation link")
        verbose_name_plural = _("navigation links")

    def __str__(self) -> str:
        return self.label or str(self.page or self.url)

    def clean(self) -> None:
        super().clean()
        if bool(self.page_id) == bool(self.url):
            raise ValidationError(_("Choose either a page or an address."))
        if self.url:
            if not self.label:
                raise ValidationError({"label": _("An address needs a label.")})
            if not self.url.startswith(("/", "https://", "http://", "mailto:")) or self.url.startswith("//"):
                raise ValidationError({"url": _("Begin with / for this site or with https:// elsewhere.")})


class SetupLink(models.Model):
    """The link by which the first administrator is made; the digest only, and only one that still works."""

    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("set-up link")

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"
