"""What administrators see and decide, and that nobody else does; all from the outside."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from wagtail.models import ModelLogEntry

from coranto.mailroom import operations
from coranto.mailroom.models import Mail, Suppression
from coranto.masthead.models import Account, Publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of(client):
    def sign_in(account):
        client.force_login(account)
        return client

    return sign_in


@pytest.fixture
def dov(db):
    """May enter the admin, and no more."""
    account = Account.objects.create_user("dov@lantern.example", "a long enough secret")
    account.user_permissions.add(
        Permission.objects.get(codename="access_admin"), *Permission.objects.filter(content_type__app_label="mailroom")
    )
    return account


def settled(mail, state):
    Mail.objects.filter(pk=mail.pk).update(state=state, reply=f"said {state}")
    mail.refresh_from_db()
    return mail


def addresses(mail, row):
    return [
        ("GET", "/admin/mails/"),
        ("GET", "/admin/mails/results/"),
        ("GET", f"/admin/mails/inspect/{mail.pk}/"),
        ("POST", f"/admin/mails/{mail.pk}/resend/"),
        ("POST", "/admin/mails/trial/"),
        ("GET", "/admin/suppressions/"),
        ("GET", "/admin/suppressions/results/"),
        ("GET", f"/admin/suppressions/inspect/{row.pk}/"),
        ("POST", "/admin/suppressions/suppress/"),
        ("POST", f"/admin/suppressions/{row.pk}/allow/"),
    ]


def test_nobody_but_administrators_sees_or_does_anything(client, client_of, write, dov):
    mail = settled(write(), "unknown")
    row = operations.suppress_address(address="kim@reader.example", reason="bounce")
    client_of(dov)
    for method, path in addresses(mail, row):
        response = client.generic(method, path)
        assert response.status_code in {302, 403}, path
        if response.status_code == 302:
            assert response["Location"] == "/admin/", path
    mail.refresh_from_db()
    assert (mail.state, Suppression.objects.count(), Mail.objects.count()) == ("unknown", 1, 1)


def test_the_list_says_how_many_stand_where(client_of, cora, write):
    settled(write("kim@reader.example"), "unknown")
    settled(write("lou@reader.example"), "refused")
    write()
    page = client_of(cora).get("/admin/mails/").content.decode()

    assert "unknown: 1" in page
    assert "refused: 1" in page
    assert "said refused" in page
    assert "No mail server is set" in page
    assert "has been due for" in page


def test_the_list_is_read_in_as_many_queries_for_many(client_of, cora, write, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(cora)
    counts = []
    for number in range(2):
        for each in range(3 + 27 * number):
            write(f"reader{number}{each}@reader.example")
        client.get("/admin/mails/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/admin/mails/")
        counts.append(len(queries))
        assert not [each for each in queries if "packed_source" in each["sql"]]

    assert counts[0] == counts[1]


def test_a_mail_can_be_read(client_of, cora, write):
    Publication(name="The <b>Lantern</b>").save()
    page = client_of(cora).get(f"/admin/mails/inspect/{write().pk}/").content.decode()

    assert "This is what a mail from The &lt;b&gt;Lantern&lt;/b&gt; looks like." in page
    assert "<iframe sandbox srcdoc=" in page
    assert "<b>Lantern" not in page
    assert ">None<" not in page.replace(" ", "").replace("\n", "")  # it has not been handed over yet


def test_a_secret_mail_cannot_be_read(client_of, cora, write, kind_of):
    mail = write(kind=kind_of("code", is_secret=True))
    page = client_of(cora).get(f"/admin/mails/inspect/{mail.pk}/").content.decode()

    assert "It is not shown" in page
    assert "This is what a mail" not in page


def test_an_administrator_sends_again_and_it_is_on_the_trail(client_of, cora, write):
    mail = settled(write(), "unknown")
    client = client_of(cora)
    assert "Send it again" in client.get(f"/admin/mails/inspect/{mail.pk}/").content.decode()
    client.post(f"/admin/mails/{mail.pk}/resend/")
    mail.refresh_from_db()

    assert mail.state == "queued"
    assert [(each.what, each.by, each.words) for each in mail.trail.all()] == [("resent", cora, "said unknown")]
    assert ModelLogEntry.objects.filter(action="mailroom.resend", user=cora).exists()
    page = client.get(f"/admin/mails/inspect/{mail.pk}/").content.decode()
    assert "sent again by decision" in page
    assert "Send it again" not in page


def test_what_was_sent_is_not_sent_again(client_of, cora, write):
    mail = settled(write(), "sent")
    page = client_of(cora).post(f"/admin/mails/{mail.pk}/resend/", follow=True).content.decode()

    assert "Only a mail that was refused, held back or lost sight of can be sent again." in page
    mail.refresh_from_db()
    assert mail.state == "sent"


def test_a_trial_mail_goes_to_whoever_asks(client_of, cora):
    client_of(cora).post("/admin/mails/trial/")

    assert Mail.objects.get().to == "cora@lantern.example"


def test_addresses_are_suppressed_and_allowed_by_hand(client_of, cora):
    client = client_of(cora)
    client.post("/admin/suppressions/suppress/", {"address": "Kim@reader.example"})
    row = Suppression.objects.get()
    assert (row.address, row.reason, row.by) == ("kim@reader.example", "decision", cora)
    assert "kim@reader.example" in client.get("/admin/suppressions/").content.decode()
    assert "Write to this address again" in client.get(f"/admin/suppressions/inspect/{row.pk}/").content.decode()
    client.post(f"/admin/suppressions/{row.pk}/allow/")

    assert not Suppression.objects.exists()
    own = ModelLogEntry.objects.filter(action__startswith="mailroom.").order_by("pk")
    assert list(own.values_list("action", flat=True)) == [
        "mailroom.suppress",
        "mailroom.allow",
    ]


@pytest.mark.parametrize("typed", ["", "nobody", "a@b.example\r\nx", "x" * 300 + "@reader.example"])
def test_what_is_no_address_gets_a_sentence(client_of, cora, typed):
    page = client_of(cora).post("/admin/suppressions/suppress/", {"address": typed}, follow=True)

    assert "This is no e-mail address we can write to." in page.content.decode()
    assert not Suppression.objects.exists()
