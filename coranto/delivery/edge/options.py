"""What the edge is told when it starts; whoever starts it has read the settings, it reads none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from coranto.delivery.edge.limits import Limits

if TYPE_CHECKING:
    from pathlib import Path

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class EdgeOptions:
    """`listener` and `ready` are inherited descriptors, `parent` is the process without which the edge ends."""

    listener: int
    ready: int
    parent: int
    app: Path  # the app's unix socket
    purges: Path  # where purge messages arrive, a unix datagram socket
    secret_key: Path  # the file with the key that signs entitlements
    hosts: frozenset[str] = frozenset({"localhost", "127.0.0.1", "::1"})  # only their pages are ever stored
    trusted_proxies: tuple[str, ...] = ()  # addresses or networks whose X-Forwarded-* are believed
    roots: tuple[Path, ...] = ()  # folders below which `X-Sendfile` may name a file
    app_requests: int = 10  # what the app takes at once, and a little
    has_cache_in_front: bool = False  # one that puts fragments into pages itself: then the edge keeps none
    store_limit: int = 256 * _MEGABYTE
    certificate: Path | None = None
    key: Path | None = None
    redis_url: str = ""
    database_url: str = ""
    metrics_token: str = field(default="", repr=False)
    grace: float = 20.0  # seconds that requests in flight have to end in
    limits: Limits = field(default_factory=Limits)
