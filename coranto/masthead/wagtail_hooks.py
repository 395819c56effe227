"""What the masthead adds to Wagtail: pictures that say whose they are, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.templatetags.static import static
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from coranto.masthead.views import pictures

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLPattern
    from django.utils.safestring import SafeString


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
