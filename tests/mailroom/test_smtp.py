"""How the server is spoken to: encrypted, with a password, and never with one in the clear across a network."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

import pytest

from coranto.mailroom.rules.servers import read_server
from coranto.mailroom.transports import Parcel, Unavailable, Verdict, smtp
from coranto.mailroom.transports.smtp import SmtpTransport

CERTIFICATES = Path(__file__).parent.parent / "kit" / "certificates"
PARCEL = Parcel(number=1, sender="post@news.example", to="ada@reader.example", source=b"Subject: x\r\n\r\n.x\r\n")


@pytest.fixture
def transport(post_office):
    made = []

    def make(scheme="smtp", who=""):
        made.append(
            SmtpTransport(read_server(f"{scheme}://{who}127.0.0.1:{post_office.port}"), own_name="news.example")
        )
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def encrypted(post_office):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "press.example.pem")
    post_office.tls = context
    return post_office


def send(transport):
    return transport.carry(PARCEL, hand=lambda: True)


def test_where_the_server_offers_it_the_line_is_encrypted_and_the_password_said(encrypted, transport):
    encrypted.password = "secret"

    assert send(transport(who="ada:secret@")).verdict is Verdict.SENT
    assert encrypted.taken[0].source == PARCEL.source


def test_a_wrong_password_blames_no_mail(encrypted, transport):
    encrypted.password = "secret"

    with pytest.raises(Unavailable, match="535"):
        send(transport(who="ada:wrong@"))


def test_no_password_crosses_a_network_in_the_clear(post_office, transport, monkeypatch):
    from coranto.mailroom.rules import servers

    monkeypatch.setattr(servers, "is_loopback", lambda host: False)

    with pytest.raises(Unavailable, match="a password is not sent without"):
        send(transport(who="ada:secret@"))
    assert post_office.taken == []


def test_a_certificate_of_somebody_else_is_not_believed(encrypted, transport, monkeypatch):
    monkeypatch.setattr(smtp, "is_loopback", lambda host: False)

    with pytest.raises(Unavailable, match="certificate cannot be verified"):
        send(transport())


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("251 Taken", Verdict.SENT),
        ("252 Taken", Verdict.SENT),
        ("451 4.3.0 Later", Verdict.DEFERRED),
        ("554 5.7.1 No", Verdict.REFUSED),
        ("OK queued", Verdict.UNKNOWN),
        ("354 Go on", Verdict.UNKNOWN),
        ("999 What", Verdict.UNKNOWN),
        ("199 What", Verdict.UNKNOWN),
        ("\r\n", Verdict.UNKNOWN),
    ],
)
def test_what_is_no_answer_after_the_message_leaves_it_open(post_office, transport, said, verdict):
    post_office.on_data = lambda address: said
    one = transport()

    assert send(one).verdict is verdict
    post_office.on_data = lambda address: None
    assert send(one).verdict is Verdict.SENT
    assert len(post_office.taken) == 1


def test_a_line_that_was_quiet_is_tried_before_it_is_used(post_office, transport, monkeypatch):
    one = transport()
    send(one)
    monkeypatch.setattr(smtp, "_IDLE", -1)
    one._smtp.sock.shutdown(socket.SHUT_RDWR)

    assert send(one).verdict is Verdict.SENT
    assert post_office.connections == 2


def test_what_others_have_taken_over_is_not_handed_on(post_office, transport):
    one = transport()

    assert one.carry(PARCEL, hand=lambda: False) is None
    assert send(one).verdict is Verdict.SENT
    assert len(post_office.taken) == 1
