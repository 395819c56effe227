from __future__ import annotations

import re

import pytest
from django.core.exceptions import ValidationError
from django.test.signals import template_rendered
from django.utils import timezone

from coranto.kit import clock
from coranto.masthead.models import ChannelLink, NavigationLink, PlainPage, Publication

pytestmark = pytest.mark.django_db


@pytest.fixture
def lantern():
    publication = Publication(name="The Estuary Lantern", tagline="From the mouth of the Vane")
    publication.legal_lines = "Register no. 1177\n\nSorrel Bay"
    publication.channels = [ChannelLink(label="Our videos", url="https://video.example/lantern")]
    publication.save()
    return publication


def test_name_and_legal_lines_stand_on_every_page(client, lantern):
    text = client.get("/").text
    assert "The Estuary Lantern" in text
    assert "Register no. 1177" in text


def test_channels_are_links_that_say_they_are_ours(client, lantern):
    import mf2py

    rels = mf2py.parse(doc=client.get("/").text)["rels"]
    assert "https://video.example/lantern" in rels["me"]


def test_site_speaks_the_language_and_direction_of_the_publication(client, lantern):
    Publication.objects.update(language="ar")
    assert 'lang="ar" dir="rtl"' in client.get("/").text


@pytest.fixture
def comment(db):
    from coranto.comments.operations import CommentDraft, add_comments
    from coranto.newsroom.models import FrontPage, Section
    from coranto.newsroom.operations import ArticleDraft, store_articles

    city = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
    draft = ArticleDraft(headline="X", slug="x", section=city, body=[])
    [article] = store_articles(drafts=[draft], by=None, now=clock.now())
    return add_comments(drafts=[CommentDraft(article.pk, "Ada", "<p>Y</p>", "approved")], now=clock.now())[0]


@pytest.fixture
def zones():
    """The time zones in which templates are filled."""
    found = set()

    def note(**_):
        found.add(timezone.get_current_timezone_name())

    template_rendered.connect(note)
    yield found
    template_rendered.disconnect(note)


def test_whatever_people_open_speaks_the_language_of_the_publication_in_its_time_zone(client, lantern, comment, zones):
    Publication.objects.update(language="ar", time_zone="Pacific/Auckland")
    for path in (
        f"/-/comments/write/{comment.article_id}/",
        f"/-/comments/{comment.pk}/",
        f"/-/comments/follow/{comment.article_id}/",
        "/-/comments/confirm/cut-off/",
        "/-/comments/own/cut-off/",
        "/-/comments/999999/",
        "/-/setup/spent/",
        "/-/welcome/cut/off/",
        "/account/login/",
        "/account/password/reset/",
    ):
        page = client.get(path).text
        assert re.search(r'<html lang="ar"\s+dir="rtl"', page), path
        heading = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)[1]
        assert re.search("[\u0600-\u06ff]", heading), (path, heading)
    assert zones == {"Pacific/Auckland"}


def test_plain_page_is_reached_from_the_foot_and_gone_when_withdrawn(client, lantern):
    from coranto.newsroom.models import FrontPage

    about = FrontPage.objects.get().add_child(instance=PlainPage(title="About us", slug="about", body="<p>We.</p>"))
    lantern.navigation = [NavigationLink(place="foot", page=about)]
    lantern.save()
    assert "We." in client.get("/about/").text
    assert 'href="/about/"' in client.get("/").text
    about.unpublish()
    assert client.get("/about/").status_code == 404
    assert 'href="/about/"' not in client.get("/").text


@pytest.mark.parametrize("slug", ["latest", "admin", "authors", "search", "-"])
def test_page_cannot_take_an_address_the_site_answers_itself(slug):
    page = PlainPage(title="Mine", slug=slug, depth=3)
    with pytest.raises(ValidationError) as error:
        page.clean()
    assert "slug" in error.value.message_dict


@pytest.mark.parametrize("colour", ["red", "#fff", "#ffffff", "#f0e000", "javascript:x"])
def test_accent_colour_that_is_none_or_too_pale_is_refused(colour):
    with pytest.raises(ValidationError):
        Publication(name="X", accent_colour=colour).full_clean()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "__all__"),
        ({"url": "/x/"}, "label"),
        ({"url": "javascript:alert(1)", "label": "X"}, "url"),
        ({"url": "//evil.example/", "label": "X"}, "url"),
    ],
)
def test_navigation_line_that_leads_nowhere_good_is_refused(fields, wrong):
    with pytest.raises(ValidationError) as error:
        NavigationLink(**fields).clean()
    assert list(getattr(error.value, "message_dict", {"__all__": 1})) == [wrong]


def test_editor_changes_the_publication_without_code(client, cora, lantern):
    client.force_login(cora)
    page = client.get(f"/admin/settings/masthead/publication/{lantern.pk}/")
    assert page.status_code == 200
    data = {
        "name": "The New Lantern",
        "tagline": "x",
        "accent_colour": "#123456",
        "language": "en",
        "time_zone": "Europe/Paris",
        "legal_lines": "",
        "logo": "",
    }
    for relation in ("channels", "navigation"):
        data |= {f"{relation}-TOTAL_FORMS": 0, f"{relation}-INITIAL_FORMS": 0, f"{relation}-MIN_NUM_FORMS": 0}
    response = client.post(f"/admin/settings/masthead/publication/{lantern.pk}/", data)
    assert response.status_code == 302, response.context["form"].errors
    assert "The New Lantern" in client.get("/").text
