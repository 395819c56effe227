from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from coranto.kit import clock

pytestmark = pytest.mark.django_db

CODE = re.compile(r"\b[A-Z]{4}-[A-Z]{4}\b")
LOGIN, CONFIRM, SECOND = "/account/login/", "/account/login/code/confirm/", "/account/second-factor/"


def ask_for_code(client, address="ada@reader.example", **headers):
    return client.post(LOGIN, {"username": address, "password": ""}, **headers)


def sign_in(client, account, password="a long enough secret", at=LOGIN, **more):
    return client.post(at, {"username": account.email, "password": password}, **more)


# Readers ----------------------------------------------------------------------------------------------------


def test_reader_signs_in_with_a_code_by_mail(client, ada, code):
    response = ask_for_code(client)
    assert (response.status_code, response["Location"]) == (302, CONFIRM)
    response = client.post(CONFIRM, {"code": code(ada.email)})
    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert client.get("/account/").status_code == 200


def test_code_is_found_however_it_is_typed(client, ada, code):
    ask_for_code(client, " Ada@READER.example ")
    typed = f" {code(ada.email).replace('-', ' ').lower()} "
    assert client.post(CONFIRM, {"code": typed})["Location"] == "/account/"


def test_somebody_new_makes_an_account_with_an_address_and_a_code(client, code, sent):
    from coranto.masthead.models import Account

    response = client.post("/account/signup/", {"email": "Eli@Reader.example"})
    assert (response.status_code, response["Location"]) == (302, "/account/confirm-email/")
    response = client.post("/account/confirm-email/", {"code": code("eli@reader.example")})
    assert (response.status_code, response["Location"]) == (302, "/account/")
    eli = Account.objects.get(email="eli@reader.example")
    assert client.get("/account/").context["page"].reader.account == eli
    assert (eli.has_usable_password(), eli.is_staff) == (False, False)


@pytest.mark.parametrize("path", ["/account/email/", "/account/password/set/", "/account/2fa/webauthn/add/"])
def test_somebody_new_is_not_asked_again_what_they_have_just_shown(client, code, path, time_machine):
    client.post("/account/signup/", {"email": "eli@reader.example"})
    client.post("/account/confirm-email/", {"code": code("eli@reader.example")})
    assert client.get(path).status_code == 200
    time_machine.move_to(clock.now() + timedelta(hours=1), tick=False)
    assert client.get(path)["Location"].startswith("/account/again/")


@pytest.mark.parametrize(("ask", "confirm"), [(LOGIN, CONFIRM), ("/account/signup/", "/account/confirm-email/")])
def test_code_that_is_used_up_is_told_as_one(client, ada, ask, confirm):
    client.post(ask, {"username": ada.email, "email": "eli@reader.example"})
    for _ in range(3):
        response = client.post(confirm, {"code": "BBBB-CCCC"}, follow=True)
    assert "This code was tried three times" in response.text
    assert "wait ten minutes" not in response.text


def test_account_nobody_confirmed_is_gone_after_a_day(client, ada, cora, code):
    from coranto.masthead.models import Account
    from coranto.readers import operations

    client.post("/account/signup/", {"email": "eli@reader.example"})
    assert operations.prune_sign_ins(now=clock.now() + timedelta(hours=23)) == 0
    assert operations.prune_sign_ins(now=clock.now() + timedelta(hours=25)) == 1
    assert set(Account.objects.values_list("email", flat=True)) == {ada.email, cora.email}


def test_account_known_already_is_told_by_mail_and_not_on_the_page(client, ada, sent):
    new, known = (
        Client().post("/account/signup/", {"email": address}) for address in ("eli@reader.example", ada.email)
    )
    assert (new.status_code, new["Location"]) == (known.status_code, known["Location"])
    assert "You have an account" in sent(ada.email)[0]


def test_reader_with_a_password_signs_in_without_any_mail(client, ada, sent):
    ada.set_password("another long secret")
    ada.save()
    assert sign_in(client, ada, "another long secret")["Location"] == "/account/"
    assert client.get("/account/").status_code == 200
    assert sent(ada.email) == []


