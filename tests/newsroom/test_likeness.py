from __future__ import annotations

import math
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coranto.newsroom import likeness

words = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.floats(0, 50), max_size=60)


def profile(text, **more):
    counted = likeness.count_terms(headline="", standfirst="", text=text, **more)
    return likeness.profile(counted, held_by={}, articles=100)


def alike(one, other):
    return likeness.likeness(profile(one), profile(other))


# Terms --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Trams! Trams, l'été; co-op.", {"trams": 2, "été": 1, "co": 1, "op": 1}),
        ("STRASSE Straße", {"strasse": 2}),
        ("a b 12 999 1989 4x", {"1989": 1, "4x": 1}),
        ("東京都は雨", {"東京": 1, "京都": 1, "都は": 1, "は雨": 1}),
        ("ＡＢＣ会議", {"abc": 1, "会議": 1}),
        ("雨", {}),
        ("서울시가", {"서울": 1, "울시": 1, "시가": 1}),
        ("الحُكُومَة الحـكومة", {"الحكومة": 2}),
        ("हिन्दी समाचार", {"हिन्दी": 1, "समाचार": 1}),
        ("ข่าว", {"ข่": 1, "่า": 1, "าว": 1}),
        ("_ __ \0 \ud800 🚋", {}),
    ],
)
def test_terms_of_any_script(text, terms):
    assert likeness.terms_of(text) == terms


@given(st.text())
def test_any_text_has_terms_that_a_row_can_hold(text):
    for term in likeness.terms_of(text):
        assert 1 < len(term) <= likeness.TERM_LENGTH
        assert not any(unicodedata.category(each) in {"Cc", "Cs", "Zs"} for each in term)
        assert "#" not in term


def test_headline_counts_for_more_than_standfirst_and_that_for_more_than_text():
    counted = likeness.count_terms(headline="heron", standfirst="reeds", text="mud", topics=[7])
    assert counted == {"#7": likeness.AS_TOPIC, "heron": 4, "reeds": 2, "mud": 1}


def test_endless_article_has_an_end():
    text = " ".join(f"word{n}" for n in range(30_000))
    counted = likeness.count_terms(headline="heron", standfirst="", text=text)
    assert len(counted) == likeness.MOST_TERMS
    assert "heron" in counted


# Weights ------------------------------------------------------------------------------------------------------


@given(words, st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 5000)), st.integers(0, 5000))
def test_profile_is_a_short_vector_of_length_one_or_empty(counted, held_by, articles):
    found = likeness.profile(counted, held_by=held_by, articles=articles)
    assert len(found) <= likeness.KEPT_TERMS
    assert found.keys() <= counted.keys()
    if found:
        assert math.isclose(sum(each * each for each in found.values()), 1)


@given(words)
def test_order_of_the_terms_makes_no_difference(counted):
    turned = dict(reversed(counted.items()))
    assert likeness.profile(turned, held_by={}, articles=9) == likeness.profile(counted, held_by={}, articles=9)


@given(words, words)
def test_likeness_is_the_same_both_ways_and_at_most_one(one, other):
    a, b = (likeness.profile(each, held_by={}, articles=50) for each in (one, other))
    assert likeness.likeness(a, b) == likeness.likeness(b, a)
    assert -1e-9 <= likeness.likeness(a, b) <= 1 + 1e-9
    if a:
        assert math.isclose(likeness.likeness(a, a), 1)


def test_what_many_articles_hold_tells_nothing():
    counted = {"the": 40.0, "heron": 1.0}
    assert likeness.profile(counted, held_by={"the": 900, "heron": 3}, articles=1000).keys() == {"heron"}


def test_rarer_term_weighs_more():
    found = likeness.profile({"one": 1.0, "other": 1.0}, held_by={"one": 2, "other": 40}, articles=1000)
    assert found["one"] > found["other"] > 0


@pytest.mark.parametrize(
    ("one", "same_matter", "other_matter"),
    [
        ("Der Reiher brütet im Schilf", "Im Schilf zählt man Reiher", "Die Straßenbahn kommt zurück"),
        ("東京で桜が満開になった", "桜の開花は東京が早い", "議会は予算を可決した"),
        ("北京地铁新线路开通", "地铁票价在北京上涨", "渔民抗议新的配额"),
        ("الحكومة تعلن الميزانية", "الميزانية تثير الجدل", "عودة الترام إلى المدينة"),
    ],
)
def test_texts_in_any_script_are_likest_where_they_speak_of_the_same(one, same_matter, other_matter):
    assert alike(one, same_matter) > likeness.ENOUGH > alike(one, other_matter)


# Nearness and order -------------------------------------------------------------------------------------------


@given(st.floats(0, 1), st.floats(-5000, 5000), st.floats(0, 5000))
def test_older_is_never_nearer(alike, days_older, more):
    sooner, later = (
        likeness.nearness(alike, in_same_section=True, days_older=days) for days in (days_older, days_older + more)
    )
    assert later <= sooner


def test_same_section_is_nearer_and_age_does_not_hide_what_is_much_alike():
    assert likeness.nearness(0.5, in_same_section=True, days_older=0) > likeness.nearness(
        0.5, in_same_section=False, days_older=0
    )
    assert likeness.nearness(0.8, in_same_section=False, days_older=9000) > likeness.nearness(
        0.3, in_same_section=True, days_older=0
    )


def test_of_equally_near_ones_the_newer_comes_first():
    assert list(likeness.nearest({1: 0.5, 3: 0.5, 2: 0.9}, 2)) == [2, 3]


ids = st.lists(st.integers(1, 12), max_size=10)


@given(pinned=ids, alike=ids, newest=ids, length=st.integers(0, 9))
def test_reading_order_has_none_twice_and_is_as_long_as_can_be(pinned, alike, newest, length):
    order = likeness.reading_order(pinned=pinned, alike=alike, newest=newest, length=length)
    there = {*pinned, *alike, *newest}
    assert len(order) == len(set(order)) == min(length, len(there))
    assert order[: len(set(pinned))] == list(dict.fromkeys(pinned))[:length]


def test_reading_order_is_pinned_then_two_alike_to_one_new():
    order = likeness.reading_order(pinned=[9], alike=[1, 2, 3, 4, 9], newest=[5, 1, 6], length=8)
    assert order == [9, 1, 2, 5, 3, 4, 6]
