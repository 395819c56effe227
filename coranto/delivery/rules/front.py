"""A cache in front of the site, as `CORANTO_FRONT_CACHE` names it.

    varnish+http://127.0.0.1:6081      Varnish, which puts fragments into pages itself
    fastly://TOKEN@SERVICE             Fastly
    cloudflare://TOKEN@ZONE            Cloudflare

`?api=http://…` sends a CDN's purges to another address, a rehearsal's for one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, unquote, urlsplit

from coranto.delivery.rules.datagrams import Kind
from coranto.kit.addresses import is_loopback

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from coranto.delivery.rules.datagrams import Message

VARNISH: Final = "varnish"
FASTLY: Final = "fastly"
CLOUDFLARE: Final = "cloudflare"
FRONT_KEY: Final = "Coranto-Front-Key"
_APIS: Final = {FASTLY: "https://api.fastly.com", CLOUDFLARE: "https://api.cloudflare.com"}
# How many tags one request may name: https://www.fastly.com/documentation/reference/api/purging/ and
# https://developers.cloudflare.com/cache/how-to/purge-cache/purge-by-tags/
_MOST_TAGS: Final = {FASTLY: 256, CLOUDFLARE: 30}


@dataclass(frozen=True, slots=True)
class Front:
    """`base` is where purges go; `name` the service or zone of a CDN, `token` what lets us purge it."""

    kind: str
    base: str
    name: str = ""
    token: str = ""

    @property
    def puts_in_fragments(self) -> bool:
        return self.kind == VARNISH

    @property
    def is_here(self) -> bool:
        """Whether it is a program on this machine, so that a purge is there at once."""
        return self.kind == VARNISH and is_loopback(urlsplit(self.base).hostname or "")

    def headers_for(self, *, life: timedelta, tags: frozenset[str]) -> dict[str, str]:
        """What this cache reads of a page besides the `Surrogate-` headers."""
        if self.kind == FASTLY:
            # Our own edge keeps `Surrogate-Key` to itself and hands this one on under that name.
            return {FRONT_KEY: " ".join(sorted(tags)), "CDN-Cache-Control": f"max-age={int(life.total_seconds())}"}
        if self.kind != CLOUDFLARE:
            return {}
        # RFC 9213; `Cache-Control` remains the browsers'.
        return {
            "Cache-Tag": ",".join(sorted(tags)),
            "CDN-Cache-Control": f"max-age={int(life.total_seconds())}",
        }


@dataclass(frozen=True, slots=True)
class Purge:
    """One HTTP request that purges."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""


def read_front(value: str) -> Front | None:
    """The cache a setting names, None for an empty one; raises `ValueError` with a sentence."""
    if not value:
        return None
    parts = urlsplit(value)
    match parts.scheme:
        case "varnish+http" | "varnish+https" if parts.hostname and parts.path in {"", "/"}:
            return Front(VARNISH, f"{parts.scheme.removeprefix('varnish+')}://{parts.netloc}")
        case "fastly" | "cloudflare" if parts.hostname and parts.username:
            api = parse_qs(parts.query).get("api", [_APIS[parts.scheme]])[0].rstrip("/")
            # Not `hostname`, which makes small letters of a service's name.
            name = parts.netloc.rpartition("@")[2]
            return Front(parts.scheme, api, name, unquote(parts.username))
    raise ValueError("must look like varnish+http://127.0.0.1:6081, fastly://TOKEN@SERVICE or cloudflare://TOKEN@ZONE")


def purges_of(front: Front, message: Message) -> Iterator[Purge]:
    """The requests that make this cache forget what a message names."""
    is_everything = message.kind is Kind.EVERYTHING
    groups = [()] if is_everything else _groups(message.words, _MOST_TAGS.get(front.kind, len(message.words)))
    for tags in groups:
        match front.kind:
            case "fastly":
                yield _fastly(front, tags)
            case "cloudflare":
                yield _cloudflare(front, tags)
            case _:
                yield _varnish(front, tags)


def _varnish(front: Front, tags: tuple[str, ...]) -> Purge:
    """As in our VCL: `PURGE` with the tags in `xkey-purge`, `BAN` for everything."""
    if not tags:
        return Purge("BAN", f"{front.base}/", {})
    return Purge("PURGE", f"{front.base}/", {"xkey-purge": " ".join(tags)})


def _fastly(front: Front, tags: tuple[str, ...]) -> Purge:
    headers = {"Fastly-Key": front.token, "Accept": "application/json"}
    address = f"{front.base}/service/{front.name}"
    if not tags:
        return Purge("POST", f"{address}/purge_all", headers)
    return Purge("POST", f"{address}/purge", {**headers, "Surrogate-Key": " ".join(tags)})


def _cloudflare(front: Front, tags: tuple[str, ...]) -> Purge:
    wanted: dict[str, object] = {"tags": list(tags)} if tags else {"purge_everything": True}
    return Purge(
        "POST",
        f"{front.base}/client/v4/zones/{front.name}/purge_cache",
        {"Authorization": f"Bearer {front.token}", "Content-Type": "application/json"},
        json.dumps(wanted).encode(),
    )


def _groups(tags: tuple[str, ...], size: int) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(tags), size):
        yield tags[start : start + size]
