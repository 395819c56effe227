"""Staff: who is what, bringing somebody in, giving and ending positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import views as auth
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from wagtail.admin import messages

from coranto.desk.forms import PersonForm, PositionForm
from coranto.desk.models import Position
from coranto.desk.operations import people
from coranto.desk.operations.roles import PositionRefused, assign_position, end_position
from coranto.desk.queries.staff import staff

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from coranto.masthead.models import Account


def _for_who_appoints(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("desk.change_position"):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _shown(request: HttpRequest, template: str, title: str, *trail: tuple[str, str], **context: Any) -> HttpResponse:
    crumbs = [(reverse("wagtailadmin_home"), _("Home")), (reverse("staff:index"), _("Staff")), *trail]
    return render(
        request,
        template,
        {
            "page_title": title,
            "header_title": title,
            "header_icon": "group",
            "breadcrumbs_items": [{"url": url, "label": label} for url, label in crumbs],
            **context,
        },
    )


def _by(request: HttpRequest) -> Account:
    account: Account = request.user  # type: ignore[assignment]  # the admin lets nobody else in
    return account


@require_http_methods(["GET", "HEAD"])
@_for_who_appoints
def list_staff(request: HttpRequest) -> HttpResponse:
    return _shown(request, "desk/staff.html", _("Staff"), people=staff())


@require_http_methods(["GET", "HEAD", "POST"])
@_for_who_appoints
def add_person(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST or None, appoints_administrators=_by(request).is_superuser)
    if request.method == "POST" and form.is_valid():
        try:
            account = people.invite_person(**form.cleaned_data, by=_by(request))
        except PositionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(person)s has a position now.") % {"person": account})
            return redirect("staff:person", account.pk)
    return _shown(request, "desk/staff_add.html", _("Add a person"), ("", _("Add a person")), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_who_appoints
def show_person(request: HttpRequest, account_id: int) -> HttpResponse:
    """A person's positions; what is posted is one more."""
    account = get_object_or_404(staff(), pk=account_id)
    form = PositionForm(request.POST or None, appoints_administrators=_by(request).is_superuser)
    if request.method == "POST" and form.is_valid():
        try:
            assign_position(account=account, **form.cleaned_data, by=_by(request))
        except PositionRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The position is given."))
            return redirect("staff:person", account.pk)
    return _shown(
        request,
        "desk/staff_person.html",
        str(account),
        ("", str(account)),
        person=account,
        form=form,
        welcome_url=_welcome_url(account, _by(request)),
    )


def _welcome_url(account: Account, by: Account) -> str:
    if not people.may_welcome(account=account, by=by):
        return ""
    return f"{settings.ORIGIN}{people.welcome_path(account=account)}"


@require_POST
@_for_who_appoints
def end(request: HttpRequest, position_id: int) -> HttpResponse:
    position = get_object_or_404(Position, pk=position_id)
    account = position.account
    try:
        end_position(position=position, by=_by(request))
    except PositionRefused as refused:
        messages.error(request, str(refused))
        return redirect("staff:person", account.pk)
    if account.positions.exists():
        messages.success(request, _("The position is ended."))
        return redirect("staff:person", account.pk)
    messages.success(request, _("%(person)s has no access any more.") % {"person": account})
    return redirect("staff:index")


@require_POST
@_for_who_appoints
def welcome(request: HttpRequest, account_id: int) -> HttpResponse:
    account = get_object_or_404(staff(), pk=account_id)
    try:
        people.welcome_person(account=account, by=_by(request))
    except PositionRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The letter is on its way to %(address)s.") % {"address": account.email})
    return redirect("staff:person", account.pk)


class WelcomeView(auth.PasswordResetConfirmView):
    """The page behind the link in the letter: a password is chosen, and the link is dead."""

    template_name = "desk/welcome.html"
    post_reset_login = True
    post_reset_login_backend = "django.contrib.auth.backends.ModelBackend"
    success_url = reverse_lazy("wagtailadmin_home")
