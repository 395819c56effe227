"""What the audience adds to the admin: how much is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from coranto.audience.views import readers

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.urls import URLPattern


@hooks.register("register_admin_urls")
def register_readers() -> list[URLPattern]:
    return [
        path("readers/", readers.show_readers, name="readers"),
        path("readers/<slug:name>.csv", readers.download, name="readers_csv"),
    ]


class ReadersItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(readers.PERMISSION)


@hooks.register("register_admin_menu_item")
def register_readers_menu_item() -> MenuItem:
    return ReadersItem(_("Readers"), reverse("readers"), name="readers", icon_name="view", order=70)
