from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coranto.newsroom import rules


def test_canonical_address_is_the_first_original_whose_licence_asks():
    credits = [("https://a.example/", False), ("", True), ("https://b.example/", True)]
    assert rules.canonical_url("https://own.example/", credits) == "https://b.example/"
    assert rules.canonical_url("https://own.example/", credits[:2]) == "https://own.example/"


def test_links_to_our_pages_are_filled_in_and_lose_their_address_when_the_page_is_gone():
    html = '<a linktype="page" id="3">x</a> <a linktype="page" id="4">y</a> <a href="https://e.example/">z</a>'
    assert rules.linked_page_ids(html) == [3, 4]
    assert rules.with_addresses(html, {3: "/city/x/"}) == (
        '<a href="/city/x/">x</a> <a>y</a> <a href="https://e.example/">z</a>'
    )


def test_text_of_a_body_holds_the_words_of_every_kind_of_block():
    body = [
        {"type": "paragraph", "value": "<p>One <b>two</b></p>"},
        {"type": "heading", "value": {"text": "Three", "level": "2"}},
        {"type": "quote", "value": {"text": "<p>Four</p>", "attribution": "Five"}},
        {"type": "pull_quote", "value": {"text": "Six"}},
        {"type": "list", "value": {"items": [{"type": "item", "value": "<p>Seven</p>"}]}},
        {"type": "table", "value": {"data": [["Eight", None], ["Nine", "Ten"]]}},
        {"type": "picture", "value": {"picture": 1, "caption": "Eleven"}},
        {"type": "embed", "value": {"title": "Twelve"}},
        {"type": "html", "value": "<pre>Thirteen</pre>"},
        {"type": "divider", "value": None},
        {"type": "placement", "value": {"kind": "newest"}},
    ]
    assert rules.text_of_body(body).split() == (
        ["One", "two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve", "Thirteen"]
    )


@pytest.mark.parametrize(("text", "words"), [("", 0), ("It’s a well-made thing.", 4), ("3,5 Ångström", 3)])
def test_words_are_counted_as_a_reader_would(text, words):
    assert rules.count_words(text) == words


def test_version_document_is_the_same_bytes_whatever_the_order():
    one = rules.version_document(rules.FIRST_CHANGE, headline="Ä", body=[1, {"b": 2, "a": 1}])
    two = rules.version_document(rules.FIRST_CHANGE, body=[1, {"a": 1, "b": 2}], headline="Ä")
    assert one == two
    change = '"change":{"kind":"first","note":"","passage":""}'
    assert (
        one[0]
        == f'{{"body":[1,{{"a":1,"b":2}}],{change},"headline":"Ä","schema":"coranto/article-version/2"}}'.encode()
    )


@given(st.text(max_size=3000))
def test_cleaned_query_is_short_plain_words(raw):
    query = rules.clean_query(raw, length=200, words=12)
    assert len(query) <= 200
    assert len(query.split()) <= 12
    assert not set(query) & set("\"'*()^:-\x00\\")


@pytest.mark.parametrize(
    ("kind", "changes"),
    [("first", False), ("typo", False), ("update", True), ("clarification", True), ("correction", True)],
)
def test_only_changes_of_substance_move_the_date(kind, changes):
    assert rules.changes_the_date(kind) is changes