def test_reader_with_an_app_is_asked_for_it_after_the_code(client, ada, code, with_app, totp):
    secret = with_app(ada)
    ask_for_code(client)
    assert client.post(CONFIRM, {"code": code(ada.email)})["Location"] == "/account/2fa/authenticate/"
    assert client.get("/account/")["Location"].startswith(LOGIN)
    response = client.post("/account/2fa/authenticate/", {"code": totp(secret)})
    assert (response.status_code, response["Location"]) == (302, "/account/")


def test_code_of_an_app_works_once(ada, with_app, totp):
    ada.set_password("another long secret")
    ada.save()
    code = totp(with_app(ada))
    answers = []
    for _ in range(2):
        client = Client()
        sign_in(client, ada, "another long secret")
        answers.append(client.post("/account/2fa/authenticate/", {"code": code}).status_code)
    assert answers == [302, 200]


def test_secret_of_an_app_is_not_in_the_database_as_it_is(ada, with_app):
    from allauth.mfa.models import Authenticator

    assert with_app(ada) not in str(Authenticator.objects.get().data)


def test_signing_out_asks_first_and_ends_the_session(client, ada):
    client.force_login(ada)
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/account/").status_code == 200
    client.post("/account/logout/")
    assert client.get("/account/").status_code == 302


def test_change_of_address_that_waits_for_its_code_is_found_again(client, ada, code, enter, time_machine):
    enter(client, ada)
    assert "Enter it" not in client.get("/account/email/").text
    client.post("/account/email/", {"email": "ada@elsewhere.example", "action_add": ""})
    asked = client.get("/account/confirm-email/").text
    assert 'href="/account/email/">Back' in asked
    assert "Start again" not in asked
    page = client.get("/account/email/").text
    assert "ada@elsewhere.example" in page
    assert 'href="/account/confirm-email/">Enter it' in page
    time_machine.move_to(clock.now() + timedelta(hours=1), tick=False)
    enter(client, ada)
    assert "Enter it" not in client.get("/account/email/").text


def test_code_for_a_new_address_does_not_show_whose_the_account_is(client, ada, code, enter, time_machine):
    enter(client, ada)
    client.post("/account/email/", {"email": "ada@elsewhere.example", "action_add": ""})
    time_machine.move_to(clock.now() + timedelta(minutes=11), tick=False)
    client.post("/account/confirm-email/", {"code": code("ada@elsewhere.example")})
    assert client.get("/account/password/set/")["Location"].startswith("/account/again/")


def test_mailbox_an_account_no_longer_has_opens_nothing(client, ada, code, sent):
    ask_for_code(client)
    client.post(CONFIRM, {"code": code(ada.email)})
    ada.refresh_from_db()
    ada.email = "ada@elsewhere.example"
    ada.save()
    ask_for_code(Client(), "ada@reader.example")
    assert len(sent("ada@reader.example")) == 1
    fresh = Client()
    ask_for_code(fresh, "ada@elsewhere.example")
    assert fresh.post(CONFIRM, {"code": code("ada@elsewhere.example")})["Location"] == "/account/"


def test_reader_changes_the_address_once_the_new_mailbox_has_answered(client, ada, code):
    from coranto.masthead.models import Account

    ask_for_code(client)
    client.post(CONFIRM, {"code": code(ada.email)})
    client.post("/account/email/", {"email": "ada@elsewhere.example", "action_add": ""})
    assert Account.objects.get().email == "ada@reader.example"
    client.post("/account/confirm-email/", {"code": code("ada@elsewhere.example")})
    assert Account.objects.get().email == "ada@elsewhere.example"


@pytest.mark.parametrize(
    "typed", ["ada@ｒeader.example", "ada@READER。example", "ada@straße.de", "a@[127.0.0.1]", "a b@c.de"]
)
def test_address_that_others_may_read_as_another_is_refused_with_a_sentence(typed, caplog):
    from coranto.mailroom.models import Mail

    for path, name in ((LOGIN, "username"), ("/account/signup/", "email"), ("/account/password/reset/", "email")):
        response = Client().post(path, {name: typed})
        assert (response.status_code, "field__error" in response.text) == (200, True), path
    assert (Mail.objects.count(), caplog.messages) == (0, [])


