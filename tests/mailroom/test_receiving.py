"""What is learned of mail that came back; `tests/faults/test_bounce_forgery.py` has those who lie."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import timedelta

import pytest
from reports import complaint, delivery_report

from coranto.kit import clock
from coranto.mailroom import operations, queries, receivers
from coranto.mailroom.models import Mail, Suppression
from coranto.mailroom.operations.signing import return_path_of
from coranto.mailroom.rules import return_paths
from coranto.mailroom.rules.replies import enhanced_status, is_gone
from coranto.mailroom.rules.servers import read_server

pytestmark = pytest.mark.django_db
HOOK = "/-/hooks/mail/"
SECRET = "a long enough secret for a hook"


@pytest.fixture
def sent(by_smtp, write, carry, settings):
    """A mail to Ada that a server took, at a site whose hook is open."""
    settings.MAIL_HOOK_SECRET = SECRET
    mail = write()
    carry()
    mail.refresh_from_db()
    return mail


def post(client, raw, *, secret=SECRET, path=HOOK, **more):
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return client.post(path, raw, content_type="message/rfc822", headers=headers, **more)


def test_each_mail_comes_back_to_an_address_of_its_own(sent, by_smtp):
    sender = by_smtp.taken[0].sender

    assert sender == return_path_of(mail=sent)
    assert sender.startswith("bounces+")
    assert sender.endswith("@news.example")
    assert len(sender.partition("@")[0]) <= 64
    assert return_paths.mail_of(sender.upper(), bounces="bounces@news.example")[0] == sent.pk


def test_an_address_that_is_gone_is_suppressed_once(client, sent):
    report = delivery_report(to=return_path_of(mail=sent), about="ada@reader.example", status="5.1.1")

    assert post(client, report).content == b"suppressed\n"
    assert post(client, report).content == b"suppressed\n"
    assert queries.is_suppressed(address="Ada@reader.example", stream="personal")
    [row] = Suppression.objects.all()
    assert (row.reason, row.scope, row.words[:5]) == ("bounce", "all", "5.1.1")
    sent.refresh_from_db()
    assert sent.bounced_at
    assert [each.what for each in sent.trail.all()] == ["bounced"]


def test_what_no_database_stores_is_left_out_of_a_report(client, sent):
    report = delivery_report(to=return_path_of(mail=sent), about="ada@reader.example", status="5.1.1")

    assert post(client, report.replace(b"does not", b"does\x00 not")).content == b"suppressed\n"
    assert Suppression.objects.get().words == "5.1.1 smtp; 511 5.1.1 The account does not exist"
    assert sent.trail.get().words == Suppression.objects.get().words
    assert operations.receive_event(kind="bounced", provider_id="\x00", recipient="\x00").word == "no mail of ours"


def test_a_suppressed_address_stays_so_when_it_is_written_to_anew(client, sent, write, carry):
    post(client, delivery_report(to=return_path_of(mail=sent), about="ada@reader.example", status="5.1.1"))
    write()

    assert carry() == ["suppressed"]


def test_the_envelopes_recipient_may_be_told_in_the_address(client, sent):
    report = delivery_report(to="postmaster@news.example", about="ada@reader.example", status="5.1.1")
    path = f"{HOOK}?to={return_path_of(mail=sent).replace('+', '%2B')}"

    assert post(client, report, path=path).content == b"suppressed\n"


def test_a_report_on_an_address_that_was_forwarded_to_speaks_of_our_message(client, sent):
    report = delivery_report(
        to=return_path_of(mail=sent), about="ada@elsewhere.example", status="5.1.1", returned_id=sent.message_id
    )

    assert post(client, report).content == b"suppressed\n"


@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "5.0.0", "5.4.1"])
def test_a_full_mailbox_or_a_policy_is_noted_and_suppresses_nobody(client, sent, status):
    report = delivery_report(to=return_path_of(mail=sent), about="ada@reader.example", status=status)

    assert post(client, report).content == b"noted\n"
    assert not Suppression.objects.exists()


def test_a_complaint_ends_what_goes_to_many(client, sent):
    assert post(client, complaint(to=return_path_of(mail=sent), returned_id=sent.message_id)).content == b"suppressed\n"
    assert queries.is_suppressed(address="ada@reader.example", stream="bulk")
    assert not queries.is_suppressed(address="ada@reader.example", stream="personal")


def test_programs_that_know_basic_alone_may_use_that(client, sent):
    report = delivery_report(to=return_path_of(mail=sent), about="ada@reader.example", status="5.1.1")
    basic = b64encode(f"postfix:{SECRET}".encode()).decode()
    response = client.post(HOOK, report, content_type="message/rfc822", headers={"Authorization": f"Basic {basic}"})

    assert response.content == b"suppressed\n"


def test_reading_the_hook_does_nothing(client, sent):
    assert client.get(HOOK).status_code == 405


# Providers -----------------------------------------------------------------------------------------------------


@pytest.fixture
def provider(sent, settings):
    settings.MAIL_SERVER = read_server("anymail+postmark://?server_token=x")
    settings.ANYMAIL = {"WEBHOOK_SECRET": f"coranto:{SECRET}"}
    receivers.connect()
    Mail.objects.update(provider_id="pm-1")
    return "/-/hooks/mail/postmark/"


def report_by_provider(client, path, *, secret=SECRET, **event):
    basic = b64encode(f"coranto:{secret}".encode()).decode()
    body = {"RecordType": "Bounce", "MessageID": "pm-1", "Email": "ada@reader.example", "ID": 1, **event}
    return client.post(
        path, json.dumps(body), content_type="application/json", headers={"Authorization": f"Basic {basic}"}
    )


def test_a_providers_hard_bounce_suppresses(client, provider):
    response = report_by_provider(
        client, provider, Type="HardBounce", Details="smtp;550 5.1.1 The account does not exist"
    )

    assert response.status_code == 200
    assert Suppression.objects.get().reason == "bounce"


@pytest.mark.parametrize(
    "event",
    [
        {"Type": "SoftBounce", "Details": "smtp;552 5.2.2 Over quota"},
        {"Type": "HardBounce", "Details": "smtp;550 5.1.1 No", "MessageID": "pm-2"},
        {"Type": "HardBounce", "Details": "smtp;550 5.1.1 No", "Email": "kim@reader.example"},
        {"Type": "HardBounce", "Details": "smtp;550 5.1.1 No", "MessageID": ""},
        {"Type": "Transient", "Details": "smtp;451 4.1.1 Later"},
        {"RecordType": "Open"},
    ],
)
def test_whatever_else_a_provider_says_suppresses_nobody(client, provider, event):
    assert report_by_provider(client, provider, **event).status_code == 200
    assert not Suppression.objects.exists()


def test_a_complaint_by_a_provider_ends_what_goes_to_many(client, provider):
    report_by_provider(client, provider, RecordType="SpamComplaint", Type="SpamComplaint")

    assert Suppression.objects.get().scope == "bulk"


def test_only_the_provider_that_carries_our_mail_is_listened_to(client, provider):
    assert report_by_provider(client, "/-/hooks/mail/mailgun/").status_code == 404


# Rules ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "status", "gone"),
    [
        ("550 5.1.1 <ada@reader.example>: no such user", "5.1.1", True),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound", "5.1.10", True),
        ("550 no such user", "", False),
        ("552 5.2.2 mailbox full", "5.2.2", False),
        ("450 4.1.1 greylisted", "4.1.1", False),
        ("250 ok from 15.1.1.2", "", False),
    ],
)
def test_what_a_reply_says_of_an_address(reply, status, gone):
    assert (enhanced_status(reply), is_gone(enhanced_status(reply))) == (status, gone)


def test_a_report_on_a_mail_of_long_ago_is_ignored(client, sent):
    Mail.objects.update(handed_at=clock.now() - timedelta(days=30))
    report = delivery_report(to=return_path_of(mail=sent), about="ada@reader.example", status="5.1.1")

    assert post(client, report).content == b"nothing was sent\n"


def test_an_address_is_allowed_again(sent):
    operations.suppress_address(address="ada@reader.example", reason="bounce")
    operations.suppress_address(address="ada@reader.example", reason="unsubscribe", scope="bulk")

    assert operations.allow_address(address="ADA@reader.example", reason="bounce") == 1
    assert not queries.is_suppressed(address="ada@reader.example", stream="personal")
    assert queries.is_suppressed(address="ada@reader.example", stream="bulk")
    assert operations.allow_address(address="ada@reader.example") == 1
