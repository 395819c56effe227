"""Data for programs that read the page: schema.org's, as JSON-LD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import to_locale

from coranto.feeds.documents import FORMATS, Format
from coranto.theme import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()


@register.simple_tag
def structured_data(data: Mapping[str, Any], **more: Any) -> SafeString:
    """A data block: browsers do not run it, and nothing in the data can end the element.

    `more` is what only other rooms know of the same thing; of it what is nothing is left out.
    """
    whole = {**data, **{name: value for name, value in more.items() if value}}
    return mark_safe(f'<script type="application/ld+json">{rules.json_for_html(whole)}</script>')  # noqa: S308


@register.simple_tag
def feed_formats() -> tuple[Format, ...]:
    """The formats each feed is to be had in."""
    return FORMATS


@register.filter
def locale_name(language: str) -> str:
    """`en-gb` as Open Graph writes it: `en_GB`."""
    return to_locale(language)
