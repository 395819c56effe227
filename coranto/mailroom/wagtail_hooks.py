"""What administrators see of mail: every row with its words and trail; who is not written to; what they decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.permissions import register_permission_policy

from coranto.jobs.wagtail_hooks import ReadBySuperusers, ReadOnlyViewSet
from coranto.kit import clock
from coranto.mailroom import operations, queries
from coranto.mailroom.models import Mail, Suppression
from coranto.mailroom.operations import deciding, suppressing
from coranto.mailroom.rules.servers import OUTBOX

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from wagtail.admin.viewsets.model import ModelViewSet
    from wagtail.log_actions import LogActionRegistry

    from coranto.masthead.models import Account

register_permission_policy(Mail, ReadBySuperusers(Mail))
register_permission_policy(Suppression, ReadBySuperusers(Suppression))


class MailIndexView(generic.IndexView):
    template_name = "mailroom/mails.html"

    def get_base_queryset(self) -> QuerySet[Mail]:
        return super().get_base_queryset().defer("packed_source")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        figures = queries.mail_figures(now=clock.now())
        return {
            **super().get_context_data(*args, **kwargs),
            "figures": [(label, figures.by_state.get(state, 0)) for state, label in Mail.State.choices],
            "oldest_due_at": figures.oldest_due_at,
            "is_outbox": settings.MAIL_SERVER.kind == OUTBOX,
            "server": settings.MAIL_SERVER.name,
        }


class InspectView(generic.InspectView):
    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        return "—" if value in (None, "") else value


class MailInspectView(InspectView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mail: Mail = self.object
        is_hidden = mail.is_secret
        return {
            **super().get_context_data(**kwargs),
            "is_hidden": is_hidden,
            "text": "" if is_hidden else mail.text,
            "html": "" if is_hidden else mail.html,
            "trail": mail.trail.select_related("by").order_by("-pk"),
            "may_resend": deciding.may_resend(mail=mail),
            "resend_url": reverse("mails:resend", args=[mail.pk]),
        }


class MailViewSet(ReadOnlyViewSet):
    model = Mail
    name = "mails"
    icon = "mail"
    menu_label = gettext_lazy("Mail")
    menu_order = 8800
    index_view_class = MailIndexView
    inspect_view_class = MailInspectView
    inspect_template_name = "mailroom/mail.html"
    inspect_view_fields = [
        "to",
        "subject",
        "kind",
        "state",
        "reply",
        "attempts",
        "queued_at",
        "due_at",
        "handed_at",
        "settled_at",
        "bounced_at",
        "transport",
        "message_id",
    ]
    list_display = [
        "subject",
        Column("to", label=gettext_lazy("To")),
        Column("state", label=gettext_lazy("State"), accessor="get_state_display"),
        Column("reply", label=gettext_lazy("Reply"), accessor=lambda mail: mail.reply[:120]),
        DateColumn("queued_at", label=gettext_lazy("Queued")),
    ]
    list_filter = {"state": ["exact"], "to": ["icontains"], "kind": ["icontains"], "bounced_at": ["isnull"]}
    ordering = ["-pk"]
    list_per_page = 50

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/resend/", resend, name="resend"),
            path("trial/", send_trial, name="trial"),
        ]


class SuppressionIndexView(generic.IndexView):
    template_name = "mailroom/suppressions.html"


class SuppressionInspectView(InspectView):
    @property
    def allow_url(self) -> str:
        return reverse("suppressions:allow", args=[self.object.pk])


class SuppressionViewSet(ReadOnlyViewSet):
    model = Suppression
    name = "suppressions"
    icon = "circle-xmark"
    menu_label = gettext_lazy("Suppressed addresses")
    menu_order = 8810
    index_view_class = SuppressionIndexView
    inspect_view_class = SuppressionInspectView
    inspect_template_name = "mailroom/suppression.html"
    inspect_view_fields = ["address", "scope", "reason", "since", "words", "by"]
    list_display = [
        "address",
        Column("scope", label=gettext_lazy("Scope"), accessor="get_scope_display"),
        Column("reason", label=gettext_lazy("Reason"), accessor="get_reason_display"),
        DateColumn("since", label=gettext_lazy("Since")),
    ]
    list_filter = {"address": ["icontains"], "reason": ["exact"]}
    ordering = ["-pk"]

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            *super().get_urlpatterns(),
            path("suppress/", suppress, name="suppress"),
            path("<int:pk>/allow/", allow, name="allow"),
        ]


def _by_administrators(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    def guarded(request: HttpRequest, **which: int) -> HttpResponse:
        account = cast("Account", request.user)  # the admin lets nobody else in
        if not operations.may_decide(account=account):
            raise PermissionDenied
        return view(request, by=account, **which)

    return require_POST(guarded)


@_by_administrators
def resend(request: HttpRequest, *, by: Account, pk: int) -> HttpResponse:
    try:
        operations.resend_mail(mail=get_object_or_404(Mail, pk=pk), by=by)
    except operations.NotResendable as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, gettext("It is sent again within moments."))
    return redirect("mails:inspect", pk)


@_by_administrators
def send_trial(request: HttpRequest, *, by: Account) -> HttpResponse:
    try:
        mail = operations.send_trial(by=by)
    except ValueError as refusal:
        messages.error(request, str(refusal))
        return redirect("mails:index")
    messages.success(request, gettext("A mail to %(address)s is on its way.") % {"address": mail.to})
    return redirect("mails:inspect", mail.pk)


@_by_administrators
def suppress(request: HttpRequest, *, by: Account) -> HttpResponse:
    try:
        row = operations.suppress_address(
            address=request.POST.get("address", ""), reason=Suppression.Reason.DECISION, by=by
        )
    except ValueError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, gettext("Nothing is sent to %(address)s any more.") % {"address": row.address})
    return redirect("suppressions:index")


@_by_administrators
def allow(request: HttpRequest, *, by: Account, pk: int) -> HttpResponse:
    row = get_object_or_404(Suppression, pk=pk)
    operations.allow_address(address=row.address, reason=row.reason, by=by)
    messages.success(request, gettext("%(address)s is written to again.") % {"address": row.address})
    return redirect("suppressions:index")


@hooks.register("register_admin_viewset")
def register_lists() -> list[ModelViewSet]:
    return [MailViewSet(), SuppressionViewSet()]


@hooks.register("register_log_actions")
def name_acts(actions: LogActionRegistry) -> None:
    actions.register_action(deciding.RESENT, gettext_lazy("Send a mail again"), gettext_lazy("Sent a mail again"))
    actions.register_action(
        suppressing.SUPPRESSED, gettext_lazy("Suppress an address"), gettext_lazy("Suppressed an address")
    )
    actions.register_action(
        suppressing.ALLOWED, gettext_lazy("Allow an address"), gettext_lazy("Allowed an address again")
    )
