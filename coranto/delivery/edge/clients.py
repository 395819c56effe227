"""Who is at the other end, when proxies of ours may stand between."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, NamedTuple

from coranto.delivery.edge.memos import Memo
from coranto.delivery.edge.requests import values_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_REMEMBERED = 4_096


class Client(NamedTuple):
    """`address` is empty when it cannot be known; `scheme` is http or https."""

    address: str
    scheme: str


class Proxies:
    """The addresses and networks whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed."""

    def __init__(self, trusted: Sequence[str]) -> None:
        self._networks = [ip_network(each, strict=False) for each in trusted]
        self._known: Memo[str, bool] = Memo(_REMEMBERED)

    def trust(self, peer: str) -> bool:
        """Whether `peer` is a proxy of ours; a unix socket's has no address, and only a proxy of ours can reach it."""
        if not peer:
            return bool(self._networks)
        known = self._known.get(peer)
        if known is None:
            known = self._judge(peer)
            self._known.put(peer, known)
        return known

    def client_of(self, peer: str, scheme: str, headers: list[tuple[bytes, bytes]]) -> Client:
        """The client as the last proxy of ours saw it; `peer` and `scheme` are those of the connection itself.

        Of `X-Forwarded-For` only what our proxies wrote counts, so it is read from its end; readers can put anything at
        its beginning. Of `X-Forwarded-Proto` too the last word is our nearest proxy's.
        """
        if not self.trust(peer):
            return Client(_plain(peer), scheme)
        said = b",".join(values_of(b"x-forwarded-for", headers)).decode("latin-1")
        hops = [hop.strip() for hop in said.split(",") if hop.strip()]
        address = _plain(peer)
        while hops and self.trust(address):
            hop = _plain(hops.pop())
            if not hop:
                break
            address = hop
        words = b",".join(values_of(b"x-forwarded-proto", headers)).decode("latin-1").lower().split(",")
        last = words[-1].strip()
        return Client(address, last if last in {"http", "https"} else scheme)

    def _judge(self, peer: str) -> bool:
        address = _read(peer)
        return address is not None and any(address in network for network in self._networks)


def _plain(text: str) -> str:
    """The address in its usual form, an IPv4 one out of its IPv6 clothes; empty for what is none."""
    address = _read(text)
    return str(address) if address else ""


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.partition("%")[0])  # a link-local address names its interface
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
