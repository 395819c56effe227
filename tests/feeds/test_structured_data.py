"""What an independent reader (extruct) finds on our pages."""

from __future__ import annotations

import extruct
import pytest

from coranto.newsroom.documents import HEADLINE_LENGTH
from coranto.newsroom.models import Article
from coranto.newsroom.rules import licence_url, shortened

pytestmark = pytest.mark.django_db

ORIGIN = "http://localhost:8000"


def found_on(client, address, syntax="json-ld"):
    return extruct.extract(client.get(address).text, base_url=ORIGIN + address, syntaxes=[syntax])[syntax]


def of_type(client, address, name):
    (data,) = [each for each in found_on(client, address) if each["@type"] == name]
    return data


def test_article_is_told_completely(client, lantern):
    ada = {
        "@type": "Person",
        "name": "Ada Thorne",
        "url": f"{ORIGIN}/authors/ada-thorne/",
        "sameAs": ["https://social.example/@ada"],
    }
    data = of_type(client, lantern.article.address, "NewsArticle")
    (image,) = data.pop("image")

    assert image.pop("url").startswith(f"{ORIGIN}/media/images/harbour")
    assert image == {
        "@type": "ImageObject",
        "width": 1280,
        "height": 800,
        "caption": "The harbour at dusk.",
        "creditText": "Hal Winterbourne",
    }
    (correction,) = data.pop("correction")
    assert correction.pop("datePublished") == data["dateModified"]
    assert correction == {
        "@type": "CorrectionComment",
        "text": "It was paid for three times.\n\nWe regret this.",
        "about": {"@type": "Quotation", "text": "The wire was paid for twice."},
    }
    assert data.pop("dateModified") > "2026-03-01"
    assert data.pop("wordCount") > 50
    assert data == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": f"{ORIGIN}/city/article-2/",
        "url": f"{ORIGIN}/city/article-2/",
        "mainEntityOfPage": f"{ORIGIN}/city/article-2/",
        "headline": lantern.article.headline,
        "description": lantern.article.standfirst,
        "inLanguage": "en",
        "datePublished": "2026-03-01T10:00:00+00:00",
        "author": [ada, {**ada, "name": "Bruno Kellaway", "url": f"{ORIGIN}/authors/bruno-kellaway/"}],
        "articleSection": ["City", "Economy"],
        "keywords": ["Trams", "Public money"],
        "publisher": {"@type": "NewsMediaOrganization", "name": "The Estuary Lantern", "url": f"{ORIGIN}/"},
        "isAccessibleForFree": True,
        "commentCount": 9,
    }


def test_syndicated_article_says_where_it_comes_from(client, paper):
    data = of_type(client, paper.syndicated.address, "NewsArticle")

    assert data["author"] == [{"@type": "Person", "name": "Agnes Pellory"}]
    assert [each["name"] for each in data["editor"]] == ["Bruno Kellaway"]
    assert data["mainEntityOfPage"] == "https://courier.example/orchard"
    assert data["isBasedOn"] == ["https://courier.example/orchard"]
    assert data["sourceOrganization"] == [{"@type": "Organization", "name": "The Brackwater Courier"}]
    assert data["license"] == "Reprinted with permission"


def test_locked_article_says_which_part_is(client, paper, cora):
    client.force_login(cora)
    data = of_type(client, paper.locked.address, "NewsArticle")

    assert data["isAccessibleForFree"] is False
    assert data["hasPart"] == {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".e-content"}
    assert 'e-content"' in client.get(paper.locked.address).text


def test_locked_article_tells_those_outside_nothing(client, paper):
    assert found_on(client, paper.locked.address) == []


def test_way_to_an_article_is_told(client, paper):
    Article.objects.get(slug="article-10").move(paper.section.get_siblings().get(slug="harbour"), pos="last-child")
    data = of_type(client, "/harbour/article-10/", "BreadcrumbList")

    assert [(each["position"], each["name"], each.get("item")) for each in data["itemListElement"]] == [
        (1, "The Estuary Lantern", f"{ORIGIN}/"),
        (2, "Economy", f"{ORIGIN}/economy/"),
        (3, "Harbour", f"{ORIGIN}/harbour/"),
        (4, Article.objects.get(slug="article-10").title, None),
    ]


def test_section_tells_the_way_to_it(client, paper):
    data = of_type(client, "/harbour/", "BreadcrumbList")

    assert [(each["position"], each["name"], each.get("item")) for each in data["itemListElement"]] == [
        (1, "The Estuary Lantern", f"{ORIGIN}/"),
        (2, "Economy", f"{ORIGIN}/economy/"),
        (3, "Harbour", None),
    ]


def test_front_page_tells_of_the_site_and_how_it_is_searched(client, paper):
    data = of_type(client, "/", "WebSite")

    assert (data["name"], data["url"]) == ("The Estuary Lantern", f"{ORIGIN}/")
    assert data["potentialAction"]["target"]["urlTemplate"] == f"{ORIGIN}/search/?q={{search_term_string}}"


def test_social_sites_are_told_all_they_ask_for(client, lantern):
    (found,) = found_on(client, lantern.article.address, "opengraph")
    told = dict(found["properties"])

    assert {name: told[name] for name in ("og:title", "og:type", "og:url", "og:site_name", "og:locale")} == {
        "og:title": lantern.article.headline,
        "og:type": "article",
        "og:url": f"{ORIGIN}/city/article-2/",
        "og:site_name": "The Estuary Lantern",
        "og:locale": "en",
    }
    assert told["og:description"] == lantern.article.standfirst
    assert told["og:image"].startswith(f"{ORIGIN}/media/images/")
    assert (told["og:image:width"], told["og:image:alt"]) == ("1280", "Cranes against an evening sky.")


def test_page_without_a_picture_shows_the_logo(client, lantern):
    from coranto.masthead.models import Publication

    publication = Publication.objects.get()
    publication.logo = lantern.article.picture
    publication.save()
    (found,) = found_on(client, "/topics/trams/", "opengraph")

    assert dict(found["properties"])["og:image"].startswith(f"{ORIGIN}/media/original_images/")
    data = of_type(client, lantern.article.address, "NewsArticle")
    assert (data["publisher"]["logo"]["width"], data["publisher"]["logo"]["height"]) == (1600, 1000)


@pytest.mark.parametrize(
    ("licence", "told"),
    [
        ("CC BY-SA 4.0", "https://creativecommons.org/licenses/by-sa/4.0/"),
        ("Licensed cc-by-nc-nd 3.0", "https://creativecommons.org/licenses/by-nc-nd/3.0/"),
        ("https://example.org/licence", "https://example.org/licence"),
        ("by permission of the author, 3 May", "by permission of the author, 3 May"),
    ],
)
def test_licence_is_an_address_where_its_name_tells_it(licence, told):
    assert licence_url(licence) == told


def test_long_headline_is_shortened_at_a_word():
    headline = "word, " * 40
    assert len(shortened(headline, HEADLINE_LENGTH)) <= HEADLINE_LENGTH
    assert shortened(headline, HEADLINE_LENGTH).endswith("word…")
    assert shortened("x" * 110, 110) == "x" * 110
