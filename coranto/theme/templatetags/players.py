"""What lives elsewhere and can be played here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from coranto.theme import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

register = template.Library()


@register.simple_tag(takes_context=True)
def player(context: Mapping[str, Any], url: str) -> rules.Player | None:
    """The player for an address. The page's content policy will allow it (`middleware`)."""
    found = rules.player_of(url)
    request = context.get("request")
    if found and request is not None:
        request.player_origins = getattr(request, "player_origins", set()) | {found.origin}
    return found
