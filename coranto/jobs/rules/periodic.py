"""Regular work, registered by the rooms that own it in their `AppConfig.ready()`.

    periodic.register("letters.send_due", every=timedelta(minutes=1), function=operations.send_due_editions)

The function takes `now` by keyword. It is run by one worker at a time, at most once per `every` however many
runs were missed, and, like all deferred work, at least once: killed midway, it is run again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime, timedelta


class PeriodicFunction(Protocol):
    def __call__(self, *, now: datetime) -> object: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Periodic:
    name: str
    every: timedelta
    function: PeriodicFunction


_registered: dict[str, Periodic] = {}


def register(name: str, *, every: timedelta, function: PeriodicFunction) -> None:
    """Have `function` run every so often; a name is taken once."""
    if name in _registered:
        raise ValueError(f"regular work named {name} is registered already")
    if every.total_seconds() <= 0:
        raise ValueError(f"{name}: every must be positive")
    _registered[name] = Periodic(name=name, every=every, function=function)


def registered() -> tuple[Periodic, ...]:
    """All regular work, in the order of registration."""
    return tuple(_registered.values())


def next_run(*, due: datetime, started: datetime, every: timedelta) -> datetime:
    """When it is due again: in step with `due`, or, where runs were missed, counted anew from `started`."""
    following = due + every
    return following if started < following <= started + every else started + every
