"""What the edge counts, in the text format Prometheus reads (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from coranto.delivery.edge.forwarding import App
    from coranto.delivery.edge.store import Store

CONTENT_TYPE: Final = b"text/plain; version=0.0.4; charset=utf-8"
MEASURED_EVERY: Final = 1.0


@dataclass(slots=True)
class Counters:
    """Since the edge began; what the store counts stands there."""

    renders: int = 0
    coalesced: int = 0
    passes: int = 0
    stale: int = 0
    refused: int = 0
    purges: int = 0
    purged_entries: int = 0
    sent_bytes: int = 0


_HELP: Final = {
    "renders": "Pages and fragments the app was asked for on behalf of the store.",
    "coalesced": "Requests that waited for a render another request had begun.",
    "passes": "Requests passed on to the app for one client alone.",
    "stale": "Answers given from a page whose life was over.",
    "refused": "Answers offered to the store that must not be in it.",
    "purges": "Purge messages carried out.",
    "purged_entries": "Pages and fragments they removed.",
    "sent_bytes": "Bytes of bodies sent for requests that were no ready hits.",
}


class Lag:
    """How late the event loop is: the longest of the last measurements."""

    def __init__(self) -> None:
        self._measured: list[float] = []
        self._handle: asyncio.TimerHandle | None = None

    @property
    def seconds(self) -> float:
        return max(self._measured, default=0.0)

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._expect(loop, loop.time() + MEASURED_EVERY)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()

    def _expect(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        self._handle = loop.call_at(when, self._measure, loop, when)

    def _measure(self, loop: asyncio.AbstractEventLoop, when: float) -> None:
        now = loop.time()
        self._measured = [*self._measured[-14:], max(0.0, now - when)]
        self._expect(loop, now + MEASURED_EVERY)


def write_metrics(*, store: Store, app: App, counters: Counters, lag: float) -> bytes:
    """The whole text."""
    stored = store.statistics()
    lines: list[str] = []
    _add(lines, "hits_total", "counter", "Requests answered from the store.", stored.hits)
    _add(lines, "misses_total", "counter", "Requests for pages that were not in the store.", stored.misses)
    for field in fields(counters):
        _add(lines, f"{field.name}_total", "counter", _HELP[field.name], getattr(counters, field.name))
    _add(lines, "failures_total", "counter", "Requests to the app that brought no answer.", app.failures)
    _add(lines, "evictions_total", "counter", "Entries that had to make room.", stored.evictions)
    _add(lines, "stored_bytes", "gauge", "Bytes the store holds.", stored.bytes)
    _add(lines, "entries", "gauge", "Pages and fragments stored.", stored.entries)
    _add(lines, "missing_pages", "gauge", "Answers “not found” stored.", stored.missing_pages)
    _add(lines, "oldest_age_seconds", "gauge", "Age of the oldest entry.", stored.oldest)
    _add(lines, "app_in_flight", "gauge", "Requests the app is working on.", app.in_flight)
    _add(lines, "app_waiting", "gauge", "Requests that wait for the app.", app.waiting)
    _add(lines, "app_away", "gauge", "1 while nobody listens on the app's socket.", int(app.is_away))
    _add(lines, "event_loop_lag_seconds", "gauge", "How late the event loop was at most, of late.", lag)
    return ("\n".join(lines) + "\n").encode()


def _add(lines: list[str], name: str, kind: str, about: str, value: float) -> None:
    full = f"coranto_edge_{name}"
    said = f"{value:.6f}" if isinstance(value, float) else str(value)
    lines += [f"# HELP {full} {about}", f"# TYPE {full} {kind}", f"{full} {said}"]
