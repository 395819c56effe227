"""When a page reports that it is being read. Time is the browser's own, and passes when the test says so."""

from __future__ import annotations

import uuid

import pytest

from coranto.audience.queries import shown_views
from coranto.newsroom.models import Article, FrontPage, Section

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SECOND = 1000
HIDE = """hidden => {
    Object.defineProperty(document, "visibilityState", {configurable: true, get: () => hidden ? "hidden" : "visible"});
    document.dispatchEvent(new Event("visibilitychange"));
}"""
ADD = """id => {
    const piece = document.createElement("article");
    piece.dataset.seen = id;
    piece.style.height = "100vh";
    document.querySelector("main").append(piece);
    document.dispatchEvent(new CustomEvent("coranto:added", {detail: piece}));
}"""
IN_SIGHT = """id => new Promise(resolve => new IntersectionObserver(([each]) => each.isIntersecting && resolve())
    .observe(document.querySelector(`[data-seen="${id}"]`)))"""


@pytest.fixture
def articles(live_server):
    city = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
    made = []
    for title in ("Trams", "Ferries"):
        body = [{"type": "paragraph", "value": "<p>It left at five.</p>", "id": str(uuid.uuid4())}]
        article = city.add_child(instance=Article(title=title, slug=title.lower(), body=body, views_before=8602))
        article.save_revision().publish()
        made.append(Article.objects.get(pk=article.pk))
    return made


@pytest.fixture
def reader(new_page, articles):
    """Reads the first article, and has the page's clock in hand. Headless, a browser would say that it is a bot."""
    page = new_page(user_agent=CHROME)
    page.clock.install()
    page.reported = []
    page.on("response", lambda answer: page.reported.append(answer.url) if "/-/seen" in answer.url else None)
    page.route("**/-/fragments/onward/*", lambda route: route.fulfill(body=""))
    page.route("**/-/fragments/piece/*", lambda route: route.fulfill(body=""))  # what is added is added here
    page.goto(articles[0].address)
    page.evaluate(IN_SIGHT, articles[0].pk)
    return page


def report(page, milliseconds):
    with page.expect_response("**/-/seen"):
        page.clock.run_for(milliseconds)


def views(article) -> int:
    return shown_views([article.pk])[article.pk] - 8602


def test_view_counts_after_five_seconds_and_shows_at_once(reader, articles, record):
    number = reader.locator("[data-views]")
    assert number.inner_text() == "8,602"
    reader.clock.run_for(4 * SECOND)
    assert reader.reported == []
    report(reader, 2 * SECOND)
    number.filter(has_text="8,603").wait_for()
    reader.clock.run_for(60 * SECOND)

    assert len(reader.reported) == 1
    assert views(articles[0]) == 1
    assert reader.context.cookies() == []
    assert (record.elsewhere, record.errors) == ([], [])


def test_page_in_the_background_is_not_read(reader, articles):
    reader.clock.run_for(3 * SECOND)
    reader.evaluate(HIDE, True)
    reader.clock.run_for(60 * SECOND)
    assert reader.reported == []
    reader.evaluate(HIDE, False)
    report(reader, 3 * SECOND)

    assert views(articles[0]) == 1


def test_article_added_later_is_a_view_of_its_own(reader, articles):
    report(reader, 6 * SECOND)
    reader.evaluate(ADD, str(articles[1].pk))
    reader.locator(f'[data-seen="{articles[1].pk}"]').scroll_into_view_if_needed()
    reader.evaluate(IN_SIGHT, articles[1].pk)
    reader.evaluate(ADD, str(articles[0].pk))  # whichever way an article comes again
    report(reader, 6 * SECOND)
    reader.clock.run_for(60 * SECOND)

    assert len(reader.reported) == 2
    assert (views(articles[0]), views(articles[1])) == (1, 1)


def test_without_scripts_a_picture_counts(new_page, articles, record):
    page = new_page(user_agent=FIREFOX, java_script_enabled=False)
    with page.expect_response(f"**/-/seen?article={articles[0].pk}") as answer:
        page.goto(articles[0].address)

    assert answer.value.headers["content-type"] == "image/gif"
    assert views(articles[0]) == 1
    assert record.errors == []


def test_page_about_it_has_no_faults(new_page, axe):
    page = new_page()
    page.goto("/how-we-count/")

    assert axe(page) == []
