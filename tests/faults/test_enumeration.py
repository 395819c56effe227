"""No form tells whether an address has an account: known, unknown and suspended are answered alike, to the byte."""

from __future__ import annotations

import re

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coranto.kit import clock
from coranto.mailroom.models import Mail

pytestmark = pytest.mark.django_db

KNOWN, WITH_PASSWORD, STAFF = "ada@reader.example", "ben@reader.example", "cora@reader.example"
UNKNOWN, SUSPENDED = "eli@reader.example", "dov@reader.example"
PASSWORD = "a long enough secret"
WRONG = "BBBB-BBBB"

# What is sent from the first page to the last one an outsider gets to.
FORMS = {
    "code": [("/account/login/", {"username": "@"}), ("/account/login/code/confirm/", {"code": WRONG})],
    "code, by its own page": [
        ("/account/login/code/", {"email": "@"}),
        ("/account/login/code/confirm/", {"code": WRONG}),
    ],
    "code, thrice wrong": [
        ("/account/login/", {"username": "@"}),
        *[("/account/login/code/confirm/", {"code": WRONG})] * 4,
    ],
    "password": [("/account/login/", {"username": "@", "password": "not this one"})],
    "password, at the newsroom's door": [("/admin/login/", {"username": "@", "password": "not this one"})],
    "password, twelve times": [("/account/login/", {"username": "@", "password": "not this one"})] * 12,
    "new password": [
        ("/account/password/reset/", {"email": "@"}),
        ("/account/password/reset/confirm/", {"code": WRONG}),
    ],
    "sign up": [("/account/signup/", {"email": "@"}), ("/account/confirm-email/", {"code": WRONG})],
    "sign up by passkey": [("/account/signup/passkey/", {"email": "@"}), ("/account/confirm-email/", {"code": WRONG})],
}
TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')


@pytest.fixture(autouse=True)
def cast(time_machine):
    time_machine.move_to(clock.now(), tick=False)
    from allauth.account.models import EmailAddress

    from coranto.masthead.models import Account

    ada = Account.objects.create_user(KNOWN)
    EmailAddress.objects.create(user=ada, email=KNOWN, verified=True, primary=True)
    Account.objects.create_user(WITH_PASSWORD, PASSWORD)
    Account.objects.create_superuser(STAFF, PASSWORD)
    Account.objects.create_user(SUSPENDED, PASSWORD, is_active=False)


def answers(form, address, number):
    """What an outsider sees, with the address they typed themselves and what is new each time taken out."""
    client, seen = Client(REMOTE_ADDR=f"192.0.2.{number}"), []
    for path, data in FORMS[form]:
        sent = {name: address if value == "@" else value for name, value in data.items()}
        for response in (client.post(path, sent), client.get(path)):
            body = TOKEN.sub(rb"\1", response.content).replace(address.encode(), b"@")
            headers = {name: value for name, value in response.items() if name != "Content-Length"}
            seen.append((path, response.status_code, headers, sorted(response.cookies), body))
    return seen


@pytest.mark.parametrize("form", FORMS)
def test_known_unknown_and_suspended_are_answered_alike(form):
    everybody = [UNKNOWN, KNOWN, WITH_PASSWORD, STAFF, SUSPENDED]
    unknown, *others = [answers(form, address, number) for number, address in enumerate(everybody)]
    for address, seen in zip(everybody[1:], others, strict=True):
        for step, (one, other) in enumerate(zip(seen, unknown, strict=True)):
            assert one[:-1] == other[:-1], (address, step)
            assert one[-1].decode().splitlines() == other[-1].decode().splitlines(), (address, step)


@pytest.mark.parametrize("form", [each for each in FORMS if "sign up" not in each])
def test_nobody_is_mailed_who_has_no_account(form):
    for number, address in enumerate((UNKNOWN, SUSPENDED)):
        answers(form, address, number)
    assert Mail.objects.count() == 0


@pytest.mark.parametrize("form", ["code", "new password", "sign up", "sign up by passkey"])
def test_unknown_address_asks_as_much_of_the_databases_as_a_known_one(form):
    """What takes the same work takes the same time; a clock would tell less surely."""
    counts = []
    for number, address in enumerate((KNOWN, UNKNOWN, SUSPENDED)):
        path, data = FORMS[form][0]
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        client.get(path)
        watched = [CaptureQueriesContext(connections[alias]) for alias in connections]
        for each in watched:
            each.__enter__()
        client.post(path, dict.fromkeys(data, address))
        for each in watched:
            each.__exit__(None, None, None)
        writes = [
            q["sql"].split()[0] + q["sql"].split()[2]
            for each in watched
            for q in each.captured_queries
            if q["sql"].startswith("INSERT")
        ]
        counts.append(sorted(writes))
    assert counts[0] == counts[1] == counts[2]
    assert any("mailroom_mail" in each for each in counts[0])


@pytest.mark.parametrize("path", ["/account/signup/", "/account/signup/passkey/"])
@pytest.mark.parametrize("way_in", ["signup", "staff"])
def test_who_signs_up_a_moment_too_late_is_answered_as_everybody(monkeypatch, path, way_in):
    """The address is looked for, and stored by somebody else before we store it."""
    from coranto.masthead.models import Account
    from coranto.readers.forms import SignUpForm

    look, others = SignUpForm.validate_unique_email, []

    def look_and_be_late(form, value):
        found = look(form, value)
        if not others:
            others.append(value)
            if way_in == "signup":
                assert Client(REMOTE_ADDR="192.0.2.99").post(path, {"email": value}).status_code == 302
            else:
                Account.objects.create_user(value)
        return found

    form = "sign up" if path == "/account/signup/" else "sign up by passkey"
    monkeypatch.setattr(SignUpForm, "validate_unique_email", look_and_be_late)
    late = answers(form, UNKNOWN, 1)
    monkeypatch.undo()

    assert others == [UNKNOWN]
    assert late == answers(form, "nobody@reader.example", 2)
    assert Account.objects.filter(email=UNKNOWN).count() == 1
    known = Mail.objects.filter(to=UNKNOWN).order_by("pk").last()
    assert known.kind == "readers.notices"


@pytest.mark.django_db(transaction=True)
def test_two_who_sign_up_by_one_address_at_the_same_instant_are_answered_alike(monkeypatch):
    from threading import Barrier, Thread

    from coranto.masthead.models import Account
    from coranto.readers.forms import SignUpForm

    look, meeting = SignUpForm.validate_unique_email, Barrier(2)

    def look_together(form, value):
        found = look(form, value)
        meeting.wait(30)
        return found

    monkeypatch.setattr(SignUpForm, "validate_unique_email", look_together)
    statuses = []

    def sign_up(number):
        response = Client(REMOTE_ADDR=f"192.0.2.{number}").post("/account/signup/", {"email": UNKNOWN})
        statuses.append((response.status_code, response.headers["Location"]))
        connections.close_all()

    threads = [Thread(target=sign_up, args=(number,)) for number in (1, 2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert statuses == [(302, "/account/confirm-email/")] * 2
    assert Account.objects.filter(email=UNKNOWN).count() == 1
