"""The default look, in a real browser."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "theme"))
sys.path.insert(0, str(Path(__file__).parent))
from waiting import until

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


@pytest.fixture
def extremes(paper):
    import extremes

    return extremes.print_article(paper)


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


def test_article_weighs_less_than_forty_kilobytes_on_the_wire_without_its_pictures(paper, desk):
    answers = []
    desk.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - it wants a function of Python
    desk.goto(ARTICLE, wait_until="networkidle")

    # Here only the page itself is compressed; a served site sends its files so, too.
    parts = [each for each in answers if each.request.resource_type != "image"]
    sizes = {urlsplit(each.url).path: len(gzip.compress(each.body())) for each in parts}
    assert ARTICLE in sizes
    assert sum(sizes.values()) <= 40_000, sizes


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

    until(page, "document.querySelector('.table').scrollLeft > 0")


def test_paper_copy_has_the_words_and_not_the_furniture(paper, desk):
    desk.goto(ARTICLE)
    desk.emulate_media(media="print")

    assert desk.locator(".article__body").is_visible()
    assert desk.locator("h1").is_visible()
    for furniture in [".sections", ".masthead__search", ".share", ".comments", ".row--after", ".colophon__list"]:
        assert not desk.locator(furniture).first.is_visible(), furniture


# Words set to be read -----------------------------------------------------------------------------------------

LINES = """element => {
  const words = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), lines = new Map();
  for (let node = words.nextNode(); node; node = words.nextNode()) {
    for (let at = 0; at < node.length; at++) {
      const range = new Range();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const top = Math.round(range.getBoundingClientRect().top / 8);
      lines.set(top, (lines.get(top) ?? 0) + 1);
    }
  }
  return [...lines.values()];
}"""


def test_line_of_an_article_is_60_to_75_characters_long(extremes, desk):
    desk.goto(extremes.address)
    for width in [600, 767, 768, 820, 1024, 1151, 1152, 1440, 2200]:
        desk.set_viewport_size({"width": width, "height": 900})
        lines = desk.locator(".article__body > p").first.evaluate(LINES)[:-1]

        assert len(lines) > 2
        assert 60 <= sum(lines) / len(lines) <= 75, (width, lines)


def test_what_stands_between_paragraphs_is_half_a_line_and_around_figures_a_whole_one(extremes, desk):
    desk.goto(extremes.address)

    def space_above(selector):
        style = "e => parseFloat(getComputedStyle(e).marginBlockStart)"
        return desk.locator(selector).first.evaluate(style)

    line = desk.locator(".prose > p").first.evaluate("e => parseFloat(getComputedStyle(e).lineHeight)")
    assert space_above(".prose > p + p") == line / 2
    assert space_above(".prose > .quote") == space_above(".prose > .figure") == space_above(".prose > .table") == line
    assert space_above(".prose > h2") == 1.25 * line


def test_words_without_end_stay_in_their_place(extremes, desk):
    for address in [extremes.address, "/", "/city/", "/latest/", "/authors/", "/authors/name-0/", "/search/?q=wire"]:
        desk.goto(address)
        for width in [320, 390, 640, 820, 1152, 1440]:
            desk.set_viewport_size({"width": width, "height": 900})
            assert desk.evaluate(OUTSIDE) == [], (address, width)


# Elements that reach beyond the sheet, or whose words reach beyond themselves; what may be moved is let alone.
OUTSIDE = """() => {
  const sheet = document.documentElement, beyond = [];
  for (const element of document.querySelectorAll("main *, footer *")) {
    if (element.closest(".table, .visually-hidden") || !element.clientWidth) continue;
    const { left, right } = element.getBoundingClientRect();
    const own = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (left < -1 || right > sheet.clientWidth + 1 || (own && element.scrollWidth > element.clientWidth + 1))
      beyond.push(`${element.parentElement.className} > ${element.className || element.tagName}`);
  }
  return sheet.scrollWidth > sheet.clientWidth ? ["the page", ...beyond] : beyond;
}"""


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_is_lost_when_a_reader_spaces_the_letters(extremes, new_page, width):
    page = new_page(viewport={"width": width, "height": 900})
    page.goto(extremes.address)
    # WCAG 2.2, 1.4.12. A sheet that a script makes is not bound by the content policy, as a reader's own is not.
    page.evaluate(
        """() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
            word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
          document.adoptedStyleSheets = [sheet];
        }"""
    )

    assert page.evaluate(OUTSIDE) == []
    assert (
        page.evaluate(
            """[...document.querySelectorAll("body *:not(.visually-hidden)")].filter(e =>
          e.scrollHeight > e.clientHeight + 1 && ["hidden", "clip"].includes(getComputedStyle(e).overflowY)
          && e.clientHeight).map(e => e.className)"""
        )
        == []
    )


def test_picture_is_shown_whole_and_not_larger_than_it_is(extremes, desk):
    desk.goto(extremes.address)
    main, stamp = (desk.locator(each) for each in [".figure--main img", ".prose .figure img"])

    assert main.evaluate("e => getComputedStyle(e).objectFit") == "contain"
    assert main.bounding_box()["height"] <= 0.85 * 900
    assert stamp.bounding_box()["width"] == 180


def test_what_one_presses_on_a_telephone_is_as_large_as_a_finger(extremes, phone):
    phone.goto(extremes.address)
    for selector in [".button", ".sections a", ".share :is(a, button)"]:
        heights = [each.bounding_box()["height"] for each in phone.locator(selector).all() if each.is_visible()]
        assert min(heights, default=44) >= 44, selector
    phone.goto("/search/")
    assert (
        min(each.bounding_box()["height"] for each in phone.locator(".search-form--large :is(input, button)").all())
        >= 44
    )


# Light, dark, neither --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("machine", "asked"), [("light", "dark"), ("dark", "light")])
def test_preview_shows_the_scheme_it_was_asked_for(paper, new_page, machine, asked):
    page = new_page(color_scheme=machine)
    page.goto(ARTICLE)
    ground, accent = (
        "getComputedStyle(document.body).backgroundColor",
        "getComputedStyle(document.querySelector('.kicker')).color",
    )
    before = page.evaluate(ground), page.evaluate(accent)
    page.evaluate("scheme => { document.documentElement.dataset.scheme = scheme }", asked)
    after = page.evaluate(ground), page.evaluate(accent)

    grounds = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 22, 26)"}
    assert (before[0], after[0]) == (grounds[machine], grounds[asked])
    assert before[1] != after[1]


def test_current_section_can_be_told_where_colours_are_forced(paper, new_page):
    page = new_page(forced_colors="active")
    page.goto(ARTICLE)
    line = "e => getComputedStyle(e).borderBlockEndColor"

    assert page.locator(".sections a[aria-current]").evaluate(line) != page.locator(".sections a").first.evaluate(line)


def test_whoever_asks_for_more_contrast_gets_one_ink(paper, new_page):
    colours = {}
    for contrast in ["no-preference", "more"]:
        page = new_page(contrast=contrast)
        page.goto(ARTICLE)
        colours[contrast] = page.locator(".article__standfirst").evaluate("e => getComputedStyle(e).color")

    assert colours == {"no-preference": "rgb(84, 87, 92)", "more": "rgb(0, 0, 0)"}


def test_nothing_moves_for_whoever_asks_for_that(paper, new_page):
    durations = {}
    for motion in ["no-preference", "reduce"]:
        page = new_page(reduced_motion=motion)
        page.goto(ARTICLE)
        durations[motion] = page.locator("main a").first.evaluate("e => getComputedStyle(e).transitionDuration")

    assert durations["reduce"] == "0s" != durations["no-preference"]


def test_paper_copy_says_where_the_article_stands_and_keeps_pictures_small(extremes, desk):
    desk.goto(extremes.address)
    assert not desk.locator(".article__foot > data").is_visible()
    desk.emulate_media(media="print", color_scheme="dark")
    place = desk.locator(".article__foot > data")

    assert place.is_visible()
    assert place.evaluate("e => getComputedStyle(e, '::before').content").strip('"').endswith(extremes.address)
    assert desk.locator(".figure--main img").bounding_box()["height"] <= 341  # 90 mm
    assert desk.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert desk.pdf(format="A4")[:5] == b"%PDF-"
