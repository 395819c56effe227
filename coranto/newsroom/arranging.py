"""The blocks a front is arranged from, as the editor meets them.

What they hold is said here; which articles they show, `queries.arranged_front` finds out, each time anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from coranto.newsroom.blocks import PlacementBlock

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

MOST_SECONDS = 4
FEWEST_IN_ROW, MOST_IN_ROW = 3, 8
MOST_BLOCKS = 24


class LeadLayout(models.TextChoices):
    LARGE = "large", _("large picture above the words")
    BESIDE = "beside", _("picture beside the words, across the page")
    WORDS = "words", _("words alone")


class RowLook(models.TextChoices):
    EVEN = "even", _("all alike")
    LED = "led", _("the first one larger")
    SIGNED = "signed", _("opinion: names and portraits first")


def _article_chooser(**kwargs: Any) -> blocks.PageChooserBlock:
    return blocks.PageChooserBlock(page_type="newsroom.Article", label=_("Article"), **kwargs)


def _section_chooser(**kwargs: Any) -> blocks.PageChooserBlock:
    return blocks.PageChooserBlock(page_type="newsroom.Section", required=False, label=_("Section"), **kwargs)


def _picks(most: int) -> blocks.ListBlock:
    return blocks.ListBlock(
        _article_chooser(),
        label=_("Articles you pick"),
        help_text=_("They stand first, in this order. One that is not public is left out until it is."),
        default=[],
        min_num=0,
        max_num=most,
    )


class LeadBlock(blocks.StructBlock):
    article = _article_chooser(required=False, help_text=_("Empty: the newest, with a picture where it can be."))
    headline = blocks.CharBlock(
        required=False, max_length=255, label=_("Headline here"), help_text=_("Empty: the article's own.")
    )
    layout = blocks.ChoiceBlock(choices=LeadLayout.choices, default=LeadLayout.LARGE, label=_("Layout"))

    class Meta:
        icon = "pick"
        label = _("Lead")
        label_format = "{article}"


class SecondsBlock(blocks.StructBlock):
    articles = _picks(MOST_SECONDS)
    section = _section_chooser(
        help_text=_("Places left over get the newest of this section. Empty: of the whole front.")
    )
    count = blocks.IntegerBlock(min_value=1, max_value=MOST_SECONDS, default=MOST_SECONDS, label=_("How many"))

    class Meta:
        icon = "list-ol"
        label = _("Secondary leads")
        help_text = _("Directly after a lead they stand beside it.")


class LatestBlock(blocks.StructBlock):
    count = blocks.IntegerBlock(min_value=FEWEST_IN_ROW, max_value=MOST_IN_ROW, default=5, label=_("How many"))

    class Meta:
        icon = "time"
        label = _("The latest")
        help_text = _("The newest that do not stand above. After a lead or secondary leads it is a column beside them.")


class RowBlock(blocks.StructBlock):
    title = blocks.CharBlock(
        required=False, max_length=60, label=_("Title"), help_text=_("Empty: the name of the section or topic.")
    )
    articles = _picks(MOST_IN_ROW)
    section = _section_chooser()
    topic = SnippetChooserBlock("newsroom.Topic", required=False, label=_("Topic"))
    fill = blocks.BooleanBlock(
        required=False,
        default=True,
        label=_("Fill up with the newest"),
        help_text=_("Of the section or topic chosen above; of the whole front when none is."),
    )
    count = blocks.IntegerBlock(min_value=FEWEST_IN_ROW, max_value=MOST_IN_ROW, default=4, label=_("How many"))
    look = blocks.ChoiceBlock(choices=RowLook.choices, default=RowLook.EVEN, label=_("Look"))

    class Meta:
        icon = "grip"
        label = _("Row")
        label_format = "{title} {section} {topic}"

    def clean(self, value: Mapping[str, Any]) -> Any:
        cleaned = super().clean(value)
        if cleaned["section"] and cleaned["topic"]:
            _refuse("topic", _("Choose a section or a topic, not both."))
        if not cleaned["fill"] and not cleaned["articles"]:
            _refuse("articles", _("Pick at least one article, or let the row fill up with the newest."))
        return cleaned


class OpinionBlock(blocks.StructBlock):
    title = blocks.CharBlock(
        required=False, max_length=60, label=_("Title"), help_text=_("Empty: the section's name, or “Opinion”.")
    )
    articles = _picks(MOST_IN_ROW)
    section = _section_chooser(help_text=_("Places left over get the newest of this section."))
    count = blocks.IntegerBlock(min_value=2, max_value=MOST_IN_ROW, default=4, label=_("How many"))

    class Meta:
        icon = "openquote"
        label = _("Opinion")
        label_format = "{title} {section}"

    def clean(self, value: Mapping[str, Any]) -> Any:
        cleaned = super().clean(value)
        if not cleaned["section"] and not cleaned["articles"]:
            _refuse("section", _("Choose a section, or pick the articles."))
        return cleaned


def _refuse(field: str, why: Any) -> None:
    raise blocks.StructBlockValidationError(block_errors={field: ValidationError(why)})


class ArrangementBlock(blocks.StreamBlock):
    lead = LeadBlock()
    seconds = SecondsBlock()
    latest = LatestBlock()
    row = RowBlock()
    opinion = OpinionBlock()
    placement = PlacementBlock()

    class Meta:
        required = False
        max_num = MOST_BLOCKS
        block_counts = {"lead": {"max_num": 3}, "latest": {"max_num": 1}}
