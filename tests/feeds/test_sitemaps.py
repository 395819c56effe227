"""What search engines find of the archive."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from formats import RFC_3339, WHOLE, find, problems_with_news, tree

from coranto.feeds import queries, rules
from coranto.masthead.models import PlainPage, Publication
from coranto.newsroom.models import Article, FrontPage, Section, Topic
from coranto.newsroom.operations import CreditDraft

pytestmark = pytest.mark.django_db

ORIGIN = "http://localhost:8000"


@pytest.fixture
def narrow(monkeypatch):
    """Parts of ten keys, so that a few articles fill several."""
    monkeypatch.setattr(rules.parts, "PART_WIDTH", 10)


def addresses(response):
    root = tree(response)
    found = find(root, "//sitemap:loc/text()")
    assert all(WHOLE.fullmatch(each) and each.startswith(ORIGIN) for each in found)
    return [each.removeprefix(ORIGIN) for each in found]


def everything(client):
    """Each address of each part the index names."""
    return [found for part in addresses(client.get("/sitemap.xml")) for found in addresses(client.get(part))]


def test_every_public_page_is_named_once(client, paper):
    about = FrontPage.objects.get().add_child(instance=PlainPage(title="About", slug="about"))
    about.add_child(instance=PlainPage(title="Team", slug="team"))
    Topic.objects.create(name="Nothing yet", slug="nothing-yet")
    found = everything(client)

    assert len(found) == len(set(found))
    assert set(found) == {
        *("/", "/city/", "/economy/", "/opinion/", "/harbour/", "/about/", "/about/team/"),
        *("/city/article-10/", "/economy/article-15/", "/opinion/article-20/", "/city/article-9/", "/city/article-2/"),
        *("/authors/ada-thorne/", "/authors/bruno-kellaway/", "/topics/trams/", "/topics/public-money/"),
    }
    assert [client.get(each).status_code for each in found] == [200] * len(found)


def test_what_nobody_may_read_or_is_to_be_found_elsewhere_is_not_named(client, paper):
    Article.objects.get(slug="article-10").unpublish()
    Article.objects.filter(slug="article-15").update(visibility="private")
    found = everything(client)

    assert paper.locked.address not in found
    assert paper.syndicated.address not in found  # whose licence sends search engines to the original
    assert "/city/article-10/" not in found
    assert "/economy/article-15/" not in found


def test_archive_is_cut_into_parts_of_bounded_size(client, store, narrow):
    stored = store(35)
    parts = [each for each in addresses(client.get("/sitemap.xml")) if each.startswith("/sitemap-")]
    sizes = [len(addresses(client.get(each))) for each in parts]

    assert len(parts) >= 4
    assert max(sizes) <= 10
    assert {each.address for each in stored} <= set(everything(client))


def test_part_without_an_address_is_neither_named_nor_there(client, store, narrow):
    stored = store(40)
    gone = stored[20].pk // 10
    Article.objects.filter(pk__gte=gone * 10, pk__lt=gone * 10 + 10).update(live=False)

    assert f"/sitemap-{gone}.xml" not in addresses(client.get("/sitemap.xml"))
    assert client.get(f"/sitemap-{gone}.xml").status_code == 404
    assert client.get(f"/sitemap-{gone + 1}.xml").status_code == 200


@pytest.mark.parametrize("number", ["99", "99999999999999999999999999"])
def test_part_that_cannot_be_is_not_there(client, db, number):
    assert client.get(f"/sitemap-{number}.xml").status_code == 404


def test_part_says_when_an_article_last_changed(client, store, noon):
    (article,) = store(1, updated_at=noon + timedelta(days=2))
    root = tree(client.get(f"/sitemap-{rules.part_of(article.pk)}.xml"))

    (changed,) = find(root, f"sitemap:url[sitemap:loc='{ORIGIN}{article.address}']/sitemap:lastmod/text()")
    assert changed == "2026-03-03T12:00:00+00:00"
    assert all(RFC_3339.fullmatch(each) for each in find(root, "//sitemap:lastmod/text()"))


def test_address_in_another_script_is_encoded(client, city, ada, store, noon):
    section = FrontPage.objects.get().add_child(instance=Section(title="Ü", slug="übersee"))
    store(1, section=section)

    assert "/%C3%BCbersee/" in everything(client)


@pytest.mark.parametrize("count", [3, 60])
def test_part_takes_a_fixed_number_of_queries(client, store, count, django_assert_num_queries):
    *_, part = parts = [rules.part_of(each.pk) for each in store(count)]
    with django_assert_num_queries(5):  # the publication, three kinds of fronts and pages, articles
        response = client.get(f"/sitemap-{part}.xml")
    assert len(find(tree(response), "//sitemap:lastmod")) == parts.count(part)


@pytest.mark.parametrize("count", [3, 60])
def test_index_takes_a_fixed_number_of_queries(client, store, count, django_assert_num_queries):
    last = store(count)[-1]
    with django_assert_num_queries(4):  # the publication, then one for each of three kinds
        response = client.get("/sitemap.xml")
    assert f"/sitemap-{rules.part_of(last.pk)}.xml" in addresses(response)


@pytest.mark.parametrize("kind", ["authors", "topics"])
def test_people_and_topics_take_two_queries(client, paper, kind, django_assert_num_queries):
    number, *_ = (each.number for each in queries.sitemap_parts() if each.kind == kind)
    with django_assert_num_queries(2):
        assert client.get(f"/sitemap-{kind}-{number}.xml").status_code == 200


# News ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def now(noon):
    with time_machine.travel(noon + timedelta(hours=60), tick=False):
        yield noon + timedelta(hours=60)


def test_news_are_those_of_two_days(client, store, now):
    Publication(name="The Lantern & Co", language="en-gb").save()
    store(60)  # an hour apart, the last an hour ago
    response = client.get("/news-sitemap.xml")
    root = tree(response)

    assert problems_with_news(response.content) == []
    assert find(root, "//news:title/text()") == [f"Article {number}" for number in range(59, 11, -1)]
    assert set(find(root, "//news:name/text()")) == {"The Lantern & Co"}
    assert set(find(root, "//news:language/text()")) == {"en"}
    assert find(root, "//news:publication_date/text()")[0] == "2026-03-03T23:00:00+00:00"


def test_news_are_a_thousand_at_most(client, store, now, monkeypatch):
    monkeypatch.setattr(queries.sitemaps, "NEWS_LENGTH", 7)
    store(20)

    assert len(find(tree(client.get("/news-sitemap.xml")), "//news:news")) == 7
    monkeypatch.undo()
    assert queries.NEWS_LENGTH == 1000


def test_locked_withdrawn_and_foreign_articles_are_no_news(client, store, now):
    stored = store(30)
    Article.objects.filter(pk=stored[-1].pk).update(visibility="password")
    stored[-2].unpublish()
    asking = CreditDraft(relation="via", outlet="W", original_url="https://w.example/1", canonical_is_original=True)
    store(1, first=now - timedelta(minutes=1), credits=[asking])

    titles = find(tree(client.get("/news-sitemap.xml")), "//news:title/text()")
    assert titles[0] == "Article 27"
    assert "Article 0" not in titles  # the one told to be found elsewhere is called so as well


@pytest.mark.parametrize("count", [3, 40])
def test_news_take_two_queries(client, store, now, count, django_assert_num_queries):
    store(count, first=now - timedelta(hours=45))
    with django_assert_num_queries(2):
        response = client.get("/news-sitemap.xml")
    assert len(find(tree(response), "//news:news")) == count
