"""What the article editor's scripts ask, and two states of an article side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.views.generic.models import RevisionsCompareView as GenericCompareView
from wagtail.admin.views.pages.revisions import RevisionsCompareView

from coranto.desk.queries import writing as queries
from coranto.newsroom.models import Article

if TYPE_CHECKING:
    from coranto.desk.queries.writing import Suggestion

TEXT = 100_000  # characters looked at
MENTIONED = 500


@require_POST
def suggestions(request: HttpRequest, page_id: int) -> JsonResponse:
    """Own articles the text in the form could link to, for whoever may edit the article it belongs to."""
    article = _article_to_edit(request, page_id)
    given = request.POST
    found = queries.link_suggestions(
        article,
        headline=given.get("headline", "")[:TEXT],
        standfirst=given.get("standfirst", "")[:TEXT],
        text=given.get("text", "")[:TEXT],
        topics=given.get("topics", "")[:TEXT],
        mentioned={int(each) for each in given.getlist("mentioned")[:MENTIONED] if each.isascii() and each.isdigit()},
    )
    return JsonResponse({"articles": [_as_data(each) for each in found]})


def _as_data(found: Suggestion) -> dict[str, Any]:
    article = found.card.article
    published = article.first_published_at
    return {
        "id": article.pk,
        "parent": found.section.pk,
        "headline": article.title,
        "address": article.address,
        "section": found.section.title,
        "published": date_format(localtime(published), "DATE_FORMAT") if published else "",
        "about": found.about,
        "edit": reverse("wagtailadmin_pages:edit", args=[article.pk]),
    }


class CompareView(RevisionsCompareView):
    """Two states of an article side by side, for whoever may edit it; Wagtail's view, with more to choose from."""

    http_method_names = ["get", "head", "options"]
    template_name = "desk/compare.html"
    page_title = gettext_lazy("Compare versions")

    def get_object(self, queryset: Any = None) -> Article:  # noqa: ARG002 - Wagtail's signature
        return _article_to_edit(self.request, self.pk)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        before, after = request.GET.get("before"), request.GET.get("after")
        if before and after:
            return redirect("desk_compare", self.pk, before, after)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Past Wagtail's own, which compares by the form's panels and knows nothing of published versions.
        context: dict[str, Any] = super(GenericCompareView, self).get_context_data(**kwargs)
        found = queries.comparison(self.object, self.revision_id_a, self.revision_id_b)
        if found is None:
            raise Http404(_("This article has no such version."))
        return {**context, "comparison": found}


@require_safe
def compare_newest(request: HttpRequest, page_id: int) -> HttpResponse:
    """What readers see beside the newest draft; beside the first one while nothing is out."""
    article = _article_to_edit(request, page_id)
    return redirect("desk_compare", page_id, "live" if article.live else "earliest", "latest")


def _article_to_edit(request: HttpRequest, page_id: int) -> Article:
    article = get_object_or_404(Article, pk=page_id)
    permissions = article.permissions_for_user(request.user)  # type: ignore[arg-type]
    if not (permissions.can_edit() or permissions.can_publish()):
        raise PermissionDenied
    return article
