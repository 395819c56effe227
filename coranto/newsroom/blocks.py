"""The blocks an article's body is made of, as the editor meets them.

How they look to a reader is the theme's matter: it renders the resolved `queries.BodyBlock`s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageChooserBlock

from coranto.kit.html import text_of
from coranto.newsroom import placements

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

INLINE = ["bold", "italic", "link", "superscript", "subscript", "strikethrough", "code"]
TEXT = [*INLINE, "ol", "ul"]


class HeadingBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Heading"), max_length=255)
    level = blocks.ChoiceBlock(
        choices=[("2", _("Heading")), ("3", _("Subheading")), ("4", _("Small heading"))],
        default="2",
        label=_("Level"),
    )

    class Meta:
        icon = "title"
        label = _("Heading")
        label_format = "{text}"


class PictureBlock(blocks.StructBlock):
    picture = ImageChooserBlock(label=_("Picture"))
    caption = blocks.CharBlock(
        required=False, max_length=500, label=_("Caption"), help_text=_("Empty: the picture's own.")
    )
    credit = blocks.CharBlock(
        required=False, max_length=255, label=_("Credit"), help_text=_("Empty: the picture's own.")
    )
    alt = blocks.CharBlock(
        required=False,
        max_length=500,
        label=_("Description for those who cannot see it"),
        help_text=_("Empty: the picture's own."),
    )

    class Meta:
        icon = "image"
        label = _("Picture")


class QuoteBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(features=[*INLINE, "ol", "ul"], label=_("Quoted words"))
    attribution = blocks.CharBlock(required=False, max_length=255, label=_("Who said or wrote it"))
    source_url = blocks.URLBlock(required=False, label=_("Link to the source"))

    class Meta:
        icon = "openquote"
        label = _("Block quote")
        label_format = "{attribution}"


class PullQuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(max_length=500, rows=2, label=_("Words from the article"))
    attribution = blocks.CharBlock(required=False, max_length=255, label=_("Who said them"))

    class Meta:
        icon = "openquote"
        label = _("Pull quote")
        label_format = "{text}"


class ListingBlock(blocks.StructBlock):
    ordered = blocks.BooleanBlock(required=False, label=_("Numbered"))
    items = blocks.ListBlock(blocks.RichTextBlock(features=INLINE), min_num=1, label=_("Points"))

    class Meta:
        icon = "list-ul"
        label = _("List")


class RelatedBlock(blocks.StructBlock):
    article = blocks.PageChooserBlock(page_type="newsroom.Article", label=_("Article"))
    label = blocks.CharBlock(
        required=False, max_length=40, label=_("Label"), help_text=_("Such as: Breaking, Background.")
    )

    class Meta:
        icon = "doc-full"
        label = _("Related article")


class EmbedBlock(blocks.StructBlock):
    """Something that lives elsewhere. A reader's browser asks nobody for it until the reader does."""

    url = blocks.URLBlock(label=_("Address"))
    title = blocks.CharBlock(required=False, max_length=255, label=_("What it is"))
    provider = blocks.CharBlock(required=False, max_length=100, label=_("Who provides it"))

    class Meta:
        icon = "media"
        label = _("Embed")
        label_format = "{title} {url}"


class PlacementBlock(blocks.StructBlock):
    """A place another part of the program fills: see `placements`."""

    kind = blocks.ChoiceBlock(choices=placements.choices, label=_("What stands here"))
    options = blocks.CharBlock(required=False, max_length=255, label=_("Options"))

    class Meta:
        icon = "placeholder"
        label = _("Placement")

    def clean(self, value: Mapping[str, Any]) -> Any:
        cleaned = super().clean(value)
        problem = placements.problem_with(cleaned["kind"], cleaned["options"])
        if problem:
            raise blocks.StructBlockValidationError(block_errors={"options": ValidationError(problem)})
        return cleaned


class BodyBlock(blocks.StreamBlock):
    """The blocks of a body. A text block in which nothing was written is no mistake: it is left out."""

    paragraph = blocks.RichTextBlock(features=TEXT, label=_("Text"), icon="pilcrow")
    heading = HeadingBlock()
    picture = PictureBlock()
    quote = QuoteBlock()
    pull_quote = PullQuoteBlock()
    list = ListingBlock()
    related = RelatedBlock()
    embed = EmbedBlock()
    table = TableBlock(label=_("Table"), icon="table")
    divider = blocks.StaticBlock(label=_("Divider"), icon="horizontalrule", admin_text=_("A line between two parts."))
    placement = PlacementBlock()
    html = blocks.RawHTMLBlock(
        label=_("HTML"),
        icon="code",
        help_text=_("Kept as written only when an administrator saves it; otherwise made safe."),
    )

    def clean(self, value: blocks.StreamValue) -> blocks.StreamValue:
        written = [index for index, child in enumerate(value) if not _is_empty_text(child)]
        kept = blocks.StreamValue(self, [(value[n].block_type, value[n].value, value[n].id) for n in written])
        try:
            return super().clean(kept)
        except blocks.StreamBlockValidationError as error:
            # The editor's form still has the empty ones, and counts them.
            found = {written[index]: each for index, each in error.block_errors.items()}
            raise blocks.StreamBlockValidationError(found, error.non_block_errors) from error


def _is_empty_text(child: Any) -> bool:
    return child.block_type == "paragraph" and not text_of(child.value.source).strip()
