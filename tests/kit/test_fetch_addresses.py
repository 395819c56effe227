from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coranto.kit.fetch import is_public, resolve

PUBLIC = [
    "1.1.1.1",
    "9.255.255.255",
    "93.184.215.14",
    "100.63.255.255",
    "100.128.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00:1450:4001::1",
]

NOT_PUBLIC = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:0:127.0.0.1",
    "64:ff9b:1::1",
    "100::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_address_of_the_internet_is_public(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_address_of_anything_else_is_not_public(address):
    assert not is_public(ip_address(address))


CARRIERS = {
    "mapped": lambda inner: IPv6Address(0xFFFF << 32 | inner),
    "6to4": lambda inner: IPv6Address(0x2002 << 112 | inner << 80 | 1),
    "NAT64": lambda inner: IPv6Address(0x64FF9B << 96 | inner),
    "Teredo client": lambda inner: IPv6Address(0x20010000 << 96 | 0x01010101 << 64 | (inner ^ 0xFFFFFFFF)),
    "Teredo server": lambda inner: IPv6Address(0x20010000 << 96 | inner << 64 | (0x01010101 ^ 0xFFFFFFFF)),
}


@pytest.mark.parametrize("carrier", CARRIERS)
@given(inner=st.ip_addresses(v=4))
def test_carried_address_is_what_it_carries(carrier, inner):
    assert is_public(CARRIERS[carrier](int(inner))) == is_public(inner)


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("inner", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "168.63.129.16"])
def test_forbidden_address_gains_nothing_by_being_carried(carrier, inner):
    assert not is_public(CARRIERS[carrier](int(IPv4Address(inner))))


@given(address=st.ip_addresses())
def test_nothing_is_public_that_the_standard_library_calls_private(address):
    carried = address.version == 6 and (address.ipv4_mapped or address.sixtofour or address.teredo)
    if not carried and is_public(address):
        assert address.is_global
        assert not address.is_multicast


def test_system_resolver_gives_each_address_once():
    found = resolve("localhost", 80)
    assert found
    assert sorted(found) == sorted(set(found))
    assert all(ip_address(one).is_loopback for one in found)
