"""Wagtail's own screens for articles, with what a newsroom adds: embargoes, one act for a publication, our columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.log_actions import log
from wagtail.models import Page, Site

from coranto.desk.queries.visibility import below
from coranto.desk.rules import embargo
from coranto.desk.views import changes, checklist
from coranto.kit import clock
from coranto.newsroom.models import ArticleAuthor
from coranto.newsroom.models.article import EmbargoedError

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

EMBARGO_CHANGED = "desk.embargo_changed"


def zone_of(request: HttpRequest) -> ZoneInfo:
    return ZoneInfo(request.publication.time_zone)  # type: ignore[attr-defined]


class KeepsEmbargo:
    """Refuses in the form, with every word kept, what would publish an article before its embargo ends."""

    request: HttpRequest
    action_name: str

    def form_valid(self, form: Any) -> HttpResponse:
        until, now = form.instance.embargoed_until, clock.now()
        if self.action_name == "publish" and form.instance.is_under_embargo(max(now, form.instance.go_live_at or now)):
            return self._refused(form, embargo.refusal(until, zone_of(self.request)))
        if self._lifts_without_right(form, now):
            return self._refused(form, _("Only who may publish this article may lift or shorten its embargo."))
        changes = "embargoed_until" in form.changed_data
        try:
            response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        except EmbargoedError as error:
            return self._held(form, embargo.refusal(error.until, zone_of(self.request)))
        if changes:
            log(
                instance=form.instance,
                action=EMBARGO_CHANGED,
                user=self.request.user,
                data={"until": until and DjangoJSONEncoder().default(until)},
            )
        return response

    def _refused(self, form: Any, sentence: str) -> HttpResponse:
        form.add_error("embargoed_until" if "embargoed_until" in form.fields else None, sentence)
        return self.form_invalid(form)  # type: ignore[attr-defined]

    def _held(self, form: Any, sentence: str) -> HttpResponse:
        """The model refused after all: an approval, a workflow without tasks, an embargo set a moment ago."""
        if self.action_name == "publish":
            return self._refused(form, sentence)
        # The words are saved, and the approval was undone with the publication it would have caused.
        messages.error(self.request, sentence)
        return redirect(self.get_edit_url())  # type: ignore[attr-defined]

    def _lifts_without_right(self, form: Any, now: Any) -> bool:
        before = form.initial.get("embargoed_until")
        if "embargoed_until" not in form.changed_data or before is None or before <= now:
            return False
        until = form.cleaned_data["embargoed_until"]
        return (until is None or until < before) and not form.instance.permissions_for_user(
            self.request.user
        ).can_publish()

    # Wagtail's buttons publish without a transaction, and without `Article.publish`.
    @transaction.atomic
    def publish_action(self) -> HttpResponse:
        return super().publish_action()  # type: ignore[misc]


class ArticleCreateView(KeepsEmbargo, checklist.ArticleCreateView):
    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except ValidationError as error:
            # The form found the address free, and a moment later it was taken: autosave and a hand at once, say.
            form.add_error(None, error.messages)
            response: HttpResponse = self.form_invalid(form)
            return response


class ArticleEditView(changes.NamesChange, KeepsEmbargo, checklist.ArticleEditView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.page.is_under_embargo(clock.now()):
            messages.warning(request, embargo.notice(self.page.embargoed_until, zone_of(request)))
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response


class ArticleWorkflowActionView(checklist.ArticleWorkflowActionView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except EmbargoedError as error:
            messages.error(request, embargo.refusal(error.until, zone_of(request)))
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return self.render_modal_json(request, {"step": "success", "redirect": self.redirect_url})
        return redirect(self.redirect_url)


class BylineColumn(Column):
    """The authors of an article; the view has fetched them for the whole page."""

    def get_value(self, instance: Any) -> str:
        return ", ".join(getattr(instance, "byline_names", ()))


class ArticleIndexView(ExplorableIndexView):
    """The explorer of a section: its articles, the latest touched first."""

    base_columns = [
        BulkActionsColumn("bulk_actions"),
        PageTitleColumn("title", label=gettext_lazy("Headline"), sort_key="title", classname="title"),
        BylineColumn("authors", label=gettext_lazy("Authors"), width="20%", classname="desk-column"),
        DateColumn(
            "latest_revision_created_at",
            label=gettext_lazy("Updated"),
            sort_key="latest_revision_created_at",
            width="12%",
            classname="desk-column",
        ),
        PageStatusColumn("status", label=gettext_lazy("Status"), sort_key="live", width="12%"),
    ]

    def get_base_queryset(self) -> QuerySet[Any]:
        """The section's articles that one may see.

        Wagtail looks for them by a prefix of their paths among the ids of all pages one may explore, which reads
        every page there is; the same as a range of paths and a rule is a seek, and counted among pages a walk
        through one index.
        """
        if self.is_searching_whole_tree:
            return super().get_base_queryset()
        parent, policy = self.parent_page, self.permission_policy
        pages = Page.objects.filter(below(parent.path), policy.seen(self.request.user)).exclude(path=parent.path)
        return self.annotate_queryset(pages)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        pages = list(context["object_list"])
        names: dict[int, list[str]] = {}
        rows = ArticleAuthor.objects.filter(article_id__in=[each.pk for each in pages]).order_by("sort_order")
        for pk, name in rows.values_list("article_id", "author__name"):
            names.setdefault(pk, []).append(name)
        roots = Site.get_site_root_paths()
        for page in pages:
            page.byline_names = names.get(page.pk, [])
            # Each would ask for itself where the site begins when its row links to it.
            page._wagtail_cached_site_root_paths = roots  # noqa: SLF001 - where Wagtail looks first
        return context
