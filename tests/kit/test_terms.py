"""What an index is told of a text, in any script."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coranto.kit import spelling, terms


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("The Trams’ votes", "en", ["the", "tram", "vote"]),
        ("voted, VOTING", "en-gb", ["vote", "vote"]),
        ("Cafés naïve Łódź straße Ærø", "xx", ["cafes", "naive", "lodz", "strasse", "aero"]),
        ("élections", "fr", ["elect"]),
        ("elections", "fr", ["elect"]),
        ("ещё трамваи", "ru", ["ещ", "трамва"]),
        ("أَحْمَد ـــ الترامُ", "xx", ["احمد", "الترام"]),
        ("می‌خواهم", "xx", ["ميخواهم"]),
        ("हिन्दी में", "xx", ["हिन्दी", "में"]),
        ("路面電車", "ja", ["路面", "面電", "電車", "車"]),
        ("第3回tram", "ja", ["第", "3", "回", "tram"]),
        ("ข่าว", "th", ["ข่", "่า", "าว", "ว"]),
        ("서울시장", "ko", ["서울", "울시", "시장", "장"]),
        ("½ ﬁre ①", "en", ["1", "2", "fire", "1"]),
        ("don't a_b x-y", "xx", ["don", "t", "a", "b", "x", "y"]),
        ("\ud800 \x00 \u202e !?* 🚋", "en", []),
        ("́", "xx", ["́"]),
    ],
)
def test_terms_of_a_text(text, language, expected):
    assert terms.terms_of(text, language) == expected


@given(st.text(max_size=60), st.sampled_from(["en", "fr", "ar", "tr", "de", "xx"]))
def test_each_word_of_a_text_is_found_in_it(text, language):
    found = terms.terms_of(text, language)
    for word in terms.words_of(text):
        for wanted in terms.wanted_in(word, language):
            assert any(each.startswith(wanted.terms[0]) for each in found) or set(wanted.terms) & set(found)
            assert terms.are_in(text, [wanted], language)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Trams return", "tra"),
        ("Trams return", "ferry"),
        ("路面電車", "車電"),
        ("路面。電車", "面電"),
        ("路面電車", "車庫"),
    ],
)
def test_what_is_not_in_a_text_is_not_found_in_it(text, word):
    assert not terms.are_in(text, terms.wanted_in(word, "en"), "en")


@given(st.text(max_size=60))
def test_terms_hold_nothing_an_index_reads_as_its_own_language(text):
    for term in terms.terms_of(text, "en"):
        assert not set(term) & set(" \t\n\"'\\:*()&|!<>^-+{}\x00")
        assert term == term.lower() or not term.isascii()


@pytest.mark.parametrize("text", ["中" + "\u0301" * 3000, "x" * 5000, "가" * 5000, "é" * 5000])
def test_no_term_is_longer_than_a_database_takes(text):
    assert max(len(each.encode()) for each in terms.terms_of(text, "de")) < 2046  # PostgreSQL's lexemes


@pytest.mark.parametrize(
    ("word", "slip"),
    [
        ("harbour", "harbor"),
        ("harbour", "harbuor"),
        ("harbour", "hxrbour"),
        ("harbour", "harrbour"),
        ("government", "goverment"),
        ("government", "govermnent"),
        ("метро", "метра"),
        ("الترام", "الترم"),
    ],
)
def test_slip_meets_its_word_under_a_key(word, slip):
    assert spelling.keys_of(word) & spelling.keys_of(slip)
    assert spelling.distance(slip, word, 2) <= spelling.forgiven(slip)


@given(st.text("abc", min_size=1, max_size=9), st.text("abc", min_size=1, max_size=9))
def test_distance_is_the_same_from_either_side(one, other):
    assert spelling.distance(one, other, 9) == spelling.distance(other, one, 9)
    assert (spelling.distance(one, other, 9) == 0) == (one == other)
    assert spelling.distance(one, other, 1) == min(spelling.distance(one, other, 9), 2)


@given(st.text("abcdefg", min_size=3, max_size=12), st.data())
def test_any_single_slip_near_the_beginning_is_found(word, data):
    place = data.draw(st.integers(0, min(len(word), spelling.BEGINNING) - 1))
    letter = data.draw(st.sampled_from("abcxyz"))
    for slip in (
        word[:place] + word[place + 1 :],
        word[:place] + letter + word[place:],
        word[:place] + letter + word[place + 1 :],
    ):
        assert spelling.distance(slip, word, 2) <= 1
        assert spelling.keys_of(slip) & spelling.keys_of(word)
