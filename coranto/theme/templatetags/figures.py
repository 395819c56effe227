"""Pictures that come without a place of their own: portraits, logos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import template

from coranto.newsroom.queries import Figure

if TYPE_CHECKING:
    from coranto.masthead.models import Picture

register = template.Library()

_AS_WIDE_AS_A_WORD: Final = 2


@register.filter
def beside_name(picture: Picture | None) -> Figure | None:
    """A portrait beside the name it shows: the name says all that a description would."""
    return Figure(picture=picture, caption="", credit=picture.credit, alt="") if picture else None


@register.filter
def holds_name(logo: Picture) -> bool:
    """Whether a logo is a lettering, to judge by its shape; beside a mark the name is set in type."""
    return bool(logo.width >= _AS_WIDE_AS_A_WORD * logo.height)