def test_spellings_of_one_domain_are_one_account_and_share_its_limits(client, code, sent):
    from coranto.masthead.models import Account
    from coranto.readers.operations import guessing

    client.post("/account/signup/", {"email": "eli@läser.example"})
    mailbox = "eli@xn--lser-loa.example"
    client.post("/account/confirm-email/", {"code": code(mailbox)})
    assert Account.objects.get().email == mailbox
    for number, typed in enumerate(("eli@LÄSER.example", "eli@la\u0308ser.example", mailbox, "Eli@läser.example")):
        ask_for_code(Client(REMOTE_ADDR=f"192.0.2.{number}"), typed)
    assert len(sent(mailbox)) == guessing.MAILS_A_MINUTE


def test_account_of_the_house_is_found_however_its_domain_is_spelt(client):
    from coranto.masthead.models import Account

    noa = Account.objects.create_user("noa@läser.example", "a long enough secret")
    for typed in ("noa@LÄSER.example", "noa@xn--lser-loa.example"):
        other = Client()
        assert other.post(LOGIN, {"username": typed, "password": "a long enough secret"})["Location"] == "/account/"
    assert noa.email == "noa@xn--lser-loa.example"


def test_address_nothing_can_be_sent_to_is_told_in_one_line(rf, caplog):
    from allauth.account.adapter import get_adapter
    from allauth.core import context

    with context.request_context(rf.get("/")):
        get_adapter().send_mail("account/email/password_changed", "ada@[127.0.0.1]", {})
    assert len(caplog.messages) == 1


# Whoever finds a session open -------------------------------------------------------------------------------


@pytest.fixture
def found_open(client, ada, enter, time_machine):
    """Ada's session, hours after she signed in."""
    time_machine.move_to(clock.now() - timedelta(hours=5), tick=False)
    enter(client, ada)
    time_machine.move_to(clock.now() + timedelta(hours=5), tick=False)
    return client


def test_open_session_alone_does_not_change_the_address(found_open, ada, sent):
    ada.set_password("another long secret")
    ada.save()
    enter_anew(found_open, ada)
    asked = found_open.post("/account/email/", {"email": "thief@reader.example", "action_add": ""})
    assert asked["Location"] == "/account/reauthenticate/?next=%2Faccount%2Femail%2F"
    assert sent("thief@reader.example") == []
    # Whoever knows the password goes on where they were, and types nothing anew.
    response = found_open.post(asked["Location"], {"password": "another long secret"})
    assert response["Location"] == "/account/confirm-email/"
    assert len(sent("thief@reader.example")) == 1


def enter_anew(client, account):
    """A new password ends the sessions of the old one."""
    session = client.session
    session["_auth_user_hash"] = account.get_session_auth_hash()
    session.save()


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/account/email/", {"email": "thief@reader.example", "action_add": ""}),
        ("/account/password/set/", {"password1": "a thief's secret", "password2": "a thief's secret"}),
        ("/account/erase/", {"words": "leave", "is_sure": "on"}),
        ("/account/2fa/totp/activate/", {"code": "123456"}),
    ],
)
def test_reader_with_a_mailbox_alone_signs_in_again_before_what_outlasts_the_session(
    found_open, ada, code, sent, path, data
):
    from coranto.masthead.models import Account

    again = found_open.post(path, data)["Location"]
    assert again.startswith("/account/again/?next=")
    assert "Sign in again" in found_open.get(again).text
    assert (sent("thief@reader.example"), Account.objects.get().has_usable_password()) == ([], False)
    login = found_open.post(again)["Location"]
    confirm = found_open.post(login, {"username": ada.email})["Location"]
    assert found_open.post(confirm, {"code": code(ada.email)})["Location"] == path
    assert found_open.get(path).status_code == 200


@pytest.mark.parametrize("wanted", ["//evil.example/", "https://evil.example/", ""])
def test_signing_in_again_leads_nowhere_else(found_open, wanted):
    assert found_open.post("/account/again/", QUERY_STRING=f"next={wanted}")["Location"] == LOGIN


@pytest.mark.parametrize("path", ["/account/email/", "/account/password/set/"])
def test_staff_with_a_password_alone_change_nothing_that_outlasts_the_session(client, cora, path):
    sign_in(client, cora, at="/admin/login/")
    for ask in (client.get, client.post):
        assert ask(path)["Location"].startswith(SECOND)
    assert client.get("/account/2fa/totp/activate/").status_code == 200


