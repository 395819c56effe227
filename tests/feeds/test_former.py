"""Who subscribed before a move, or before a section got another name, goes on being told."""

from __future__ import annotations

import pytest
from wagtail.contrib.redirects.models import Redirect

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("/feed/", "/rss.xml"),
        ("/feed/rss/", "/rss.xml"),
        ("/feed/rss2/", "/rss.xml"),
        ("/feed/rdf/", "/rss.xml"),
        ("/feed/atom/", "/atom.xml"),
        ("/feed/json/", "/feed.json"),
        ("/feed/?withoutcomments=1", "/rss.xml?withoutcomments=1"),
        ("/city/feed/", "/city/rss.xml"),
        ("/city/feed/atom/", "/city/atom.xml"),
        ("/authors/ada-thorne/feed/", "/authors/ada-thorne/rss.xml"),
        ("/category/news/local/feed/", "/city/rss.xml"),
        ("/tag/tram/feed/atom/", "/topics/trams/atom.xml"),
    ],
)
def test_subscriber_of_a_wordpress_feed_is_sent_to_ours(client, lantern, asked, told):
    Redirect.objects.create(old_path="/category/news/local", redirect_link="/city/")
    Redirect.objects.create(old_path="/tag/tram", redirect_link="/topics/trams/")
    response = client.get(asked)

    assert (response.status_code, response.get("Location")) == (301, told)
    assert client.get(told).status_code == 200


@pytest.mark.parametrize(
    "asked",
    ["/comments/feed/", "/city/article-1/feed/", "/nothing/feed/", "/feed/pdf/", "/a/b/c/feed/", "/fe%00ed/feed/"],
)
def test_feed_we_have_not_is_not_found(client, lantern, asked):
    response = client.get(asked, follow=True)

    assert response.status_code == 404


def test_redirect_of_the_editors_own_goes_before(client, lantern):
    Redirect.objects.create(old_path="/feed", redirect_link="https://feeds.example/", is_permanent=False)
    response = client.get("/feed/")

    assert (response.status_code, response.get("Location")) == (302, "https://feeds.example/")


def test_feed_of_a_section_goes_where_the_section_goes(client, lantern, cora):
    section = lantern.article.get_parent().specific
    section.slug = "town"
    section.save_revision(user=cora).publish()

    assert client.get("/city/rss.xml").get("Location") == "/town/rss.xml"
    assert client.get("/city/feed/", follow=True).redirect_chain[-1] == ("/town/rss.xml", 301)
    assert client.get("/city/nothing.pdf", follow=True).status_code == 404
