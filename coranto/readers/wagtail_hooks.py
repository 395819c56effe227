"""What the site history says of entry links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from coranto.readers.operations.entering import MADE, USED

if TYPE_CHECKING:
    from wagtail.log_actions import LogActionRegistry


@hooks.register("register_log_actions")
def name_entry_links(actions: LogActionRegistry) -> None:
    actions.register_action(MADE, _("Make an entry link"), _("An entry link was made on the server"))
    actions.register_action(USED, _("Use an entry link"), _("Signed in by an entry link"))
