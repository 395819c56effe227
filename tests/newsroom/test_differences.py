"""What differs between two texts: nothing is lost in it, and it reads as a person would tell it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coranto.newsroom import differences
from coranto.newsroom.differences import (
    Change,
    Mark,
    Part,
    after_of,
    before_of,
    changed_passages,
    difference,
    folded,
    sentences,
)

WORDS = st.text(alphabet="ab .!?,\n\u2019\u00e9\u0301\u3002\u6f22\u5b57\u0905\u093f", max_size=40)
PARTS = st.lists(st.builds(Part, label=st.sampled_from(["Headline", "Text"]), text=WORDS), max_size=8)


def parts(*texts: str) -> list[Part]:
    return [Part("Text", each, each) for each in texts]


def told(*pair: list[Part]) -> list[str]:
    """The rows with what went in brackets and what came in braces."""
    signs = {Mark.SAME: "{}", Mark.DELETED: "[{}]", Mark.INSERTED: "<{}>"}
    return ["".join(signs[piece.mark].format(piece.text) for piece in row.pieces) for row in difference(*pair)]


@given(PARTS, PARTS)
def test_both_texts_can_be_read_out_of_their_difference(before, after):
    rows = difference(before, after)
    assert before_of(rows) == [(each.label, each.text) for each in before]
    assert after_of(rows) == [(each.label, each.text) for each in after]


@given(PARTS, PARTS)
def test_both_texts_are_there_where_comparing_them_would_take_too_long(before, after):
    with pytest.MonkeyPatch.context() as patch:
        for name in ("PAIRS", "ITEMS", "CHARACTERS"):
            patch.setattr(differences, name, 1)
        rows = difference(before, after)
    assert before_of(rows) == [(each.label, each.text) for each in before]
    assert after_of(rows) == [(each.label, each.text) for each in after]


@given(PARTS)
def test_a_text_does_not_differ_from_itself(text):
    assert {row.change for row in difference(text, text)} <= {Change.NONE}


@given(PARTS, PARTS)
def test_folding_keeps_every_row(before, after):
    rows = difference(before, after)
    assert [row for stretch in folded(rows) for row in stretch.rows] == rows


@given(st.text(max_size=300))
def test_sentences_are_the_text(text):
    assert "".join(sentences(text)) == text


def test_a_figure_that_was_wrong_is_marked_whole():
    before, after = (
        parts("It protects 1,410 hectares. Nobody moved."),
        parts("It protects 1,140 hectares. Nobody moved."),
    )
    assert told(before, after) == ["It protects [1,410]<1,140> hectares. Nobody moved."]


def test_words_replaced_beside_each_other_read_as_one_change():
    before, after = parts("The old tram left the quay at five."), parts("The very new tram left the quay at five.")
    assert told(before, after) == ["The [old]<very new> tram left the quay at five."]
    before, after = parts("He saw the old red tram leave."), parts("He saw the new blue tram leave.")
    assert told(before, after) == ["He saw the [old red]<new blue> tram leave."]


def test_a_sentence_that_says_something_else_is_replaced_whole():
    before, after = parts("It rained. Nobody knew why."), parts("It rained. The mayor resigned at noon.")
    assert told(before, after) == ["It rained. [Nobody knew why.]<The mayor resigned at noon.>"]


def test_paragraphs_come_go_and_stay():
    before, after = parts("One stays here.", "Two goes."), parts("One stays here.", "Something entirely new.")
    assert told(before, after) == ["One stays here.", "[Two goes.]", "<Something entirely new.>"]
    assert [each.is_changed for each in folded(difference(before, after))] == [False, True]


def test_a_link_that_changed_is_a_change_of_form():
    (row,) = difference([Part("Text", "Read this.", "a")], [Part("Text", "Read this.", "b")])
    assert row.change is Change.FORM


def test_passages_offered_are_the_sentences_as_they_read_now():
    before = parts("It rained. The tram left at five. Nobody knew.", "Stays.")
    after = parts("It rained. The tram left at six. Nobody.", "Stays.", "New words. Two of them.")
    assert changed_passages(difference(before, after)) == [
        "The tram left at six.",
        "Nobody.",
        "New words.",
        "Two of them.",
    ]


def test_space_that_came_behind_a_sentence_offers_nothing():
    assert changed_passages(difference(parts("It rained."), parts("It rained. Then it stopped."))) == [
        "Then it stopped."
    ]


def test_what_was_only_taken_out_offers_the_sentence_it_stood_in():
    rows = difference(parts("It rained. The very late tram left."), parts("It rained. The late tram left."))
    assert changed_passages(rows) == ["The late tram left."]


def test_enormous_texts_are_compared_by_a_bounded_number_of_pairs(monkeypatch):
    counted = []
    matcher = differences.SequenceMatcher

    def counting(**kwargs):
        counted.append(sum(kwargs["b"].count(each) for each in set(kwargs["a"])))
        return matcher(**kwargs)

    monkeypatch.setattr(differences, "SequenceMatcher", counting)
    before, after = parts("a b c d " * 30_000), parts("b a d c e " * 30_000)
    assert before_of(difference(before, after)) == [("Text", before[0].text)]
    difference(parts(*["same words"] * 4000, "x"), parts("y", *["same words", "others"] * 2000))
    assert max(counted, default=0) <= differences.PAIRS
