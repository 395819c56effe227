"""Whatever an editor types or an import brings, what programs are told is well-formed and says the same."""

from __future__ import annotations

import json
import re

import pytest
from formats import find, parsed, problems_with_atom, problems_with_json_feed, problems_with_rss, tree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coranto.feeds.rules import xml_text
from coranto.masthead.models import Publication
from coranto.newsroom.models import Article, Author, Credit, Section, Topic
from coranto.theme.rules import json_for_html

pytestmark = pytest.mark.django_db

HOSTILE = [
    "a < b & c > d",
    "]]> and <![CDATA[",
    "</title><script>alert(1)</script>",
    "&amp; stays &lt;b&gt;",
    "🚋 returns 👩🏽‍🚀",
    "quotes \" and ' both",
    "bell \x07 and escape \x1b",
    "\ufffe\uffff noncharacters",
    "עברית and \u202ereversed",
    "<!-- comment --> -->",
    "%s %(name)s {{ braces }} {% tag %}",
    "tab\tand\nline",
    "\x1f",
]


def name_everything(article, words):
    """Wherever words of people go into what programs read."""
    Article.objects.filter(pk=article.pk).update(
        title=words,
        draft_title=words,
        standfirst=words,
        body=json.dumps([{"type": "heading", "value": {"text": words, "level": "2"}, "id": "1"}]),
    )
    Author.objects.update(name=words)
    Section.objects.filter(slug="city").update(title=words)
    Topic.objects.update(name=words)
    Publication.objects.update(name=words, tagline=words)
    Credit.objects.update_or_create(
        article=article, defaults={"relation": "via", "outlet": words, "people": words, "licence": words}
    )


@pytest.fixture
def article(client, write, ada):
    Publication(name="The Lantern").save()
    made = write()
    draft = made.get_latest_revision_as_object()
    draft.topics.add("Trams")
    draft.save_revision().publish()
    return Article.objects.get(pk=made.pk)


def survives(client, words):
    """Every format is sound and every reader of it finds the words, without what XML cannot hold."""
    shown = xml_text(words)
    assert problems_with_rss(client.get("/rss.xml").content) == []
    assert problems_with_atom(client.get("/atom.xml").content) == []
    assert problems_with_json_feed(client.get("/feed.json").content) == []
    normal = " ".join(shown.split())
    for name in ("rss.xml", "atom.xml"):
        path = {"rss.xml": "channel/item/title/text()", "atom.xml": "atom:entry/atom:title/text()"}[name]
        assert " ".join("".join(find(tree(client.get(f"/{name}")), path)).split()) == normal
        assert parsed(client.get(f"/{name}")).entries
    item = json.loads(client.get("/feed.json").content)["items"][0]
    assert item.get("title", "") == shown
    assert "<script" not in item["content_html"]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_survive_in_every_feed(client, article, words):
    name_everything(article, words)
    survives(client, words)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(words=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=60))
def test_any_words_survive_in_every_feed(client, article, words):
    name_everything(article, words)
    survives(client, words)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_survive_in_the_news_sitemap_and_elsewhere(client, article, words):
    name_everything(article, words)
    shown = " ".join(xml_text(words).split())

    root = tree(client.get("/news-sitemap.xml"))
    assert [" ".join(each.split()) for each in find(root, "//news:title/text()")] == [shown] * bool(shown)
    asked = {"url": f"http://localhost:8000{article.address}"}
    assert client.get("/-/oembed", asked).json().get("title", "") == xml_text(words)
    told = tree(client.get("/-/oembed", {**asked, "format": "xml"}))
    assert " ".join(told.findtext("title", "").split()) == shown


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_inside_the_structured_data(client, article, words):
    name_everything(article, words)
    html = client.get(article.address).text
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)

    assert [json.loads(each)["@type"] for each in blocks] == ["NewsArticle", "BreadcrumbList"]
    assert json.loads(blocks[0])["headline"] == words
    assert not re.search(r"[<>]", blocks[0])


@given(st.text())
def test_xml_holds_whatever_is_left(text):
    from lxml import etree

    element = etree.Element("a")
    element.text = xml_text(text)
    back = etree.fromstring(etree.tostring(element, encoding="utf-8")).text or ""
    assert back == xml_text(text).replace("\r\n", "\n").replace("\r", "\n") or back == xml_text(text)


@given(st.text(st.characters(codec="utf-8")))
def test_json_within_a_page_is_what_it_was(text):
    assert json.loads(json_for_html({"a": text})) == {"a": text}
