"""Commenting in a real browser, with scripts and without: from the form to the page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def article(live_server, settings):
    from coranto.kit import clock
    from coranto.newsroom.models import FrontPage, Section
    from coranto.newsroom.operations import ArticleDraft, store_articles

    settings.ORIGIN = live_server.url
    section = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
    body = [{"type": "paragraph", "value": "<p>The tram came back.</p>", "id": "1c8e2d6e-0000-4000-8000-000000000001"}]
    draft = ArticleDraft(headline="Trams return", slug="trams", section=section, body=body)
    return store_articles(drafts=[draft], by=None, now=clock.now())[0]


@pytest.fixture
def planted(article):
    """A thread of seven steps, the last ones folded."""
    from coranto.comments.operations import CommentDraft, add_comments
    from coranto.kit import clock

    drafts = []
    for number in range(7):
        above = drafts[-1] if drafts else None
        drafts.append(
            CommentDraft(article.pk, f"Reader {number}", f"<p>Words {number}</p>", "approved", reply_to=above)
        )
    return add_comments(drafts=drafts, now=clock.now())


def confirm_link():
    from coranto.mailroom.models import Mail

    return re.search(r"http\S+/-/comments/confirm/\S+", Mail.objects.latest("pk").text)[0]


def approve():
    from coranto.comments.models import Comment
    from coranto.comments.operations import change_states

    change_states(comments=Comment.objects.filter(state="held"), state="approved")


@pytest.mark.parametrize("reader", ["desk", "without_scripts", "phone"])
def test_guest_comments_confirms_waits_and_is_shown(request, reader, article, planted, record):
    page = request.getfixturevalue(reader)
    page.goto(article.address)
    page.click("text=Click to comment")
    page.fill("[name=words]", "A tram **at last**.")
    page.fill("[name=name]", "Ada")
    page.fill("[name=email]", "ada@reader.example")
    page.click("text=Post the comment")
    assert page.locator("h1").inner_text() == "One mail to go"

    page.goto(confirm_link())
    page.check("[name=remember]")
    page.click("text=I wrote this: post it")
    assert "waits for an editor" in page.locator("[role=status]").inner_text()
    page.goto(article.address)
    assert page.locator("text=at last").count() == 0

    approve()
    page.goto(article.address)
    assert page.locator(".comment strong", has_text="at last").is_visible()
    assert record.errors == []
    assert record.elsewhere == []


def test_answer_opens_where_it_is_meant_and_knows_its_writer(article, planted, desk, record):
    page = desk
    page.goto(article.address)
    page.click("text=Click to comment")
    page.fill("[name=words]", "First of mine.")
    page.fill("[name=name]", "Ada")
    page.fill("[name=email]", "ada@reader.example")
    page.click("text=Post the comment")
    page.goto(confirm_link())
    page.check("[name=remember]")
    page.click("text=I wrote this: post it")
    approve()

    page.goto(article.address)
    page.locator(f"#comment-{planted[1].pk} [data-reply]").click()
    form = page.locator(f"#comment-{planted[1].pk} + .comments__write form")
    form.locator("[name=email]").wait_for(state="detached")
    form.get_by_text("You write as Ada.").wait_for()
    assert form.get_by_role("link", name="Is that not you?").is_visible()
    assert form.locator("[name=words]").evaluate("each => each === document.activeElement")
    form.locator("[name=words]").fill("An answer.")
    form.locator("button", has_text="Post").click()

    page.wait_for_url(re.compile("#comment-"))
    answer = page.locator(page.url[page.url.index("#") :])
    assert answer.locator(".comment__text").inner_text() == "An answer."
    assert "comment--3" in answer.get_attribute("class")
    page.locator(".comment--own").first.wait_for()
    assert record.errors == []


def test_whoever_comes_back_from_a_preview_still_answers(article, planted, desk):
    desk.goto(article.address)
    desk.locator(f"#comment-{planted[1].pk} [data-reply]").click()
    form = desk.locator(f"#comment-{planted[1].pk} + .comments__write form")
    form.locator("[name=words]").fill("An answer.")
    form.locator("button", has_text="Preview").click()  # before anybody has asked for a name
    desk.locator(".commenting__preview").wait_for()

    desk.go_back()
    form.locator("[name=parent]").wait_for(state="attached")
    assert form.locator("[name=words]").input_value() == "An answer."
    assert form.locator("[name=parent]").input_value() == str(planted[1].pk)

    # Who gives it up answers nobody, the next time too.
    desk.click("text=Click to comment")
    expect(desk.locator(".comments__write [name=parent]")).to_have_value("")
    desk.reload()
    desk.click("text=Click to comment")
    assert desk.locator(".comments__write [name=parent]").input_value() == ""


def test_folded_answer_is_unfolded_for_whoever_is_led_to_it(article, planted, desk):
    desk.goto(article.address)
    last = desk.locator(f"#comment-{planted[-1].pk}")
    assert not last.is_visible()

    desk.goto(f"{article.address}comments/{planted[-1].pk}/")
    last.wait_for(state="visible")


@pytest.mark.parametrize("reader", ["desk", "dark", "phone"])
def test_pages_are_for_everybody(request, reader, article, planted, axe):
    from coranto.comments.rules.tokens import OWN, write_token

    page = request.getfixturevalue(reader)
    page.goto(article.address)
    page.click("text=Click to comment")
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    own = write_token(planted[0].pk, purpose=OWN)
    for path in (
        f"write/{article.pk}/?parent={planted[0].pk}", f"{planted[0].pk}/", f"{planted[0].pk}/report/",
        f"own/{own}/", f"own/{own}/remove/", f"sent/{article.pk}/", "confirm/x/",
    ):  # fmt: skip
        page.goto(f"/-/comments/{path}")
        assert axe(page) == [], path


def test_pages_are_as_the_standard_says(client, article, planted, conforms):
    from coranto.comments.models import Commenting
    from coranto.comments.operations import change_states

    change_states(comments=[planted[2]], state="binned")
    for path in (
        article.address,
        f"{article.address}?comments=newest",
        f"/-/comments/write/{article.pk}/",
        f"/-/comments/{planted[0].pk}/report/",
    ):
        assert conforms(client.get(path).content)
    Commenting.objects.create(who="registered")
    assert conforms(client.get(article.address).content)
