"""The ways a purge takes: to the edge of this machine, to those of others, to a cache in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# What else wants to hear of each purge; tests put themselves here.
listeners: list[Callable[[frozenset[str] | None], None]] = []


def send(tags: frozenset[str]) -> None:
    """Tell everybody to forget what carries one of `tags`."""
    for listener in tuple(listeners):
        listener(tags)


def send_everything() -> None:
    """Tell everybody to forget all."""
    for listener in tuple(listeners):
        listener(None)
