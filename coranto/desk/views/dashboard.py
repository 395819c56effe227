"""The first screen after signing in, as panels of Wagtail's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component

from coranto.desk.queries.dashboard import dashboard
from coranto.kit import clock
from coranto.newsroom import queries as newsroom

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coranto.desk.queries.dashboard import Dashboard


class TodayPanel(Component):
    """What matters today."""

    name = "today"
    order = 100
    template_name = "desk/dashboard.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        request = (parent_context or {})["request"]
        zone = ZoneInfo(request.publication.time_zone)
        known = newsroom.sections()
        shown = dashboard(request.user, known=known, zone=zone, now=clock.now())
        return {"dashboard": shown, "lists": _lists(shown), "zone": zone, "request": request}


def _lists(shown: Dashboard) -> list[dict[str, Any]]:
    """What each list is called, what says that there is nothing, and where all of it is."""
    in_review, scheduled = reverse("desk_list", args=["in-review"]), reverse("desk_list", args=["scheduled"])
    mine = f"{reverse('desk_list', args=['drafts'])}?mine=1"
    lists = [
        ("in-review", _("Waits for you"), _("Nothing waits for your judgement."), shown.awaiting_me, in_review),
        ("drafts", _("Your drafts"), _("You have no draft in work."), shown.drafts, mine),
        ("scheduled", _("Comes out today"), _("Nothing more is scheduled for today."), shown.today, scheduled),
        ("in-review", _("In review elsewhere"), _("Nothing else is in review."), shown.in_review, in_review),
    ]
    return [
        {
            "name": name,
            "title": title,
            "nothing": nothing,
            "lines": found.lines,
            "all": address if found.has_more else "",
        }
        for name, title, nothing, found, address in lists
    ]
