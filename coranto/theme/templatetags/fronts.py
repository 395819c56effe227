"""`{% breaking_strip on_front=is_front %}`: the line across the top while there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from coranto.newsroom import edge

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()


@register.simple_tag(takes_context=True)
def breaking_strip(context: Mapping[str, Any], *, on_front: bool = False) -> SafeString:
    return mark_safe(edge.breaking_strip(context["request"], on_front=bool(on_front)))  # noqa: S308 - a template's own
