"""The editors' screen for comments in a real browser: by keys, by the mouse, and without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)

SCREEN = "/admin/comments/"


@pytest.fixture
def article(live_server):
    """An article with six comments that wait, the second one reported, in a paper with an administrator."""
    from coranto.comments.models import Comment, Report
    from coranto.comments.operations import CommentDraft, add_comments
    from coranto.kit import clock
    from coranto.masthead.models import Account, Publication
    from coranto.newsroom import operations
    from coranto.newsroom.models import FrontPage, Section

    now = clock.now() - timedelta(hours=1)
    Publication.objects.create(name="The Lantern")
    cora = Account.objects.create_superuser("cora@lantern.example", "a long enough secret", first_name="Cora")
    city = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
    out = operations.store_articles(
        drafts=[operations.ArticleDraft(headline="Trams return", slug="trams", section=city, body=[])], by=cora, now=now
    )[0]
    texts = ["One", "Two <a href='https://elsewhere.example/pills'>here</a>", "Three", "Four", "Five", "Six"]
    add_comments(
        drafts=[
            CommentDraft(out.pk, f"Reader {each[:3]}", f"<p>{each}</p>", author_email=f"r{n}@reader.example")
            for n, each in enumerate(texts)
        ],
        now=now,
    )
    rows = list(Comment.objects.order_by("pk"))
    Comment.objects.update(held_because="first links", confirmed_at=now)
    Report.objects.create(comment=rows[1], reason="advert", words="Buys and sells", reporter="x", reported_at=now)
    return out


def sign_in(page):
    from coranto.masthead.models import Account

    page.goto("/")
    client = Client()
    client.force_login(Account.objects.get(email="cora@lantern.example"))
    cookie = client.cookies["coranto_session"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": page.url}])


def states():
    from coranto.comments.models import Comment

    return list(Comment.objects.order_by("pk").values_list("state", flat=True))


def entries(page):
    return page.locator("[data-moderation-entry]")


@pytest.mark.parametrize("who", ["desk", "phone", "dark"])
def test_screen_breaches_nothing_and_fits(request, article, axe, record, who):
    page = request.getfixturevalue(who)
    sign_in(page)
    for address in (SCREEN, f"{SCREEN}?state=reported", f"{SCREEN}trail/"):
        page.goto(address)
        for details in page.locator(".moderation details").all():
            details.evaluate("each => each.open = true")
        assert [breach for breach in axe(page) if "main" in breach or "moderation" in breach] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert (record.elsewhere, record.errors) == ([], [])


def test_queue_is_worked_off_by_keys_alone(article, desk, record):
    sign_in(desk)
    desk.goto(SCREEN)
    entries(desk).first.focus()

    desk.keyboard.press("j")  # the second one
    desk.keyboard.press("s")
    expect(entries(desk)).to_have_count(5)
    # The next one has the focus: on and on, without looking for the place.
    assert "Three" in desk.evaluate("document.activeElement.textContent")
    desk.keyboard.press("a")
    expect(entries(desk)).to_have_count(4)
    desk.keyboard.press("k")
    desk.keyboard.press("r")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Tab")
    desk.keyboard.type("Be kind: a, s, b and x are letters here.")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(entries(desk)).to_have_count(3)

    assert states() == ["binned", "spam", "approved", "held", "held", "held"]
    assert "Reject: 1 comment." in desk.inner_text(".messages")
    assert record.errors == []
    desk.goto("/city/trams/")
    assert "Three" in desk.inner_text("#comments")


def test_ticked_ones_are_decided_together_and_a_tick_survives_another_decision(article, desk):
    sign_in(desk)
    desk.goto(SCREEN)
    entries(desk).nth(4).locator("input[name=comment]").check()
    entries(desk).nth(5).locator("input[name=comment]").check()
    entries(desk).first.get_by_role("button", name="Approve").click()
    expect(entries(desk)).to_have_count(5)
    desk.locator(".moderation-bulk").get_by_role("button", name="Bin", exact=True).click()
    expect(entries(desk)).to_have_count(3)

    assert states() == ["approved", "held", "held", "held", "binned", "binned"]


def test_rejection_without_a_reason_stays_open_and_says_why(article, desk):
    sign_in(desk)
    desk.goto(SCREEN)
    entries(desk).first.focus()
    desk.keyboard.press("r")
    entries(desk).first.get_by_role("button", name="Reject", exact=True).click()

    expect(desk.locator(".messages .error")).to_contain_text("Say why")
    assert "first error" not in desk.locator(".messages .error").text_content()
    expect(entries(desk).first.locator("select")).to_be_focused()
    expect(entries(desk)).to_have_count(6)


def test_focus_is_somewhere_when_the_last_one_is_decided(article, desk):
    from coranto.comments.models import Comment

    Comment.objects.filter(pk__in=list(Comment.objects.values_list("pk", flat=True)[1:])).update(state="binned")
    sign_in(desk)
    desk.goto(SCREEN)
    entries(desk).first.focus()
    desk.keyboard.press("a")

    expect(desk.locator(".moderation-tabs [aria-current]")).to_be_focused()
    assert states()[0] == "approved"


def test_enter_in_a_tick_box_decides_nothing(article, desk):
    sign_in(desk)
    desk.goto(SCREEN)
    entries(desk).first.locator("input[name=comment]").focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Space")

    assert desk.locator("input[name=comment]:checked").count() == 1
    assert states() == ["held"] * 6


def test_everything_works_without_scripts(article, without_scripts):
    page = without_scripts
    sign_in(page)
    page.goto(SCREEN)
    entries(page).first.get_by_role("button", name="Approve").click()
    assert "Approve: 1 comment." in page.inner_text(".messages")
    rejected = entries(page).first
    rejected.locator("summary", has_text="Reject").click()
    rejected.locator("select").select_option("advert")
    rejected.get_by_role("button", name="Reject", exact=True).click()
    for box in page.locator("input[name=comment]").all()[:2]:
        box.check()
    page.locator(".moderation-bulk").get_by_role("button", name="Spam", exact=True).click()

    assert states() == ["approved", "binned", "spam", "spam", "held", "held"]
    page.goto("/city/trams/")
    assert "One" in page.inner_text("#comments")
