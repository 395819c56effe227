"""A paper that is read from the right, in a real browser; and texts that run against their paper."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "theme"))


@pytest.fixture
def printing(live_server):
    """A function that prints a paper in a language, with the article in Arabic, and returns that article."""
    import arabic
    from paper import print_paper

    def print_one(language, articles=3):
        return arabic.print_article(print_paper(language, articles=articles))

    return print_one


def right_edge(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"]


def left_edge(locator):
    return locator.bounding_box()["x"]


def style(locator, name):
    return locator.evaluate("(e, name) => getComputedStyle(e)[name]", name)


@pytest.mark.parametrize("width", [320, 390, 820, 1440])
def test_arabic_page_is_open_to_everybody_and_keeps_to_its_sheet(printing, new_page, axe, width):
    address = printing("ar").address
    page = new_page(viewport={"width": width, "height": 900})
    for each in [address, "/", "/latest/", "/authors/", "/search/?q=الترام", "/nowhere/"]:
        page.goto(each)
        assert axe(page) == [], each
        assert page.evaluate("document.documentElement.scrollWidth") <= width, each


def test_whole_page_is_mirrored(printing, desk):
    desk.goto(printing("ar").address)
    sections = desk.locator(".sections a")
    text, rail = desk.locator(".article__body"), desk.locator(".article__meta")

    assert right_edge(sections.nth(0)) > right_edge(sections.nth(1))
    assert left_edge(rail) > right_edge(text)
    assert right_edge(desk.locator(".masthead__date")) > right_edge(desk.locator(".masthead__search"))
    assert left_edge(desk.locator(".pull-quote")) < left_edge(text)  # it stands out of the column's end
    quote = desk.locator(".quote").first
    assert (style(quote, "borderRightWidth"), style(quote, "borderLeftWidth")) == ("3px", "0px")
    assert left_edge(desk.locator(".see-also__picture").first) > right_edge(desk.locator(".see-also__text").first)
    assert right_edge(desk.locator("th[scope=row]").first) > right_edge(desk.locator("td").first)
    names = desk.locator(".article__meta .p-author")
    assert names.all_text_contents() == ["Agnes Pellory", "Tom Ray", "سلمى النجار", "Bruno Kellaway"]


def test_names_of_a_byline_follow_upon_each_other_from_the_right(printing, new_page):
    article = printing("ar")
    page = new_page(viewport={"width": 820, "height": 900})
    page.goto(article.address)
    first, second = page.locator(".article__meta .p-author").nth(0), page.locator(".article__meta .p-author").nth(1)

    assert first.bounding_box()["y"] == second.bounding_box()["y"]
    assert left_edge(first) > right_edge(second)


def test_replies_are_moved_in_from_the_right(printing, desk):
    desk.goto(printing("ar").address)
    comments = desk.locator(".comment")

    assert right_edge(comments.nth(0)) > right_edge(comments.nth(1)) > right_edge(comments.nth(2))
    assert left_edge(comments.nth(0)) == left_edge(comments.nth(2))
    assert left_edge(desk.locator(".comment .seal").first) > right_edge(desk.locator(".comment__head").first)


def test_newer_and_older_stand_in_the_order_of_reading(printing, desk):
    printing("ar", articles=42)
    desk.goto("/latest/")
    desk.get_by_role("link", name="مقالات أقدم").click()
    desk.wait_for_url("**before=**")
    newest, older = (desk.locator(".pagination .button").nth(place) for place in [0, 1])

    assert (newest.text_content(), older.text_content()) == ("أحدث المقالات", "مقالات أقدم")
    assert left_edge(newest) > right_edge(older)


def test_arabic_letters_are_neither_slanted_nor_parted(printing, desk):
    desk.goto(printing("ar").address)

    for selector in [".prose em", ".pull-quote", "cite >> nth=0", ".article__headline"]:
        assert style(desk.locator(selector).first, "fontStyle") == "normal", selector
    assert style(desk.locator(".prose em").first, "fontWeight") == "700"
    spaced = "[...document.querySelectorAll('body *')].filter(e => !['normal', '0px'].includes(getComputedStyle(e).letterSpacing))"
    assert desk.evaluate(f"{spaced}.map(e => e.className)") == []
    paragraph = desk.locator(".prose > p").first
    assert float(style(paragraph, "lineHeight")[:-2]) / float(style(paragraph, "fontSize")[:-2]) >= 1.75
    assert style(paragraph, "fontFamily").startswith('"Noto Naskh Arabic", "Geeza Pro"')


def test_latin_words_addresses_and_figures_keep_their_own_order(printing, desk):
    desk.goto(printing("ar").address)
    address = desk.locator(".prose bdi")

    assert address.text_content() == "https://trams.example/line-2/"
    assert style(address, "direction") == "ltr"
    change = desk.locator("td.figure-cell").last
    assert (change.text_content(), style(change, "direction")) == ("−3.6", "ltr")
    assert abs(left_edge(change) - left_edge(desk.locator(".table"))) < 1  # a number stands at its column's end


def test_english_paragraph_in_an_arabic_paper_begins_at_the_left(printing, desk):
    desk.goto(printing("ar").address)
    english = desk.locator('.prose > p[dir="ltr"]')

    assert english.count() == 1
    assert (style(english, "direction"), style(english, "textAlign")) == ("ltr", "start")


def test_arabic_texts_in_an_english_paper_run_from_the_right(printing, desk, axe):
    desk.goto(printing("en").address)
    paragraph, quote = desk.locator('.prose > p[dir="rtl"]').first, desk.locator(".quote").first

    assert style(paragraph, "direction") == "rtl"
    assert style(paragraph, "fontFamily").startswith('"Noto Naskh Arabic"')
    assert style(quote, "borderRightWidth") == "3px"
    assert style(desk.locator(".prose > ul"), "paddingRight") != "0px"
    assert style(desk.locator(".article__headline"), "textAlign") in {"left", "-webkit-match-parent", "match-parent"}
    assert left_edge(desk.locator(".article__meta")) < left_edge(desk.locator(".article__body"))  # the page's own order
    assert axe(desk) == []
