"""What readers get, from the outside."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coranto.kit import clock
from coranto.newsroom.models import Article, Section

pytestmark = pytest.mark.django_db


def test_article_answers_at_its_section_and_slug(client, write):
    article = write("Trams return", slug="trams-return", standfirst="After a year.")
    response = client.get("/city/trams-return/")
    assert response.status_code == 200
    assert article.title in response.text
    assert "The first tram left at five." in response.text
    assert response.cookies == {}


@pytest.mark.parametrize("path", ["/", "/latest/", "/search/", "/search/?q=tram", "/authors/", "/authors/ada-thorne/"])
def test_public_page_answers_without_a_cookie(client, write, path):
    write()
    response = client.get(path)
    assert response.status_code == 200
    assert response.cookies == {}


def test_draft_is_not_found_by_anybody(client, write, cora):
    write(publish=False, live=False, slug="draft")
    assert client.get("/city/draft/").status_code == 404
    client.force_login(cora)
    assert client.get("/city/draft/").status_code == 404


def test_private_article_exists_for_staff_only(client, write, cora, dov):
    write(slug="inside", visibility="private")
    assert client.get("/city/inside/").status_code == 404
    client.force_login(dov)
    assert client.get("/city/inside/").status_code == 404
    client.force_login(cora)
    response = client.get("/city/inside/")
    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"


@pytest.fixture
def locked(write):
    return write("Behind the door", slug="locked", visibility="password", password="sesame")


def test_locked_article_shows_nothing_of_itself_before_the_password(client, locked):
    response = client.get("/city/locked/")
    assert response.status_code == 200
    assert "The first tram" not in response.text
    assert "sesame" not in response.text


def test_right_password_opens_the_article_and_a_new_password_locks_it_again(client, locked):
    response = client.post("/city/locked/", {"password": "sesame"})
    assert (response.status_code, response["Location"]) == (302, "/city/locked/")
    assert "The first tram" in client.get("/city/locked/").text
    Article.objects.filter(pk=locked.pk).update(password="another")
    assert "The first tram" not in client.get("/city/locked/").text


def test_wrong_password_says_so_and_opens_nothing(client, locked):
    response = client.post("/city/locked/", {"password": "open up"})
    assert "The first tram" not in response.text
    assert response.cookies == {}


def test_cookie_of_one_locked_article_does_not_open_another(client, locked, write):
    write("Second door", slug="second", visibility="password", password="sesame")
    client.post("/city/locked/", {"password": "sesame"})
    cookie = client.cookies[f"unlocked-{locked.pk}"].value
    other = Article.objects.get(slug="second")
    client.cookies[f"unlocked-{other.pk}"] = cookie
    assert "The first tram" not in client.get("/city/second/").text


def test_guessing_a_password_ends_after_ten_attempts(client, locked):
    for _ in range(10):
        client.post("/city/locked/", {"password": "wrong"})
    response = client.post("/city/locked/", {"password": "sesame"})
    assert response.status_code == 200
    assert "Too many attempts" in response.text


@pytest.mark.parametrize("visibility", ["private", "password"])
@pytest.mark.parametrize("path", ["/", "/latest/", "/city/", "/authors/ada-thorne/", "/search/?q=secret"])
def test_article_not_for_everybody_is_in_no_list(client, write, run_tasks, visibility, path):
    write("A secret headline", visibility=visibility, password="x")
    run_tasks()
    assert "secret headline" not in client.get(path).text


def test_search_finds_words_of_headline_body_and_author(client, write, run_tasks):
    address = write("Trams return").address
    for words in ("trams", "five", "Ada Thorne", "TRAMS five"):
        found = client.get("/search/", {"q": words}).context["results"].found
        assert [each.card.article.address for each in found] == [address], words
    assert not client.get("/search/", {"q": "submarine"}).context["results"].found


@pytest.mark.parametrize(
    "asked",
    [
        '"',
        'foo"bar',
        "\x00",
        "   ",
        "word " * 600,
        "*",
        "NEAR(",
        "a OR",
        "-",
        "col:x",
        "'; DROP",
        "\ud83d",
        "(",
        "é" * 500,
    ],
)
def test_no_search_makes_an_error(client, write, run_tasks, asked):
    write()
    run_tasks()
    assert client.get("/search/", {"q": asked.encode("utf-8", "replace").decode()}).status_code == 200


def test_unknown_page_number_of_a_search_is_the_first(client, write):
    for page in ("0", "-1", "x", "99999999999999999999", "²"):
        assert client.get("/search/", {"q": "tram", "page": page}).status_code == 200


@pytest.mark.parametrize("cursor", ["x", "1-", "-", "99999999999999999999999-1", "1-x"])
def test_cursor_we_did_not_write_is_not_found(client, write, cursor):
    assert client.get("/latest/", {"before": cursor}).status_code == 404


def test_old_address_of_a_renamed_article_leads_to_the_new_one(client, write):
    article = write(slug="old-name")
    article.slug = "new-name"
    article.save_revision().publish()
    response = client.get("/city/old-name/?from=mail")
    assert (response.status_code, response["Location"]) == (301, "/city/new-name/?from=mail")


def test_old_address_of_a_renamed_section_leads_on_with_every_article_in_it(client, write, city):
    write(slug="trams")
    section = Section.objects.get(pk=city.pk)
    section.slug = "town"
    section.save_revision().publish()
    assert client.get("/city/")["Location"] == "/town/"
    assert client.get("/city/trams/")["Location"] == "/town/trams/"
    assert client.get("/city/never-was/").status_code == 404


def test_article_renamed_before_its_section_is_still_found(client, write, city):
    article = write(slug="one")
    article.slug = "two"
    article.save_revision().publish()
    section = Section.objects.get(pk=city.pk)
    section.slug = "town"
    section.save_revision().publish()
    assert client.get("/city/one/")["Location"] == "/town/two/"
    assert client.get("/city/two/")["Location"] == "/town/two/"


def test_address_taken_by_a_new_article_serves_the_new_one(client, write):
    article = write("First", slug="name")
    article.slug = "other"
    article.save_revision().publish()
    write("Second", slug="name")
    assert "Second" in client.get("/city/name/").text


def test_old_address_of_a_withdrawn_article_leads_nowhere(client, write):
    article = write(slug="old")
    article.slug = "new"
    article.save_revision().publish()
    article.unpublish()
    assert client.get("/city/old/").status_code == 404


def test_scheduled_article_is_not_there_before_its_hour(client, write):
    article = write(publish=False, live=False, slug="later", go_live_at=clock.now() + timedelta(hours=1))
    article.save_revision().publish()
    assert client.get("/city/later/").status_code == 404


def test_canonical_address_is_the_originals_when_its_licence_asks(client, write):
    from coranto.newsroom.models import Credit

    article = write(slug="via", publish=False)
    article.credits = [
        Credit(
            relation="via",
            outlet="Harbour Wire",
            original_url="https://wire.example/1",
            licence="CC BY-SA 4.0",
            canonical_is_original=True,
        )
    ]
    article.save_revision().publish()
    assert '<link rel="canonical" href="https://wire.example/1">' in client.get("/city/via/").text


def test_canonical_address_is_our_own_otherwise(client, write):
    write(slug="own")
    assert '<link rel="canonical" href="http://localhost:8000/city/own/">' in client.get("/city/own/").text


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, write, method):
    write(slug="own")
    assert getattr(client, method)("/city/own/").status_code == 405


def test_password_sent_from_another_site_is_refused(client, locked):
    response = client.post("/city/locked/", {"password": "sesame"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403
    assert response.cookies == {}


def test_looking_at_a_locked_article_leaves_no_cookie(client, locked):
    assert client.get("/city/locked/").cookies == {}


def test_plain_address_of_an_imported_article_leads_to_it(client, write):
    from wagtail.contrib.redirects.models import Redirect

    article = write(slug="trams")
    Redirect.objects.create(old_path=Redirect.normalise_path("/?p=12"), redirect_page=article, is_permanent=True)
    response = client.get("/?p=12")
    assert (response.status_code, response["Location"]) == (301, "/city/trams/")
    assert client.get("/?p=13").status_code == 200
    assert client.get("/?p=%00").status_code == 200


@pytest.mark.parametrize("visibility", ["private", "draft"])
def test_no_old_address_tells_of_an_article_that_is_not_public(client, write, visibility):
    from wagtail.contrib.redirects.models import Redirect

    article = write(slug="old")
    article.slug = "a-secret-headline"
    article.save_revision().publish()
    for path in ("/?p=12", "/2020/old/"):
        Redirect.objects.create(old_path=Redirect.normalise_path(path), redirect_page=article, is_permanent=True)
    if visibility == "draft":
        article.unpublish()
    else:
        Article.objects.filter(pk=article.pk).update(visibility="private")
    assert client.get("/city/old/").status_code == 404
    assert client.get("/2020/old/").status_code == 404
    assert client.get("/?p=12").status_code == 200


def test_stored_redirect_keeps_the_readers_query(client, write):
    from wagtail.contrib.redirects.models import Redirect

    article = write(slug="trams")
    Redirect.objects.create(old_path="/2020/trams", redirect_page=article, is_permanent=True)
    Redirect.objects.create(old_path="/feed", redirect_link="https://feeds.example/", is_permanent=False)
    assert client.get("/2020/trams/?from=mail")["Location"] == "/city/trams/?from=mail"
    response = client.get("/feed/")
    assert (response.status_code, response["Location"]) == (302, "https://feeds.example/")


def test_link_to_a_private_article_has_no_address(client, write):
    private = write(slug="inside", visibility="private")
    write(slug="out", body=[{"type": "paragraph", "value": f'<p><a linktype="page" id="{private.pk}">x</a></p>'}])
    assert "/city/inside/" not in client.get("/city/out/").text


@pytest.mark.parametrize("fields", [{"visibility": "private"}, {"publish": False, "live": False}])
def test_author_and_topic_of_nothing_public_are_not_found(client, write, fields):
    article = write(**fields)
    article.topics.add("Secret plans")
    article.save()
    assert client.get("/authors/ada-thorne/").status_code == 404
    assert client.get("/topics/secret-plans/").status_code == 404
    assert "Ada Thorne" not in client.get("/authors/").text


def test_withdrawn_article_is_shown_by_no_list_even_where_its_place_was_left(client, write):
    write("Trams return")
    Article.objects.update(live=False)
    for path in ("/", "/latest/", "/city/"):
        assert "Trams return" not in client.get(path).text


@pytest.mark.parametrize(
    "path", ["/%00/", "/city/%00/", "/authors/%00/", "/topics/%00/", "/latest/?before=0-9" + "9" * 40]
)
def test_odd_address_is_not_found(client, city, path):
    assert client.get(path).status_code == 404


def test_search_page_of_thousands_of_digits_is_the_first(client, city):
    assert client.get("/search/", {"q": "tram", "page": "9" * 5000}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/latest/", "/city/", "/search/", "/authors/"])
def test_head_is_answered_like_get(client, write, path):
    write()
    assert client.head(path).status_code == 200


def test_article_with_a_cyrillic_address_opens_with_its_password(client, write, make_section):
    section = make_section("Politics", slug="політика")
    article = write(section=section, slug="стаття", visibility="password", password=" с паролем ")
    response = client.post(article.address, {"password": " с паролем "})
    cookie = next(iter(response.cookies.values()))
    assert cookie["path"] == "/%D0%BF%D0%BE%D0%BB%D1%96%D1%82%D0%B8%D0%BA%D0%B0/%D1%81%D1%82%D0%B0%D1%82%D1%82%D1%8F/"
    assert "The first tram" in client.get(article.address).text


def test_renamed_plain_page_is_found_at_its_old_address(client, city):
    from coranto.masthead.models import PlainPage

    about = city.get_parent().add_child(instance=PlainPage(title="About", slug="about"))
    about.slug = "about-us"
    about.save_revision().publish()
    assert client.get("/about/")["Location"] == "/about-us/"
