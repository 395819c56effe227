"""The last look at what leaves the app: offers taken back, static files, pictures, compression."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse
from django.urls import path

from coranto.config.urls import urlpatterns as site_addresses
from coranto.delivery import fragments, pages
from coranto.delivery.middleware import DeliveryMiddleware
from coranto.delivery.rules.front import read_front
from coranto.masthead.queries import publication
from coranto.theme.templatetags.addresses import colours_url

pytestmark = pytest.mark.django_db

PICTURE = "0123456789abcdef0123456789abcdef.png"
HOLE = '<esi:include src="/-/fragments/middleware-part/"/>'


@pytest.fixture
def answer_with(edge, rf):
    """What leaves when something outside the view adds to a public page's answer."""

    @pages.public(name="test.page")
    def view(request):
        return HttpResponse("page")

    def ask(change=lambda response: None, **meta):
        def outside(request):
            response = view(request)
            change(response)
            return response

        meta = {"REMOTE_ADDR": "", "HTTP_SURROGATE_CAPABILITY": 'coranto="ESI/1.0"', **meta}
        return DeliveryMiddleware(outside)(rf.get("/", **meta))

    return ask


# Offers taken back ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda response: response.set_cookie("theme", "dark"), "it sets the cookie theme"),
        (lambda response: response.headers.__setitem__("Vary", "Accept-Encoding, cookie"), "(Vary: Cookie)"),
        (lambda response: response.headers.__setitem__("Vary", "User-Agent"), "it varies by user-agent"),
        (lambda response: response.headers.__setitem__("Vary", "*"), "it varies by *"),
        (lambda response: response.headers.__setitem__("Cache-Control", "private"), "keeps it to one reader"),
        (lambda response: setattr(response, "status_code", 503), "its status is 503"),
    ],
)
def test_what_became_one_readers_outside_the_view_is_kept_from_the_store(answer_with, change, reason, caplog):
    answer = answer_with(change)

    assert {"Surrogate-Control", "Surrogate-Key", "No-Vary-Search"} & set(answer.headers) == set()
    assert "private" in answer["Cache-Control"]
    assert [message.partition(", because ")[0] for message in caplog.messages] == ["Not given to the store: test.page"]
    assert reason in caplog.text


def test_an_innocent_vary_is_no_reason(answer_with, caplog):
    answer = answer_with(lambda response: response.headers.__setitem__("Vary", "Accept-Encoding"))

    assert answer["Surrogate-Control"] == "max-age=600, stale-if-error=86400"
    assert caplog.messages == []


def test_a_stranger_cannot_pass_for_the_edge(answer_with):
    answer = answer_with(REMOTE_ADDR="198.51.100.7", HTTP_CORANTO_ENTITLEMENT="staff")

    assert [name for name in answer.headers if name.startswith(("Surrogate", "Coranto", "No-Vary"))] == []


def test_a_trusted_proxy_that_puts_in_fragments_is_told_what_to_keep(answer_with, settings):
    settings.TRUSTED_PROXIES = ("10.0.0.1",)
    answer = answer_with(REMOTE_ADDR="10.0.0.1")

    assert answer["Surrogate-Control"] == "max-age=600, stale-if-error=86400"
    assert "Coranto-View" not in answer.headers


def test_a_configured_front_cache_is_told_in_its_own_words(answer_with, settings):
    settings.FRONT_CACHE = read_front("cloudflare://token@zone")
    answer = answer_with(REMOTE_ADDR="198.51.100.7", HTTP_SURROGATE_CAPABILITY="")

    assert answer["CDN-Cache-Control"] == "max-age=600"
    assert answer["Cache-Tag"] == ""
    assert answer["Cache-Control"] == "public, no-cache"


def test_fastly_is_told_the_tags_under_a_name_the_edge_hands_on(edge, settings):
    settings.FRONT_CACHE = read_front("fastly://token@service")
    answer = edge.get("/latest/")

    assert answer["Coranto-Front-Key"] == answer["Surrogate-Key"] != ""
    assert answer["CDN-Cache-Control"] == "max-age=600"


# Holes ------------------------------------------------------------------------------------------------------


@pages.public()
def page_with_hole(request):
    return HttpResponse(fragments.put_in(request, "middleware-part"))


