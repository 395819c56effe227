"""Pictures in the admin: their list, what a file says before it is uploaded, whose rights end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

import django_filters
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.images.views.images import ImagesFilterSet, IndexView
from wagtail.images.views.multiple import AddView
from wagtail.permissions import policy_registry

from coranto.kit import clock
from coranto.masthead import queries
from coranto.masthead.models import Picture
from coranto.masthead.rules import metadata
from coranto.masthead.rules.rights import RightsState
from coranto.masthead.rules.titles import title_of

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from django.http import HttpRequest

# What of a file is sent to have its words read: they stand at the beginning of a photograph.
HEAD: Final = 524_288

_STATES: Final = ((RightsState.EXPIRED, _("Expired")), (RightsState.ENDING, _("Ending within 30 days")))


def may_work_with_pictures(account: Any) -> bool:
    """Those who may add or change any see the list of pictures, and so which of them may not be used for long."""
    return bool(policy_registry.get_by_type(Picture).user_has_any_permission(account, ["add", "change", "delete"]))


def _today() -> date:
    return timezone.localdate(clock.now())


def _in_state(pictures: Any, state: str) -> Any:
    if state == RightsState.EXPIRED:
        return pictures.expired(on=_today())
    ending = queries.pictures_with_rights_ending(on=_today()).values("pk")
    return pictures.filter(pk__in=ending, rights_expire_on__gte=_today())


@require_POST
def read_words(request: HttpRequest) -> HttpResponse:
    """What the beginning of a file says of its picture, to fill the form before it is uploaded; nothing is kept."""
    if not policy_registry.get_by_type(Picture).user_has_permission(request.user, "add"):
        raise PermissionDenied
    file = request.FILES.get("file")
    words = metadata.read(file.read(HEAD)) if file else metadata.Words()
    return JsonResponse(
        {
            "title": title_of(request.POST.get("name", ""), words, today=_today()),
            "caption": words.caption,
            "credit": words.credit,
            "rights": words.rights,
            "description": words.description,
        }
    )


class PictureFilterSet(ImagesFilterSet):
    rights = django_filters.ChoiceFilter(label=_("Rights"), choices=_STATES, method="in_state", empty_label=_("All"))

    def in_state(self, pictures: Any, _name: str, state: str) -> Any:
        return _in_state(pictures, state)


class PictureIndexView(IndexView):
    filterset_class = PictureFilterSet

    @property
    def columns(self) -> list[Column]:
        columns: list[Column] = super().columns
        return [*columns, _rights_column()] if columns else []


def _rights_column() -> Column:
    column = Column("rights_state", label=_("Rights"))
    column.cell_template_name = "masthead/rights_cell.html"
    return column


class AddPicturesView(AddView):
    def post(self, request: HttpRequest) -> HttpResponse:
        """Wagtail stumbles over a file in another field than its own, and over a collection that is no number."""
        collection = request.POST.get("collection", "")
        if "files[]" not in request.FILES or (collection and not (collection.isascii() and collection.isdigit())):
            return JsonResponse({"success": False, "error_message": str(_("The file is missing."))}, status=400)
        return super().post(request)


class PictureRightsFilterSet(WagtailFilterSet):
    rights = django_filters.ChoiceFilter(label=_("Rights"), choices=_STATES, method="in_state", empty_label=_("All"))

    class Meta:
        model = Picture
        fields: ClassVar[list[str]] = []

    def in_state(self, pictures: Any, _name: str, state: str) -> Any:
        return _in_state(pictures, state)


class PictureRightsView(ReportView):
    """Pictures whose rights have ended or are about to, with in how many pages each stands."""

    model = Picture
    filterset_class = PictureRightsFilterSet
    page_title = _("Picture rights")
    header_icon = "warning"
    index_url_name = "picture_rights"
    index_results_url_name = "picture_rights_results"
    any_permission_required = ["add", "change", "delete"]
    default_ordering = "rights_expire_on"
    is_searchable = False

    @property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("title", label=_("Picture"), get_url=_edit_url),
            Column("rights_expire_on", label=_("Rights end on")),
            _rights_column(),
            Column("credit", label=_("Credit")),
            Column("used_in_pages", label=_("In how many pages")),
        ]

    def get_queryset(self) -> QuerySet[Picture]:
        mine = self.permission_policy.instances_user_has_any_permission_for(self.request.user, ["change", "delete"])
        return queries.pictures_with_rights_ending(on=_today()).filter(pk__in=mine.values("pk"))

    def decorate_paginated_queryset(self, pictures: Any) -> Any:
        counts = queries.pages_using(picture_ids=[each.pk for each in pictures])
        for each in pictures:
            each.used_in_pages = counts.get(each.pk, 0)
        return pictures


def _edit_url(picture: Picture) -> str:
    return reverse("wagtailimages:edit", args=[picture.pk])
