from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "coranto.newsroom"
    label = "newsroom"
    verbose_name = _("newsroom")

    def ready(self) -> None:
        from coranto.jobs.rules import periodic
        from coranto.newsroom import operations, panels, receivers

        panels.attach()
        receivers.connect()
        periodic.register("newsroom.publish_due", every=timedelta(seconds=10), function=operations.publish_due)
