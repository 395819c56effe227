"""Every point both ways, without a database."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from coranto.desk.rules.checklist import (
    DEFAULT_WEIGHTS,
    ArticleFacts,
    CreditFacts,
    Limits,
    LinkFacts,
    LinkState,
    Passage,
    PictureFacts,
    Point,
    Weight,
    find_all,
)
from coranto.desk.rules.headlines import folded_headline

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LIMITS = Limits(headline_longest=60, standfirst_shortest=10, standfirst_longest=100)

SOUND = ArticleFacts(
    headline="Trams return",
    standfirst="They are back after a year.",
    passages=[Passage(anchor="body.1", text="The first tram left at five. Ask for XX or tk, TKO or Lorem.")],
    is_empty=False,
    authors=1,
    pictures=[
        PictureFacts(
            anchor="picture", title="A tram", is_described=True, is_credited=True, rights_end_on=date(2026, 3, 1)
        )
    ],
    credits=[CreditFacts(name="The Wire", has_licence=True, has_original=True)],
    links=[
        LinkFacts(anchor="body.1", label="Old trams", state=LinkState.FINE),
        LinkFacts(anchor="body.1", label="https://a.example/", state=LinkState.UNTOLD, is_outside=True),
    ],
    twins=[],
    section="City",
    section_is_live=True,
    visibility="public",
    has_password=False,
    embargoed_until=NOON,
    goes_out_at=NOON,
    goes_out_on=date(2026, 3, 1),
    open_notes=0,
)
PICTURE, CREDIT = SOUND.pictures[0], SOUND.credits[0]


def find(facts, limits=LIMITS, **weights):
    return find_all(facts, weights={**DEFAULT_WEIGHTS, **weights}, limits=limits)


def test_nothing_is_found_where_all_is_well():
    assert find(SOUND) == []


def link(state, label="Old trams", *, is_outside=False):
    return {"links": [LinkFacts(anchor="body.7", label=label, state=state, is_outside=is_outside)]}


AMISS = [
    (Point.CHANGE, {"differs": True}, "change_kind", "Say what kind of change this is."),
    (Point.CHANGE, {"change_kind": "correction"}, "change_note", "what was wrong"),
    (Point.CHANGE, {"change_kind": "clarification", "change_note": " "}, "change_note", "what is meant"),
    (
        Point.CHANGE,
        {"change_kind": "correction", "change_note": "x", "has_passage": False},
        "change_passage",
        "does not say this as it reads now",
    ),
    (Point.HEADLINE_LENGTH, {"headline": "x" * 61}, "title", "61 characters; it should have at most 60"),
    (Point.HEADLINE_TWIN, {"twins": ["/city/trams/"]}, "title", "/city/trams/"),
    (Point.STANDFIRST, {"standfirst": "  "}, "standfirst", "no standfirst"),
    (Point.STANDFIRST, {"standfirst": "x" * 9}, "standfirst", "9 characters; it should have at least 10"),
    (Point.STANDFIRST, {"standfirst": "x" * 101}, "standfirst", "101 characters; it should have at most 100"),
    (Point.BYLINE, {"authors": 0, "credits": []}, "bylines", "Nobody's name"),
    (Point.BODY, {"is_empty": True}, "body", "no text"),
    (Point.PLACEHOLDER, {"passages": [Passage(anchor="body.9", text="Said TK, he did.")]}, "body.9", "“TK”"),
    (Point.PLACEHOLDER, {"passages": [Passage(anchor="body.9", text="TKTK")]}, "body.9", "“TKTK”"),
    (Point.PLACEHOLDER, {"passages": [Passage(anchor="title", text="XXXX wins")]}, "title", "“XXXX”"),
    (Point.PLACEHOLDER, {"passages": [Passage(anchor="body.9", text="lorem Ipsum dolor")]}, "body.9", "“lorem Ipsum”"),
    (
        Point.PICTURE_DESCRIPTION,
        {"pictures": [replace(PICTURE, is_described=False)]},
        "picture",
        "“A tram” has no desc",
    ),
    (Point.PICTURE_CREDIT, {"pictures": [replace(PICTURE, is_credited=False)]}, "picture", "“A tram” has no credit"),
    (Point.PICTURE_RIGHTS, {"goes_out_on": date(2026, 3, 2)}, "picture", "until March 1, 2026 only"),
    (Point.CREDIT_LICENCE, {"credits": [replace(CREDIT, has_licence=False)]}, "credits", "“The Wire” names no licence"),
    (Point.CREDIT_ORIGINAL, {"credits": [replace(CREDIT, has_original=False)]}, "credits", "lacks the original"),
    (Point.LINK_INSIDE, link(LinkState.DRAFT), "body.7", "“Old trams”, which readers cannot open yet"),
    (Point.LINK_INSIDE, link(LinkState.PRIVATE), "body.7", "“Old trams”, which only staff"),
    (Point.LINK_INSIDE, link(LinkState.NOWHERE, "/x/"), "body.7", "no page of ours: /x/"),
    (Point.LINK_OUTSIDE, link(LinkState.DEAD, "https://a.example/", is_outside=True), "body.7", "dead: https://a"),
    (Point.SECTION, {"section": ""}, "", "no section"),
    (Point.SECTION, {"section_is_live": False}, "", "“City” is not published"),
    (Point.AUDIENCE, {"visibility": "private"}, "visibility", "Only staff"),
    (Point.AUDIENCE, {"visibility": "password", "has_password": True}, "visibility", "has the password"),
    (Point.AUDIENCE, {"has_password": True}, "visibility", "but everybody may read it"),
    (Point.EMBARGO, {"embargoed_until": NOON + timedelta(minutes=1)}, "embargoed_until", "under embargo until"),
    (Point.NOTES, {"open_notes": 1}, "notes", "1 note is not resolved"),
    (Point.NOTES, {"open_notes": 2}, "notes", "2 notes are not resolved"),
]


@pytest.mark.parametrize(("point", "change", "anchor", "words"), AMISS)
def test_point_is_told_with_its_place(point, change, anchor, words):
    (finding,) = find(replace(SOUND, **change))
    assert (finding.point, finding.weight, finding.anchor) == (point, DEFAULT_WEIGHTS[point], anchor)
    assert words in finding.message


def test_every_point_is_tried_above():
    assert {point for point, *_ in AMISS} == set(Point)


@pytest.mark.parametrize(("point", "change", "anchor", "words"), AMISS)
def test_point_weighs_what_the_editor_in_chief_gave_it(point, change, anchor, words):
    facts = replace(SOUND, **change)
    assert [each.weight for each in find(facts, **{point: Weight.BLOCK})] == ["block"]
    assert [each.weight for each in find(facts, **{point: Weight.REMIND})] == ["remind"]
    assert find(facts, **{point: Weight.OFF}) == []


def test_what_stops_publication_is_told_first():
    facts = replace(SOUND, standfirst="", pictures=[replace(PICTURE, is_described=False, is_credited=False)])
    assert [each.point for each in find(facts)] == ["picture_description", "standfirst", "picture_credit"]


def test_credit_with_people_stands_in_for_an_author():
    assert find(replace(SOUND, authors=0)) == []


def test_long_names_are_cut():
    (finding,) = find(replace(SOUND, **link(LinkState.NOWHERE, "/" + "x" * 500)))
    assert len(finding.message) < 130


def test_facts_are_all_looked_at():
    """A fact no rule asks for is a promise nobody keeps."""
    changed = {name for _, change, *_ in AMISS for name in change}
    unasked = {each.name for each in fields(ArticleFacts)} - changed
    assert unasked == {"goes_out_at"}  # asked with the embargo


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Trams return!", "TRAMS  return", True),
        ("Die Straße ist frei", "DIE STRASSE IST FREI", True),
        ("“Trams” – return", "Trams return", True),
        ("Ｔｒａｍｓ return", "Trams return", True),
        ("عاد الترام", "عاد  الترام!", True),
        ("El papá de Ana", "El papa de Ana", False),
        ("Trams return", "Trams returned", False),
        ("?!", "!?", False),
        ("Room 101", "Room 102", False),
    ],
)
def test_headlines_are_the_same_but_for_case_spaces_and_punctuation(one, other, same):
    assert (folded_headline(one) == folded_headline(other)) is same
