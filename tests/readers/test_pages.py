"""Every page of an account keeps to the HTML standard and to the strict content policy."""

from __future__ import annotations

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db

OUTSIDE = [
    "/account/login/",
    "/account/login/code/",
    "/account/signup/",
    "/account/signup/passkey/",
    "/account/password/reset/",
    "/account/inactive/",
    "/account/erased/",
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
    "/account/2fa/recovery-codes/generate/",
    "/account/second-factor/",
    "/account/sessions/",
    "/account/data/",
    "/account/erase/",
    "/account/logout/",
    "/account/reauthenticate/",
    "/admin/login/",
]
HANDLER = re.compile(r"<[^>]*\s(?:style|on[a-z]+)=|<style|<script(?![^>]*(?:src=|application/json))")


@pytest.mark.parametrize("path", OUTSIDE)
def test_page_for_whoever_comes_keeps_to_the_standard(client, conforms, path):
    page = client.get(path).text
    assert conforms(page)
    assert HANDLER.findall(page) == []


@pytest.mark.parametrize("path", INSIDE)
def test_page_of_an_account_keeps_to_the_standard(client, ada, conforms, path):
    ada.set_password("another long secret")
    ada.save()
    client.force_login(ada, second_factor=False)
    response = client.get(path, follow=True)
    assert response.status_code == 200
    assert conforms(response.text)
    assert HANDLER.findall(response.text) == []


def test_pages_on_the_way_in_keep_to_the_standard(client, cora, conforms, with_app):
    secret = with_app(cora)
    client.post("/account/login/", {"username": cora.email, "password": ""})
    pages = [client.get("/account/login/code/confirm/")]
    client.post("/account/logout/")
    client.post("/account/login/", {"username": cora.email, "password": "a long enough secret"})
    pages.append(client.get("/account/2fa/authenticate/"))
    half = Client()
    half.force_login(cora, second_factor=False)
    pages.append(half.get("/account/2fa/reauthenticate/"))
    whole = Client()
    whole.force_login(cora)
    pages += [whole.get("/account/2fa/totp/deactivate/"), whole.get("/account/2fa/"), whole.get("/account/erase/")]
    assert secret
    for page in pages:
        assert page.status_code == 200
        assert conforms(page.text)
        assert HANDLER.findall(page.text) == []


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/account/login/", {"username": "not an address", "password": "x"}),
        ("/account/login/", {"username": "a\x00b@reader.example"}),
        ("/account/login/", {"username": "x" * 5000 + "@reader.example", "password": "y" * 5000}),
        ("/account/login/", {}),
        ("/account/signup/", {"email": "ada@reader\r\nBcc: all@reader.example"}),
        ("/account/signup/", {"email": "\ud800@reader.example".encode("utf-8", "replace").decode()}),
        ("/account/password/reset/", {"email": "<script>@reader.example"}),
        ("/account/2fa/webauthn/login/", {"credential": "no JSON"}),
        ("/account/2fa/webauthn/login/", {"credential": '{"id": 1}'}),
        ("/account/2fa/webauthn/login/", {"credential": '{"rawId": "", "response": []}'}),
        ("/account/2fa/webauthn/login/", {"credential": '{"rawId": "AA", "response": {"userHandle": "AA"}}'}),
        ("/account/2fa/webauthn/login/", {"credential": "[]"}),
        ("/account/2fa/webauthn/login/", {"credential": "1"}),
        ("/account/2fa/webauthn/login/", {"credential": "[" * 5000}),
        ("/account/2fa/webauthn/login/", {"credential": "1" * 5000}),
        ("/account/2fa/webauthn/signup/", {"credential": "[" * 5000}),
        ("/account/signup/", {"email": "a@[127.0.0.1]"}),
        ("/account/2fa/webauthn/login/", {}),
    ],
)
def test_what_no_browser_sends_is_told_so(client, path, data):
    assert client.post(path, data).status_code in {200, 302, 400}


@pytest.mark.parametrize(
    "credential",
    ["", "no JSON", "1", "[]", "null", "{}", '{"id": 1}', '{"rawId": "", "response": []}', "[" * 5000, "1" * 5000],
)
@pytest.mark.parametrize(
    "path", ["/account/2fa/webauthn/add/", "/account/2fa/authenticate/", "/account/2fa/webauthn/reauthenticate/"]
)
def test_answer_no_authenticator_gives_is_wrong(client, ada, cora, enter, with_app, path, credential):
    if path == "/account/2fa/authenticate/":
        with_app(cora)
        client.post("/account/login/", {"username": cora.email, "password": "a long enough secret"})
    else:
        enter(client, ada)
        client.get(path)
    assert client.post(path, {"credential": credential, "name": "x"}).status_code in {200, 302, 403}


def test_page_of_an_entry_link_keeps_to_the_standard(client, cora, conforms):
    from datetime import timedelta

    from coranto.kit import clock
    from coranto.readers import operations

    path = operations.create_entry_link(account=cora, life=timedelta(minutes=5), now=clock.now())
    assert conforms(client.get(path).text)
