"""Signing in in a real browser: with and without scripts, on a phone, in the dark, from right to left, by passkey."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from django.test import Client

sys.path.insert(0, str(Path(__file__).parent))
from waiting import until

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "a long enough secret"
OUTSIDE = [
    "/account/login/",
    "/account/signup/",
    "/account/signup/passkey/",
    "/account/password/reset/",
    "/admin/login/",
]
INSIDE = [
    "/account/",
    "/account/email/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/2fa/totp/activate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/second-factor/",
    "/account/sessions/",
    "/account/data/",
    "/account/erase/",
    "/account/logout/",
]


@pytest.fixture
def ada(live_server):
    from coranto.masthead.models import Account

    return Account.objects.create_user("ada@reader.example", PASSWORD)


@pytest.fixture
def signed_in(live_server, ada):
    """A function that signs a page in."""

    def sign_in(page, account=ada):
        client = Client()
        client.force_login(account, second_factor=False)
        cookie = client.cookies["coranto_session"]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return sign_in


def newest_code(address):
    from coranto.mailroom.models import Mail

    return re.search(r"[B-Z]{4}-[B-Z]{4}", Mail.objects.filter(to=address).latest("pk").source.decode())[0]


def give_authenticator(page, *, knows_finger=True):
    """As a telephone that asks for a finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": knows_finger,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_reader_signs_in_and_out_without_scripts(ada, without_scripts, record):
    page = without_scripts
    page.goto("/")
    page.click("text=Sign in")
    page.fill("[name=username]", "ada@reader.example")
    page.click("main form >> text=Sign in >> nth=0")
    assert "If an account can be opened" in page.inner_text("main")
    page.fill("[name=code]", newest_code("ada@reader.example"))
    page.click("text=Go on")
    assert "Your account" in page.inner_text("h1")
    page.fill("[name=display_name]", "Ada Thorne")
    page.click("text=Save the name")
    assert "Ada Thorne" in page.inner_text("main")
    page.click("text=Sign out")
    page.click("main button")
    page.goto("/account/")
    assert "Passkeys need JavaScript" in page.inner_text("main")
    assert record.elsewhere == []


@pytest.mark.parametrize("who", ["desk", "phone", "dark"])
def test_our_pages_breach_nothing_and_fit(request, ada, signed_in, axe, record, who):
    page = request.getfixturevalue(who)
    for each in OUTSIDE:
        page.goto(each)
        assert axe(page) == [], each
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), each
    signed_in(page)
    for each in INSIDE:
        page.goto(each)
        assert axe(page) == [], each
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), each
    assert (record.elsewhere, record.errors) == ([], [])


def test_pages_run_from_right_to_left(ada, signed_in, phone, axe):
    from coranto.masthead.models import Publication

    Publication.objects.update_or_create(pk=1, defaults={"name": "المنار", "language": "ar"})
    signed_in(phone)
    for each in ("/account/", "/account/2fa/", "/account/erase/"):
        phone.goto(each)
        assert phone.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl"
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), each
        assert axe(phone) == [], each


def test_staff_enter_with_a_passkey_alone_once_they_have_one(live_server, desk, record):
    from coranto.masthead.models import Account

    Account.objects.create_superuser("cora@lantern.example", PASSWORD)
    give_authenticator(desk)
    desk.goto("/admin/")
    desk.fill("[name=username]", "cora@lantern.example")
    desk.fill("[name=password]", PASSWORD)
    desk.press("[name=password]", "Enter")
    desk.wait_for_url("**/account/second-factor/**")
    desk.click("text=Add a passkey")
    desk.click("#mfa_webauthn_add")
    desk.wait_for_url("**/recovery-codes/")
    assert desk.locator(".account-codes li").count() == 10
    desk.click("text=I have them")
    desk.wait_for_url(lambda url: url.endswith("/admin/"))

    desk.context.clear_cookies()
    desk.goto("/admin/pages/")
    desk.click("#passkey_login")
    desk.wait_for_url(lambda url: re.search(r"/admin/(pages/)?(\d+/)?$", url))
    assert record.elsewhere == []


def test_passkey_button_waits_for_what_makes_it_work(desk, live_server):
    held = []

    def hold(route):  # one of our own: Playwright hangs something on the function
        held.append(route)

    desk.route("**/mfa/js/webauthn.js*", hold)
    desk.goto("/account/login/", wait_until="commit")
    until(desk, lambda: held)
    button = desk.locator("#passkey_login")
    assert button.is_disabled()
    held[0].continue_()
    until(desk, button.is_enabled)


def test_reader_is_told_when_no_passkey_came(ada, desk):
    give_authenticator(desk, knows_finger=False)
    desk.goto("/account/login/")
    desk.click("#passkey_login")
    desk.get_by_text("No passkey was given.").wait_for()
    assert desk.url.endswith("/account/login/")


def test_browser_without_passkeys_is_not_offered_one(ada, desk):
    desk.add_init_script("delete window.PublicKeyCredential")
    desk.goto("/account/login/")
    desk.get_by_text("This browser cannot use passkeys.").wait_for()
    assert desk.locator("#passkey_login").count() == 0


def test_somebody_new_makes_an_account_with_a_passkey(live_server, desk):
    from coranto.readers.models import Reader

    give_authenticator(desk)
    desk.goto("/account/signup/")
    desk.click("text=With a passkey")
    desk.fill("[name=email]", "eli@reader.example")
    desk.click("text=Send me the code")
    desk.wait_for_url("**/confirm-email/**")
    desk.fill("[name=code]", newest_code("eli@reader.example"))
    desk.click("text=Go on")
    desk.wait_for_url("**/webauthn/signup/**")
    desk.click("#mfa_webauthn_signup")
    desk.wait_for_url(lambda url: url.endswith("/account/"))
    assert Reader.objects.get().account.email == "eli@reader.example"
