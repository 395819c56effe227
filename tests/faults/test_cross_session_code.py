"""A code or link opened elsewhere, again, late, after the address has changed, or by a program that reads mail."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from coranto.kit import clock

pytestmark = pytest.mark.django_db

ADA = "ada@reader.example"
CONFIRM = "/account/login/code/confirm/"
PURPOSES = {
    "sign in": ("/account/login/", CONFIRM),
    "new password": ("/account/password/reset/", "/account/password/reset/confirm/"),
    "sign up": ("/account/signup/", "/account/confirm-email/"),
}


@pytest.fixture(autouse=True)
def ada():
    from coranto.masthead.models import Account

    return Account.objects.create_user(ADA)


def ask(purpose, client, address=ADA):
    """The code that was mailed."""
    from coranto.mailroom.models import Mail

    assert client.post(PURPOSES[purpose][0], {"username": address, "email": address}).status_code == 302
    mail = Mail.objects.filter(to=address).latest("pk")
    return re.search(r"[B-Z]{4}-[B-Z]{4}", mail.source.decode())[0]


def is_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.parametrize("purpose", PURPOSES)
def test_code_is_worth_nothing_in_another_browser(purpose):
    address = ADA if purpose != "sign up" else "eli@reader.example"
    code = ask(purpose, Client(), address)
    other = Client()
    assert other.post(PURPOSES[purpose][1], {"code": code}).status_code == 302
    assert not is_in(other)
    # Nor beside a code of its own: what is asked for there is that one.
    ask("sign in" if purpose == "sign up" else purpose, other, address)
    purpose = "sign in" if purpose == "sign up" else purpose
    assert other.post(PURPOSES[purpose][1], {"code": code}).status_code == 200
    assert not is_in(other)


def test_code_is_worth_nothing_for_another_purpose(ada):
    client = Client()
    reset = ask("new password", client)
    ask("sign in", client)
    client.post(CONFIRM, {"code": reset})
    assert not is_in(client)


def test_code_works_once():
    client = Client()
    code = ask("sign in", client)
    client.post(CONFIRM, {"code": code})
    assert is_in(client)
    client.post("/account/logout/")
    client.post(CONFIRM, {"code": code})
    assert not is_in(client)


def test_newer_code_takes_the_place_of_an_older_one():
    client = Client()
    older = ask("sign in", client)
    client.post("/account/logout/")  # “Start again”
    newer = ask("sign in", client)
    client.post(CONFIRM, {"code": older})
    assert not is_in(client)
    client.post(CONFIRM, {"code": newer})
    assert is_in(client)


def test_code_is_over_after_a_quarter_of_an_hour(time_machine):
    client = Client()
    time_machine.move_to(clock.now(), tick=False)
    code = ask("sign in", client)
    time_machine.shift(timedelta(minutes=15, seconds=1))
    client.post(CONFIRM, {"code": code})
    assert not is_in(client)


def test_code_sent_to_a_mailbox_the_account_no_longer_has_opens_nothing(ada):
    client = Client()
    code = ask("sign in", client)
    ada.email = "ada@elsewhere.example"
    ada.save()
    assert client.post(CONFIRM, {"code": code})["Location"] == "/account/login/"
    assert not is_in(client)


def test_account_that_is_suspended_meanwhile_stays_shut(ada):
    client = Client()
    code = ask("sign in", client)
    ada.is_active = False
    ada.save()
    client.post(CONFIRM, {"code": code})
    assert not is_in(client)


def test_right_code_after_three_wrong_ones_is_refused():
    client = Client()
    code = ask("sign in", client)
    for _ in range(3):
        client.post(CONFIRM, {"code": "BBBB-BBBB"})
    client.post(CONFIRM, {"code": code})
    assert not is_in(client)


def test_wrong_answers_that_come_at_once_are_counted_together():
    """Each begins where the session has seen none: allauth's own count would let all of them try."""
    from django.contrib.sessions.models import Session

    client = Client()
    code = ask("sign in", client)
    session = Session.objects.get(session_key=client.session.session_key)
    for _ in range(3):
        client.post(CONFIRM, {"code": "BBBB-BBBB"})
        session.save()  # as it was before the wrong answer
        client.cookies["coranto_session"] = session.session_key
    assert client.post(CONFIRM, {"code": code}).status_code == 200
    assert not is_in(client)


def test_mails_hold_no_link_that_does_anything():
    from coranto.mailroom.models import Mail

    for purpose in PURPOSES:
        ask(purpose, Client(), ADA if purpose != "sign up" else "eli@reader.example")
    for mail in Mail.objects.all():
        assert set(re.findall(r"https?://[^\s\"<>]+", mail.source.decode())) <= {"http://localhost:8000/"}


def test_opening_an_entry_link_does_nothing(ada):
    from coranto.readers import operations

    path = operations.create_entry_link(account=ada, life=timedelta(minutes=5), now=clock.now())
    for method in ("get", "head", "get"):
        scanner = Client()
        assert getattr(scanner, method)(path).status_code == 200
        assert not is_in(scanner)
    client = Client()
    client.post(path)
    assert is_in(client)