def test_former_address_is_told_whom_to_write_to(client, ada, code, sent, enter):
    enter(client, ada)
    client.post("/account/email/", {"email": "ada@elsewhere.example", "action_add": ""})
    client.post("/account/confirm-email/", {"code": code("ada@elsewhere.example")})
    [told] = sent("ada@reader.example")
    assert "answer this mail" in told
    assert "sessions" not in told


def test_address_of_somebody_else_is_told_its_owner_and_gets_no_code(client, ada, cora, sent, enter):
    enter(client, ada)
    taken, free = (
        client.post("/account/email/", {"email": address, "action_add": ""})
        for address in (cora.email, "new@reader.example")
    )
    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    [told] = sent(cora.email)
    assert "You have an account" in told
    assert not CODE.search(told)
    assert CODE.search(sent("new@reader.example")[0])


# Limits -----------------------------------------------------------------------------------------------------


def ask_until_refused(address, time_machine):
    now = clock.now()
    for number in range(12):
        time_machine.move_to(now + timedelta(seconds=25 * number), tick=False)
        response = ask_for_code(Client(REMOTE_ADDR=f"192.0.2.{number}"), address)
    return response


def test_too_many_codes_are_told_by_status_and_with_the_other_ways_in(ada, time_machine):
    refused = ask_until_refused(ada.email, time_machine)
    assert (refused.status_code, "within the hour; a passkey or a password" in refused.text) == (429, True)
    by_its_own_page = Client().post("/account/login/code/", {"email": ada.email})
    assert (by_its_own_page.status_code, "within the hour" in by_its_own_page.text) == (429, True)


def test_strangers_lock_nobody_out_of_a_browser_they_have_signed_in_by(client, ada, code, sent, time_machine):
    ask_for_code(client)
    client.post(CONFIRM, {"code": code(ada.email)})
    client.post("/account/logout/")
    assert ada.email not in str(client.cookies["coranto_browser"])
    ask_until_refused(ada.email, time_machine)
    before = len(sent(ada.email))
    assert ask_for_code(client)["Location"] == CONFIRM
    assert len(sent(ada.email)) == before + 1
    assert client.post(CONFIRM, {"code": code(ada.email)})["Location"] == "/account/"


def test_browser_of_somebody_else_is_counted_as_a_strangers(client, ada, cora, time_machine):
    sign_in(client, cora)
    assert "coranto_browser" in client.cookies
    client.post("/account/logout/")
    ask_until_refused(ada.email, time_machine)
    assert ask_for_code(client).status_code == 429


def test_no_cookie_comes_before_somebody_asks(client, ada):
    assert not client.get("/").cookies
    assert set(client.get(LOGIN).cookies) <= {"coranto_csrf"}


# Staff ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_staff_with_a_password_alone_set_up_an_app_before_they_enter(client, cora, totp):
    assert sign_in(client, cora, at="/admin/login/?next=/admin/pages/")["Location"] == "/admin/pages/"
    assert client.get("/admin/pages/")["Location"] == f"{SECOND}?next=%2Fadmin%2Fpages%2F"
    assert "Set up an app" in client.get(f"{SECOND}?next=/admin/pages/").text
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    response = client.post("/account/2fa/totp/activate/", {"code": totp(secret)})
    assert response["Location"] == "/account/2fa/recovery-codes/"
    assert client.get("/account/2fa/recovery-codes/").status_code == 200
    assert client.get(SECOND)["Location"] == "/admin/pages/"
    assert client.get("/admin/").status_code == 200


def test_staff_with_an_app_show_it_at_each_sign_in(client, cora, with_app, totp):
    secret = with_app(cora)
    assert sign_in(client, cora, at="/admin/login/")["Location"] == "/account/2fa/authenticate/"
    assert client.get("/admin/").status_code == 302
    assert client.post("/account/2fa/authenticate/", {"code": totp(secret)})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_recovery_code_stands_in_for_a_lost_telephone_once(cora, with_app):
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    with_app(cora)
    code = RecoveryCodes.activate(cora).get_unused_codes()[0]
    answers = []
    for _ in range(2):
        client = Client()
        sign_in(client, cora, at="/admin/login/")
        answers.append(client.post("/account/2fa/authenticate/", {"code": code}).status_code)
        answers.append(client.get("/admin/").status_code)
    assert answers == [302, 200, 200, 302]


