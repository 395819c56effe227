"""Words that run against the page they stand on."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi

from coranto.theme import rules

register = template.Library()


@register.filter
def direction(text: str) -> SafeString | str:
    """The attribute `dir`, for a text that needs it: `<h1{{ headline|direction }}>`."""
    runs = rules.direction_of(text or "", page=_page())
    return "" if runs == _page() else format_html(' dir="{}"', runs)


@register.filter
def directed(html: str) -> SafeString:
    """HTML that was made safe already, in which whatever runs against the page says so."""
    return mark_safe(rules.with_directions(str(html or ""), page=_page()))  # noqa: S308 - it adds two fixed attributes


@register.filter
def isolated(text: str) -> str:
    """A name within a sentence of ours, kept together whichever way it runs."""
    return rules.isolated(text, page=_page()) if text else ""


def _page() -> str:
    return "rtl" if get_language_bidi() else "ltr"
