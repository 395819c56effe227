from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import TagBase
from wagtail.fields import StreamField

from coranto.masthead.models import SitePage
from coranto.newsroom.arranging import ArrangementBlock

if TYPE_CHECKING:
    from typing import Any


class Arranged(SitePage):
    """What an editor may arrange: a front. With nothing arranged it arranges itself."""

    arrangement = StreamField(
        ArrangementBlock(),
        verbose_name=_("arrangement"),
        blank=True,
        use_json_field=True,
        help_text=_("From top to bottom. Empty: the newest, in the order of the sections."),
    )

    class Meta:
        abstract = True

    @property
    def raw_arrangement(self) -> list[dict[str, Any]]:
        """The arrangement's blocks as stored: dictionaries with `type`, `value` and `id`."""
        return list(self.arrangement.raw_data)


class FrontPage(Arranged):
    """The front page; there is one."""

    latest_below = models.BooleanField(
        _("the latest below"),
        default=True,
        help_text=_("At the foot of an arranged front: the newest that stand nowhere above, so that nothing is lost."),
    )

    subpage_types = ["newsroom.Section", "masthead.PlainPage"]
    parent_page_types = ["wagtailcore.Page"]
    max_count = 1

    class Meta:
        verbose_name = _("front page")

    def is_top_level(self) -> bool:
        return False


class Section(Arranged):
    """A part of the paper. Its address is flat; `parent_section` says what it belongs to."""

    description = models.CharField(_("description"), max_length=300, blank=True)
    parent_section = models.ForeignKey(
        "self",
        verbose_name=_("part of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="subsections",
    )

    subpage_types = ["newsroom.Article"]
    parent_page_types = ["newsroom.FrontPage"]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def clean(self) -> None:
        super().clean()
        above, seen = self.parent_section, {self.pk}
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"parent_section": _("A section cannot be part of itself.")})
            seen.add(above.pk)
            above = above.parent_section


class Topic(TagBase):
    """What an article is about: a person, a place, a matter. Topics are made while writing."""

    free_tagging = True

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return f"/topics/{self.slug}/"

    def slugify(self, tag: Any, i: int | None = None) -> str:
        slug: str = super().slugify(tag, i)
        return slug.lower() or f"topic-{i or 1}"
