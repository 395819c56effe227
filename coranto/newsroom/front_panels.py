"""The forms in which the front page and the sections are arranged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)

from coranto.newsroom import queries
from coranto.newsroom.models import FrontPage, Section

if TYPE_CHECKING:
    from collections.abc import Mapping


class NoticePanel(Panel):
    """What the editor should know before publishing: picks that readers would miss, an arrangement that is planned."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "newsroom/panels/front_notice.html"

        def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["hidden"] = queries.hidden_picks(self.instance) if self.instance.pk else []
            context["planned"] = self.instance.scheduled_revision if self.instance.pk else None
            return context


def attach() -> None:
    """Hang the forms on the models: models stand below panels and may not name them."""
    FrontPage.edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    # No panel for titles: that one looks for a field with the address, and the front page has none.
                    FieldPanel("title", help_text=_("Colleagues see it in lists; readers see the publication's name.")),
                    *_arrangement_panels(),
                    MultiFieldPanel([FieldPanel("latest_below")], heading=_("Below")),
                    _schedule(),
                ],
                heading=_("Arrangement"),
            ),
            ObjectList([FieldPanel("seo_title"), FieldPanel("search_description")], heading=_("Search and sharing")),
        ]
    )
    Section.edit_handler = TabbedInterface(
        [
            ObjectList(
                [_name(), FieldPanel("description"), FieldPanel("parent_section")],
                heading=_("Section"),
            ),
            ObjectList([*_arrangement_panels(), _schedule()], heading=_("Arrangement")),
            ObjectList(
                [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
                heading=_("Search and sharing"),
            ),
        ]
    )


def _name() -> TitleFieldPanel:
    return TitleFieldPanel(
        "title",
        heading=_("Name of the section"),
        placeholder=_("Name of the section"),
        help_text=_("As it stands in the navigation; its address is made of it."),
    )


def _arrangement_panels() -> list[Any]:
    return [NoticePanel(), FieldPanel("arrangement")]


def _schedule() -> PublishingPanel:
    """When an arrangement goes live. It has no end: an expired page would take its section off the site."""
    return PublishingPanel(children=PublishingPanel().children[:1])
