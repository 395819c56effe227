"""A picture saved with a new file, wherever that happens."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.signals import post_save

from coranto.masthead.models import Picture

if TYPE_CHECKING:
    from collections.abc import Callable


def connect(*, queue: Callable[[int], Any]) -> None:
    """`queue` is given the id of each picture whose sizes are to be made, once its row is committed."""
    post_save.connect(partial(on_saved, queue=queue), sender=Picture, dispatch_uid="masthead-picture-saved", weak=False)


def on_saved(
    instance: Picture, *, created: bool, queue: Callable[[int], Any], raw: bool = False, **_kwargs: Any
) -> None:
    if raw or not (created or instance.has_new_file):
        return
    instance.has_new_file = False
    if not created:
        instance.renditions.all().delete()
    transaction.on_commit(partial(queue, instance.pk))
