"""Parts that many pages share: `{% fragment "breaking" %}`, `{% fragment "latest" section=section.pk %}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from coranto.delivery import fragments

if TYPE_CHECKING:
    from django.template import Context
    from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def fragment(context: Context, name: str, **parameters: object) -> SafeString:
    """The fragment, or the hole in which the edge puts it."""
    return fragments.put_in(context["request"], name, **parameters)
