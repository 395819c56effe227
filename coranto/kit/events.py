"""News that travels upward: a lower room publishes what happened, an upper room subscribes to it.

An event is a frozen dataclass of ids and plain values, never a row: rows change, what happened does not.
"""

import logging
from collections.abc import Callable
from enum import Enum
from functools import partial
from typing import Any, Final, TypeVar

E = TypeVar("E")

logger = logging.getLogger(__name__)


class When(Enum):
    """Whether a receiver shares the fate of the act (WITHIN) or follows it once it is safe (AFTER_COMMIT)."""

    WITHIN = "within"
    AFTER_COMMIT = "after commit"


WITHIN: Final = When.WITHIN
AFTER_COMMIT: Final = When.AFTER_COMMIT

_receivers: dict[tuple[type[Any], When], list[Callable[[Any], None]]] = {}


def subscribe(event_type: type[E], receiver: Callable[[E], None], *, when: When) -> None:
    """Have `receiver` called with every published event of exactly `event_type`.

    WITHIN: at once, in the transaction of whoever publishes; what it raises aborts the act.
    AFTER_COMMIT: once the transaction is committed (at once where there is none), never when it is rolled
    back; what it raises is logged and harms neither the act nor the other receivers.
    Subscribing the same receiver again changes nothing. Raises TypeError unless `event_type` is a frozen
    dataclass.
    """
    _demand_frozen_dataclass(event_type)
    receivers = _receivers.setdefault((event_type, when), [])
    if receiver not in receivers:
        receivers.append(receiver)


def publish(event: object) -> None:
    """Tell every receiver subscribed to the type of `event`, in the order of subscription, WITHIN first.

    Raises what a WITHIN receiver raises (the later ones are then not called, and nothing follows the commit)
    and TypeError unless `event` is an instance of a frozen dataclass.
    """
    event_type = type(event)
    _demand_frozen_dataclass(event_type)
    for receiver in tuple(_receivers.get((event_type, WITHIN), ())):
        receiver(event)
    followers = tuple(_receivers.get((event_type, AFTER_COMMIT), ()))
    if not followers:
        return

    from django.db import transaction  # kit is imported where Django is not, the edge for one

    for receiver in followers:
        transaction.on_commit(partial(_deliver, receiver, event))


def _deliver(receiver: Callable[[Any], None], event: object) -> None:
    try:
        receiver(event)
    except Exception:  # the act is done: a purge that fails must not turn it into an error page
        logger.exception("%r failed on %r after the commit", receiver, event)


def _demand_frozen_dataclass(event_type: type[Any]) -> None:
    parameters = getattr(event_type, "__dataclass_params__", None)
    if parameters is None or not parameters.frozen:
        raise TypeError(f"{event_type.__qualname__} is not a frozen dataclass, so it cannot be an event")
