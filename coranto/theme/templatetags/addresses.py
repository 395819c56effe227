"""Addresses as other programs need them: with the site's origin, with a fingerprint."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse

from coranto.theme import rules

register = template.Library()


@register.filter
def absolute(address: str) -> str:
    """An address of ours with the site's origin before it; one that has an origin already stays."""
    return f"{settings.ORIGIN}{address}" if address.startswith("/") else address


@register.filter
def oembed(address: str, form: str) -> str:
    """Where other sites learn what is at a whole address of ours (oEmbed 1.0, 4)."""
    return f"{settings.ORIGIN}{reverse('oembed')}?{urlencode({'url': address, 'format': form})}"


@register.filter
def host(url: str) -> str:
    """Whose address it is, as a reader knows it: `news.example`."""
    return rules.host_of(url)


@register.simple_tag
def colours_url(accent_colour: str) -> str:
    """The publication's colours, at an address that changes with them."""
    return f"{reverse('colours')}?v={_fingerprint_of(accent_colour)}"


@lru_cache(maxsize=16)  # it depends on the colour alone, and each page asks
def _fingerprint_of(accent_colour: str) -> str:
    return rules.fingerprint(rules.colour_sheet(accent_colour))
