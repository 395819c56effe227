"""What happens to the processes of a site."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebProcessBegan:
    """This process is about to answer its first request. Threads may be started: it is forked no more."""


@dataclass(frozen=True, slots=True)
class WebProcessEnds:
    """This process was asked to end and has answered its last request."""


@dataclass(frozen=True, slots=True)
class WorkerProcessBegan:
    """The process of the worker is ready: threads may be started beside its loop."""


@dataclass(frozen=True, slots=True)
class WorkerProcessEnds:
    """The worker was asked to end and has nothing in hand any more."""
