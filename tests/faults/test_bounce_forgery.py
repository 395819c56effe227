"""Fault `bounce-forgery`: whoever lies about mail that came back suppresses nobody."""

from __future__ import annotations

import sys
from base64 import b64encode
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "mailroom"))

from reports import complaint, delivery_report

from coranto.kit import clock
from coranto.mailroom.models import Mail, Suppression
from coranto.mailroom.operations import queue_mail, receive_report
from coranto.mailroom.operations.signing import return_path_of
from coranto.mailroom.rules.servers import read_server

pytestmark = pytest.mark.django_db
HOOK = "/-/hooks/mail/"
SECRET = "a long enough secret for a hook"
ADA, MALLORY = "ada@reader.example", "mallory@evil.example"


@pytest.fixture(autouse=True)
def _open_hook(settings):
    settings.MAIL_HOOK_SECRET, settings.MAIL_BOUNCES = SECRET, "bounces@news.example"
    settings.MAIL_FROM = "post@news.example"


def sent_to(address):
    mail = queue_mail(to=address, template="trial", context={}, kind="mailroom.site")
    Mail.objects.filter(pk=mail.pk).update(state="sent", handed_at=clock.now())
    mail.refresh_from_db()
    return mail


@pytest.fixture
def to_ada():
    return sent_to(ADA)


@pytest.fixture
def to_mallory():
    """Mallory reads her own mail, and so knows one return path."""
    return sent_to(MALLORY)


def post(client, raw, secret=SECRET):
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return client.post(HOOK, raw, content_type="message/rfc822", headers=headers)


def nobody():
    return not Suppression.objects.exists() and not Mail.objects.filter(bounced_at__isnull=False).exists()


def test_the_true_report_is_believed(client, to_ada):
    """So that the refusals below are not refusals of everything."""
    post(client, delivery_report(to=return_path_of(mail=to_ada), about=ADA, status="5.1.1"))

    assert Suppression.objects.get().address == ADA


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + "x", SECRET.upper()])
def test_nobody_is_heard_without_the_secret(client, to_ada, secret):
    response = post(client, delivery_report(to=return_path_of(mail=to_ada), about=ADA, status="5.1.1"), secret)

    assert response.status_code == 403
    assert nobody()


def test_without_a_secret_there_is_no_hook(client, to_ada, settings):
    settings.MAIL_HOOK_SECRET = ""
    report = delivery_report(to=return_path_of(mail=to_ada), about=ADA, status="5.1.1")

    assert [post(client, report, secret).status_code for secret in ("", SECRET)] == [404, 404]
    assert nobody()


def forged_paths(mail):
    """Return paths that somebody made up who knows everything but the site's secret."""
    true = return_path_of(mail=mail)
    local, domain = true.split("@")
    head, token = local.split("+")
    return [
        f"{head}@{domain}",
        f"{head}+{token[:-1]}{'a' if token[-1] != 'a' else 'b'}@{domain}",
        f"{head}+{token[:8]}{'a' * 16}@{domain}",
        f"{head}+{'a' * 24}@{domain}",
        f"{head}+{token}@evil.example",
        f"other+{token}@{domain}",
        f"{head}+{token}a@{domain}",
        f"{head}+@{domain}",
        f"{head}+{'!' * 24}@{domain}",
        "",
        "bounces",
    ]


def test_a_return_path_cannot_be_made_up(client, to_ada):
    answers = [
        post(client, delivery_report(to=path, about=ADA, status="5.1.1")).content for path in forged_paths(to_ada)
    ]

    assert set(answers) == {b"no return path of ours\n"}
    assert nobody()


def test_ones_own_return_path_suppresses_nobody_else(client, to_ada, to_mallory):
    path = return_path_of(mail=to_mallory)
    for about in (ADA, f"{ADA}, {MALLORY}x", "kim@reader.example"):
        assert (
            post(client, delivery_report(to=path, about=about, status="5.1.1")).content == b"no failure of this mail\n"
        )
    # With her own message's number she suppresses herself.
    post(client, delivery_report(to=path, about=ADA, status="5.1.1", returned_id=to_mallory.message_id))

    assert [each.address for each in Suppression.objects.all()] == [MALLORY]


def test_a_return_path_of_another_site_is_none_of_ours(client, to_ada, settings):
    elsewhere = settings.SECRET_KEY
    settings.SECRET_KEY = "another site's"
    path = return_path_of(mail=to_ada)
    settings.SECRET_KEY = elsewhere

    assert path != return_path_of(mail=to_ada)
    post(client, delivery_report(to=path, about=ADA, status="5.1.1"))
    assert nobody()


@pytest.mark.parametrize("action", ["delayed", "relayed", "delivered", "expanded", ""])
def test_a_delay_is_no_failure(client, to_ada, action):
    post(client, delivery_report(to=return_path_of(mail=to_ada), about=ADA, status="4.4.1", action=action))

    assert nobody()


