from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting
from wagtail.contrib.settings.registry import register_setting

from coranto.masthead.rules.crawlers import CRAWLERS, USES, problems_with_robots, refused_agents
from coranto.masthead.rules.sellers import problems_with_ads

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.utils.functional import Promise


def validate_robots(value: str) -> None:
    _refuse(problems_with_robots, value)


def validate_ads(value: str) -> None:
    _refuse(problems_with_ads, value)


def validate_hub(value: str) -> None:
    if not value.startswith(("https://", "http://")):
        raise ValidationError(_("The address of a hub begins with https://."))


def _refuse(problems_with: Callable[[str], list[str]], value: str) -> None:
    problems = problems_with(value)
    if problems:
        raise ValidationError(problems)


def crawler_choices() -> list[tuple[str | Promise, list[tuple[str, str]]]]:
    """Switches by use, each a crawler and whose it is."""
    return [
        (label, [(each.agent, f"{each.agent} ({each.owner})") for each in CRAWLERS if each.use is use])
        for use, label in USES.items()
    ]


class CrawlersField(models.JSONField):
    """Names of crawlers, one switch each. A crawler more is no migration."""

    def formfield(self, **_kwargs: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            label=str(self.verbose_name),
            help_text=self.help_text,
            required=False,
            choices=crawler_choices,
            widget=forms.CheckboxSelectMultiple,
        )

    def deconstruct(self) -> Any:
        """As Django's: in the database there is no difference."""
        name, _path, arguments, options = super().deconstruct()
        return name, "django.db.models.JSONField", arguments, options


@register_setting(icon="search", order=20)
class Discovery(BaseGenericSetting):
    """What programs that look for us are told, and which of them may read: one row, edited in the admin."""

    refused_crawlers = CrawlersField(
        _("crawlers asked to stay away"),
        default=list,
        blank=True,
        help_text=_("robots.txt asks them not to read any page. It is a request: those who ignore it are not stopped."),
    )
    robots_lines = models.TextField(
        _("further lines of robots.txt"),
        blank=True,
        validators=[validate_robots],
        help_text=_("As they are to stand there, after ours. The sitemaps are named already."),
    )
    ads_txt = models.TextField(
        "ads.txt",
        blank=True,
        validators=[validate_ads],
        help_text=_(
            "Who may sell advertising on this site, one record a line: domain, account, DIRECT or RESELLER. "
            "Empty: there is no ads.txt."
        ),
    )
    hub_url = models.URLField(
        _("WebSub hub"),
        blank=True,
        validators=[validate_hub],
        help_text=_("Is told of each publication, and tells the readers of our feeds at once. Empty: nobody is told."),
    )
    indexnow_key = models.CharField(
        _("IndexNow key"),
        max_length=128,
        blank=True,
        validators=[RegexValidator(r"\A[A-Za-z0-9-]{8,128}\Z", _("8 to 128 letters, digits and hyphens."))],
        help_text=_(
            "Any row of 8 to 128 letters, digits and hyphens. With one, search engines that take part in IndexNow "
            "are told of each publication and withdrawal. Empty: nobody is told."
        ),
    )

    class Meta:
        verbose_name = _("being found")

    def __str__(self) -> str:
        return str(_("being found"))

    @property
    def refused_agents(self) -> list[str]:
        return refused_agents(self.refused_crawlers)
