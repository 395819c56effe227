"""Whose word about a request is believed: the edge's by its unix socket, trusted proxies' by TCP, nobody else's."""

from __future__ import annotations

import pytest

from coranto.delivery.rules.arrival import settle_arrival
from coranto.kit.addresses import address_of_request

PROXIES = ("10.0.0.0/8",)
CLAIMS = {
    "HTTP_X_FORWARDED_FOR": "203.0.113.9",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_REAL_IP": "203.0.113.9",
    "HTTP_FORWARDED": "for=203.0.113.9",
    "HTTP_SURROGATE_CAPABILITY": 'x="ESI/1.0"',
    "HTTP_CORANTO_ENTITLEMENT": "staff",
    "HTTP_CORANTO_STAFF": "1",
}


def settled(peer, **claims):
    meta = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "HTTP_HOST": "localhost", **claims}
    settle_arrival(meta, PROXIES)
    return meta


def test_through_the_edge_a_request_is_the_readers():
    assert settled("", **CLAIMS) == {
        "REMOTE_ADDR": "203.0.113.9",
        "wsgi.url_scheme": "https",
        "HTTP_HOST": "localhost",
        "HTTP_SURROGATE_CAPABILITY": 'x="ESI/1.0"',
        "coranto.edge": True,
        "coranto.entitlement": "staff",
    }


def test_a_trusted_proxy_is_believed_what_a_proxy_may_say():
    assert settled("10.0.0.1", **CLAIMS) == {
        "REMOTE_ADDR": "10.0.0.1",
        "wsgi.url_scheme": "https",
        "HTTP_HOST": "localhost",
        **{name: value for name, value in CLAIMS.items() if "CORANTO" not in name},
    }


@pytest.mark.parametrize("peer", ["198.51.100.7", "127.0.0.1", "::1", "2001:db8::1", "no address"])
def test_of_anybody_else_nothing_is_believed(peer):
    assert settled(peer, **CLAIMS) == {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "HTTP_HOST": "localhost"}


@pytest.mark.parametrize("said", ["", "unix:", "nonsense", "203.0.113.9:80", "<script>"])
def test_what_is_no_address_becomes_none(said):
    assert settled("", HTTP_X_FORWARDED_FOR=said)["REMOTE_ADDR"] == ""


@pytest.mark.parametrize(("said", "scheme"), [("https", "https"), ("HTTPS", "https"), ("ftp", "http"), ("", "http")])
def test_the_scheme_is_one_of_two(said, scheme):
    assert settled("", HTTP_X_FORWARDED_PROTO=said)["wsgi.url_scheme"] == scheme


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("", "203.0.113.9", "203.0.113.9"),
        ("", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("", "10.0.0.3", "10.0.0.3"),  # the proxy itself asks, for its health check
        ("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
        ("", "", "unknown"),
    ],
)
def test_limits_are_kept_on_the_true_reader(peer, forwarded, client):
    assert address_of_request(settled(peer, HTTP_X_FORWARDED_FOR=forwarded), PROXIES) == client
