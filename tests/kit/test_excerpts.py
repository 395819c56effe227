"""What is shown of a text in which something was looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coranto.kit import excerpts, terms


def wanted(query, language="en"):
    return [each for word in terms.words_of(query) for each in terms.wanted_in(word, language)]


def told(excerpt):
    return "".join(f"[{each.text}]" if each.is_hit else each.text for each in excerpt.pieces)


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("The trams voted.", "tram VOTES", "The [trams] [voted]."),
        ("A café, two cafe.", "cafe", "A [café], two [cafe]."),
        ("東京の路面電車が", "路面電車", "東京の[路面電車]が"),
        ("東京", "京", "東[京]"),
        ("nothing here", "tram", "nothing here"),
        ("", "tram", ""),
    ],
)
def test_words_are_marked_where_they_stand(text, query, expected):
    assert told(excerpts.marked(text, wanted(query), "en")) == expected


def test_excerpt_is_a_few_lines_around_the_first_hit():
    text = "First paragraph.\n" + "word " * 60 + "the tram left " + "word " * 60 + "\nLast tram."

    excerpt = excerpts.around(text, wanted("trams"), "en")

    assert told(excerpt).startswith("…word ")
    assert " the [tram] left word" in told(excerpt)
    assert told(excerpt).endswith("word…")
    assert len(excerpt.text) <= excerpts.LENGTH + 2


def test_excerpt_of_a_short_paragraph_is_all_of_it():
    assert told(excerpts.around("One.\nThe tram left.\nTwo.", wanted("tram"), "en")) == "The [tram] left."


def test_text_without_the_word_has_no_excerpt():
    assert excerpts.around("Nothing.", wanted("tram"), "en").pieces == ()


@given(st.text(max_size=300), st.text(max_size=12))
def test_marking_changes_no_letter_of_any_text(text, query):
    assert excerpts.marked(text, wanted(query), "en").text == text
    excerpt = excerpts.around(text, wanted(query), "en")
    assert excerpt.text.strip("…") in text or "…" in text
    assert len(excerpt.text) <= excerpts.LENGTH + 2 or " " not in text
