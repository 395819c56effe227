"""Which pages are offered to the store, and which are kept from it whatever their view says."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path

from coranto.config.urls import urlpatterns as site_addresses
from coranto.delivery import pages, tags
from coranto.delivery.rules import entitlement
from coranto.masthead.models import Account

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pages.public(parameters=("before", "page"))
def plain(request):
    tags.carry("page:1", "list:latest:0")
    return HttpResponse(f"{sorted(request.GET.items())} {request.META['QUERY_STRING']} {request.get_full_path()}")


@pages.public(life=timedelta(minutes=2), stale=timedelta(seconds=30))
def trending(request):
    tags.expire_within(timedelta(seconds=45))
    return HttpResponse("trending")


@pages.public()
def missing(request):
    tags.carry("menu")
    raise Http404


@pages.public()
def for_staff_only(request):
    if not request.user.is_authenticated:
        raise Http404
    return HttpResponse("secret")


@pages.public()
def moved(request):
    return HttpResponsePermanentRedirect("/plain/")


@pages.public()
def locked(request):
    request.COOKIES.get("unlocked-1")
    return HttpResponse("a form", headers={"Cache-Control": "private, no-store"})


@pages.public()
def leveled(request):
    return HttpResponse(f"as {pages.entitlement(request)} may read it")


@pages.public()
def templated(request):
    return TemplateResponse(request, engines["django"].from_string("{% if user.is_staff %}staff{% endif %} Trams"))


@pages.public()
def untouched_template(request):
    return TemplateResponse(request, engines["django"].from_string("{{ request.path }}{% for m in none %}{% endfor %}"))


@pages.public()
def streamed(request):
    return StreamingHttpResponse([b"a", b"b"])


@pages.public()
def outer(request):
    return plain(request)


def private(request):
    return HttpResponse("an account")


def looking(look):
    """A public view that looks at one thing."""

    def view(request):
        look(request)
        return HttpResponse("the same for all")

    return pages.public(name="test.looking")(view)


LOOKS = {
    "cookie": lambda request: request.COOKIES.get("theme"),
    "cookie-index": lambda request: "theme" in request.COOKIES,
    "all-cookies": lambda request: dict(request.COOKIES),
    "signed-cookie": lambda request: request.get_signed_cookie("theme", None),
    "session": lambda request: request.session.get("seen"),
    "session-key": lambda request: request.session.session_key,
    "session-written": lambda request: request.session.update({"seen": 1}),
    "user": lambda request: request.user.is_authenticated,
    "user-name": lambda request: str(request.user),
    "address": lambda request: request.META["REMOTE_ADDR"],
    "forwarded": lambda request: request.META.get("HTTP_X_FORWARDED_FOR"),
    "cookie-header": lambda request: request.headers.get("Cookie"),
    "raw-cookies": lambda request: request.environ.get("HTTP_COOKIE"),
    "agent": lambda request: request.headers["User-Agent"],
    "agent-meta": lambda request: request.META.get("HTTP_USER_AGENT"),
    "language": lambda request: request.headers.get("accept-language"),
    "accept": lambda request: request.accepts("text/html"),
    "referer": lambda request: "Referer" in request.headers,
    "authorization": lambda request: request.META.get("HTTP_AUTHORIZATION"),
    "every-header": lambda request: list(request.headers.items()),
    "all-variables": lambda request: dict(request.META),
    "token": get_token,
    "scheme": lambda request: request.is_secure(),
    "absolute": lambda request: request.build_absolute_uri("/"),
    "messages": lambda request: list(messages.get_messages(request)),
    "nonce": lambda request: str(request.csp_nonce),
}

HARMLESS = {
    "host": lambda request: request.get_host(),
    "path": lambda request: request.path_info,
    "method": lambda request: request.method,
    "condition": lambda request: request.headers.get("If-None-Match"),
    "publication": lambda request: request.publication.name,
}

urlpatterns = [
    path("plain/", plain),
    path("trending/", trending),
    path("missing/", missing),
    path("for-staff-only/", for_staff_only),
    path("moved/", moved),
    path("locked/", locked),
    path("leveled/", leveled),
    path("templated/", templated),
    path("untouched-template/", untouched_template),
    path("streamed/", streamed),
    path("outer/", outer),
    path("private/", private),
    *[path(f"looks/{name}/", looking(look)) for name, look in {**LOOKS, **HARMLESS}.items()],
    *site_addresses,
]
handler404 = "coranto.theme.views.not_found"

SURROGATE = ("Surrogate-Control", "Surrogate-Key", "No-Vary-Search", "Coranto-View", "Coranto-Staff")


def told(answer):
    return {name: answer.headers[name] for name in SURROGATE if name in answer.headers}


def is_offered(answer):
    return "max-age" in answer.headers.get("Surrogate-Control", "")


# What is offered --------------------------------------------------------------------------------------------


def test_the_store_is_told_how_long_under_which_tags_and_what_matters(edge):
    answer = edge.get("/plain/")

    assert told(answer) == {
        "Surrogate-Control": "max-age=600, stale-if-error=86400",
        "Surrogate-Key": "list:latest:0 page:1",
        "No-Vary-Search": 'key-order, params, except=("before" "page")',
        "Coranto-View": f"{__name__}.plain",
    }
    assert answer["Cache-Control"] == "public, no-cache"


def test_a_page_lives_as_long_as_what_is_soonest_over(edge):
    assert edge.get("/trending/")["Surrogate-Control"] == (
        "max-age=45, stale-while-revalidate=30, stale-if-error=86400"
    )


def test_a_view_sees_the_parameters_it_knows_and_no_others(edge):
    answer = edge.get("/plain/?utm_source=x&page=2&page=3&fbclid=y&%62efore=z")

    assert answer.content.decode() == (
        "[('before', 'z'), ('page', '3')] before=z&page=2&page=3 /plain/?before=z&page=2&page=3"
    )


def test_the_outer_of_two_public_views_decides(edge):
    answer = edge.get("/outer/?page=2")

    assert answer.content.decode().startswith("[]")
    assert answer["Surrogate-Key"] == "list:latest:0 page:1"
    assert answer["No-Vary-Search"] == "key-order, params, except=()"


def test_a_reader_without_an_edge_sees_nothing_of_it(client):
    answer = client.get("/plain/")

    assert told(answer) == {}
    assert answer["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("url", ["/private/", "/moved/", "/streamed/", "/locked/"])
def test_what_is_not_a_page_for_all_is_not_offered(edge, url, caplog):
    assert not is_offered(edge.get(url))
    assert caplog.messages == []


def test_a_post_is_not_offered(edge):
    assert told(edge.post("/plain/")) == {}


# What a view looks at ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", LOOKS)
@pytest.mark.parametrize("cookies", ["", "theme=dark; coranto_csrf=abcdefghijklmnopqrstuvwxyz012345"])
def test_a_page_for_which_the_view_looked_at_the_reader_is_not_offered(edge, what, cookies, caplog):
    answer = edge.get(f"/looks/{what}/", HTTP_COOKIE=cookies, HTTP_USER_AGENT="Ada's")

    assert (answer.status_code, answer.content) == (200, b"the same for all")
    assert not is_offered(answer)
    assert "Surrogate-Key" not in answer.headers
    assert answer["Cache-Control"] == "private, no-cache"
    assert [record.getMessage().partition(", because ")[0] for record in caplog.records] == [
        "Not given to the store: test.looking"
    ]


@pytest.mark.parametrize("what", HARMLESS)
def test_looking_at_what_is_the_same_for_all_harms_nothing(edge, what, caplog):
    assert is_offered(edge.get(f"/looks/{what}/", HTTP_COOKIE="theme=dark", HTTP_IF_NONE_MATCH='"x"'))
    assert caplog.messages == []


def test_the_log_says_once_what_the_view_looked_at(edge, caplog):
    for _ in range(3):
        edge.get("/looks/cookie/")

    assert caplog.messages == ["Not given to the store: test.looking, because the view looked at the cookie theme"]


def test_a_template_that_asks_who_reads_is_seen(edge, caplog):
    assert not is_offered(edge.get("/templated/"))
    assert "templated, because the view looked at request.user" in caplog.text
    assert is_offered(edge.get("/untouched-template/"))


def test_the_request_is_itself_again_afterwards(edge, rf, settings):
    from django.contrib.sessions.backends.db import SessionStore

    request = rf.get("/plain/?page=1&utm_source=x", HTTP_HOST="testserver")
    request.session, session = SessionStore(), None
    session, meta, environ = request.session, request.META, request.environ

    plain(request)

    assert request.session is session
    assert (request.META is meta, request.environ is environ) == (True, True)
    assert (request.META["QUERY_STRING"], request.GET.dict()) == (
        "page=1&utm_source=x",
        {"page": "1", "utm_source": "x"},
    )
    assert request.headers["Host"] == "testserver"
    assert not request.public_page.watch


# Staff ------------------------------------------------------------------------------------------------------


def test_staff_get_a_page_of_their_own(edge, db):
    edge.force_login(Account.objects.create_superuser("cora@lantern.example", "a long enough secret"))
    answer = edge.get("/looks/cookie/?utm_source=x")

    assert told(answer) == {"Coranto-Staff": "1"}
    assert answer["Cache-Control"] == "private, no-cache"


def test_whoever_only_claims_a_session_gets_a_page_of_their_own_and_learns_nothing(edge, db):
    edge.cookies["coranto_session"] = "whatever"
    answer = edge.get("/looks/cookie/?utm_source=x")

    assert told(answer) == {}
    assert answer["Cache-Control"] == "private, no-cache"


def test_a_staff_request_keeps_all_its_parameters(edge):
    edge.cookies["coranto_session"] = "whatever"

    assert "utm_source" in edge.get("/plain/?utm_source=x").content.decode()


def test_without_an_edge_nobody_learns_that_staff_asks(client):
    client.cookies["coranto_session"] = "whatever"

    assert told(client.get("/plain/")) == {}


# Entitlement ------------------------------------------------------------------------------------------------


def test_a_page_that_asks_for_the_entitlement_varies_by_it(edge):
    answer = edge.get("/leveled/", HTTP_CORANTO_ENTITLEMENT="tier-2")

    assert answer.content.decode() == "as tier-2 may read it"
    assert (is_offered(answer), answer["Vary"]) == (True, "Coranto-Entitlement")
    assert "Coranto-Entitlement" not in edge.get("/plain/").headers.get("Vary", "")


def test_nobody_but_the_edge_says_what_a_reader_may_read(client, settings):
    settings.TRUSTED_PROXIES = ("127.0.0.1",)
    answer = client.get("/leveled/", HTTP_CORANTO_ENTITLEMENT="tier-2")

    assert answer.content.decode() == "as visitor may read it"


def test_without_an_edge_the_cookie_itself_is_checked(client, settings):
    import time

    key = entitlement.derive_key(settings.SECRET_KEY)
    member = entitlement.Entitlement("tier-2", "s1", int(time.time()) + 300)
    client.cookies[entitlement.COOKIE] = entitlement.write(member, key)
    answer = client.get("/leveled/")

    assert answer.content.decode() == "as tier-2 may read it"
    assert (answer["Vary"], answer["Cache-Control"]) == ("Cookie", "private, no-cache")
    client.cookies[entitlement.COOKIE] = entitlement.write(member, b"another key")
    assert client.get("/leveled/").content.decode() == "as visitor may read it"


# Missing pages ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["/missing/", "/nothing-here/", "/nothing-here/?p=2", "/a/b.c/d/"])
def test_a_missing_page_is_offered_for_a_moment(edge, url):
    answer = edge.get(url)

    assert answer.status_code == 404
    assert answer["Surrogate-Control"].removesuffix(', content="ESI/1.0"') == "max-age=5, stale-if-error=5"
    assert "missing" in answer["Surrogate-Key"].split()
    # Any parameter may matter: an imported redirect may be for one.
    assert "No-Vary-Search" not in answer.headers


def test_a_missing_page_carries_what_it_shows(edge):
    assert {"menu", "missing", "publication"} <= set(edge.get("/missing/")["Surrogate-Key"].split())


def test_what_is_missing_for_readers_only_is_not_offered(edge):
    assert not is_offered(edge.get("/for-staff-only/"))


def test_a_missing_page_is_not_offered_for_staff(edge):
    edge.cookies["coranto_session"] = "whatever"

    assert not is_offered(edge.get("/nothing-here/"))
