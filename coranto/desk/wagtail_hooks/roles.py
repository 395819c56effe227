"""Roles: what follows from them in the admin. The staff screen, the review, what contributors are not told."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import SubmitForModerationMenuItem, WorkflowMenuItem
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.pages.bulk_actions import (
    DeleteBulkAction,
    MoveBulkAction,
    PublishBulkAction,
    UnpublishBulkAction,
)
from wagtail.log_actions import LogFormatter
from wagtail.models import WorkflowState

from coranto.desk.models.trail import GonePageLogEntry
from coranto.desk.operations.people import INVITED, SIGNED_IN
from coranto.desk.operations.roles import ASSIGNED, ENDED
from coranto.desk.queries.permissions import linkable_pages, page_policy
from coranto.desk.rules.roles import Role
from coranto.desk.views import roles as views

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLPattern, URLResolver
    from wagtail.log_actions import LogActionRegistry
    from wagtail.models import ModelLogEntry, Page
    from wagtail.query import PageQuerySet

# The staff screen -------------------------------------------------------------------------------------------


@hooks.register("register_admin_urls")
def register_staff_urls() -> list[URLPattern | URLResolver]:
    screens = [
        path("", views.list_staff, name="index"),
        path("add/", views.add_person, name="add"),
        path("<int:account_id>/", views.show_person, name="person"),
        path("<int:account_id>/welcome/", views.welcome, name="welcome"),
        path("positions/<int:position_id>/end/", views.end, name="end"),
    ]
    return [path("staff/", include((screens, "staff")))]


class StaffMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm("desk.change_position")


@hooks.register("register_settings_menu_item")
def register_staff_menu_item() -> MenuItem:
    return StaffMenuItem(gettext_lazy("Staff"), reverse("staff:index"), name="staff", icon_name="group", order=50)


# Who sees what ----------------------------------------------------------------------------------------------


@hooks.register("construct_page_chooser_queryset")
def choose_among_linkable_pages(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    account: Any = request.user  # the admin lets nobody else in
    if account.is_superuser or page_policy().sees_the_whole_paper(account):
        return pages  # spares them a question about a hundred thousand articles
    # By key: a search would refuse to filter by what its index does not hold.
    return pages.filter(pk__in=linkable_pages(account).values("pk"))


class OfWhatIsSeen:
    """A bulk action that asks the page itself what is allowed, and names no page that may not be seen.

    Wagtail lists by title what was asked for and could not be done, whoever asked.
    """

    request: HttpRequest

    def check_perm(self, page: Page) -> bool:
        return super().check_perm(page.specific_deferred)  # type: ignore[misc]

    def get_actionable_objects(self) -> tuple[list[Page], dict[str, list[Page]]]:
        pages, without = super().get_actionable_objects()  # type: ignore[misc]
        may_see = partial(page_policy().may_see, self.request.user)  # type: ignore[arg-type]
        return pages, {**without, "items_with_no_access": [*filter(may_see, without["items_with_no_access"])]}


for action in (DeleteBulkAction, MoveBulkAction, PublishBulkAction, UnpublishBulkAction):
    # After Wagtail's: the last one of a kind counts.
    hooks.register("register_bulk_action", type(action.__name__, (OfWhatIsSeen, action), {}), order=100)


@hooks.register("construct_reports_menu")
def hide_reports_of_the_whole_paper(request: HttpRequest, items: list[MenuItem]) -> None:
    if not page_policy().sees_the_whole_paper(request.user):  # type: ignore[arg-type]
        items[:] = [item for item in items if item.name != "page-types-usage"]


# Review -----------------------------------------------------------------------------------------------------


class SubmitMenuItem(SubmitForModerationMenuItem):
    """One review, so that the button need not name it."""

    label = gettext_lazy("Submit for review")

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), "label": self.label}


@hooks.register("construct_page_action_menu", order=10)
def speak_of_review(items: list[Any], _request: HttpRequest, _context: dict[str, Any]) -> None:
    for index, item in enumerate(items):
        if type(item) is SubmitForModerationMenuItem:
            items[index] = SubmitMenuItem(order=item.order)
        elif isinstance(item, WorkflowMenuItem) and item.name == "approve":
            item.label = (
                gettext_lazy("Approve with a comment and publish") if item.launch_modal else _("Approve and publish")
            )


@hooks.register("before_edit_page")
def say_why_it_came_back(request: HttpRequest, page: Page) -> None:
    """At the top of the editor, where Wagtail has it behind a button."""
    if request.method != "GET":
        return
    state = page.current_workflow_state
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES and state.current_task_state:
        said = state.current_task_state
        messages.warning(
            request, _("%(editor)s sent it back: %(reason)s") % {"editor": said.finished_by, "reason": said.comment}
        )


# The trail --------------------------------------------------------------------------------------------------


class PositionFormatter(LogFormatter):
    def format_message(self, entry: ModelLogEntry) -> str:
        role = entry.data.get("role", "")
        known = dict(Role.choices)
        section = entry.data.get("section") or _("the whole paper")
        return str(self.message) % {"role": known.get(role, role), "section": section}


class Appointed(PositionFormatter):
    label = gettext_lazy("Give a position")
    message = gettext_lazy("Became %(role)s: %(section)s")


class Dismissed(PositionFormatter):
    label = gettext_lazy("End a position")
    message = gettext_lazy("Is no longer %(role)s: %(section)s")


@hooks.register("register_log_actions")
def name_acts_on_positions(actions: LogActionRegistry) -> None:
    actions.register_action(ASSIGNED)(Appointed)
    actions.register_action(ENDED)(Dismissed)
    actions.register_action(INVITED, gettext_lazy("Invite"), gettext_lazy("Was sent a link to choose a password"))
    actions.register_action(SIGNED_IN, gettext_lazy("Sign in"), gettext_lazy("Signed in"))
    # Nothing is logged of log entries: this only makes the site history ask this model as well.
    actions.register_model(GonePageLogEntry, GonePageLogEntry)
