"""What stands on the pages, as programs that read them find it."""

from __future__ import annotations

import json
import re

import mf2py
import pytest
from django.conf import settings
from django.template import engines
from django.test import override_settings

from coranto.kit import clock
from coranto.masthead import operations
from coranto.theme.views import not_found

ORIGIN = "http://localhost:8000"


def items(client, address):
    parsed = mf2py.parse(doc=client.get(address).text, url=ORIGIN + address)
    return parsed["items"], parsed


def entry(client, article):
    found, _ = items(client, article.address)
    return next(each for each in found if each["type"] == ["h-entry"])


def test_article_is_an_entry_with_all_its_parts(client, paper):
    from paper import WORDS

    parts = entry(client, paper.article)["properties"]

    assert parts["name"] == [WORDS["en"].headline]
    assert parts["summary"] == [paper.article.standfirst]
    assert parts["url"] == [f"{ORIGIN}/city/article-2/"]
    assert parts["published"] == ["2026-03-01T10:00:00+0000"]
    assert parts["updated"] == ["2026-03-01T11:00:00+0000"]
    assert parts["category"] == ["City", "Economy", "Trams", "Public money"]
    assert [each["properties"]["name"][0] for each in parts["author"]] == ["Ada Thorne", "Bruno Kellaway"]
    assert parts["author"][0]["properties"]["url"] == [f"{ORIGIN}/authors/ada-thorne/"]
    assert parts["photo"][0]["alt"] == "Cranes against an evening sky."
    assert parts["content"][0]["value"].startswith("The wire that feeds the trams")


def test_comments_are_citations_in_the_entry(client, paper):
    comments = entry(client, paper.article)["properties"]["comment"]

    assert [each["type"] for each in comments] == [["h-cite"]] * 9
    first = comments[0]["properties"]
    assert first["author"][0]["properties"]["name"] == ["Pump Road, no. 31"]
    assert first["published"] == ["2026-03-01T12:01:00+0000"]
    assert first["content"][0]["value"] == "Words at depth 1. A link"


def test_who_wrote_a_piece_elsewhere_is_named_before_us(client, paper):
    authors = entry(client, paper.syndicated)["properties"]["author"]

    assert [each["properties"]["name"][0] for each in authors] == ["Agnes Pellory", "Bruno Kellaway"]


def test_credit_says_whence_and_on_what_terms(client, paper):
    html = client.get(paper.syndicated.address).text

    assert "Op-ed by Agnes Pellory, via The Brackwater Courier." in html
    assert "Reprinted with permission" in html
    assert 'href="https://courier.example/orchard"' in html
    assert '<link rel="canonical" href="https://courier.example/orchard">' in html


@pytest.mark.parametrize("address", ["/", "/latest/", "/city/", "/authors/ada-thorne/", "/topics/trams/"])
def test_list_is_a_feed_of_entries(client, paper, address):
    found, _ = items(client, address)
    feed = next(each for each in found if each["type"] == ["h-feed"])
    first = feed["children"][0]["properties"]

    assert first["name"] == [paper.article.headline]
    assert first["url"] == [f"{ORIGIN}/city/article-2/"]
    assert first["published"] == ["2026-03-01T10:00:00+0000"]


def test_channels_and_an_authors_links_are_our_own(client, paper):
    _, parsed = items(client, "/authors/ada-thorne/")

    assert parsed["rels"]["me"] == [
        "https://social.example/@ada",
        "https://video.example/channel",
        "https://social.example/@lantern",
    ]


def test_structured_data_cannot_end_its_element():
    source = "{% load structured %}{% structured_data data %}"
    said = "</script><script>alert(1)</script>&<!--\u2028\u2029"
    html = engines["django"].from_string(source).render({"data": {"headline": said}})

    assert re.findall(r"[<>]", html) == ["<", ">", "<", ">"]
    assert "&" not in html
    assert "\u2028" not in html
    assert json.loads(re.sub(r"</?script.*?>", "", html)) == {"headline": said}


def told_to_social_sites(client, article):
    html = client.get(article.address).text
    return dict(re.findall(r'<meta (?:property|name)="([^"]+)"\s+content="([^"]*)"', html))


def test_picture_is_shared_in_a_size_of_ours_and_never_as_the_original(client, paper):
    assert "og:image" not in told_to_social_sites(client, paper.article)
    operations.make_renditions(picture=paper.article.picture, now=clock.now())
    told = told_to_social_sites(client, paper.article)
    assert told["og:image"].startswith(f"{settings.ORIGIN}/media/images/")
    assert told["og:image"].endswith(".webp")
    assert "original_images" not in client.get(paper.article.address).text


def test_article_tells_social_sites_what_it_is(client, paper):
    told = told_to_social_sites(client, paper.article)

    assert told["og:type"] == "article"
    assert told["og:title"] == paper.article.headline
    assert told["og:url"] == f"{settings.ORIGIN}/city/article-2/"
    assert told["og:locale"] == "en"
    assert told["article:published_time"] == "2026-03-01T10:00:00+00:00"
    assert told["description"] == paper.article.standfirst
    assert "robots" not in told


@pytest.mark.parametrize("address", ["/search/", "/search/?q=tram", "/nowhere/", "/city/article-8/"])
def test_pages_that_are_no_result_are_kept_out_of_search_engines(client, paper, address):
    assert '<meta name="robots" content="noindex">' in client.get(address).text


def test_current_section_is_marked(client, paper):
    def marked(address):
        return re.findall(r'<a href="([^"]+)"\s+aria-current="(\w+)"', client.get(address).text)

    assert marked("/city/") == [("/city/", "page")]
    assert marked("/latest/") == [("/latest/", "page")]
    assert marked(paper.article.address) == [("/city/", "true")]
    assert marked("/harbour/") == [("/economy/", "true")]


