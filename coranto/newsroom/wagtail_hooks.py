"""What the newsroom adds to Wagtail: its pages' views, its lists in the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet, SnippetViewSetGroup

from coranto.newsroom import queries, views
from coranto.newsroom.models import Author, BreakingStrip, FrontPage, Section, Topic
from coranto.newsroom.operations.publishing import HELD_BY_EMBARGO

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from wagtail.log_actions import LogActionRegistry
    from wagtail.models import Page


@hooks.register("on_serve_page")
def serve_by_views(following: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pages are answered by views, found or previewed alike."""

    def serve(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse:
        response = views.serve_page(page, request)
        return following(page, request, args, kwargs) if response is None else response

    return serve


@hooks.register("register_log_actions")
def name_acts_of_the_clock(actions: LogActionRegistry) -> None:
    actions.register_action(
        HELD_BY_EMBARGO, _("Held back by the embargo"), _("The clock left this alone: the embargo has not ended.")
    )


@hooks.register("after_publish_page")
def tell_of_hidden_picks(request: HttpRequest, page: Page) -> None:
    """Say which picks of a front that was just published readers do not see; the list of pages comes next."""
    if isinstance(page, FrontPage | Section):
        for pick in queries.hidden_picks(page):
            messages.warning(request, pick.sentence)


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


class BreakingStripViewSet(SnippetViewSet):
    model = BreakingStrip
    icon = "warning"
    menu_label = _("Breaking strip")
    menu_order = 140
    add_to_admin_menu = True
    list_display = ["text", "starts_at", "ends_at", "on_every_page"]
    ordering = ["-starts_at"]
    panels = [
        FieldPanel("text"),
        FieldPanel("article"),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldPanel("on_every_page"),
    ]


register_snippet(BreakingStripViewSet)
