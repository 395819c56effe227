"""The desk, the calendar, the dashboard and the kill switch in a real browser, at a desk and on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = [
    "/admin/",
    "/admin/desk/",
    "/admin/calendar/",
    "/admin/calendar/?view=week",
    "/admin/readers/",
    "/admin/readers/?period=week",
    "/admin/pages/{article}/unpublish/",
]


@pytest.fixture
def article(live_server):
    """An article that is out, one under embargo that is scheduled, and a draft, in a paper with an administrator."""
    from coranto.audience.operations import record_views
    from coranto.kit import clock
    from coranto.masthead.models import Account, Publication
    from coranto.newsroom import operations
    from coranto.newsroom.models import Article, FrontPage, Section

    Publication.objects.create(name="The Lantern", time_zone="Europe/Paris")
    cora = Account.objects.create_superuser("cora@lantern.example", "a long enough secret", first_name="Cora")
    city = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
    words = [{"type": "paragraph", "value": "<p>The first tram left at five.</p>"}]
    out = operations.store_articles(
        drafts=[operations.ArticleDraft(headline="Trams return", slug="trams", section=city, body=words)],
        by=cora,
        now=clock.now(),
    )[0]
    record_views(article_id=out.pk, hour=clock.now(), views=1234)
    for title, fields in {
        "Report on the bridge": {"embargoed_until": clock.now() + timedelta(hours=2)},
        "Night ferries": {"go_live_at": clock.now() + timedelta(hours=3)},
    }.items():
        draft = Article(title=title, slug=title.lower().replace(" ", "-"), owner=cora, live=False, **fields)
        city.add_child(instance=draft)
        revision = draft.save_revision(user=cora)
        if "go_live_at" in fields:
            revision.publish()
    return out


def sign_in(page):
    from coranto.masthead.models import Account

    page.goto("/")
    client = Client()
    client.force_login(Account.objects.get(email="cora@lantern.example"))
    cookie = client.cookies["coranto_session"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": page.url}])


@pytest.mark.parametrize("who", ["desk", "phone", "dark"])
def test_our_screens_breach_nothing_and_fit(request, article, axe, record, who):
    page = request.getfixturevalue(who)
    sign_in(page)
    for screen in SCREENS:
        page.goto(screen.format(article=article.pk))
        assert [breach for breach in axe(page) if "main" in breach or "desk" in breach or "calendar" in breach] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert record.elsewhere == []


def test_article_is_withdrawn_by_keyboard_alone(article, desk):
    sign_in(desk)
    desk.goto("/admin/desk/")
    desk.locator("#published a", has_text="Withdraw").focus()
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/unpublish/**")
    desk.locator("textarea").focus()
    desk.keyboard.type("A mistake in the third paragraph.")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    desk.wait_for_url(lambda url: "unpublish" not in url)
    assert "is withdrawn: no reader finds it any more." in desk.inner_text("main")
    assert desk.goto("/city/trams/").status == 404
