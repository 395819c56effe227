"""How a site is told where its mail goes."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from coranto.config.env import Environment
from coranto.mailroom.rules.servers import KeyFile, read_key_files, read_server


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "password", "is_tls", "demands_tls"),
    [
        ("smtp://mail.example", "mail.example", 25, "", "", False, False),
        ("smtp://a%40b.example:p%2Fw@mail.example:587", "mail.example", 587, "a@b.example", "p/w", False, True),
        ("smtp://ada:secret@127.0.0.1:1025", "127.0.0.1", 1025, "ada", "secret", False, False),
        ("smtps://ada:secret@mail.example", "mail.example", 465, "ada", "secret", True, False),
    ],
)
def test_servers(url, host, port, user, password, is_tls, demands_tls):
    server = read_server(url)

    assert (server.host, server.port, server.user, server.password) == (host, port, user, password)
    assert (server.is_tls, server.demands_tls) == (is_tls, demands_tls)
    assert "secret" not in repr(server)


@pytest.mark.parametrize(
    "url", ["mail.example", "http://mail.example", "smtp://", "smtp://a.example/path", "anymail://x"]
)
def test_what_is_no_server_is_refused_without_being_repeated(url, monkeypatch):
    monkeypatch.setenv("EMAIL_URL", url)

    with pytest.raises(ValidationError, match="must look like smtp"):
        Environment()


@pytest.mark.parametrize("name", ["CORANTO_MAIL_FROM", "CORANTO_MAIL_BOUNCES"])
def test_what_is_no_address_is_refused(name, monkeypatch):
    monkeypatch.setenv(name, "The Lantern <post@news.example>")

    with pytest.raises(ValidationError, match="must be an address"):
        Environment()


def test_keys_are_named_by_their_selectors(monkeypatch):
    monkeypatch.setenv("CORANTO_DKIM_KEYS", "s2026:/etc/r.pem, e2026:/etc/e.pem")

    assert read_key_files(Environment().coranto_dkim_keys) == (
        KeyFile("s2026", "/etc/r.pem"),
        KeyFile("e2026", "/etc/e.pem"),
    )
    monkeypatch.setenv("CORANTO_DKIM_KEYS", "/etc/r.pem")
    with pytest.raises(ValidationError, match="selector:path"):
        Environment()


def test_mail_comes_from_the_sites_own_host_unless_told_otherwise(monkeypatch):
    monkeypatch.setenv("CORANTO_ORIGIN", "https://news.example")
    assert Environment().mail_from == "post@news.example"
    monkeypatch.setenv("CORANTO_MAIL_FROM", "desk@lantern.example")
    assert Environment().mail_from == "desk@lantern.example"
