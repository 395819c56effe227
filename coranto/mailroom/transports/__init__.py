"""How a message leaves: by a file, a server or a provider. None of them knows of rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Verdict(Enum):
    """What became of a message. UNKNOWN: it may have been accepted, and nobody can tell."""

    SENT = "sent"
    DEFERRED = "deferred"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Parcel:
    """A message and its envelope. `number` names it among all parcels, for whoever files it."""

    number: int
    sender: str
    to: str
    source: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """`reply` is the other side's own words. `is_gone`: nobody is at that address. `slow_down`: for its domain.

    `is_away`: it took nothing, and would take nothing from anybody; no message is to blame.
    """

    verdict: Verdict
    reply: str = ""
    provider_id: str = ""
    is_gone: bool = False
    slow_down: bool = False
    is_away: bool = False


class Unavailable(Exception):  # noqa: N818 - a state of the other side, told to the sender
    """The transport takes nothing from anybody now; no message is to blame. `str` of it is the reason."""


class Transport(Protocol):
    """One connection; used by one thread."""

    name: str
    is_paced: bool

    def carry(self, parcel: Parcel, *, hand: Callable[[], bool]) -> Outcome | None:
        """Send it. Raises `Unavailable` before anything was handed over.

        `hand` is called at the last moment at which the other side has certainly not accepted it; False says that it
        is no longer ours to send: nothing more is done, and None comes back. Who can repeat without harm need not ask.
        """

    def close(self) -> None: ...
