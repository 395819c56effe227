"""Published versions in the admin, and the passages a correction can name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.log_actions import LogFormatter

from coranto.desk.operations.versions import VERSION_RESTORED, VERSION_WITHDRAWN
from coranto.desk.views import changes, versions
from coranto.newsroom.models import Article

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.urls import URLPattern
    from django.utils.safestring import SafeString
    from wagtail.log_actions import LogActionRegistry
    from wagtail.models import Page, PageLogEntry

    from coranto.masthead.models import Account


@hooks.register("register_admin_urls")
def urls_of_versions() -> list[URLPattern]:
    one = "desk/versions/<int:page_id>/<int:number>/"
    return [
        path("desk/changes/<int:page_id>/", changes.changed_passages, name="desk_changes"),
        path("desk/versions/<int:page_id>/", versions.show_versions, name="desk_versions"),
        path(f"{one}withdraw/", versions.withdraw_version, name="desk_withdraw_version"),
        path(f"{one}restore/", versions.restore_version, name="desk_restore_version"),
    ]


class VersionsButton(PageMenuItem):
    label = gettext_lazy("Published versions")
    icon_name = "history"
    url_name = "desk_versions"

    def is_shown(self, user: Account) -> bool:
        page = self.page
        if page.specific_class is not Article or not (page.live or page.first_published_at):
            return False
        may = page.permissions_for_user(user)
        return bool(may.can_edit() or may.can_publish())


@hooks.register("register_page_header_buttons")
def offer_versions(page: Page, **_asked: object) -> Iterator[PageMenuItem]:
    yield VersionsButton(page=page, priority=66)  # after the history


@hooks.register("insert_editor_js")
def script_of_changes() -> SafeString:
    return format_html('<script src="{}" defer></script>', static("theme/desk-changes.js"))


@hooks.register("register_log_actions")
def name_acts_on_versions(actions: LogActionRegistry) -> None:
    @actions.register_action(VERSION_WITHDRAWN)
    class VersionWithdrawn(LogFormatter):
        label = gettext_lazy("Withdraw a version")

        def format_message(self, entry: PageLogEntry) -> str:
            return _("Withdrew the words of version %(number)s: %(reason)s") % {
                "number": entry.data.get("number"),
                "reason": entry.data.get("reason"),
            }

    @actions.register_action(VERSION_RESTORED)
    class VersionRestored(LogFormatter):
        label = gettext_lazy("Show a version again")

        def format_message(self, entry: PageLogEntry) -> str:
            return _("Shows the words of version %(number)s again") % {"number": entry.data.get("number")}
