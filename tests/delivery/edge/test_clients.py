"""Whose word about a client is believed."""

from __future__ import annotations

import pytest

from coranto.delivery.edge.clients import Proxies

TRUSTED = ("10.0.0.0/8", "192.0.2.7", "2001:db8::/32")


@pytest.mark.parametrize(
    ("peer", "said", "client"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("10.1.2.3", "198.51.100.1", "198.51.100.1"),
        ("10.1.2.3", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.1.2.3", "1.1.1.1, 198.51.100.1, 192.0.2.7", "198.51.100.1"),
        ("10.1.2.3", "10.9.9.9", "10.9.9.9"),
        ("10.1.2.3", None, "10.1.2.3"),
        ("10.1.2.3", "unknown", "10.1.2.3"),
        ("10.1.2.3", "198.51.100.1, unknown, 192.0.2.7", "192.0.2.7"),
        ("10.1.2.3", "' OR 1=1", "10.1.2.3"),
        ("2001:db8::1", "2001:470::5", "2001:470::5"),
        ("::ffff:10.1.2.3", "::ffff:198.51.100.1", "198.51.100.1"),
        ("fe80::1%eth0", None, "fe80::1"),
        ("", "198.51.100.1", "198.51.100.1"),
        ("", None, ""),
    ],
)
def test_client_is_the_last_hop_that_is_no_proxy_of_ours(peer, said, client):
    headers = [(b"x-forwarded-for", said.encode())] if said else []
    assert Proxies(TRUSTED).client_of(peer, "http", headers).address == client


def test_header_sent_twice_is_read_as_one():
    headers = [(b"x-forwarded-for", b"198.51.100.1"), (b"x-forwarded-for", b"192.0.2.7")]
    assert Proxies(TRUSTED).client_of("10.0.0.1", "http", headers).address == "198.51.100.1"


@pytest.mark.parametrize(
    ("peer", "said", "scheme"),
    [
        ("10.0.0.1", "https", "https"),
        ("10.0.0.1", "HTTPS", "https"),
        ("10.0.0.1", "http, https", "https"),
        ("10.0.0.1", "gopher", "http"),
        ("10.0.0.1", "", "http"),
        ("203.0.113.9", "https", "http"),
    ],
)
def test_scheme_is_what_the_nearest_proxy_of_ours_says(peer, said, scheme):
    assert Proxies(TRUSTED).client_of(peer, "http", [(b"x-forwarded-proto", said.encode())]).scheme == scheme


def test_unix_socket_is_believed_only_where_there_are_proxies_at_all():
    assert not Proxies(()).trust("")
    assert Proxies(()).client_of("", "http", [(b"x-forwarded-for", b"198.51.100.1")]).address == ""


def test_proxy_of_ours_is_believed_on_a_real_connection(make_front):
    front = make_front(trusted_proxies=("127.0.0.1",))
    said = front.talk().ask(
        "/echo/", "X-Forwarded-For: 198.51.100.1", "X-Forwarded-Proto: https", "Surrogate-Capability: v=ESI/1.0"
    )
    assert (said.json["client"], said.json["scheme"]) == ("198.51.100.1", "https")
    assert said.json["headers"] == [["host", "localhost"], ["surrogate-capability", "v=ESI/1.0"]]
