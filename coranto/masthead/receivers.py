"""A picture saved with a new file, wherever that happens."""

from __future__ import annotations

from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.signals import post_save, pre_save

from coranto.masthead.models import Picture
from coranto.masthead.rules.pictures import random_name

if TYPE_CHECKING:
    from collections.abc import Callable


def connect(*, queue: Callable[[int], Any]) -> None:
    """`queue` is given the id of each picture whose sizes are to be made, once its row is committed."""
    pre_save.connect(on_saving, sender=Picture, dispatch_uid="masthead-picture-saving")
    post_save.connect(partial(on_saved, queue=queue), sender=Picture, dispatch_uid="masthead-picture-saved", weak=False)


def on_saving(instance: Picture, *, raw: bool = False, **_kwargs: Any) -> None:
    instance.has_new_file = False
    if raw or not instance.file or instance.file._committed:  # noqa: SLF001 - Django says it nowhere else
        return
    # Under the name its sender gave it, an address could be guessed, and after a deletion mean another picture.
    instance.file.name = random_name(PurePath(instance.file.name).suffix.lower().lstrip("."))
    instance.renditions_made_at = instance.renditions_failed_at = None
    instance.has_new_file = True


def on_saved(
    instance: Picture, *, created: bool, queue: Callable[[int], Any], raw: bool = False, **_kwargs: Any
) -> None:
    if raw or not (created or instance.has_new_file):
        return
    if not created:
        instance.renditions.all().delete()
    transaction.on_commit(partial(queue, instance.pk))
