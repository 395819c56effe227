"""Colours, seals, players: the arithmetic of how things look."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coranto.masthead.rules import contrast
from coranto.theme import rules

colours = st.integers(min_value=0, max_value=0xFFFFFF).map("#{:06x}".format)


@given(colours)
def test_every_accent_can_be_read_on_every_ground(colour):
    light, dark = rules.accents(colour)

    assert min(contrast(light, ground) for ground in rules.LIGHT_GROUNDS) >= 4.5
    assert min(contrast(dark, ground) for ground in rules.DARK_GROUNDS) >= 4.5
    assert contrast("#ffffff", light) >= 4.5
    assert contrast(rules.DARK_GROUNDS[0], dark) >= 4.5


def test_accent_that_can_be_read_is_left_alone():
    assert rules.accents("#8A1C1C")[0] == "#8a1c1c"


@pytest.mark.parametrize("colour", ["", "red", "#fff", "#8a1c1c;}body{display:none"])
def test_what_is_no_colour_becomes_the_default(colour):
    assert rules.accents(colour) == rules.accents(rules.DEFAULT_ACCENT)


def test_grounds_are_those_of_the_style_sheet():
    from django.contrib.staticfiles import finders

    tokens = Path(finders.find("theme/tokens.css")).read_text(encoding="utf-8")
    usual = tokens.partition("@media (prefers-contrast")[0]
    pairs = re.findall(r"--(?:ground|tint): light-dark\((#\w{6}), (#\w{6})\)", usual)

    assert list(zip(*pairs, strict=True)) == [rules.LIGHT_GROUNDS, rules.DARK_GROUNDS]


def test_browser_without_pairs_of_colours_gets_the_light_ones():
    from django.contrib.staticfiles import finders

    tokens = Path(finders.find("theme/tokens.css")).read_text(encoding="utf-8")
    usual, _, others = tokens.partition("@supports not")
    paired = re.findall(r"(--[\w-]+): light-dark\((#\w{6}),", usual)
    alone = re.findall(r"(--[\w-]+): (#\w{6});", others)

    assert paired == alone != []


@given(st.dictionaries(st.text(), st.recursive(st.none() | st.booleans() | st.text(), st.lists)))
def test_data_in_a_page_is_the_same_data_and_no_markup(data):
    written = rules.json_for_html(data)

    assert json.loads(written) == data
    assert not re.search("[<>&\u2028\u2029]", written)


@given(st.text())
def test_seal_is_a_drawing_and_nothing_else(name):
    seal = rules.seal_of(name)

    assert re.fullmatch(r"[-MhvlamzZ0-9 ]*", seal.path)
    assert 0 <= seal.ink < rules.SEAL_INKS


def test_seal_follows_the_name_however_it_is_typed():
    assert rules.seal_of("Ines K.") == rules.seal_of("  ines  k. ")
    assert rules.seal_of("Ines K.") != rules.seal_of("Ines L.")


@pytest.mark.parametrize(
    ("address", "player"),
    [
        (
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3",
            "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1",
        ),
        ("https://youtu.be/dQw4w9WgXcQ", "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?autoplay=1"),
        ("https://www.youtube.com/shorts/abc_-1", "https://www.youtube-nocookie.com/embed/abc_-1?autoplay=1"),
        ("https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?autoplay=1&dnt=1"),
        ("https://www.dailymotion.com/video/x8abc", "https://www.dailymotion.com/embed/video/x8abc?autoplay=1"),
        ("https://tube.example/w/9c9de5e8", "https://tube.example/videos/embed/9c9de5e8?autoplay=1&p2p=0"),
    ],
)
def test_known_places_have_a_player(address, player):
    assert rules.player_of(address).url == player


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://radio.example/episode",
        "http://www.youtube.com/watch?v=dQw4w9WgXcQ",
        "https://www.youtube.com/watch?v=%22%3E%3Cscript%3E",
        "https://www.youtube.com/",
        "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
        "https://tube.example:99999/w/abc",
        "https://someone@tube.example/w/abc",
        "https://tube.example;script-src/w/abc",
        "https://[broken/w/abc",
        "javascript:alert(1)//w/abc",
    ],
)
def test_what_is_not_known_has_none(address):
    assert rules.player_of(address) is None


@given(st.text())
def test_no_address_breaks_the_search_for_a_player(address):
    player = rules.player_of(address)

    assert player is None or re.fullmatch(r"https://[a-z0-9.-]+", player.origin)
