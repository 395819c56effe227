"""What is said about embargoes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo


def refusal(until: datetime, zone: ZoneInfo) -> str:
    """Why an article was not published, and what can be done."""
    return _(
        "Not published: it is under embargo until %(time)s. "
        "Schedule it for then or later, or wait until the embargo ends."
    ) % {"time": moment(until, zone)}


def notice(until: datetime, zone: ZoneInfo) -> str:
    return _("Under embargo until %(time)s: nothing publishes this article before then.") % {
        "time": moment(until, zone)
    }


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Date, hour and time zone, as the reader of the sentence writes them."""
    local = at.astimezone(zone)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({zone.key})"
