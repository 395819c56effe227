from __future__ import annotations

import ctypes
from contextlib import suppress
from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_MMAP_THRESHOLD = -3  # malloc.h of the GNU C library; others have no such function, or do it anyway


def _give_memory_back() -> None:
    """Have what a picture took returned to the system when it is done with.

    The library raises the size from which it does so with each large piece, up to 32 MB, and keeps smaller ones for
    each thread: after some pictures a process had three times the memory it needed.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, 1 << 20)


class MastheadConfig(AppConfig):
    name = "coranto.masthead"
    label = "masthead"
    verbose_name = _("masthead")

    def ready(self) -> None:
        from django.conf import settings
        from PIL import Image

        from coranto.jobs.rules import periodic
        from coranto.masthead import edge, panels, receivers, tasks

        panels.attach()
        edge.connect()
        _give_memory_back()
        # Pillow warns above its own limit, and refuses at twice that; ours is the one that holds.
        Image.MAX_IMAGE_PIXELS = settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS
        receivers.connect(queue=tasks.make_renditions_task.enqueue)
        periodic.register("masthead.queue_renditions", every=timedelta(seconds=30), function=tasks.queue_renditions)
        periodic.register(
            "masthead.queue_removal_of_metadata", every=timedelta(minutes=5), function=tasks.queue_removal_of_metadata
        )
