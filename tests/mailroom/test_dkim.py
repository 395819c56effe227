"""Signatures, held against another implementation."""

from __future__ import annotations

import dkim as oracle
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from coranto.mailroom.rules import dkim
from coranto.mailroom.rules.servers import KeyFile

AT = 1_770_000_000


def pem(key):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


@pytest.fixture(scope="module")
def keys():
    return {
        "r2026": dkim.read_key(pem(rsa.generate_private_key(65537, 2048)), selector="r2026"),
        "e2026": dkim.read_key(pem(Ed25519PrivateKey.generate()), selector="e2026"),
    }


def verdicts(source, keys):
    """What the oracle says of each signature, from the top."""

    def dns(name, timeout=5):
        selector, _, rest = name.decode().partition("._domainkey.")
        assert rest == "news.example."
        return keys[selector].record.encode()

    number = source.lower().count(b"dkim-signature:")
    return [oracle.DKIM(source).verify(idx=index, dnsfunc=dns) for index in range(number)]


def sign(source, keys):
    return dkim.signed(source, keys=list(keys.values()), domain="news.example", at=AT)


MESSAGE = (
    b"From: The Lantern <post@news.example>\r\nTo: ada@reader.example\r\nSubject: =?utf-8?q?B=C3=BCrger?=\r\n"
    b"  und  mehr\r\nDate: Mon, 23 Nov 2026 06:05:28 +0000\r\nMessage-ID: <1@news.example>\r\n"
    b"List-Unsubscribe: <https://news.example/stop/1>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    b"X-Unsigned: yes\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n"
    b"A line  with   blanks \t\r\n.\r\n\r\nThe last\r\n\r\n\r\n"
)


def test_both_signatures_are_good(keys):
    assert verdicts(sign(MESSAGE, keys), keys) == [True, True]


@given(
    lines=st.lists(st.text(alphabet="ab \t.=", max_size=12), max_size=8),
    subject=st.text(alphabet="ab \t", min_size=1, max_size=30).filter(str.strip),
)
@settings(max_examples=60, deadline=None)
def test_any_body_and_subject_give_a_good_signature(keys, lines, subject):
    body = "".join(f"{line}\r\n" for line in lines).encode()  # as every message ends on its way
    source = f"From: a@news.example\r\nSubject: {subject}\r\n\r\n".encode() + body

    assert verdicts(sign(source, {"e2026": keys["e2026"]}), keys) == [True]


def test_both_unsubscribe_headers_are_signed(keys):
    for old, new in ((b"stop/1", b"stop/2"), (b"=One-Click", b"=Two-Clicks")):
        assert verdicts(sign(MESSAGE, keys).replace(old, new), keys) == [False, False]


@pytest.mark.parametrize("name", [b"From", b"Subject", b"List-Unsubscribe", b"Reply-To"])
def test_a_header_put_in_on_the_way_breaks_the_signature(keys, name):
    signature, mark, rest = sign(MESSAGE, keys).partition(b"From: The")

    assert verdicts(signature + name + b": mallory@evil.example\r\n" + mark + rest, keys) == [False, False]


def test_what_is_not_signed_may_change(keys):
    assert verdicts(sign(MESSAGE, keys).replace(b"X-Unsigned: yes", b"X-Unsigned: no"), keys) == [True, True]


def test_no_line_is_longer_than_a_server_takes(keys):
    assert max(map(len, sign(MESSAGE, keys).split(b"\r\n"))) < 200


@pytest.mark.parametrize(
    "bad",
    [b"", b"no key", pem(ec.generate_private_key(ec.SECP256R1())), pem(rsa.generate_private_key(65537, 1024))[:200]],
)
def test_what_is_no_key_is_refused(bad):
    with pytest.raises(ValueError, match=r"key|deserialize|PEM"):
        dkim.read_key(bad, selector="s")


@pytest.mark.django_db
def test_a_mail_that_leaves_is_signed(by_smtp, write, carry, tmp_path, settings, keys):
    settings.DKIM_KEYS = tuple(KeyFile(name, str(tmp_path / name)) for name in keys)
    for name, key in keys.items():
        (tmp_path / name).write_bytes(pem(key.key))
    write(one_click_url=f"{settings.ORIGIN}/stop/1")
    carry()

    source = by_smtp.taken[0].source
    assert verdicts(source, keys) == [True, True]
    names = source.decode().replace("\r\n ", "").partition("h=")[2].partition(";")[0].split(":")
    assert {"list-unsubscribe", "list-unsubscribe-post", "from", "message-id"} <= set(names)


@pytest.mark.django_db
def test_no_mail_leaves_unsigned_when_a_key_is_gone(by_smtp, write, carry, tmp_path, settings):
    from coranto.mailroom.transports import Unavailable

    settings.DKIM_KEYS = (KeyFile("gone", str(tmp_path / "gone.pem")),)
    mail = write()

    with pytest.raises(Unavailable):
        carry()

    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == ("queued", 0)
    assert by_smtp.taken == []


def test_the_records_for_the_dns_are_printed(tmp_path, settings, keys, capsys):
    from django.core.management import call_command

    settings.MAIL_FROM = "post@news.example"
    settings.DKIM_KEYS = tuple(KeyFile(name, str(tmp_path / f"record-{name}")) for name in keys)
    for name, key in keys.items():
        (tmp_path / f"record-{name}").write_bytes(pem(key.key))
    call_command("mail_records")

    rsa_line, ed_line, dmarc = capsys.readouterr().out.splitlines()
    assert rsa_line.startswith('r2026._domainkey.news.example. TXT "v=DKIM1; k=rsa; p=')
    assert "".join(rsa_line.partition("TXT ")[2].split('"')).replace(" ", "") == keys["r2026"].record.replace(" ", "")
    assert ed_line == f'e2026._domainkey.news.example. TXT "{keys["e2026"].record}"'
    assert dmarc == '_dmarc.news.example. TXT "v=DMARC1; p=none"'
