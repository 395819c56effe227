"""What a subscriber gets."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from formats import (
    find,
    parsed,
    problems_with_atom,
    problems_with_json_feed,
    problems_with_rss,
    tree,
)

from coranto.masthead.models import Publication
from coranto.newsroom.models import Article

pytestmark = pytest.mark.django_db

PLACES = ["/", "/city/", "/authors/ada-thorne/", "/topics/trams/", "/corrections/"]
PROBLEMS = {"rss.xml": problems_with_rss, "atom.xml": problems_with_atom, "feed.json": problems_with_json_feed}


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("place", PLACES)
def test_feed_is_as_its_standard_says(client, lantern, told, place, name):
    told(hub_url="https://hub.example/")
    response = client.get(f"{place}{name}")

    assert response.status_code == 200
    assert PROBLEMS[name](response.content) == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_another_program_reads_it_without_a_complaint(client, lantern, place, name):
    found = parsed(client.get(f"{place}{name}"))

    assert found.version == {"rss.xml": "rss20", "atom.xml": "atom10"}[name]
    assert found.feed.language == "en"
    assert found.feed.link == f"http://localhost:8000{place}"
    assert [each.link for each in found.entries][:1] == ["http://localhost:8000/city/article-2/"]


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
def test_feed_of_what_is_not_there_is_not_there(client, paper, name):
    assert [
        client.get(f"{place}{name}").status_code for place in ("/nowhere/", "/authors/nobody/", "/topics/nothing/")
    ] == [404, 404, 404]


# What it says -------------------------------------------------------------------------------------------------


def test_rss_carries_the_whole_article(client, lantern):
    entry = parsed(client.get("/rss.xml")).entries[0]
    text = entry.content[0].value

    assert entry.title == lantern.article.headline
    assert entry.summary == lantern.article.standfirst
    assert [each.name for each in entry.authors] == ["Ada Thorne", "Bruno Kellaway"]
    assert [each.term for each in entry.tags] == ["City", "Economy", "Public money", "Trams"]
    assert entry.published == "Sun, 01 Mar 2026 10:00:00 +0000"
    assert "Same drums, different year" in text
    assert "Donaudampfschifffahrtsgesellschaft" in text


def test_text_stands_by_itself(client, lantern, paper):
    """No script, no form, nothing that needs our page around it."""
    article = Article.objects.get(pk=paper.article.pk).get_latest_revision_as_object()
    kept = (
        '<script>alert(1)</script><form action="/x"><button>Go</button></form><img src="/media/a.png" onerror="x()">'
        '<iframe src="https://video.example/1"></iframe><a href="/city/">City</a><a href="javascript:x()">no</a>'
    )
    inside = [
        {"type": "html", "value": kept, "id": "h"},
        {"type": "placement", "value": {"kind": "newest", "options": ""}, "id": "p"},
    ]
    article.body = [*article.raw_body, *inside]
    article.save_revision().publish()
    text = json.loads(client.get("/feed.json").content)["items"][0]["content_html"]

    for tag in ("script", "form", "button", "iframe", "esi", "onerror", "javascript:", "aside", "class="):
        assert tag not in text
    assert 'src="http://localhost:8000/media/a.png"' in text
    assert 'href="http://localhost:8000/city/"' in text
    assert ' href="/' not in text
    assert ' src="/' not in text
    # What lives elsewhere or on another page is a link.
    assert '<a href="https://radio.example/episode"' in text
    assert 'href="http://localhost:8000/city/article-10/"' in text


def test_picture_comes_with_its_words_and_as_a_file(client, lantern):
    item = find(tree(client.get("/rss.xml")), "channel/item[1]")[0]
    (media,) = find(item, "media:content")
    (enclosure,) = find(item, "enclosure")
    text = find(item, "content:encoded/text()")[0]

    assert media.get("url").startswith("http://localhost:8000/media/images/")
    assert (media.get("type"), media.get("width"), media.get("height")) == ("image/webp", "1280", "800")
    assert find(media, "media:description/text()") == ["The harbour at dusk."]
    assert find(media, "media:credit/text()") == ["Hal Winterbourne"]
    assert enclosure.get("url") == media.get("url")
    assert int(enclosure.get("length")) > 100
    for words in ('alt="A quay"', "On the quay", "Hal", 'alt="Cranes against an evening sky."', "original_images"):
        assert (words in text) is (words != "original_images")


def test_picture_whose_file_is_gone_costs_nobody_the_feed(client, lantern):
    for each in lantern.article.picture.renditions.all():
        each.file.storage.delete(each.file.name)
    item = find(tree(client.get("/rss.xml")), "channel/item[1]")[0]

    assert find(item, "enclosure") == []
    assert client.get("/feed.json").status_code == 200


def test_credit_is_in_the_text_and_is_data(client, lantern):
    root = tree(client.get("/rss.xml"))
    (item,) = find(root, "channel/item[title='Your orchard is not my scenery']")
    (credit,) = find(item, "coranto:credit")
    text = find(item, "content:encoded/text()")[0]

    assert find(item, "dc:creator/text()") == ["Agnes Pellory", "Bruno Kellaway"]
    assert find(item, "dc:source/text()") == ["https://courier.example/orchard"]
    assert find(item, "dc:rights/text()") == ["Reprinted with permission"]
    assert (credit.get("relation"), credit.get("outlet")) == ("op-ed-via", "The Brackwater Courier")
    assert find(credit, "coranto:person/text()") == ["Agnes Pellory"]
    for words in ("Via The Brackwater Courier", "Reprinted with permission", 'href="https://courier.example/orchard"'):
        assert words in text
    atom = find(tree(client.get("/atom.xml")), "atom:entry[atom:title='Your orchard is not my scenery']")[0]
    assert find(atom, "atom:link[@rel='via']/@href") == ["https://courier.example/orchard"]
    assert find(atom, "atom:rights/text()") == ["Reprinted with permission"]
    item = next(each for each in json.loads(client.get("/feed.json").content)["items"] if "external_url" in each)
    assert item["external_url"] == "https://courier.example/orchard"
    assert item["_coranto"]["credits"][0]["outlet"] == "The Brackwater Courier"


def test_correction_is_in_the_text_and_is_data(client, lantern):
    (correction,) = find(tree(client.get("/atom.xml")), "atom:entry[1]/coranto:correction")
    entry = parsed(client.get("/atom.xml")).entries[0]

    assert (correction.get("kind"), correction.get("version")) == ("correction", "2")
    assert find(correction, "coranto:note/text()") == ["It was paid for three times.\n\nWe regret this."]
    assert find(correction, "coranto:passage/text()") == ["The wire was paid for twice."]
    assert "It was paid for three times." in entry.content[0].value
    item = json.loads(client.get("/feed.json").content)["items"][0]
    assert [each["kind"] for each in item["_coranto"]["corrections"]] == ["correction"]


def test_corrections_have_a_feed_of_their_own(client, lantern):
    (entry,) = parsed(client.get("/corrections/atom.xml")).entries

    assert entry.title == f"Correction: {lantern.article.headline}"
    assert entry.link == "http://localhost:8000/city/article-2/"
    assert "It was paid for three times." in entry.content[0].value
    assert "The wire was paid for twice." in entry.content[0].value


def test_locked_and_private_articles_stand_in_no_feed(client, lantern):
    Article.objects.filter(pk=lantern.bare.pk).update(visibility="private")
    for place in ("/", "/city/"):
        for name in PROBLEMS:
            content = client.get(f"{place}{name}").text
            assert "Secret." not in content
            assert "Behind a door" not in content
            assert ">Short<" not in content


def test_correction_of_an_article_that_is_locked_now_is_told_to_nobody(client, lantern):
    draft = Article.objects.get(pk=lantern.article.pk).get_latest_revision_as_object()
    draft.visibility, draft.password = "password", "sesame"
    draft.save_revision().publish()

    assert parsed(client.get("/corrections/rss.xml")).entries == []


@pytest.mark.parametrize(("name", "path"), [("rss.xml", "channel/item"), ("atom.xml", "atom:entry")])
def test_feed_has_the_newest_thirty(client, store, name, path):
    store(33)
    titles = find(tree(client.get(f"/{name}")), f"{path}/*[local-name()='title']/text()")

    assert titles == [f"Article {number}" for number in range(32, 2, -1)]


# How it stays the same, and says that it changed ----------------------------------------------------------------


def told_of(client, article):
    (entry,) = find(tree(client.get("/atom.xml")), f"atom:entry[atom:title='{article.title}']")
    return {name: find(entry, f"atom:{name}/text()")[0] for name in ("id", "published", "updated")}


def test_identity_survives_a_new_address(client, write, settings):
    article = write(slug="trams")
    before = told_of(client, article)["id"]
    draft = article.get_latest_revision_as_object()
    draft.slug = "trams-return"
    draft.save_revision().publish()
    settings.ORIGIN = "https://elsewhere.example"

    assert told_of(client, article)["id"] == before
    assert "https://elsewhere.example/city/trams-return/" in client.get("/rss.xml").text


@pytest.mark.parametrize(("kind", "moves"), [("typo", False), ("update", True), ("clarification", True)])
def test_updated_moves_with_what_a_reader_would_call_a_change(client, write, kind, moves):
    """RFC 4287, 4.2.15."""
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False) as traveller:
        article = write()
        before = told_of(client, article)
        traveller.shift(timedelta(hours=3))
        draft = article.get_latest_revision_as_object()
        draft.standfirst, draft.change_kind, draft.change_note = "Another.", kind, "As it says."
        draft.save_revision().publish()
        after = told_of(client, article)

    assert (after["published"], after["id"]) == (before["published"], before["id"])
    assert (after["updated"] != before["updated"]) is moves
    if moves:
        assert after["updated"] == "2026-03-01T15:00:00+00:00"


def test_feed_speaks_of_its_publication_and_its_language(client, write, ada):
    write()
    Publication(name="فانوس", language="ar", tagline="نور").save()

    root = tree(client.get("/city/atom.xml"))
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    assert find(root, "atom:author/atom:name/text()") == ["فانوس"]
    assert find(root, "atom:title/text()") == ["City – فانوس"]
    assert find(tree(client.get("/rss.xml")), "channel/language/text()") == ["ar"]


def test_hub_is_named_where_subscribers_look(client, write, told):
    write()
    assert "hub" not in client.get("/rss.xml")["Link"]
    told(hub_url="https://hub.example/")

    for name in ("rss.xml", "atom.xml"):
        root = tree(client.get(f"/{name}"))
        assert find(root, "//atom:link[@rel='hub']/@href") == ["https://hub.example/"]
    assert json.loads(client.get("/feed.json").content)["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    assert client.get("/city/rss.xml")["Link"] == (
        '<http://localhost:8000/city/rss.xml>; rel="self", <https://hub.example/>; rel="hub"'
    )


def test_empty_newsroom_has_feeds(client, db):
    for name, problems_with in PROBLEMS.items():
        assert problems_with(client.get(f"/{name}").content) == []


# Being found by programs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["/", "/city/", "/authors/ada-thorne/", "/topics/trams/", "/corrections/"])
def test_page_names_its_feeds_and_they_are_there(client, lantern, place):
    from lxml import html

    page = html.fromstring(client.get(place).content)
    named = page.xpath("//head/link[@rel='alternate'][contains(@type, 'rss') or contains(@type, 'atom') or contains(@type, 'feed')]")  # fmt: skip
    addresses = [each.get("href") for each in named]

    assert {f"{place}{name}" for name in PROBLEMS} <= set(addresses)
    assert {f"/{name}" for name in PROBLEMS} <= set(addresses)
    assert all(each.get("title") for each in named)
    assert [client.get(each).status_code for each in addresses] == [200] * len(addresses)
    assert [each.get("type") for each in named] == [
        client.get(each)["Content-Type"].partition(";")[0] for each in addresses
    ]


def test_readers_find_the_feed_at_the_foot(client, db):
    assert '<a href="/rss.xml" type="application/rss+xml">' in client.get("/latest/").text
