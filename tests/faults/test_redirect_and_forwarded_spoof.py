"""Nobody is led elsewhere after signing in, and nobody chooses whom the site takes them for."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from coranto.mailroom.models import Mail

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough secret"
ADA = "ada@reader.example"
ELSEWHERE = [
    "//elsewhere.example",
    "//elsewhere.example/account/",
    "///elsewhere.example",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "/\t/elsewhere.example",
    "/\n/elsewhere.example",
    "https:elsewhere.example",
    "https:/elsewhere.example",
    "https://elsewhere.example",
    "https://localhost@elsewhere.example/",
    "http://localhost:9999/",
    "http://127.0.0.1/",
    "http://testserver/",
    "http:///elsewhere.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "%2F%2Felsewhere.example",
    "%5c%5celsewhere.example",
    " //elsewhere.example",
    "account",
    "",
]
FORWARDED = {
    "HTTP_X_FORWARDED_HOST": "elsewhere.example",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_PORT": "9999",
    "HTTP_X_FORWARDED_SERVER": "elsewhere.example",
    "HTTP_FORWARDED": "for=198.51.100.7;host=elsewhere.example;proto=https",
    "HTTP_X_ORIGINAL_HOST": "elsewhere.example",
    "HTTP_X_HOST": "elsewhere.example",
}


@pytest.fixture(autouse=True)
def ada():
    from coranto.masthead.models import Account

    return Account.objects.create_user(ADA, PASSWORD)


def is_here(location):
    """As a browser reads it: a path, with nothing in it that could be a host."""
    return re.fullmatch(r"/(?![/\\])[^\\\s\x00-\x1f]*", location) is not None


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_who_signs_in_or_out_stays_here(wanted):
    for way in ("form", "address"):
        client = Client()
        form = {"username": ADA, "password": PASSWORD, **({"next": wanted} if way == "form" else {})}
        query = {"next": wanted} if way == "address" else {}
        for path in ("/account/login/", "/admin/login/"):
            response = client.post(path, form, query_params=query)
            assert is_here(response["Location"]), path
            assert is_here(client.get("/account/login/", {"next": wanted})["Location"])
            response = client.post("/account/logout/", form, query_params=query)
            assert is_here(response["Location"]), path


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_second_factor_leads_nowhere_else(ada, wanted):
    client = Client()
    client.force_login(ada)
    assert client.get("/account/second-factor/", {"next": wanted})["Location"] == "/account/"


@pytest.mark.parametrize("path", ["/account/", "/admin/pages/?ordering=title", "/news/trams/"])
def test_who_wanted_to_a_page_of_ours_gets_there(path):
    response = Client().post("/account/login/", {"username": ADA, "password": PASSWORD, "next": path})
    assert response["Location"] == path


@pytest.mark.parametrize("host", ["elsewhere.example", "localhost@elsewhere.example", "localhost:80:80", "[::1", "a b"])
def test_other_host_is_refused(host):
    for path in ("/account/login/", "/account/signup/", "/account/password/reset/"):
        assert Client().post(path, {"username": ADA, "email": ADA}, HTTP_HOST=host).status_code == 400
    assert Mail.objects.count() == 0


def test_links_in_mails_are_to_the_configured_host_whatever_a_request_says():
    for path, number in (("/account/login/", 1), ("/account/signup/", 2), ("/account/password/reset/", 3)):
        client = Client(REMOTE_ADDR=f"198.51.100.{number}")
        client.post(path, {"username": ADA, "email": ADA}, HTTP_HOST="127.0.0.1:9999", **FORWARDED)
    mails = list(Mail.objects.all())
    assert len(mails) == 3
    for mail in mails:
        text = mail.source.decode()
        assert "elsewhere.example" not in text
        assert "9999" not in text
        assert {each.partition("/account")[0] for each in re.findall(r"https?://[^\s\"<>]+", text)} <= {
            "http://localhost:8000",
            "http://localhost:8000/",
        }


@pytest.mark.parametrize(
    "forge",
    [
        lambda number: {"HTTP_X_FORWARDED_FOR": f"192.0.2.{number}"},
        lambda number: {"HTTP_X_FORWARDED_FOR": f"192.0.2.{number}, 127.0.0.1"},
        lambda number: {"HTTP_X_FORWARDED_FOR": f"2001:db8:{number:x}::1"},
        lambda number: {"HTTP_FORWARDED": f"for=192.0.2.{number}", "HTTP_X_REAL_IP": f"192.0.2.{number}"},
        lambda number: {"HTTP_CF_CONNECTING_IP": f"192.0.2.{number}", "HTTP_CLIENT_IP": f"192.0.2.{number}"},
        lambda number: {"HTTP_HOST": ("localhost", "127.0.0.1", "testserver")[number % 3]},
        lambda number: {"REMOTE_ADDR": f"2001:db8:7:7:{number:x}::1"},
        lambda number: {"REMOTE_ADDR": "::ffff:203.0.113.9" if number % 2 else "203.0.113.9"},
    ],
)
def test_limits_are_kept_on_the_true_peer(forge):
    statuses = []
    for number in range(31):
        sent = {"username": f"x{number}@reader.example", "password": "wrong"}
        statuses.append(
            Client().post("/account/login/", sent, **{"REMOTE_ADDR": "203.0.113.9", **forge(number)}).status_code
        )
    assert (statuses[29], statuses[30]) == (200, 429)


def test_limit_of_an_account_holds_for_all_its_names_and_all_our_names():
    statuses = []
    for number in range(11):
        sent = {"username": ADA.upper() if number % 2 else f" {ADA} ", "password": "wrong"}
        host = ("localhost", "127.0.0.1", "localhost:8000")[number % 3]
        statuses.append(
            Client().post("/account/login/", sent, HTTP_HOST=host, REMOTE_ADDR=f"192.0.2.{number}").status_code
        )
    assert (statuses[9], statuses[10]) == (200, 429)


# Written by other sites' pages -------------------------------------------------------------------------------


FOREIGN = [
    {"HTTP_SEC_FETCH_SITE": "cross-site"},
    {"HTTP_SEC_FETCH_SITE": "same-site"},
    {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "http://testserver"},
    {"HTTP_ORIGIN": "https://elsewhere.example"},
    {"HTTP_ORIGIN": "null"},
    {"HTTP_ORIGIN": "http://testserver.elsewhere.example"},
    {"HTTP_ORIGIN": "http://testserver:81"},
]
OWN = [
    {},
    {"HTTP_SEC_FETCH_SITE": "same-origin"},
    {"HTTP_SEC_FETCH_SITE": "none"},
    {"HTTP_ORIGIN": "http://testserver"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/account/login/", "/account/erase/", "/admin/login/", "/-/seen", "/search/"])
def test_what_another_sites_page_sends_is_refused(path, method, headers):
    assert getattr(Client(), method)(path, **headers).status_code == 403


@pytest.mark.parametrize("headers", FOREIGN)
def test_what_another_sites_page_reads_is_not_refused(headers):
    assert Client().get("/account/login/", **headers).status_code == 200


@pytest.mark.parametrize("headers", OWN)
def test_what_our_pages_and_programs_send_is_heard(headers):
    response = Client().post("/account/login/", {"username": ADA, "password": PASSWORD}, **headers)
    assert response.status_code == 302


def test_configured_origin_is_ours_behind_a_proxy_that_calls_us_otherwise():
    headers = {"HTTP_HOST": "127.0.0.1:8001", "HTTP_ORIGIN": "http://localhost:8000"}
    assert Client().post("/account/login/", {"username": ADA, "password": PASSWORD}, **headers).status_code == 302


def test_declared_hook_is_open_to_all(rf):
    from django.http import HttpResponse

    from coranto.kit.origins import open_to_others
    from coranto.readers.middleware import OwnPagesMiddleware

    hook = open_to_others(lambda _request: HttpResponse())
    request = rf.post("/-/hook/", HTTP_SEC_FETCH_SITE="cross-site")
    assert OwnPagesMiddleware(hook).process_view(request, hook, (), {}) is None
