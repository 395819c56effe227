"""The forms of the publication itself, of being found and of plain pages."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface, TitleFieldPanel
from wagtail.models import Page

from coranto.masthead.models import Discovery, PlainPage, Publication
from coranto.masthead.models.pages import FRONT_PAGE_DEPTH, TAKEN_BY_THE_SITE, SitePage
from coranto.masthead.rules import is_reserved

# Written when a page goes out, and by no form.
PUBLISHED_STATE = ["live", "first_published_at", "last_published_at", "live_revision_id", "expired", "url_path"]


class SitePageForm(WagtailAdminPageForm):
    """An address left empty is made of the title: the script that does it while one types may come too late."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def save(self, commit: bool = True) -> SitePage:  # noqa: FBT001, FBT002 (Django's signature)
        """As Wagtail saves; but what went out since the form was read (at its hour, or by another hand) stays out.

        Wagtail saves a page that is not live whole, with the state that it read before.
        """
        if not commit or self.instance.pk is None:
            return super().save(commit)
        with transaction.atomic():
            now = Page.objects.select_for_update().only(*PUBLISHED_STATE).get(pk=self.instance.pk)
            if not now.live:
                return super().save(commit)
            for name in PUBLISHED_STATE:
                setattr(self.instance, name, getattr(now, name))
        return super().save(commit=False)


class SiteCopyForm(CopyForm):
    """Says before a page is copied what would else be found out when the copy is published."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        parent = cleaned.get("new_parent_page") or self.page.get_parent()
        is_top_level = parent.depth == FRONT_PAGE_DEPTH
        if is_reserved(cleaned.get("new_slug", ""), is_top_level=is_top_level):
            self.add_error("new_slug", TAKEN_BY_THE_SITE)
        return cleaned


def attach() -> None:
    """Hang the forms on the models: models stand below panels and may not name them."""
    Publication.edit_handler = TabbedInterface(
        [
            ObjectList(
                [
                    FieldPanel("name"),
                    FieldPanel("tagline"),
                    FieldPanel("logo"),
                    FieldPanel("accent_colour"),
                    MultiFieldPanel([FieldPanel("language"), FieldPanel("time_zone")], heading=_("Language and time")),
                    FieldPanel("legal_lines"),
                ],
                heading=_("Publication"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "channels",
                        heading=_("Connect with us"),
                        label=_("channel"),
                        panels=[FieldPanel("label"), FieldPanel("url")],
                    )
                ],
                heading=_("Channels"),
            ),
            ObjectList(
                [
                    InlinePanel(
                        "navigation",
                        heading=_("Navigation"),
                        label=_("line"),
                        help_text=_("With no line at the top, the sections stand there."),
                        panels=[FieldPanel("place"), FieldPanel("label"), FieldPanel("page"), FieldPanel("url")],
                    )
                ],
                heading=_("Navigation"),
            ),
        ]
    )
    Discovery.edit_handler = TabbedInterface(
        [
            ObjectList([FieldPanel("refused_crawlers"), FieldPanel("robots_lines")], heading=_("Crawlers")),
            ObjectList([FieldPanel("hub_url"), FieldPanel("indexnow_key")], heading=_("Who is told")),
            ObjectList([FieldPanel("ads_txt")], heading=_("Advertising")),
        ]
    )
    SitePage.base_form_class, SitePage.copy_form_class = SitePageForm, SiteCopyForm
    PlainPage.edit_handler = TabbedInterface(
        [
            ObjectList([TitleFieldPanel("title"), FieldPanel("body")], heading=_("Page")),
            ObjectList(
                [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
                heading=_("Search and sharing"),
            ),
        ]
    )
