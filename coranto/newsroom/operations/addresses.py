"""Old addresses keep leading somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from coranto.newsroom.models import FormerAddress

if TYPE_CHECKING:
    from datetime import datetime

    from coranto.masthead.models import SitePage


def remember_address(*, page: SitePage, address: str, now: datetime) -> None:
    """Note that `page` once stood at `address` (`/<section>/` or `/<section>/<slug>/`).

    One row, whatever stands below. A page that comes back to an address of its own takes the row away; an
    address two pages had leads to the one that left it last.
    """
    section_slug, _, slug = address.strip("/").partition("/")
    here, _, own_slug = page.address.strip("/").partition("/")
    with transaction.atomic():
        FormerAddress.objects.filter(section_slug=here, slug=own_slug).delete()
        FormerAddress.objects.update_or_create(
            section_slug=section_slug, slug=slug, defaults={"page_id": page.pk, "left_at": now}
        )
