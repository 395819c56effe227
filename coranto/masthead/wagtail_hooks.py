"""What the masthead adds to Wagtail: pictures that say whose they are, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem

from coranto.masthead.models.pages import TAKEN_BY_THE_SITE, SitePage
from coranto.masthead.views import pictures

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from django.utils.safestring import SafeString
    from wagtail.models import Page


# Before Wagtail's own addresses, three of which are answered here: rooms come before it in INSTALLED_APPS.
@hooks.register("register_admin_urls", order=-1)
def register_picture_urls() -> list[URLPattern]:
    return [
        path("images/", pictures.PictureIndexView.as_view()),
        path("images/results/", pictures.PictureIndexView.as_view(results_only=True)),
        path("images/multiple/add/", pictures.AddPicturesView.as_view()),
        path("images/words/", pictures.read_words, name="picture_words"),
        path("reports/picture-rights/", pictures.PictureRightsView.as_view(), name="picture_rights"),
        path(
            "reports/picture-rights/results/",
            pictures.PictureRightsView.as_view(results_only=True),
            name="picture_rights_results",
        ),
    ]


@hooks.register("before_move_page")
def keep_our_addresses(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Say why, where Wagtail would only say that it is not permitted."""
    if not (isinstance(page, SitePage) and page.is_reserved_below(destination)):
        return None
    messages.error(request, TAKEN_BY_THE_SITE)
    return redirect("wagtailadmin_pages:move", page.pk)


class PictureRightsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return pictures.may_work_with_pictures(request.user)


@hooks.register("register_reports_menu_item")
def register_picture_rights() -> MenuItem:
    return PictureRightsMenuItem(
        _("Picture rights"), reverse("picture_rights"), name="picture-rights", icon_name="warning", order=600
    )


@hooks.register("insert_global_admin_css")
def style_of_pictures() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("theme/admin-pictures.css"))


@hooks.register("insert_global_admin_js")
def script_of_pictures() -> SafeString:
    return format_html(
        '<script type="module" src="{}" data-words-url="{}" id="picture-words"></script>',
        static("theme/admin-pictures.js"),
        reverse("picture_words"),
    )
