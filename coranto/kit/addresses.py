"""Whose request this is, as far as it can be known."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def address_of_request(meta: Mapping[str, str], trusted: Sequence[str]) -> str:
    """`client_address` of a request, from its CGI variables (RFC 3875)."""
    return client_address(meta.get("REMOTE_ADDR", ""), meta.get("HTTP_X_FORWARDED_FOR", ""), trusted)


def client_address(peer: str, forwarded_for: str, trusted: Sequence[str]) -> str:
    """The address limits are kept on: the last hop in `X-Forwarded-For` that is no proxy of ours, else the peer.

    `trusted` are addresses or networks. A header from anybody else is not believed, and of a believed one
    only what trusted proxies wrote: readers can put anything at its beginning. An IPv6 client is its /64.
    """
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    address = peer
    while hops and is_trusted(address, trusted):
        address = hops.pop()
    return _grouped(address) or _grouped(peer) or "unknown"


def is_address(text: str) -> bool:
    """Whether this is an IP address."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether this names this machine itself."""
    return host == "localhost" or (is_address(host) and ip_address(host).is_loopback)


def is_trusted(address: str, trusted: Sequence[str]) -> bool:
    """Whether this peer is a proxy of ours, by its address."""
    if not address:
        return bool(trusted)  # a unix socket has no peer address: only a proxy of ours can reach it
    try:
        own = ip_address(address)
    except ValueError:
        return False
    return any(own in ip_network(each, strict=False) for each in trusted)


def _grouped(address: str) -> str:
    try:
        own = ip_address(address)
    except ValueError:
        return ""
    if own.version == 6:  # noqa: PLR2004 - the protocol's number
        return str(own.ipv4_mapped or ip_network(f"{own}/64", strict=False))
    return str(own)
