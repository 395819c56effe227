"""What a supervisor is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

THREADS = 4  # of each web process: as many requests it answers at once


@dataclass(frozen=True, kw_only=True)
class Site:
    """What to serve, and the words that start each process.

    `edge` and `app` are given the descriptors of their listener and of the end on which they say that they are ready;
    `app` also whether it has to prepare the site (databases up to date) before. Without an `edge` the app has
    the public socket.
    """

    run: Path
    host: str
    port: int
    is_https: bool
    grace: float
    environment: Callable[[int], Mapping[str, str]]
    edge: Callable[[int, int], Sequence[str]] | None
    app: Callable[[int, int, bool], Sequence[str]]
    say: Callable[[str], None] = field(default=print)
