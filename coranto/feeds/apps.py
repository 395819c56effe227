from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedsConfig(AppConfig):
    name = "coranto.feeds"
    label = "feeds"
    verbose_name = _("feeds")

    def ready(self) -> None:
        from coranto.feeds import edge, tasks
        from coranto.feeds.receivers import Announcer

        edge.connect()
        Announcer(hub=tasks.ping_hub_task.enqueue, indexnow=tasks.tell_indexnow_task.enqueue).connect()
