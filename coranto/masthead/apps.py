from __future__ import annotations

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MastheadConfig(AppConfig):
    name = "coranto.masthead"
    label = "masthead"
    verbose_name = _("masthead")

    def ready(self) -> None:
        from django.conf import settings
        from PIL import Image

        from coranto.jobs.rules import periodic
        from coranto.masthead import panels, receivers, tasks

        panels.attach()
        # Pillow warns above its own limit, and refuses at twice that; ours is the one that holds.
        Image.MAX_IMAGE_PIXELS = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
        receivers.connect(queue=tasks.make_renditions_task.enqueue)
        periodic.register("masthead.queue_renditions", every=timedelta(seconds=30), function=tasks.queue_renditions)