def test_session_that_began_before_the_app_shows_it_now(client, cora, with_app, totp):
    client.force_login(cora, second_factor=False)
    secret = with_app(cora)
    location = client.get("/admin/")["Location"]
    asked = client.get(location)["Location"]
    assert asked.startswith("/account/2fa/reauthenticate/")
    response = client.post(asked, {"code": totp(secret)}, follow=True)
    assert response.redirect_chain[-1][0] == "/admin/"
    assert response.status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/account/2fa/", "/account/2fa/webauthn/add/", "/account/2fa/totp/deactivate/", "/account/email/", "/account/"],
)
def test_stolen_password_does_not_change_the_second_factor(client, cora, with_app, path):
    client.force_login(cora, second_factor=False)
    with_app(cora)
    for ask in (client.get, client.post):
        assert ask(path)["Location"].startswith(SECOND)
    # Nor by showing the password once more.
    client.post("/account/reauthenticate/", {"password": "a long enough secret"})
    assert client.get(path)["Location"].startswith(SECOND)


def test_whom_staff_are_outside_the_newsroom_is_nobody_until_both_were_shown(client, cora):
    client.force_login(cora, second_factor=False)
    assert not client.get("/").wsgi_request.user.is_authenticated
    client.force_login(cora)
    assert client.get("/").wsgi_request.user.is_authenticated


def test_guessing_an_app_ends_after_ten_attempts(cora, with_app, totp):
    secret = with_app(cora)
    for _ in range(10):
        client = Client()
        client.force_login(cora, second_factor=False)
        client.post("/account/2fa/reauthenticate/", {"code": "000000"})
    client.post("/account/2fa/reauthenticate/", {"code": totp(secret)})
    assert client.get("/admin/").status_code == 302


# The way in when all else is shut ---------------------------------------------------------------------------


@pytest.fixture
def link(cora, capsys):
    from django.core.management import call_command

    call_command("break_glass", "Cora@lantern.example")
    return capsys.readouterr().out.strip().removeprefix("http://localhost:8000")


def test_link_made_on_the_server_lets_somebody_in_once(client, cora, with_app, link):
    with_app(cora)
    assert "cora@lantern.example" in client.get(link).text
    assert client.get("/admin/").status_code == 302
    assert client.post(link)["Location"] == SECOND
    assert client.get(SECOND)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    assert client.get("/account/2fa/totp/deactivate/").status_code == 200
    assert [Client().get(link).status_code, Client().post(link).status_code] == [404, 404]


def test_link_is_over_after_half_an_hour_and_when_there_is_a_newer_one(client, cora, link, capsys, time_machine):
    from django.core.management import call_command

    call_command("break_glass", cora.email)
    newer = capsys.readouterr().out.strip().removeprefix("http://localhost:8000")
    assert (client.get(link).status_code, client.get(newer).status_code) == (404, 200)
    time_machine.move_to(clock.now() + timedelta(minutes=31))
    assert client.post(newer).status_code == 404


@pytest.mark.parametrize("has_app", [False, True])
def test_session_of_a_link_is_asked_for_a_factor_once_the_link_would_be_over(
    client, cora, with_app, link, time_machine, has_app
):
    if has_app:
        with_app(cora)
    client.post(link)
    time_machine.move_to(clock.now() + timedelta(minutes=29))
    assert client.get("/admin/").status_code == 200
    time_machine.move_to(clock.now() + timedelta(minutes=2))
    assert client.get("/admin/")["Location"].startswith(SECOND)


@pytest.mark.django_db(transaction=True)
def test_factor_set_up_after_a_link_outlasts_it(client, cora, link, totp, time_machine):
    client.post(link)
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    client.post("/account/2fa/totp/activate/", {"code": totp(secret)})
    time_machine.move_to(clock.now() + timedelta(days=5))
    assert client.get("/admin/").status_code == 200


def test_links_leave_a_trail(client, cora, link):
    from wagtail.models import ModelLogEntry

    client.post(link)
    acts = ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)
    assert [each for each in acts if each.startswith("readers.")] == [
        "readers.entry_link.make",
        "readers.entry_link.use",
    ]


@pytest.mark.parametrize("address", ["nobody@lantern.example", "cora@lantern.example"])
def test_link_is_made_for_an_account_that_may_sign_in(cora, address):
    from django.core.management import CommandError, call_command

    cora.is_active = False
    cora.save()
    with pytest.raises(CommandError):
        call_command("break_glass", address)