urlpatterns = [path("page-with-hole/", page_with_hole), *site_addresses]


@pytest.fixture
def part(monkeypatch):
    one = fragments.Fragment("middleware-part", render=lambda request: "<b>part</b>")
    monkeypatch.setitem(fragments._registered, one.name, one)


@pytest.mark.urls(__name__)
def test_the_edge_is_told_of_holes_whether_it_may_keep_the_page_or_not(edge, part):
    kept = edge.get("/page-with-hole/")
    edge.cookies["coranto_session"] = "staff"
    staff = edge.get("/page-with-hole/")

    assert (kept.content, staff.content) == (HOLE.encode(), HOLE.encode())
    assert kept["Surrogate-Control"] == 'max-age=600, stale-if-error=86400, content="ESI/1.0"'
    assert staff["Surrogate-Control"] == 'no-store, content="ESI/1.0"'


@pytest.mark.urls(__name__)
def test_a_front_cache_that_cannot_fill_holes_gets_whole_pages(edge, part, settings):
    settings.FRONT_CACHE = read_front("fastly://token@service")
    answer = edge.get("/page-with-hole/")

    assert answer.content == b"<b>part</b>"
    assert "content" not in answer["Surrogate-Control"]


# Static files, colours, pictures ----------------------------------------------------------------------------


@pytest.fixture
def static(edge):
    """Asks for a static file and closes it."""

    def ask(address):
        answer = edge.get(address)
        answer.close()
        return answer

    return ask


def test_a_static_file_at_its_fingerprint_is_kept_for_ever(static):
    answer = static(staticfiles_storage.url("theme/base.css"))

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Surrogate-Control"] == "max-age=86400, stale-if-error=86400"
    assert (answer["Surrogate-Key"], answer["No-Vary-Search"]) == ("static", 'key-order, params, except=("v")')


def test_at_an_invented_fingerprint_it_is_not_kept(static):
    answer = static("/static/theme/base.css?v=0123456789ab")

    assert answer.status_code == 200
    assert answer["Cache-Control"] == "max-age=86400, public"
    assert "Surrogate-Control" not in answer.headers


def test_without_one_it_is_kept_for_a_while(static):
    assert static("/static/theme/base.css")["Surrogate-Control"] == "max-age=600, stale-if-error=86400"


def test_the_colours_are_kept_at_their_own_address_alone(edge, client):
    current = colours_url(publication().accent_colour)
    right, wrong = edge.get(current), edge.get("/-/colours.css?v=wrong")

    assert right["Surrogate-Control"] == "max-age=86400, stale-if-error=86400"
    assert "immutable" in right["Cache-Control"]
    assert wrong["Surrogate-Control"] == "no-store"
    assert "Surrogate-Control" not in client.get(current).headers


@pytest.fixture
def picture(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    (settings.MEDIA_ROOT / PICTURE).write_bytes(b"\x89PNG and so on")
    (settings.MEDIA_ROOT / "plain.png").write_bytes(b"\x89PNG and so on")
    return settings.MEDIA_ROOT / PICTURE


def test_the_edge_sends_a_picture_itself(edge, picture):
    answer = edge.get(f"/media/{PICTURE}")

    assert (answer.content, answer["X-Sendfile"]) == (b"", str(picture))
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Surrogate-Control"] == "max-age=86400, stale-if-error=86400"


def test_a_file_that_may_become_another_is_asked_for_again_soon(edge, picture):
    assert edge.get("/media/plain.png")["Surrogate-Control"] == "max-age=60, stale-if-error=86400"


def test_without_an_edge_the_app_sends_it(client, picture, settings):
    settings.TRUSTED_PROXIES = ("127.0.0.1",)
    answer = client.get(f"/media/{PICTURE}", HTTP_SURROGATE_CAPABILITY='varnish="ESI/1.0"')

    assert b"".join(answer) == b"\x89PNG and so on"
    assert {"X-Sendfile", "Coranto-View"} & set(answer.headers) == set()


# Compression ------------------------------------------------------------------------------------------------


def test_behind_an_edge_nothing_is_compressed(edge, client):
    through, direct = (asks.get("/", HTTP_ACCEPT_ENCODING="gzip") for asks in (edge, client))

    assert ("Content-Encoding" in through.headers, direct["Content-Encoding"]) == (False, "gzip")
