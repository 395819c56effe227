"""What comments add to the admin: the screen on which editors decide about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from coranto.comments import queries
from coranto.comments.views import moderation

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLPattern


@hooks.register("register_admin_urls")
def register_moderation() -> list[URLPattern]:
    return [
        path("comments/", moderation.moderate, name="comments_moderate"),
        path("comments/decide/", moderation.decide, name="comments_decide"),
        path("comments/trail/", moderation.show_trail, name="comments_trail"),
        path("comments/<int:pk>/block/", moderation.block, name="comments_block"),
    ]


class CommentsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return queries.may_moderate(request.user)


@hooks.register("register_admin_menu_item")
def register_comments_menu_item() -> MenuItem:
    return CommentsItem(_("Comments"), reverse("comments_moderate"), name="comments", icon_name="comment", order=65)
