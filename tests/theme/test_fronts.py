"""Arranged fronts, as the standard and the programs that read pages want them."""

from __future__ import annotations

import re
from itertools import pairwise

import mf2py
import pytest

from coranto.kit import clock
from coranto.newsroom import operations
from coranto.newsroom.models import Article, BreakingStrip, FrontPage, Section

ORIGIN = "http://localhost:8000"


def every_part(section):
    """One of everything, in each of its looks; more places than there are articles."""
    rows = [
        {"type": "row", "value": {"title": look.title(), "fill": True, "count": count, "look": look}}
        for look, count in [("even", 3), ("led", 3)]
    ]
    heads = [{"type": "lead", "value": {"layout": layout}} for layout in ("large", "words", "beside")]
    return [
        heads[0],
        {"type": "seconds", "value": {"count": 2}},
        {"type": "latest", "value": {"count": 3}},
        {"type": "opinion", "value": {"section": section.pk, "count": 2}},
        {"type": "placement", "value": {"kind": "newest", "options": ""}},
        *rows,
        heads[1],
        heads[2],
    ]


@pytest.fixture
def arranged(db):
    """Prints a paper and arranges its front page and its first section; returns the section."""

    def arrange(language="en"):
        from paper import print_paper

        section = print_paper(language, articles=60).section
        opinion = Section.objects.filter(parent_section=None).order_by("pk")[2]
        for front in (FrontPage.objects.get(), section):
            operations.arrange_front(front=front, blocks=every_part(opinion), by=None)
        now = clock.now()
        BreakingStrip.objects.create(
            text="News “& more” <here>", article=Article.objects.live().first(), starts_at=now, on_every_page=True
        )
        return section

    return arrange


@pytest.mark.parametrize("language", ["en", "ar"])
def test_arranged_front_is_as_the_standard_says(client, arranged, conforms, language):
    section = arranged(language)
    for address in ("/", section.address, f"{section.address}?before=1772359200000000-1"):
        assert conforms(client.get(address).content)


def test_headings_of_an_arranged_front_come_in_order(client, arranged):
    section = arranged()
    for address in ("/", section.address):
        levels = [int(each) for each in re.findall(r"<h([1-6])\b", client.get(address).text)]
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_parts_of_an_arranged_front_are_feeds_with_a_name(client, arranged):
    section = arranged()
    for address in ("/", section.address):
        items = mf2py.parse(doc=client.get(address).text, url=ORIGIN)["items"]
        feeds = [each for each in items if each["type"] == ["h-feed"]]
        assert len(feeds) >= 6
        assert all(each["properties"]["name"][0] for each in feeds)
        urls = [entry["properties"]["url"][0] for each in feeds for entry in each["children"]]
        assert len(urls) == len(set(urls))


def test_front_nobody_arranged_has_nothing_of_an_arranged_one(client, paper):
    page = client.get("/").text
    assert re.findall(r'class="front ([^"]*)h-feed"', page) == [""]
    assert "breaking" not in page
    assert "row--latest" not in page
