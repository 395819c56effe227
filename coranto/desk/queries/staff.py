"""Who works for the publication, as what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch

from coranto.desk.models import Position
from coranto.masthead.models import Account

if TYPE_CHECKING:
    from django.db.models import QuerySet


def staff() -> QuerySet[Account]:
    """Everybody with a position, by name, their positions prefetched. Two queries."""
    positions = Position.objects.select_related("section").order_by("role", "section__title")
    held = Account.objects.filter(positions__isnull=False).distinct().order_by("last_name", "first_name", "email")
    return held.prefetch_related(Prefetch("positions", positions))
