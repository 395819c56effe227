"""The desk: all lists at a glance, and each of them in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from coranto.desk.queries import desk
from coranto.desk.queries.desk import Choice
from coranto.kit import clock
from coranto.newsroom import queries as newsroom

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

    from coranto.newsroom.models import Section

TITLES = {
    "in-review": _("In review"),
    "sent-back": _("Sent back"),
    "scheduled": _("Scheduled"),
    "published": _("Published in the last 48 hours"),
    "drafts": _("Drafts in work"),
    "held": _("Open or locked now"),
}
NOTHING = {
    "in-review": _("Nothing waits for review."),
    "sent-back": _("Nothing was sent back."),
    "scheduled": _("Nothing is scheduled."),
    "published": _("Nothing came out."),
    "drafts": _("Nobody has a draft in work."),
    "held": _("Nobody has an article open."),
}
MOST_PAGES = 1000


class AdminScreen(WagtailAdminTemplateMixin, TemplateView):
    """A screen of the desk in Wagtail's frame, in the publication's time zone."""

    request: HttpRequest

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.request.publication.time_zone)  # type: ignore[attr-defined]

    def choice(self, known: Mapping[str, Section]) -> Choice:
        """What the address asks for; a section there is not counts as none."""
        asked = self.request.GET
        return Choice(section=known.get(asked.get("section", "")), mine=asked.get("mine") == "1")


class DeskView(AdminScreen):
    template_name = "desk/desk.html"
    page_title = _("Desk")
    header_icon = "table"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": reverse("desk"), "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = newsroom.sections()
        choice = self.choice(known)
        lists = desk.desk_page(self.request.user, choice, known=known, now=clock.now())  # type: ignore[arg-type]
        return {
            **super().get_context_data(**kwargs),
            "lists": [_shown(each, choice) for each in lists],
            "choice": choice,
            "sections": known.values(),
            "zone": self.zone,
            "now": clock.now(),
            "is_filtered": bool(choice.section or choice.mine),
        }


class DeskListView(AdminScreen):
    template_name = "desk/desk_list.html"
    header_icon = "table"

    def get_page_title(self) -> Any:
        return TITLES.get(self.kwargs["name"], "")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("desk"), "label": DeskView.page_title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = newsroom.sections()
        choice, page = self.choice(known), _page(self.request.GET.get("page", ""))
        try:
            found = desk.desk_list(
                self.request.user,  # type: ignore[arg-type]
                self.kwargs["name"],
                choice,
                page=page,
                known=known,
                now=clock.now(),
            )
        except KeyError as error:
            raise Http404 from error
        shown = _shown(found, choice)
        return {
            **super().get_context_data(**kwargs),
            "list": shown,
            "choice": choice,
            "sections": known.values(),
            "zone": self.zone,
            "now": clock.now(),
            "is_filtered": bool(choice.section or choice.mine),
            "newer": _address(found.name, choice, page - 1) if page > 1 else "",
            "older": _address(found.name, choice, page + 1) if found.has_more else "",
        }


def write_article(request: HttpRequest) -> HttpResponse:
    """To the editor of a new article, in the section that was chosen."""
    chosen = newsroom.sections().get(request.GET.get("section", ""))
    if chosen is None:
        messages.error(request, _("Choose the section in which the article is to stand."))
        return redirect("wagtailadmin_home")
    return redirect("wagtailadmin_pages:add", "newsroom", "article", chosen.pk)


def _page(written: str) -> int:
    return min(int(written), MOST_PAGES) if written.isascii() and written.isdigit() and int(written) else 1


def _shown(found: desk.DeskList, choice: Choice) -> dict[str, Any]:
    return {
        "name": found.name,
        "title": TITLES[found.name],
        "nothing": NOTHING[found.name],
        "lines": found.lines,
        "all": _address(found.name, choice) if found.has_more else "",
    }


def _address(name: str, choice: Choice, page: int = 1) -> str:
    query = {
        **({"section": choice.section.slug} if choice.section else {}),
        **({"mine": "1"} if choice.mine else {}),
        **({"page": str(page)} if page > 1 else {}),
    }
    return reverse("desk_list", args=[name]) + (f"?{urlencode(query)}" if query else "")
