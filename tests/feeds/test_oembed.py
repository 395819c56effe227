"""What other sites learn of an article whose address somebody puts into a page there."""

from __future__ import annotations

import pytest
from formats import tree
from lxml import html

pytestmark = pytest.mark.django_db

ORIGIN = "http://localhost:8000"


def ask(client, url, **more):
    return client.get("/-/oembed", {"url": url, **more})


def test_article_is_a_link_with_its_title_author_and_picture(client, lantern):
    response = ask(client, ORIGIN + lantern.article.address)
    data = response.json()

    assert response["Content-Type"] == "application/json"
    assert data.pop("thumbnail_url").startswith(f"{ORIGIN}/media/images/harbour")
    assert data == {
        "version": "1.0",
        "type": "link",
        "title": lantern.article.headline,
        "author_name": "Ada Thorne, Bruno Kellaway",
        "provider_name": "The Estuary Lantern",
        "provider_url": f"{ORIGIN}/",
        "cache_age": 86400,
        "thumbnail_width": 1280,
        "thumbnail_height": 800,
    }


def test_xml_says_the_same(client, lantern):
    url = ORIGIN + lantern.article.address
    root = tree(ask(client, url, format="xml"))

    assert root.tag == "oembed"
    assert {each.tag: each.text for each in root} == {
        name: str(value) for name, value in ask(client, url).json().items()
    }


def test_author_of_a_syndicated_piece_is_who_wrote_it(client, paper):
    data = ask(client, ORIGIN + paper.syndicated.address).json()

    assert data["author_name"] == "Agnes Pellory, Bruno Kellaway"
    assert "thumbnail_url" not in data


def test_single_author_has_an_address(client, paper):
    data = ask(client, f"{ORIGIN}/city/article-10/").json()

    assert (data["author_name"], data["author_url"]) == ("Ada Thorne", f"{ORIGIN}/authors/ada-thorne/")


@pytest.mark.parametrize(
    ("measure", "shown"), [({"maxwidth": "1279"}, 0), ({"maxheight": "800"}, 3), ({"maxwidth": "x"}, 3)]
)
def test_picture_is_no_larger_than_asked_for(client, lantern, measure, shown):
    data = ask(client, ORIGIN + lantern.article.address, **measure).json()

    assert len([each for each in data if each.startswith("thumbnail")]) == shown


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/city/article-10/",
        "https://elsewhere.example/city/article-10/",
        "http://localhost:8000@elsewhere.example/city/article-10/",
        "http://localhost:8000/",
        "http://localhost:8000/city/",
        "http://localhost:8000/city/nothing/",
        "http://localhost:8000/city/article-10/more/",
        "http://localhost:8000/city/%00/",
        "javascript://localhost:8000/city/article-10/",
        "http://[::1/city/article-10/",
        "//localhost:8000/city/article-10/",
        "http://localhost:8000/city/article-8/",  # behind a password
        "http://localhost:8000/city/article-9/",  # for staff
    ],
)
def test_of_anything_else_there_is_nothing_to_say(client, paper, url):
    from coranto.newsroom.models import Article

    Article.objects.filter(slug="article-9").update(visibility="private")
    response = ask(client, url)

    assert response.status_code == 404
    assert "Location" not in response
    assert "Behind" not in response.text


def test_format_nobody_speaks_is_not_implemented(client, paper):
    assert ask(client, ORIGIN + paper.article.address, format="yaml").status_code == 501


def test_page_says_where_to_ask(client, paper):
    page = html.fromstring(client.get(paper.article.address).content)
    named = {each.get("type"): each.get("href") for each in page.xpath("//link[contains(@type, 'oembed')]")}

    assert set(named) == {"application/json+oembed", "text/xml+oembed"}
    titles = [client.get(each.removeprefix(ORIGIN)).text for each in named.values()]
    assert all(paper.article.headline in each for each in titles)


@pytest.mark.parametrize("count", [3, 40])
def test_answer_takes_a_fixed_number_of_queries(client, store, count, django_assert_num_queries):
    article = store(count)[-1]
    with django_assert_num_queries(6):
        assert ask(client, ORIGIN + article.address).status_code == 200
