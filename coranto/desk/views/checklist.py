"""The checklist beside the article editor, and what the editor does with an article that may not go out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.forms import Script
from django.http import HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.views.pages.workflow import WorkflowActionView

from coranto.desk.operations import checklist as operations
from coranto.desk.operations.checklist import NotReady
from coranto.desk.queries.checklist import examine
from coranto.desk.tasks.links import visit_links_task
from coranto.kit import clock
from coranto.newsroom.models import Article

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from coranto.desk.queries.checklist import Examined
    from coranto.desk.rules.checklist import Finding
    from coranto.masthead.models import Account

NAMED = 8


@require_GET
def show_checklist(request: HttpRequest, page_id: int) -> HttpResponse:
    """The list as it stands after the last save, without a frame; the editor puts it beside the article."""
    article = _article_of(request, page_id)
    return render(request, "desk/checklist.html", _shown(article))


@require_POST
def check_links(request: HttpRequest, page_id: int) -> HttpResponse:
    """Have the links to other sites visited, because somebody who may edit the article asked for it."""
    article = _article_of(request, page_id)
    operations.ask_for_link_checks(article=article, queue=visit_links_task.enqueue, now=clock.now())
    if request.headers.get("x-requested-with") != "XMLHttpRequest":
        return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[article.pk]))
    return render(request, "desk/checklist.html", _shown(article))


def _article_of(request: HttpRequest, page_id: int) -> Article:
    article = get_object_or_404(Article, pk=page_id)
    may = article.permissions_for_user(cast("Account", request.user))  # the admin lets nobody else in
    if not (may.can_edit() or may.can_publish()):
        raise PermissionDenied
    return article.get_latest_revision_as_object()


def _shown(article: Article) -> dict[str, Any]:
    return {"article": article, "examined": examine(article, now=clock.now())}


class ChecklistSidePanel(BaseSidePanel):
    """Beside the article: the list, and the number of points that stop publication on its button."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = gettext_lazy("Toggle checklist")
        icon_name = "tasks"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            examined = self.panel.examined
            return {**context, "count": len(examined.blocking) if examined else 0}

    name = "checklist"
    title = gettext_lazy("Before it goes out")
    template_name = "desk/checklist_panel.html"
    order = 150

    class Media:
        css = {"all": ["theme/desk-checklist.css"]}
        js = [Script("theme/desk-checklist.js", type="module")]

    @cached_property
    def examined(self) -> Examined | None:
        """Nothing of an article that was never saved."""
        return examine(self.object, now=clock.now()) if self.object.pk else None

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        # The script puts the number in once the article's first save has given it one.
        told = {"address": reverse("desk_checklist", args=[self.object.pk or 0]), "csrf_token": get_token(self.request)}
        return {**context, "article": self.object, "examined": self.examined, **told}


class _WithChecklist:
    """The checklist beside the article, and its word on publication."""

    def get_side_panels(self: Any) -> MediaContainer:
        panels = super().get_side_panels()  # type: ignore[misc]
        if self.expects_json_response or getattr(self, "hydrate_create_view", False):
            return panels  # the script asks for the list itself, when an autosave is done
        return MediaContainer([*panels, ChecklistSidePanel(self.page, self.request)])

    def form_valid(self: Any, form: Any) -> HttpResponse:
        # Approval, and a workflow without tasks, publish from within; the draft is stored by then, and stays.
        try:
            return super().form_valid(form)  # type: ignore[misc]
        except NotReady as held:
            return hold_back(self.request, self.page, held.findings)


class ArticleCreateView(_WithChecklist, CreateView):
    def form_valid(self, form: Any) -> HttpResponse:
        # Wagtail would store the new page as live already, and ask afterwards whether anything speaks against it.
        form.instance.live = False
        return super().form_valid(form)


class ArticleEditView(_WithChecklist, EditView):
    pass


class ArticleWorkflowActionView(WorkflowActionView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except NotReady as held:
            response = hold_back(request, self.object, held.findings)
            if request.headers.get("x-requested-with") == "XMLHttpRequest":
                return self.render_modal_json(request, {"step": "success", "redirect": response.url})
            return response


def hold_back(request: HttpRequest, article: Any, findings: Sequence[Finding]) -> HttpResponseRedirect:
    """Back to the article's editor, with what stops the publication."""
    sentence = _("Not published; the words are kept as a draft. First put right:")
    messages.error(request, format_html("{} {}", sentence, _as_list(each.message for each in findings)))
    return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[article.pk]))


def hold_back_all(request: HttpRequest, held: Sequence[tuple[Any, Sequence[Finding]]], onward: str) -> HttpResponse:
    """Back to a list, from which several were to be published."""
    sentence = _("Nothing was published. First put right:")
    named: list[str] = [
        format_html(
            '<a href="{}">{}</a>: {}',
            reverse("wagtailadmin_pages:edit", args=[article.pk]),
            article.get_admin_display_title(),
            " ".join(each.message for each in findings),
        )
        for article, findings in held[:NAMED]
    ]
    if len(held) > NAMED:
        named.append(_("… and further articles."))
    messages.error(request, format_html("{} {}", sentence, _as_list(named)))
    return HttpResponseRedirect(onward)


def _as_list(items: Any) -> str:
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((each,) for each in items)))
