"""The editor's form, in the order in which one writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput

from coranto.kit.html import clean_body
from coranto.newsroom.models import Article, FrontPage, Section

if TYPE_CHECKING:
    from wagtail.blocks import StreamValue


class ArticleForm(WagtailAdminPageForm):
    """Raw HTML is kept as written only when an administrator wrote it; everybody else's is made safe."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        body = cleaned.get("body")
        if body is not None and not self._may_write_raw_html():
            self._make_safe(body)
        return cleaned

    def _may_write_raw_html(self) -> bool:
        return bool(self.for_user and self.for_user.is_superuser)

    def _make_safe(self, body: StreamValue) -> None:
        trusted = self._html_as_saved()
        for index, block in enumerate(body):
            if block.block_type == "html" and trusted.get(block.id) != block.value:
                body[index] = ("html", clean_body(block.value), block.id)

    def _html_as_saved(self) -> dict[str, str]:
        """What stood in the HTML blocks before: an administrator's block survives somebody else's typing error."""
        if self.instance.pk is None:
            return {}
        saved = self.instance.get_latest_revision_as_object().body
        return {block.id: block.value for block in saved if block.block_type == "html"}


def attach() -> None:
    """Hang the forms on the models: models stand below panels and may not name them."""
    Article.base_form_class = ArticleForm
    Article.edit_handler = TabbedInterface(
        [
            ObjectList(_article_panels(), heading=_("Article")),
            ObjectList(_sorting_panels(), heading=_("Sections and credit")),
            ObjectList(_search_panels(), heading=_("Search and sharing")),
            ObjectList(_publishing_panels(), heading=_("Publishing")),
        ]
    )
    FrontPage.edit_handler = ObjectList([TitleFieldPanel("title")])
    Section.edit_handler = TabbedInterface(
        [
            ObjectList(
                [TitleFieldPanel("title"), FieldPanel("description"), FieldPanel("parent_section")],
                heading=_("Section"),
            ),
            ObjectList(_search_panels(), heading=_("Search and sharing")),
        ]
    )


def _article_panels() -> list[Any]:
    return [
        TitleFieldPanel("title", heading=_("Headline")),
        FieldPanel("standfirst", widget=AdminAutoHeightTextInput),
        MultipleChooserPanel("bylines", chooser_field_name="author", heading=_("Authors"), label=_("author")),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("picture_caption")], heading=_("Main picture")),
    ]


def _sorting_panels() -> list[Any]:
    return [
        FieldPanel("further_sections"),
        FieldPanel("topics"),
        InlinePanel(
            "credits",
            heading=_("Credit of a piece from elsewhere"),
            label=_("credit"),
            panels=[
                FieldPanel("relation"),
                FieldPanel("people"),
                FieldPanel("outlet"),
                FieldPanel("original_url"),
                FieldPanel("licence"),
                FieldPanel("canonical_is_original"),
                FieldPanel("dated_on"),
            ],
        ),
    ]


def _search_panels() -> list[Any]:
    return [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")]


def _publishing_panels() -> list[Any]:
    return [
        PublishingPanel(),
        MultiFieldPanel([FieldPanel("visibility"), FieldPanel("password")], heading=_("Who may read it")),
        FieldPanel("comment_policy"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("change_kind")]), FieldPanel("change_note")],
            heading=_("What changed since it was published"),
        ),
    ]
