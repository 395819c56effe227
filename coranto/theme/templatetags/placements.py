"""Places in a body that another room fills."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from coranto.newsroom import placements

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()


@register.simple_tag(takes_context=True)
def placement(context: Mapping[str, Any], kind: str, options: str = "") -> SafeString:
    return mark_safe(placements.render(kind, options or "", context["request"]))  # noqa: S308 - safe by contract
