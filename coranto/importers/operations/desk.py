"""What everybody who writes a part of one import works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wagtail.models import Page

if TYPE_CHECKING:
    from datetime import datetime

    from coranto.importers.operations.groundwork import Groundwork
    from coranto.importers.operations.ledger import Ledger
    from coranto.importers.operations.pictures import Pictures
    from coranto.importers.rules.addresses import OldSite
    from coranto.importers.rules.reports import Report


@dataclass(frozen=True, slots=True)
class Desk:
    ground: Groundwork
    old: OldSite
    ledger: Ledger
    pictures: Pictures
    report: Report
    now: datetime

    def top_slugs(self) -> frozenset[str]:
        """Slugs that are taken at the top of the site. One query."""
        return frozenset(Page.objects.child_of(self.ground.front).values_list("slug", flat=True))
