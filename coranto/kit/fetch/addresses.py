"""Which addresses are public, and which hosts may be named at all."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

IPAddress = IPv4Address | IPv6Address

_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_NOT_PUBLIC: Final = tuple(
    map(
        ip_network,
        (
            "100.64.0.0/10",  # behind a provider's NAT
            "168.63.129.16/32",  # Azure's inside services, at an address that looks public
            "192.0.0.0/24",  # protocol assignments; Oracle's cloud keeps metadata here
            "192.88.99.0/24",  # relays of 6to4
            "198.18.0.0/15",  # benchmarks
            "2001::/23",  # protocol assignments
            "2001:db8::/32",  # documentation, as is the next
            "3fff::/20",
        ),
    )
)


def is_public(address: IPAddress) -> bool:
    """Whether an address belongs to the public internet, whichever way it is written.

    IPv6 addresses that carry an IPv4 address (mapped, 6to4, NAT64, Teredo) are what that address is.
    """
    if isinstance(address, IPv6Address):
        carried = _carried_by(address)
        if carried:
            return all(map(is_public, carried))
        if address not in _GLOBAL_UNICAST:
            return False
    return (
        address.is_global
        and not (address.is_multicast or address.is_reserved or address.is_unspecified)
        and not (address.is_private or address.is_loopback or address.is_link_local)
        and not any(_holds(network, address) for network in _NOT_PUBLIC)
    )


def _carried_by(address: IPv6Address) -> tuple[IPv4Address, ...]:
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _NAT64:
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()


def _holds(network: IPv4Network | IPv6Network, address: IPAddress) -> bool:
    return network.version == address.version and address in network


_LABEL: Final = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_LONGEST_NAME: Final = 253
# Where the last label is a number, the whole is an IPv4 address in one of its old forms (decimal, octal, hex,
# short: https://url.spec.whatwg.org/#ends-in-a-number-checker). Nobody honest writes them.
_NUMERIC_END: Final = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")


def literal_address(host: str) -> IPAddress | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_host(host: str) -> bool:
    if literal_address(host) is not None:
        return "%" not in host  # an IPv6 zone names one of our own interfaces
    return (
        len(host) <= _LONGEST_NAME and _HOST_NAME.fullmatch(host) is not None and _NUMERIC_END.fullmatch(host) is None
    )
