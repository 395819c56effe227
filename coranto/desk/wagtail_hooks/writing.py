"""The article editor: its scripts and what they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.ui.menus.pages import PageMenuItem

from coranto.desk.views import writing as views
from coranto.newsroom.models import Article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.urls import URLPattern
    from django.utils.safestring import SafeString
    from wagtail.models import Page

    from coranto.masthead.models import Account

SCRIPTS = [
    "saving",
    "writing",
    "writing-reading",
    "writing-paste",
    "writing-pictures",
    "writing-links",
    "writing-recovery",
]


@hooks.register("register_admin_urls")
def urls_of_writing() -> list[URLPattern]:
    return [
        path("desk/suggestions/<int:page_id>/", views.suggestions, name="desk_suggestions"),
        path("desk/compare/<int:page_id>/", views.compare_newest, name="desk_compare_newest"),
        path(
            "desk/compare/<int:pk>/<str:revision_id_a>/<str:revision_id_b>/",
            views.CompareView.as_view(),
            name="desk_compare",
        ),
    ]


class CompareButton(PageMenuItem):
    label = gettext_lazy("Compare versions")
    icon_name = "doc-empty-inverse"
    url_name = "desk_compare_newest"

    def is_shown(self, user: Account) -> bool:
        return self.page.specific_class is Article and self.page.permissions_for_user(user).can_edit()


@hooks.register("register_page_header_buttons")
def offer_comparison(page: Page, **_asked: Any) -> Iterator[PageMenuItem]:
    yield CompareButton(page=page, priority=64)  # before the history


@hooks.register("insert_editor_js")
def scripts_of_writing() -> SafeString:
    # Wagtail puts them into the head: they wait for the form. Each counts on those before it, all on Wagtail's.
    links = ((static(f"theme/desk-{name}.js"),) for name in SCRIPTS)
    return format_html_join("\n", '<script src="{}" defer></script>', links)


@hooks.register("insert_global_admin_js")
def script_of_sessions() -> SafeString:
    return format_html('<script src="{}" defer></script>', static("theme/desk-session.js"))


@hooks.register("insert_global_admin_css")
def styles_of_writing() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("theme/desk-writing.css"))
