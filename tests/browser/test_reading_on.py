"""Reading on: whole articles after an article, in a real browser."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from waiting import until

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SENTENCE = "The wire that feeds the trams is as thick as a finger and lasts about fifteen years. "
TITLES = [f"Report number {number} from the estuary" for number in range(1, 9)]
ONWARD = "/-/fragments/"
# What moved without having been pushed by the reader, from the first frame on.
WATCH_SHIFTS = """
window.shifts = [];
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput)
    window.shifts.push([entry.value, entry.sources.map(each => each.node?.className ?? "")]);
}).observe({type: "layout-shift", buffered: true});
"""

# Each piece is half a second away.
SLOW_LINE = """
const fetchAtOnce = window.fetch;
window.fetch = (...asked) => new Promise(done => setTimeout(done, 500)).then(() => fetchAtOnce(...asked));
"""


@pytest.fixture
def series(live_server):
    """Eight articles of several screens, with pictures; the newest first, which is where one begins."""
    from coranto.masthead import operations as masthead
    from coranto.masthead.models import Publication
    from coranto.newsroom import operations
    from coranto.newsroom.models import FrontPage, Section

    Publication(name="The Lantern").save()
    city = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
    data = BytesIO()
    Image.new("RGB", (1600, 1000), "#466b78").save(data, "JPEG")
    draft = masthead.PictureDraft(source=data.getvalue(), file_name="harbour.jpg", alt="Cranes", caption="At dusk.")
    picture = masthead.store_pictures(drafts=[draft], by=None, now=NOON)[0]
    drafts = [
        operations.ArticleDraft(
            headline=title,
            slug=f"report-{number}",
            section=city,
            standfirst="What was seen there.",
            body=[
                {"type": "paragraph", "value": f"<p>{number}.{n} {SENTENCE * 6}</p>", "id": f"{number}-{n}"}
                for n in range(12)
            ],
            picture=picture,
            first_published_at=NOON - timedelta(hours=number),
        )
        for number, title in enumerate(TITLES, start=1)
    ]
    articles = operations.store_articles(drafts=drafts, by=None, now=NOON)
    return SimpleNamespace(articles=articles, addresses=[each.address for each in articles], city=city)


def path(page):
    return urlsplit(page.url).path


def shown(page):
    """The headlines on the page, from top to bottom."""
    return page.locator("main .article__headline").all_text_contents()


def roll(page, by=0.6):
    """As with a wheel: not further than what is there."""
    page.evaluate("by => scrollBy(0, innerHeight * by)", by)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def is_at_the_end(page):
    """Whether the button that goes on is to be seen."""
    return page.evaluate(
        "[...document.querySelector('[data-more]').getClientRects()].some(each => each.top < innerHeight)"
    )


def ask_for_more(page):
    """Press the button that goes on, where it is to be seen; that may roll it into the screen whole."""
    if is_at_the_end(page):
        before = len(shown(page))
        page.locator("[data-more]").click()
        until(page, lambda: len(shown(page)) > before)


def read_on(page):
    """Roll on by a part of the screen."""
    ask_for_more(page)
    roll(page)


def read_until(page, address):
    """Until this is what the address bar says."""
    deadline = time.monotonic() + 60
    while path(page) != address:
        assert time.monotonic() < deadline, (page.url, shown(page))
        read_on(page)


def read_five(page, series):
    """From the first article to the fifth; what the address bar and the tab said on the way."""
    page.goto(series.addresses[0])
    page.evaluate("window.shifts = []")  # while pieces load: the first page is looked at elsewhere
    said = [(path(page), page.title())]
    deadline = time.monotonic() + 90
    while len(said) < 5:
        assert time.monotonic() < deadline, said
        read_on(page)
        if path(page) != said[-1][0]:
            said.append((path(page), page.title()))
    return said


def where(page):
    """Which article is being read, and where on the screen it begins."""
    return page.evaluate(
        """() => {
          const headline = (document.querySelector("[data-reading]") ?? document).querySelector(".article__headline");
          return [headline.textContent, Math.round(headline.getBoundingClientRect().top)];
        }"""
    )


def is_at(page, place):
    """To the pixel: browsers scroll by whole ones, from wherever they are."""
    title, offset = where(page)
    return title == place[0] and abs(offset - place[1]) <= 1


def come_near_the_end(page):
    """So near that the next article comes, and not so near that it would be seen coming."""
    page.evaluate(
        """() => {
          const { top } = document.querySelector("[data-onward]").getBoundingClientRect();
          scrollBy(0, top - innerHeight * 1.2);
        }"""
    )


# Five articles ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    "viewport", [{"width": 390, "height": 844}, {"width": 1280, "height": 800}], ids=["390", "1280"]
)
def test_five_articles_in_one_sitting(series, new_page, axe, record, viewport):
    page = new_page(viewport=viewport)
    page.add_init_script(WATCH_SHIFTS)
    said = read_five(page, series)
    headlines = shown(page)

    assert [address for address, _ in said] == series.addresses[:5]
    assert [title for _, title in said] == [f"{title} – The Lantern" for title in TITLES[:5]]
    assert headlines[:5] == TITLES[:5]
    assert len(headlines) == len(set(headlines))
    assert page.locator("link[rel=canonical]").get_attribute("href").endswith(series.addresses[4])
    assert page.locator("h1").count() == 1
    assert sum(value for value, _ in page.evaluate("shifts")) <= 0.05, page.evaluate("shifts")
    assert axe(page) == []
    assert [each for each in record.requests if "/-/seen?" in each] == []  # for whoever has no scripts
    assert record.elsewhere == []
    assert record.errors == []


@pytest.mark.slow
def test_back_leads_through_the_articles_at_their_places(series, desk):
    desk.goto(series.addresses[0])
    places = [where(desk)]
    while len(places) < 3:
        ask_for_more(desk)
        if (place := where(desk))[0] == places[-1][0]:
            places[-1] = place  # the last there
            roll(desk)
        else:
            places.append(place)
    roll(desk)
    places[-1] = where(desk)

    for number in (1, 0):
        desk.go_back()
        until(desk, lambda: is_at(desk, places[number]))  # noqa: B023 - it is asked at once
        assert path(desk) == series.addresses[number]
        assert desk.title() == f"{TITLES[number]} – The Lantern"
    desk.go_forward()
    desk.go_forward()
    until(desk, lambda: is_at(desk, places[2]))
    assert shown(desk)[:3] == TITLES[:3]


@pytest.mark.slow
def test_back_leads_to_the_end_of_an_article_that_was_the_last(series, desk):
    """Where the links to the next one stood when it was left, the next one stands now."""
    desk.add_init_script(SLOW_LINE)
    desk.goto(series.addresses[0])
    desk.evaluate("document.querySelector('[data-onward]').scrollIntoView({ behavior: 'instant' })")
    ask_for_more(desk)
    place = where(desk)
    read_until(desk, series.addresses[1])

    desk.go_back()
    until(desk, lambda: is_at(desk, place))
    roll(desk, by=0)
    assert is_at(desk, place)
    assert (path(desk), place[0]) == (series.addresses[0], TITLES[0])


@pytest.mark.slow
def test_back_leads_to_where_no_article_is_in_sight(series, new_page):
    """On a phone the comments of an article, and what is trending, fill more than the screen."""
    page = new_page(viewport={"width": 390, "height": 844})
    page.goto(series.addresses[0])
    page.evaluate("document.querySelector('[data-stream]').style.marginTop = '2000px'")
    places = [where(page)]
    while path(page) == series.addresses[0]:
        places.append(where(page))
        read_on(page)
    roll(page)

    page.go_back()
    until(page, lambda: is_at(page, places[-1]))
    for _ in range(2):
        assert (path(page), page.title()) == (series.addresses[0], f"{TITLES[0]} – The Lantern")
        roll(page, by=-0.1)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["reload", "away and back"])
def test_what_was_read_is_there_again(series, new_page, way):
    page = new_page(viewport={"width": 1280, "height": 800})
    page.add_init_script(WATCH_SHIFTS)
    page.goto(series.addresses[0])
    read_until(page, series.addresses[2])
    page.locator(".piece").nth(1).locator("summary").click()
    roll(page, 1.2)
    place, headlines = where(page), shown(page)

    if way == "reload":
        page.reload()
    else:
        page.goto("/latest/")
        page.go_back()

    until(page, lambda: shown(page)[: len(headlines)] == headlines and is_at(page, place))
    assert path(page) == series.addresses[2]
    assert sum(value for value, _ in page.evaluate("shifts")) <= 0.05, page.evaluate("shifts")

    page.go_back()
    until(page, lambda: path(page) == series.addresses[1])
    assert where(page)[0] == TITLES[1]


@pytest.mark.slow
def test_nothing_comes_twice_in_a_sitting(series, desk):
    desk.goto(series.addresses[1])
    desk.goto(series.addresses[0])
    read_until(desk, series.addresses[2])

    assert shown(desk)[:2] == [TITLES[0], TITLES[2]]
    assert TITLES[1] not in shown(desk)


def test_when_the_links_run_out_those_of_the_last_article_are_asked_for(series, new_page):
    page = new_page(viewport={"width": 1280, "height": 800})
    page.goto(series.addresses[0])
    page.evaluate("document.querySelectorAll('[data-next]:not(:first-child)').forEach(each => each.remove())")
    come_near_the_end(page)

    until(page, lambda: page.locator("[data-next]").count() > 1)
    assert page.locator("[data-next] a").first.text_content().strip() == TITLES[2]
    assert page.locator("[data-more]").is_visible()


# The foot of the page, and choosing -------------------------------------------------------------------------------


@pytest.mark.slow
def test_foot_stays_in_reach(series, desk):
    desk.goto(series.addresses[0])
    for number in (2, 3):
        come_near_the_end(desk)
        until(desk, lambda: shown(desk) == TITLES[:number])  # noqa: B023 - it is asked at once
    come_near_the_end(desk)
    desk.wait_for_load_state("networkidle")
    while not desk.evaluate("document.querySelector('.colophon').getBoundingClientRect().bottom <= innerHeight + 1"):
        roll(desk)

    assert shown(desk) == TITLES[:3]  # two came by themselves
    button = desk.locator("[data-more]")
    assert button.inner_text() == f"Read the next article: {TITLES[3]}"
    button.press("Enter")
    until(desk, lambda: shown(desk) == TITLES[:4])
    assert desk.evaluate("document.activeElement.textContent") == TITLES[3]


def test_whoever_jumps_to_the_end_is_at_the_end(series, desk):
    desk.goto(series.addresses[0])
    desk.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    desk.wait_for_load_state("networkidle")

    assert shown(desk) == TITLES[:1]
    assert is_at_the_end(desk)


@pytest.mark.slow
@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_keyboard_steps_from_article_to_article(series, new_page, motion):
    page = new_page(viewport={"width": 1280, "height": 800}, reduced_motion=motion)
    page.goto(series.addresses[0])
    read_until(page, series.addresses[1])

    first = page.locator(".piece").first
    assert page.get_by_role("article", name=TITLES[1]).count() == 1
    first.get_by_role("button", name="Previous article").press("Enter")
    until(page, lambda: path(page) == series.addresses[0])
    assert page.evaluate("document.activeElement.textContent") == TITLES[0]
    if motion == "reduce":
        assert page.evaluate("Math.abs(document.querySelector('main > .article').getBoundingClientRect().top)") < 2

    page.keyboard.press("Shift+Tab")  # before the headline stand its section and the way on
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.textContent") == "Next article"
    page.keyboard.press("Enter")
    until(page, lambda: path(page) == series.addresses[1])

    first.get_by_role("button", name="Skip to the end").press("Enter")
    assert page.evaluate("document.activeElement.className") == "colophon"


def test_that_an_article_came_is_said(series, desk):
    desk.goto(series.addresses[0])
    status = desk.locator("[data-stream] > [role=status]")
    assert status.text_content() == ""

    read_until(desk, series.addresses[1])

    assert status.text_content() in {f"Next article: {title}" for title in TITLES[1:3]}


# When it cannot be ------------------------------------------------------------------------------------------------


def test_without_scripts_there_are_links(series, without_scripts):
    page = without_scripts
    page.goto(series.addresses[0])
    section = page.get_by_role("region", name="Read on")
    met = [path(page)]
    for _ in range(4):
        section.get_by_role("link").first.click()
        met.append(path(page))

    assert len(set(met)) >= 2
    assert page.locator(".steps, .place").count() == 0
    page.goto(series.addresses[0])
    links = [urlsplit(each.get_attribute("href")).path for each in section.locator("li a").all()]
    assert links == series.addresses[1:]
    for address in links[:4]:
        page.goto(address)
        assert page.title() == f"{TITLES[series.addresses.index(address)]} – The Lantern"


def test_whoever_saves_data_gets_links_alone(series, desk, record):
    desk.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    desk.goto(series.addresses[0])
    for _ in range(15):
        roll(desk)
    desk.wait_for_load_state("networkidle")

    assert [each for each in record.requests if ONWARD in each] == []
    desk.locator("[data-more]").click()
    until(desk, lambda: path(desk) == series.addresses[1])
    assert desk.locator("h1").text_content() == TITLES[1]


@pytest.mark.parametrize("status", [200, 404, 500])
def test_article_that_cannot_be_had_is_passed_over(series, desk, status):
    asked = series.articles[1].pk
    desk.route(f"**{ONWARD}piece/?article={asked}", lambda route: route.fulfill(status=status, body=""))
    desk.goto(series.addresses[0])
    read_until(desk, series.addresses[2])

    assert TITLES[1] not in shown(desk)
    assert desk.locator(f"[data-next='{asked}'] a").count() == 1  # the link stays


def test_where_the_line_is_down_the_links_stay(series, desk):
    desk.route(f"**{ONWARD}**", lambda route: route.abort())
    desk.goto(series.addresses[0])
    for _ in range(12):
        roll(desk)

    assert shown(desk) == TITLES[:1]
    assert desk.locator("[data-more]").evaluate("each => each.pathname") == series.addresses[1]


# Folds, comments, paper -------------------------------------------------------------------------------------------


def test_long_article_goes_on_at_a_press(series, desk):
    desk.goto(series.addresses[0])
    read_until(desk, series.addresses[1])
    piece = desk.locator(".piece").first
    assert not piece.get_by_text("2.11 ").is_visible()

    piece.locator("summary").press("Enter")

    assert piece.get_by_text("2.11 ").is_visible()
    until(desk, lambda: desk.evaluate("document.activeElement.parentElement.className") == "fold__rest prose")


def test_added_article_offers_what_the_first_one_offers(series, desk):
    from coranto.newsroom import operations

    film = {"url": "https://vimeo.com/12", "title": "At the ramp", "provider": ""}
    operations.replace_article(
        article=series.articles[1],
        draft=operations.ArticleDraft(
            headline=TITLES[1],
            slug="report-2",
            section=series.city,
            body=[{"type": "embed", "value": film, "id": "film"}],
            first_published_at=NOON,
        ),
        by=None,
        now=NOON,
    )
    desk.add_init_script("window.print = () => { window.printed = document.querySelector('[data-reading]').innerText }")
    desk.goto(series.addresses[0])
    come_near_the_end(desk)
    until(desk, lambda: len(shown(desk)) > 1)
    piece = desk.get_by_role("article", name=TITLES[1])

    # The first article's page allows no player of that site: what is left is the way there.
    assert not piece.get_by_role("button", name="Play here").is_visible()
    assert piece.get_by_role("link", name="Open at").get_attribute("href") == film["url"]
    mail = piece.get_by_role("link", name="E-mail").get_attribute("href")
    assert mail.endswith("city%2Freport-2%2F")
    piece.get_by_role("button", name="Print").click()
    assert TITLES[1] in desk.evaluate("printed")
    assert TITLES[0] not in desk.evaluate("printed")


def test_two_presses_bring_one_article(series, desk):
    desk.goto(series.addresses[0])
    desk.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    desk.evaluate(
        "window.added = []; document.addEventListener('coranto:added', e => added.push(e.detail.dataset.piece))"
    )
    desk.locator("[data-more]").evaluate("each => { each.click(); each.click(); }")
    until(desk, lambda: len(shown(desk)) > 1)
    desk.wait_for_load_state("networkidle")
    until(desk, lambda: desk.locator(".stream__slot").count() == 0)

    added = desk.evaluate("added")
    assert desk.evaluate("document.activeElement.textContent") == TITLES[1]
    assert shown(desk)[:2] == TITLES[:2]
    assert len(added) == len(set(added))


def test_comments_of_an_added_article_are_reached_on_its_own_page(series, desk):
    from coranto.comments import operations as comments

    for article in series.articles[:2]:
        draft = comments.CommentDraft(
            article_id=article.pk, author_name="Ben", html=f"<p>On {article.pk}.</p>", state="approved"
        )
        comments.add_comments(drafts=[draft], now=NOON)
    desk.goto(series.addresses[0])
    read_until(desk, series.addresses[1])
    desk.locator(".piece").first.get_by_role("link", name="1 comment").click()
    until(desk, lambda: desk.locator("h1").text_content() == TITLES[1])

    assert desk.url.endswith(f"{series.addresses[1]}#comments")
    assert desk.locator("#comments").inner_text().count(f"On {series.articles[1].pk}.") == 1


def test_paper_shows_the_article_that_is_being_read(series, desk):
    desk.goto(series.addresses[0])
    read_until(desk, series.addresses[1])
    desk.emulate_media(media="print")

    assert [each for each in shown(desk) if desk.get_by_role("heading", name=each).is_visible()] == [TITLES[1]]
    for furniture in [".steps", ".onward", ".comments", ".row--after"]:
        assert not any(each.is_visible() for each in desk.locator(furniture).all()), furniture
    desk.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert desk.locator(".piece").first.get_by_text("2.11 ").is_visible()
    desk.evaluate("dispatchEvent(new Event('afterprint'))")
    assert desk.locator(".fold[open]").count() == 0


# Where a reader left off ------------------------------------------------------------------------------------------


def read_half(page, series):
    page.goto(series.addresses[0])
    page.locator(".article__body > p").nth(6).evaluate("each => scrollTo(0, scrollY + each.getBoundingClientRect().top - innerHeight * 0.3)")  # fmt: skip
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.goto("/latest/")


def test_reader_goes_on_where_they_left_off(series, desk, axe, record):
    read_half(desk, series)
    asked = len(record.requests)
    desk.goto(series.addresses[0])
    bar = desk.get_by_role("complementary", name="Where you left off")

    assert axe(desk) == []
    bar.get_by_role("button", name="Continue where you left off").click()

    assert desk.evaluate("document.activeElement.textContent").startswith("1.6 ")
    assert bar.count() == 0
    box = desk.locator(".article__body > p").nth(6).bounding_box()
    assert 0 <= box["y"] < 900
    sent = [each for each in record.requests[asked:] if urlsplit(each).query.startswith(("place", "read"))]
    assert sent == []


def test_places_are_forgotten_on_request(series, desk):
    read_half(desk, series)
    desk.goto(series.addresses[0])
    desk.get_by_role("button", name="Forget my places").click()

    assert desk.evaluate("localStorage.getItem('coranto.places')") is None
    assert desk.locator("[data-stream] > [role=status]").text_content() == "Your places are forgotten."
    desk.goto("/latest/")
    desk.goto(series.addresses[0])
    desk.wait_for_load_state("networkidle")
    assert desk.locator(".place").count() == 0


@pytest.mark.parametrize("share", [0.05, 1.0])
def test_of_what_was_hardly_begun_or_read_to_the_end_no_place_is_kept(series, desk, share):
    desk.goto(series.addresses[0])
    desk.locator(".article__body").evaluate("(each, share) => scrollTo(0, scrollY + each.getBoundingClientRect().top + each.clientHeight * share - innerHeight * 0.4)", share)  # fmt: skip
    desk.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    desk.goto("/latest/")

    assert desk.evaluate("localStorage.getItem('coranto.places')") is None