def test_page_leads_nowhere_that_does_not_answer(client, paper):
    missing = set()
    for page in ["/", "/city/", paper.article.address, paper.syndicated.address, "/authors/", "/authors/ada-thorne/"]:
        for address in re.findall(r'<a [^>]*href="(/[^"#]*)', client.get(page).text):
            if address != "/contact/" and client.get(address).status_code != 200:  # the editor's own link
                missing.add(address)

    assert missing == set()


def test_open_article_without_comments_asks_for_the_first(client, paper):
    html = client.get(paper.syndicated.address).text

    assert "Click to comment" in html
    assert "Leave a Reply" in html
    assert 'class="comment ' not in html


def test_replies_stop_being_moved_in_at_the_sixth_step(client, paper):
    html = client.get(paper.article.address).text

    assert [int(each) for each in re.findall(r"comment--(\d+)", html)] == [1, 2, 3, 4, 5, 6, 6, 6, 6]


def test_made_up_place_in_the_comments_is_their_beginning(client, paper):
    assert "Words at depth 1" in client.get(f"{paper.article.address}?comments=nonsense").text


def test_front_page_without_articles_says_so(client, db):
    assert "The first article has yet to be published." in client.get("/").text


@pytest.mark.parametrize(("language", "direction"), [("de", "ltr"), ("ar", "rtl")])
def test_page_says_its_language_and_direction(client, db, language, direction):
    from paper import print_paper

    print_paper(language, articles=2)

    assert f'<html lang="{language}" dir="{direction}">' in client.get("/").text


@pytest.mark.django_db
def test_preview_may_ask_for_one_of_the_two_schemes(rf):
    def head(**asked):
        request = rf.get("/nowhere/")
        for name, value in asked.items():
            setattr(request, name, value)
        return " ".join(not_found(request).text.partition("<link")[0].split())

    assert 'dir="ltr" data-scheme="dark">' in head(preview_scheme="dark")
    assert '<meta name="color-scheme" content="dark">' in head(preview_scheme="dark")
    assert "data-scheme" not in head()
    assert '<meta name="color-scheme" content="light dark">' in head()


@pytest.mark.parametrize("length", [20, 100, 101, 180])
def test_headline_of_many_words_is_set_smaller(client, paper, length):
    from coranto.newsroom.models import Article

    article = Article.objects.get(pk=paper.article.pk)
    article.title = ("word " * 40)[: length - 1] + "s"
    article.save()

    assert ("article__headline--long" in client.get(paper.article.address).text) == (length > 100)


def test_author_without_portrait_has_an_initial(client, paper):
    initials = re.findall(r'person__initial" aria-hidden="true">(.)<', client.get("/authors/").text)

    assert initials == ["B"]


def the_publication():
    from coranto.masthead.models import Publication

    return Publication.objects.get()


# Colours ------------------------------------------------------------------------------------------------


def test_colours_may_be_kept_for_ever_at_the_address_pages_name(client, paper):
    address = re.search(r'href="(/-/colours\.css\?v=\w+)"', client.get("/").text)[1]
    response = client.get(address)

    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/-/colours.css?v=old")["Cache-Control"] == "public, max-age=60"
    assert "--accent:#8a1c1c" in response.text


def test_new_accent_has_a_new_address(client, paper):
    def address():
        return re.search(r'href="(/-/colours\.css\?v=\w+)"', client.get("/").text)[1]

    before = address()
    publication = the_publication()
    publication.accent_colour = "#0b4f6c"
    publication.save()

    assert address() != before
    assert "--accent:#0b4f6c" in client.get(address()).text


# What went wrong ------------------------------------------------------------------------------------------


def test_missing_page_offers_a_search(client, paper):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert 'action="/search/"' in response.text


def test_missing_machinery_is_told_in_plain_text(client, db):
    response = client.get("/-/nothing/")

    assert response.status_code == 404
    assert response["Content-Type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize("view", ["server_error", "bad_request", "forbidden", "csrf_failure"])
def test_page_of_an_error_needs_no_database(rf, view):
    # No `db` fixture: pytest-django refuses every query here.
    from coranto.theme import views

    response = getattr(views, view)(rf.get("/"))

    assert response.status_code == {"server_error": 500, "bad_request": 400}.get(view, 403)
    assert "<h1>" in response.text


def test_form_without_its_token_is_refused_in_plain_words(db):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"password": "sesame"})

    assert response.status_code == 403
    assert "The form could not be accepted." in response.text


# Players --------------------------------------------------------------------------------------------------

WITH_PLAYERS = [*settings.MIDDLEWARE]
if "coranto.theme.middleware.PlayerPolicyMiddleware" not in WITH_PLAYERS:
    WITH_PLAYERS.insert(
        WITH_PLAYERS.index("coranto.masthead.middleware.PolicyMiddleware") + 1,
        "coranto.theme.middleware.PlayerPolicyMiddleware",
    )


@override_settings(MIDDLEWARE=WITH_PLAYERS)
def test_only_a_page_with_a_player_may_frame_it(client, paper):
    with_player = client.get(paper.article.address)["Content-Security-Policy"]

    assert "frame-src https://www.youtube-nocookie.com" in with_player
    assert "default-src 'none'" in with_player
    assert "frame-src" not in client.get(paper.bare.address)["Content-Security-Policy"]


def test_embed_is_a_link_until_a_script_makes_it_more(client, paper):
    html = client.get(paper.article.address).text

    assert "<iframe" not in html
    assert 'href="https://www.youtube.com/watch?v=eel-ramp_01"' in html
    assert 'data-player="https://www.youtube-nocookie.com/embed/eel-ramp_01?autoplay=1"' in html
    assert html.count("data-player=") == 1
