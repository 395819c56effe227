"""The admin's menus: what a newsroom needs, in its own words, and nothing that leads nowhere.

The words themselves stand in the room's `locale` folder, where they hold for every screen and not for menus alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.admin.menu import MenuItem

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

# No article refers to a document; snippets have places of their own in the menu; Wagtail's news are its maker's.
NOT_MAIN = {"documents", "snippets"}
# One publication, one site; what somebody may do and what review an article goes through follows from roles, which
# the staff screen gives.
NOT_SETTINGS = {"sites", "groups", "workflows", "workflow-tasks"}
# The desk says what is in review; ages and kinds of pages are questions of a site without sections.
NOT_REPORTS = {"workflows", "workflow-tasks", "aging-pages", "page-types-usage"}
KEPT_HELP = {"keyboard-shortcuts-trigger"}
NOT_SEARCHED = {"documents"}


class NewsroomItem(MenuItem):
    """For whoever has anything to do with articles."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(user_has_any_page_permission(request.user))


@hooks.register("register_admin_menu_item")
def register_desk() -> MenuItem:
    return NewsroomItem(_("Desk"), reverse("desk"), name="desk", icon_name="table", order=50)


@hooks.register("register_admin_menu_item")
def register_calendar() -> MenuItem:
    return NewsroomItem(_("Calendar"), reverse("desk_calendar"), name="calendar", icon_name="calendar", order=60)


def _without(items: list[Any], names: set[str]) -> None:
    items[:] = [each for each in items if each.name not in names]


@hooks.register("construct_main_menu")
def tidy_main_menu(_request: HttpRequest, items: list[Any]) -> None:
    _without(items, NOT_MAIN)


@hooks.register("construct_settings_menu")
def tidy_settings(_request: HttpRequest, items: list[Any]) -> None:
    _without(items, NOT_SETTINGS)


@hooks.register("construct_reports_menu")
def tidy_reports(_request: HttpRequest, items: list[Any]) -> None:
    _without(items, NOT_REPORTS)


@hooks.register("construct_help_menu")
def tidy_help(_request: HttpRequest, items: list[Any]) -> None:
    items[:] = [each for each in items if each.name in KEPT_HELP]


@hooks.register("construct_search")
def tidy_search(_request: HttpRequest, areas: list[Any]) -> None:
    _without(areas, NOT_SEARCHED)


@hooks.register("insert_global_admin_css")
def make_room_for_our_words() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("theme/desk-frame.css"))
