"""The calendar: what comes out when, by month, week or day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format, get_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coranto.desk.queries.calendar import calendar_of
from coranto.desk.rules import agenda
from coranto.desk.views.desk import AdminScreen
from coranto.kit import clock
from coranto.newsroom import queries as newsroom

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest

    from coranto.desk.queries.desk import Choice
    from coranto.desk.rules.agenda import Stretch

VIEW_NAMES = {"month": gettext_lazy("Month"), "week": gettext_lazy("Week"), "day": gettext_lazy("Day")}


class CalendarView(AdminScreen):
    template_name = "desk/calendar.html"
    page_title = gettext_lazy("Calendar")
    header_icon = "calendar"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": reverse("desk_calendar"), "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now, asked = clock.now(), self.request.GET
        today = agenda.day_of(now, self.zone)
        view = agenda.read_view(asked.get("view", ""))
        on = agenda.read_day(asked.get("on", ""), otherwise=today)
        # Django counts weekdays from Sunday, Python from Monday.
        stretch = agenda.stretch_of(view, on, first_weekday=(_first_day_of_week(self.request) - 1) % 7)
        known = newsroom.sections()
        choice = self.choice(known)
        shown = calendar_of(self.request.user, stretch, choice, zone=self.zone, known=known, now=now)  # type: ignore[arg-type]

        def address(view: str, day: date) -> str:
            return _address(view, day, choice)

        return {
            **super().get_context_data(**kwargs),
            "calendar": shown,
            "days": [(day, address("day", day.on)) for day in shown.days],
            "heading": _heading(stretch),
            "before": address(view, stretch.before),
            "after": address(view, stretch.after),
            "today": address(view, today),
            "views": [(name, VIEW_NAMES[name], address(name, on), name == view) for name in agenda.VIEWS],
            "choice": choice,
            "sections": known.values(),
            "zone": self.zone,
            "is_filtered": bool(choice.section or choice.mine),
            "kept": {"view": view, "on": on.isoformat()},
        }


def _first_day_of_week(request: HttpRequest) -> int:
    """As where the publication is read, and not in the editor's own language."""
    language = request.publication.language  # type: ignore[attr-defined]
    return int(get_format("FIRST_DAY_OF_WEEK", lang=language, use_l10n=True))


def _address(view: str, day: date, choice: Choice) -> str:
    query = {
        "view": view,
        "on": day.isoformat(),
        **({"section": choice.section.slug} if choice.section else {}),
        **({"mine": "1"} if choice.mine else {}),
    }
    return f"{reverse('desk_calendar')}?{urlencode(query)}"


def _heading(stretch: Stretch) -> str:
    match stretch.view:
        case "day":
            return date_format(stretch.on, "l, j F Y")
        case "week":
            return _("%(first)s to %(last)s") % {
                "first": date_format(stretch.first, "j F"),
                "last": date_format(stretch.last, "j F Y"),
            }
        case "month":
            return date_format(stretch.on, "F Y")
