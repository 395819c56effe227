"""The editor's form, in the order in which one writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    Panel,
    PublishingPanel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput

from coranto.kit.html import clean_body
from coranto.masthead.panels import SitePageForm
from coranto.newsroom.models import Article
from coranto.newsroom.models.related import MOST_READ_NEXT
from coranto.newsroom.queries.versions import pending_change_of_draft
from coranto.newsroom.rules import WORDS_A_MINUTE, NotePlace

if TYPE_CHECKING:
    from wagtail.blocks import StreamValue


class ArticleForm(SitePageForm):
    """Raw HTML is kept as written only when an administrator wrote it; everybody else's is made safe."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "change_note_place" in self.fields:
            self.fields["change_note_place"].required = False  # the foot, where nobody says otherwise

    def clean_change_note_place(self) -> str:
        return self.cleaned_data["change_note_place"] or NotePlace.FOOT.value

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        body = cleaned.get("body")
        if body is not None and not self._may_write_raw_html():
            self._make_safe(body)
        self._refuse_itself_next()
        return cleaned

    def _refuse_itself_next(self) -> None:
        for form in self.formsets["read_next"].forms if "read_next" in self.formsets else ():
            if form.is_valid() and self.instance.pk and form.cleaned_data.get("other") == self.instance:
                form.add_error("other", _("Choose another article: this is the one you are writing."))

    def clean_title(self) -> str:
        return " ".join(self.cleaned_data["title"].split())

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


class ChangedPassagesPanel(Panel):
    """The sentences that differ from what readers see, so that a correction can name one of them."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "newsroom/panels/changed_passages.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {**context, "article": self.instance, "change": pending_change_of_draft(self.instance)}

        def show_panel_furniture(self) -> bool:
            return False


class WritingPanel(Panel):
    """What helps while writing: how long the text is, what was not saved, which own articles could be linked to.

    The theme's template has it all in its markup, hidden until the editor's scripts bring it to life.
    """

    class BoundPanel(Panel.BoundPanel):
        template_name = "desk/writing.html"

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return {
                **context,
                "account": self.request.user,
                "article": self.instance,
                "words_a_minute": WORDS_A_MINUTE,
            }

        def show_panel_furniture(self) -> bool:
            return False


def attach() -> None:
    """Hang the form on the model: models stand below panels and may not name them.

    One page to scroll instead of tabs: it reads from the headline down as one writes, the browser's own search
    finds every field in it, and what is further down can be folded.
    """
    Article.base_form_class = ArticleForm
    # Wagtail's notes beside a field need its tabs around them; one tab shows none.
    Article.edit_handler = TabbedInterface(
        [ObjectList([*_words(), *_things_around(), *_going_out(), CommentPanel()], heading=_("Article"))]
    )


def _words() -> list[Any]:
    return [
        TitleFieldPanel(
            "title",
            heading=_("Headline"),
            placeholder=_("Headline"),
            help_text=_("What happened, in a few words."),
            widget=AdminAutoHeightTextInput(attrs={"rows": 1}),  # a long headline is seen whole
        ),
        FieldPanel("standfirst", widget=AdminAutoHeightTextInput(attrs={"maxlength": 500})),
        FieldPanel("body", heading=_("Text")),
        WritingPanel(),
    ]


def _things_around() -> list[Any]:
    """What stands around the words: in the order in which an editor sees to it."""
    return [
        MultiFieldPanel(
            [FieldPanel("picture"), FieldPanel("picture_caption")], heading=_("Main picture"), icon="image"
        ),
        MultiFieldPanel(
            [FieldPanel("further_sections", widget=CheckboxSelectMultiple), FieldPanel("topics")],
            heading=_("Sections and topics"),
            icon="tag",
        ),
        MultipleChooserPanel(
            "bylines", chooser_field_name="author", heading=_("Authors"), label=_("author"), icon="user"
        ),
        InlinePanel(
            "credits",
            heading=_("Credit of a piece from elsewhere"),
            label=_("credit"),
            icon="link-external",
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
        MultipleChooserPanel(
            "read_next",
            chooser_field_name="other",
            heading=_("Read next"),
            label=_("article"),
            icon="arrow-right",
            max_num=MOST_READ_NEXT,
            help_text=_("What readers come to after this one, in this order. After these, similar and newer articles."),
        ),
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("Search and sharing"),
            icon="search",
            classname="collapsed",
        ),
    ]


def _going_out() -> list[Any]:
    """When it goes out, to whom, and what is said about it; the schedule opens from the status beside the form."""
    return [
        PublishingPanel(),
        MultiFieldPanel(
            [FieldPanel("embargoed_until"), FieldPanel("visibility"), FieldPanel("password")],
            heading=_("When and for whom"),
            icon="calendar-alt",
        ),
        FieldPanel("comment_policy", heading=_("Comments of readers"), icon="comment"),
        MultiFieldPanel(
            [
                FieldPanel("change_kind"),
                ChangedPassagesPanel(),
                FieldPanel("change_passage", widget=AdminAutoHeightTextInput(attrs={"rows": 2})),
                FieldPanel("change_note", widget=AdminAutoHeightTextInput(attrs={"rows": 3})),
                FieldPanel("change_note_place"),
            ],
            heading=_("What changed since it was published"),
            icon="history",
        ),
        FieldPanel("desk_note", icon="clipboard-list"),
    ]
