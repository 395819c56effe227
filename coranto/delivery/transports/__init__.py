"""The ways a purge takes: to the edge of this machine, to those of others, to a cache in front.

All are tried, whatever becomes of one; none is waited for long, and none can fail what was purged for.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings

from coranto.delivery.rules import datagrams
from coranto.delivery.transports import local, postgresql

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coranto.delivery.rules.datagrams import Message

logger = logging.getLogger(__name__)

# What else wants to hear of each purge; tests put themselves here.
listeners: list[Callable[[frozenset[str] | None], None]] = []


def send(tags: frozenset[str]) -> None:
    """Tell everybody to forget what carries one of `tags`."""
    for listener in tuple(listeners):
        listener(tags)
    try:
        messages = datagrams.purge(tags)
    except ValueError:
        logger.exception("A tag cannot be said; everything is forgotten")
        messages = [datagrams.purge_everything()]
    _tell(messages)


def send_everything() -> None:
    """Tell everybody to forget all."""
    for listener in tuple(listeners):
        listener(None)
    _tell([datagrams.purge_everything()])


def revoke(session_id: str) -> None:
    """Tell the edges to believe no entitlement of this session any more."""
    messages = datagrams.revoke([session_id])
    local.send(messages)
    _tell_other_machines(messages)


def _tell(messages: Sequence[Message]) -> None:
    local.send(messages)
    _tell_other_machines(messages)
    if settings.FRONT_CACHE:
        from coranto.delivery.transports import front  # few sites have one, and it brings a client for HTTP

        # Last: it asks the edge for what it has forgotten.
        front.send(messages, settings.FRONT_CACHE)


def _tell_other_machines(messages: Sequence[Message]) -> None:
    if settings.REDIS_URL:
        from coranto.delivery.transports import redis  # few sites have one, and its client is large

        redis.send(messages)
    elif settings.DATABASE_URL:
        postgresql.send(messages)
