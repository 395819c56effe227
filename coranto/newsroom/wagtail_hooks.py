"""What the newsroom adds to Wagtail: its pages' views, its lists in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from coranto.newsroom import views
from coranto.newsroom.models import Author, Topic

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from wagtail.models import Page


@hooks.register("on_serve_page")
def serve_by_views(following: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pages are answered by views, found or previewed alike."""

    def serve(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse:
        response = views.serve_page(page, request)
        return following(page, request, args, kwargs) if response is None else response

    return serve


class AuthorViewSet(SnippetViewSet):
    model = Author
    icon = "user"
    menu_label = _("Authors")
    list_display = ["name", "role"]
    search_fields = ["name"]
    ordering = ["name"]
    add_to_admin_menu = False
    panels = [
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("role"),
        FieldPanel("biography"),
        FieldPanel("picture"),
        FieldPanel("account"),
        InlinePanel("links", label=_("Link"), heading=_("Elsewhere")),
    ]


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    list_display = ["name", "slug"]
    search_fields = ["name"]
    ordering = ["name"]
    panels = [FieldPanel("name"), FieldPanel("slug")]


class NewsroomGroup(SnippetViewSetGroup):
    items = (AuthorViewSet, TopicViewSet)
    menu_label = _("People and topics")
    menu_icon = "group"
    menu_order = 150


register_snippet(NewsroomGroup)
