"""Words somebody looked for, marked where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from coranto.kit.excerpts import Excerpt

register = template.Library()

_HIT = mark_safe("<mark>"), mark_safe("</mark>")
_REST = "", ""


@register.filter
def marked(excerpt: Excerpt) -> SafeString:
    """The text with each word that was looked for in `<mark>`; all of it escaped."""
    pieces = ((*(_HIT if each.is_hit else _REST), each.text) for each in excerpt.pieces)
    return format_html_join("", "{0}{2}{1}", pieces)