def test_a_failure_for_now_suppresses_nobody(client, to_ada):
    post(client, delivery_report(to=return_path_of(mail=to_ada), about=ADA, status="4.4.7"))

    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "multipart/mixed", "multipart/report", "multipart/report; report-type=disposition-notification"],
)
def test_an_automatic_reply_is_no_report(client, to_ada, content_type):
    path = return_path_of(mail=to_ada)
    holiday = f"From: {ADA}\r\nTo: {path}\r\nSubject: Out of office\r\nAuto-Submitted: auto-replied\r\n\r\n5.1.1 Bye"
    report = delivery_report(to=path, about=ADA, status="5.1.1", content_type=content_type)

    assert post(client, holiday.encode()).content == b"no report\n"
    assert post(client, report).content == b"no report\n"
    assert nobody()


@pytest.mark.parametrize("state", ["queued", "sending", "refused", "suppressed", "expired"])
def test_what_was_never_sent_cannot_come_back(client, to_ada, state):
    Mail.objects.update(state=state)
    post(client, delivery_report(to=return_path_of(mail=to_ada), about=ADA, status="5.1.1"))

    assert nobody()


def test_a_complaint_about_another_message_is_ignored(client, to_ada):
    post(client, complaint(to=return_path_of(mail=to_ada), returned_id="<other@news.example>"))

    assert nobody()


def _nested(depth):
    head = "To: x@y.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b0\r\n\r\n"
    return (
        head + "".join(f'--b{n}\r\nContent-Type: multipart/mixed; boundary="b{n + 1}"\r\n\r\n' for n in range(depth))
    ).encode()


BOMBS = {
    "ten megabytes": b"To: x@y.example\r\n\r\n" + b"x" * 10_000_000,
    "nested": _nested(1_500),
    "nested deeper": _nested(20_000),
    "many parts": b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
    + b"--b\r\n\r\n" * 100_000,
    "many headers": b"To: x@y.example\r\n" * 50_000 + b"\r\n",
    "a long header": b"To: " + b"<a@b.example>, " * 30_000 + b"\r\n\r\n",
    "binary": bytes(range(256)) * 400,
    "nothing": b"",
    "bad encodings": b"Content-Type: multipart/report; report-type*=nope''%ff; boundary=\"=?x?q?\"\r\n\r\n",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_answered_and_suppresses_nobody(client, to_ada, name):
    response = post(client, BOMBS[name])

    assert response.status_code == (413 if len(BOMBS[name]) > 2_000_000 else 200)
    assert nobody()


def test_a_bomb_beside_a_true_return_path_suppresses_nobody(to_ada):
    head = f"To: {return_path_of(mail=to_ada)}\r\n".encode()

    assert receive_report(raw=head + _nested(1_500)).mail is None or nobody()
    assert nobody()


@pytest.mark.parametrize("authorization", ["", "Basic " + b64encode(b"coranto:wrong").decode(), "Bearer " + SECRET])
def test_a_providers_word_without_its_secret_is_refused(client, to_ada, settings, authorization):
    settings.MAIL_SERVER = read_server("anymail+postmark://?server_token=x")
    settings.ANYMAIL = {"WEBHOOK_SECRET": f"coranto:{SECRET}"}
    Mail.objects.update(provider_id="pm-1")
    event = {"RecordType": "Bounce", "Type": "HardBounce", "MessageID": "pm-1", "Email": ADA, "Details": "550 5.1.1 No"}
    response = client.post(
        "/-/hooks/mail/postmark/", event, content_type="application/json", headers={"Authorization": authorization}
    )

    assert response.status_code == 400
    assert nobody()


def test_a_provider_that_signs_must_have_signed(client, to_ada, settings):
    settings.MAIL_SERVER = read_server("anymail+mailgun://?api_key=x")
    settings.ANYMAIL = {
        "WEBHOOK_SECRET": f"coranto:{SECRET}", "MAILGUN_API_KEY": "x", "MAILGUN_WEBHOOK_SIGNING_KEY": "signing"
    }  # fmt: skip
    Mail.objects.update(provider_id="<mg-1@news.example>")
    event = {
        "signature": {"timestamp": "1", "token": "t", "signature": "0" * 64},
        "event-data": {
            "event": "failed", "severity": "permanent", "recipient": ADA, "id": "1", "timestamp": 1,
            "message": {"headers": {"message-id": "mg-1@news.example"}},
            "delivery-status": {"code": 550, "message": "5.1.1 No"},
        },
    }  # fmt: skip
    basic = "Basic " + b64encode(f"coranto:{SECRET}".encode()).decode()
    response = client.post(
        "/-/hooks/mail/mailgun/", event, content_type="application/json", headers={"Authorization": basic}
    )

    assert response.status_code == 400
    assert nobody()
