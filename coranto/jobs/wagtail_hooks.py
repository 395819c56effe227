"""What administrators see of deferred and regular work: lists to read, and a word on what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import BasePermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy

from coranto.jobs import operations
from coranto.jobs.models import Beat, Failure
from coranto.kit import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern


class ReadBySuperusers(BasePermissionPolicy):
    """Arguments and tracebacks can hold anything: superusers read them, nobody writes."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return bool(user.is_active and user.is_superuser and action == "view")

    def users_with_any_permission(self, actions: Iterable[str]) -> QuerySet[Any]:
        users = get_user_model().objects.all()
        return users.filter(is_active=True, is_superuser=True) if "view" in actions else users.none()


# Before the lists are made: asking for a policy that is not there puts the usual one in its place.
register_permission_policy(Failure, ReadBySuperusers(Failure))
register_permission_policy(Beat, ReadBySuperusers(Beat))


class FailureInspectView(generic.InspectView):
    @property
    def resolve_url(self) -> str:
        return reverse("failures:resolve", args=[self.object.pk])

    @property
    def repeat_url(self) -> str:
        return reverse("failures:repeat", args=[self.object.pk])


class ReadOnlyViewSet(ModelViewSet):
    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False
    menu_hook = "register_reports_menu_item"

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("inspect/<int:pk>/", self.inspect_view, name="inspect"),
        ]


class FailureViewSet(ReadOnlyViewSet):
    model = Failure
    name = "failures"
    icon = "warning"
    menu_label = _("Failed work")
    menu_order = 9000
    inspect_view_class = FailureInspectView
    inspect_template_name = "jobs/inspect_failure.html"
    inspect_view_fields = [
        "task_path",
        "arguments",
        "exception_class",
        "message",
        "attempts",
        "failed_at",
        "resolved_at",
    ]
    list_display = [
        "task_path",
        Column("exception_class", label=_("Error")),
        DateColumn("failed_at", label=_("Failed")),
        DateColumn("resolved_at", label=_("Done with")),
    ]
    list_filter = {"resolved_at": ["isnull"], "task_path": ["icontains"]}
    ordering = ["-failed_at"]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/resolve/", resolve, name="resolve"),
            path("<int:pk>/repeat/", repeat, name="repeat"),
        ]


class BeatViewSet(ReadOnlyViewSet):
    model = Beat
    name = "beats"
    icon = "history"
    menu_label = _("Regular work")
    menu_order = 9100
    inspect_view_fields = ["name", "last_run_at", "next_run_at", "last_error"]
    list_display = [
        "name",
        DateColumn("last_run_at", label=_("Last run")),
        DateColumn("next_run_at", label=_("Next run")),
        Column("last_error", label=_("Last error"), accessor=lambda beat: _last_line(beat.last_error)),
    ]
    ordering = ["name"]


def _last_line(traceback: str) -> str:
    """The line of a traceback that names the error."""
    return traceback.strip().rpartition("\n")[2]


def _superusers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def guarded(request: HttpRequest, pk: int) -> HttpResponse:
        if not policy_registry.get_by_type(Failure).user_has_permission(request.user, "view"):
            raise PermissionDenied
        return view(request, get_object_or_404(Failure, pk=pk))

    return require_POST(guarded)


@_superusers_only
def resolve(request: HttpRequest, failure: Failure) -> HttpResponse:
    operations.resolve_failure(failure=failure, now=clock.now())
    messages.success(request, _("Marked as done with."))
    return redirect("failures:index")


@_superusers_only
def repeat(request: HttpRequest, failure: Failure) -> HttpResponse:
    try:
        repeated = operations.repeat_failure(failure=failure, now=clock.now())
    except ImportError:
        messages.error(request, _("This version of Coranto no longer knows this kind of work."))
        return redirect("failures:inspect", failure.pk)
    if repeated:
        messages.success(request, _("It is tried again within moments."))
    else:
        messages.warning(request, _("Somebody has dealt with it already."))
    return redirect("failures:index")


@hooks.register("register_admin_viewset")
def register_lists() -> list[ModelViewSet]:
    return [FailureViewSet(), BeatViewSet()]
