from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    name = "coranto.desk"
    label = "desk"
    verbose_name = _("desk")

    def ready(self) -> None:
        from coranto.desk import receivers

        receivers.connect()
