"""The default look, in a real browser."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "theme"))

PAGES = [
    "/",
    "/latest/",
    "/city/",
    "/authors/",
    "/authors/ada-thorne/",
    "/topics/trams/",
    "/search/?q=wire",
    "/city/article-2/",
    "/opinion/article-7/",
    "/city/article-9/",
    "/city/article-8/",
    "/nowhere/",
]
ARTICLE = "/city/article-2/"
PLAYER = "https://www.youtube-nocookie.com"


@pytest.fixture
def printing(live_server):
    """A function that prints a paper."""
    from paper import print_paper

    return print_paper


@pytest.fixture
def paper(printing):
    return printing()


def breaches(page, axe):
    found = {}
    for address in PAGES:
        page.goto(address)
        if faults := axe(page):
            found[address] = faults
    return found


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_every_page_is_open_to_everybody(paper, new_page, axe, scheme, width):
    page = new_page(color_scheme=scheme, viewport={"width": width, "height": 900})

    assert breaches(page, axe) == {}


def test_page_in_arabic_is_open_to_everybody(printing, desk, axe):
    address = printing("ar", articles=3).article.address
    desk.goto(address)

    assert axe(desk) == []
    text, rail = (desk.locator(each).bounding_box() for each in [".article__body", ".article__meta"])
    assert rail["x"] > text["x"]  # what stands at the start stands at the right


def test_no_page_asks_anybody_else_for_anything(paper, desk, record):
    for address in PAGES:
        desk.goto(address)

    assert record.elsewhere == []
    assert [each for each in record.errors if "/nowhere/" not in each] == []  # the page that is not there


def test_article_weighs_less_than_a_hundred_kilobytes_without_its_pictures(paper, desk):
    sizes = {}

    def weigh(response):
        if response.request.resource_type != "image":
            sizes[urlsplit(response.url).path] = len(response.body())

    desk.on("response", weigh)
    desk.goto(ARTICLE, wait_until="networkidle")

    assert ARTICLE in sizes
    assert sum(sizes.values()) <= 100_000, sizes


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_nothing_stands_out_of_a_narrow_page(printing, new_page, language):
    article = printing(language).article
    page = new_page(viewport={"width": 320, "height": 640})
    wide = {}
    for address in ["/", "/latest/", article.get_parent().specific.address, article.address, "/search/", "/nowhere/"]:
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            wide[address] = width

    assert wide == {}


def test_first_key_press_leads_past_the_head_to_the_content(paper, desk):
    desk.goto(ARTICLE)
    desk.keyboard.press("Tab")

    assert desk.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert desk.locator(".skip").bounding_box()["y"] >= 0

    desk.keyboard.press("Enter")
    assert desk.evaluate("document.activeElement.id") == "content"
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.textContent") == "City"
    assert desk.evaluate("document.activeElement.closest('main') !== null")


def test_what_has_the_focus_can_be_seen(paper, desk):
    desk.goto("/")
    for _ in range(12):
        desk.keyboard.press("Tab")
        style = "(e => getComputedStyle(e.closest('.masthead__search:focus-within') || e).outlineStyle)"
        assert desk.evaluate(f"{style}(document.activeElement)") == "solid"


def test_embed_asks_nobody_before_the_reader_does(paper, desk, record):
    desk.goto(ARTICLE)
    embed = desk.locator(".embed[data-player]")

    assert desk.locator("iframe").count() == 0
    assert record.elsewhere == []

    embed.get_by_role("button", name="Play here").click()

    frame = embed.locator("iframe")
    assert frame.get_attribute("src") == f"{PLAYER}/embed/eel-ramp_01?autoplay=1"
    assert frame.get_attribute("title") == "Night at the eel ramp"


def test_page_works_without_scripts(paper, without_scripts):
    page = without_scripts
    page.goto(ARTICLE)

    assert page.locator(".embed a").first.get_attribute("href") == "https://www.youtube.com/watch?v=eel-ramp_01"
    assert page.locator("button:visible").all_text_contents() == page.locator(".masthead button").all_text_contents()

    page.locator("#masthead-search").fill("wire")
    page.keyboard.press("Enter")
    assert page.locator("#results-title").text_content() == "Articles with “wire”"


def test_reader_of_a_locked_article_gets_in_with_the_password(paper, without_scripts):
    page = without_scripts
    page.goto(paper.locked.address)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Open the article").click()
    assert page.get_by_role("alert").text_content() == "That is not the password."

    page.get_by_label("Password").fill("sesame")
    page.get_by_role("button", name="Open the article").click()
    assert page.locator("h1").text_content() == "Behind a door"


def test_table_that_is_too_wide_can_be_moved_by_keyboard(paper, new_page):
    page = new_page(viewport={"width": 320, "height": 640})
    page.goto(ARTICLE)
    table = page.get_by_role("region", name="What the city was billed")
    table.focus()
    page.keyboard.press("ArrowRight")

    page.wait_for_function("document.querySelector('.table').scrollLeft > 0")


def test_paper_copy_has_the_words_and_not_the_furniture(paper, desk):
    desk.goto(ARTICLE)
    desk.emulate_media(media="print")

    assert desk.locator(".article__body").is_visible()
    assert desk.locator("h1").is_visible()
    for furniture in [".sections", ".masthead__search", ".share", ".comments", ".row--after", ".colophon__list"]:
        assert not desk.locator(furniture).first.is_visible(), furniture
