"""How much is read, for the newsroom: a screen of the admin, and its tables as files."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coranto.audience.queries.readership import Table, readership
from coranto.audience.rules.charts import HEIGHT, WIDTH, chart
from coranto.audience.rules.readership import Period
from coranto.audience.rules.spreadsheets import as_csv
from coranto.kit import clock
from coranto.newsroom.queries import sections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coranto.audience.queries.readership import Readership

PERMISSION: Final = "audience.see_readers"
SHOWN: Final = 20
# Beside the tables of the query.
TIMES, TRENDING = "times", "trending"


def _for_who_may_see(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@_for_who_may_see
def show_readers(request: HttpRequest) -> HttpResponse:
    shown, zone = _asked_for(request)
    drawn = chart([each.views for each in shown.slots])
    title = _("Readers")
    context = {
        "page_title": title,
        "header_title": title,
        "header_icon": "view",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Home")},
            {"url": reverse("readers"), "label": title},
        ],
        "readership": shown,
        "totals": [(each, shown.totals[each], each == shown.period) for each in Period],
        "columns": list(zip(shown.slots, drawn.columns, strict=True)),
        "chart": {"top": drawn.top, "middle": drawn.top // 2, "width": WIDTH, "height": HEIGHT},
        "tables": [(table, lines[:SHOWN], len(lines) > SHOWN) for table, lines in shown.tables.items()],
        "by_day": shown.period == Period.WEEK,
        "setting_address": _address_of_setting(request),
        "zone": zone,
        "now": clock.now(),
    }
    return render(request, "audience/readers.html", context)


def _address_of_setting(request: HttpRequest) -> str:
    """Where the half-life is changed; empty for whoever may not."""
    may_change = request.user.has_perm("audience.change_trending")
    return reverse("wagtailsettings:edit", args=["audience", "trending"]) if may_change else ""


@require_safe
@_for_who_may_see
def download(request: HttpRequest, name: str) -> HttpResponse:
    """One table in full, as a file for a spreadsheet program."""
    if name not in {*Table.values, TIMES, TRENDING}:
        raise Http404
    shown, zone = _asked_for(request)
    response = HttpResponse(as_csv(_rows(name, shown, zone)), content_type="text/csv; charset=utf-8")
    day = clock.now().astimezone(zone)
    response["Content-Disposition"] = f'attachment; filename="{name}-{shown.period.value}-{day:%Y-%m-%d}.csv"'
    return response


def _asked_for(request: HttpRequest) -> tuple[Readership, ZoneInfo]:
    """What the address asks for; today, where that is nothing we know."""
    asked = request.GET.get("period", "")
    period = Period(asked) if asked in Period.values else Period.TODAY
    zone = ZoneInfo(request.publication.time_zone)  # type: ignore[attr-defined]
    return readership(period, known=sections(), zone=zone, now=clock.now()), zone


def _rows(name: str, shown: Readership, zone: ZoneInfo) -> Iterator[list[str | int | float]]:
    if name == TIMES:
        yield [_("Since"), _("Views")]
        for slot in shown.slots:
            yield [slot.begins.astimezone(zone).isoformat(), slot.views]
    elif name == TRENDING:
        yield [_("Place"), _("Headline"), _("Address"), _("Reason")]
        for place, each in enumerate(shown.trending, start=1):
            yield [place, each.headline, settings.ORIGIN + each.address, each.reason]
    else:
        table = Table(name)
        yield [str(table.label), _("Address"), _("Views"), _("Share in %")]
        for line in shown.tables[table]:
            yield [line.name, line.address and settings.ORIGIN + line.address, line.views, line.share]
