"""Texts that run against the page they stand on."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coranto.theme import rules

ARABIC = "السلك الذي يغذي الترام"


@pytest.mark.parametrize(
    ("text", "page", "runs"),
    [
        ("The wire that feeds the trams", "ltr", "ltr"),
        (ARABIC, "ltr", "rtl"),
        (ARABIC, "rtl", "rtl"),
        ("The wire that feeds the trams", "rtl", "ltr"),
        ("WhatsApp يعلن موعد الترام", "ltr", "rtl"),  # its first letter is Latin
        ("Vane Lines و Le Phare توقّعان اتفاق الترام الجديد", "rtl", "rtl"),
        ("The word سلك is written on every drum of copper", "ltr", "ltr"),
        ("לוח הזמנים של הרכבת", "ltr", "rtl"),
        ("1,860,000 — 15%", "ltr", "ltr"),
        ("1,860,000 — 15%", "rtl", "rtl"),
        ("", "rtl", "rtl"),
    ],
)
def test_direction_is_that_of_most_letters(text, page, runs):
    assert rules.direction_of(text, page=page) == runs


def test_paragraph_that_runs_against_the_page_says_so():
    html = f'<p data-block-key="a1">One <b>two</b>.</p><p>{ARABIC}</p><ul><li>{ARABIC}<ul><li>one</li></ul></li></ul>'

    assert rules.with_directions(html, page="ltr") == (
        f'<p data-block-key="a1">One <b>two</b>.</p><p dir="rtl">{ARABIC}</p>'
        f'<ul dir="rtl"><li>{ARABIC}<ul><li>one</li></ul></li></ul>'
    )
    assert '<p data-block-key="a1" dir="ltr">One' in rules.with_directions(html, page="rtl")
    assert f"<p>{ARABIC}</p>" in rules.with_directions(html, page="rtl")


def test_direction_somebody_chose_stays():
    html = f'<p dir="ltr">{ARABIC}</p>'

    assert rules.with_directions(html, page="ltr") == html


def test_address_in_a_text_from_the_right_is_set_apart_and_nothing_within_a_tag_is():
    html = f'<p>{ARABIC} https://trams.example/line-2/, <a href="https://x.example/?a=1&amp;b=2" title="a > b">{ARABIC}</a></p>'

    assert rules.with_directions(html, page="rtl") == html.replace(
        "https://trams.example/line-2/,", '<bdi dir="ltr">https://trams.example/line-2/</bdi>,'
    )


def test_text_without_such_letters_is_not_touched_on_a_page_from_the_left():
    html = "<p>The wire</p><p>https://trams.example/line-2/</p>"

    assert rules.with_directions(html, page="ltr") is html


@given(
    st.lists(st.text(alphabet="ab <>&;/\"'p=خط", max_size=30), max_size=6).map("".join), st.sampled_from(["ltr", "rtl"])
)
def test_nothing_but_directions_is_ever_added(html, page):
    added = r' dir="(?:ltr|rtl)"|<bdi dir="ltr">|</bdi>'

    assert re.sub(added, "", rules.with_directions(html, page=page)) == re.sub(added, "", html)


def test_name_is_kept_together_where_it_could_disturb_a_sentence():
    assert rules.isolated("Agnes Pellory", page="ltr") == "Agnes Pellory"
    assert rules.isolated(ARABIC, page="ltr") == f"\u2068{ARABIC}\u2069"
    assert rules.isolated("Agnes Pellory", page="rtl") == "\u2068Agnes Pellory\u2069"


# On pages ---------------------------------------------------------------------------------------------------


@pytest.fixture
def arabic(db):
    import arabic
    from paper import print_paper

    return arabic.print_article(print_paper("ar", articles=2))


def attribute_of(html, start):
    """The `dir` of the element whose words begin so, or nothing."""
    tag = re.search(rf"<([^<>]*)>\s*{re.escape(start)}", html.partition("<body")[2])
    assert tag is not None, start
    return (re.findall(r'dir="(\w+)"', tag[1]) or [""])[0]


def test_arabic_article_stands_on_an_arabic_page_as_it_is(client, arabic):
    from arabic import ENGLISH, HEADLINE

    html = client.get(arabic.address).text

    assert '<html lang="ar" dir="rtl">' in html
    assert attribute_of(html, HEADLINE) == ""
    assert attribute_of(html, "في السادسة والنصف") == ""
    assert attribute_of(html, ENGLISH) == "ltr"
    assert attribute_of(html, "Does it work for line 3") == "ltr"
    assert attribute_of(html, "منذ بدأت الرسائل") == ""
    assert '<bdi dir="ltr">https://trams.example/line-2/</bdi>' in html


def test_names_in_an_arabic_sentence_keep_their_order(client, arabic):
    html = client.get(arabic.address).text

    assert "مترجم عن مقال بقلم \u2068Agnes Pellory\u2069، \u2068Tom Ray\u2069 في \u2068Le Phare\u2069." in html


def test_arabic_article_in_an_english_paper_says_which_way_it_runs(client, paper):
    import arabic

    html = client.get(arabic.print_article(paper).address).text

    assert '<html lang="en" dir="ltr">' in html
    assert attribute_of(html, arabic.HEADLINE) == "rtl"
    assert attribute_of(html, "في السادسة والنصف") == "rtl"
    assert attribute_of(html, arabic.ENGLISH) == ""
    assert re.search(r'<figure class="pull-quote" dir="rtl">', html)
    assert re.search(r'<figure class="quote" dir="rtl">', html)
    assert re.search(r'<ul dir="rtl">', html)
    assert re.search(r'<figcaption dir="rtl">\s*<span class="figure__caption">الترام', html)


def test_list_shows_a_headline_that_runs_the_other_way(client, paper):
    import arabic

    arabic.print_article(paper)

    assert 'class="card__headline" dir="rtl"' in client.get("/latest/").text


def test_both_papers_are_as_the_standard_says(client, arabic, conforms):
    assert conforms(client.get(arabic.address).content)
