"""Times that machines read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import datetime

register = template.Library()


@register.filter(expects_localtime=True)
def machine_time(at: datetime | None) -> str:
    """A moment as HTML's `time` element wants it, with its zone and to the second; empty for none."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""
