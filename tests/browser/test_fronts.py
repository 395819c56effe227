"""An editor arranges the front page without a mouse."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from django.conf import settings

sys.path.insert(0, str(Path(__file__).parent.parent / "theme"))
sys.path.insert(0, str(Path(__file__).parent))
from waiting import choose_block, press_enter

FRONT = "/admin/pages/{}/edit/"


@pytest.fixture
def cora(db, client, live_server):
    """Cora edits; the cookie of her session."""
    from coranto.masthead.models import Account

    client.force_login(Account.objects.create_superuser("cora@lantern.example", "a long enough secret"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    return {"name": cookie.key, "value": cookie.value, "url": live_server.url}


@pytest.fixture
def at_work(new_page, cora):
    page = new_page()
    page.set_default_timeout(60_000)
    page.context.add_cookies([cora])
    return page


def test_editor_arranges_the_front_page_with_the_keyboard(live_server, at_work, axe):
    from paper import print_paper

    from coranto.newsroom.models import FrontPage

    paper = print_paper(articles=8)
    page = at_work
    page.goto(FRONT.format(FrontPage.objects.get().pk))

    add_block(page, "Lead")
    press_enter(page.get_by_role("button", name="Choose a page (Article)"))
    press_enter(page.locator(".modal-dialog tr", has_text="Opinion").locator("a.navigate-pages"))
    press_enter(page.get_by_role("link", name="Your orchard is not my scenery"))
    page.locator(".modal-dialog").wait_for(state="detached")
    add_block(page, "Row")
    page.get_by_label("Title", exact=True).last.focus()
    page.keyboard.type("Down by the water")
    assert [each for each in axe(page) if "w-field" in each or "arrangement" in each] == []

    press_enter(page.get_by_role("button", name="More actions"))
    press_enter(page.get_by_role("button", name="Publish"))
    page.wait_for_url(lambda url: "/edit/" not in url)

    page.goto("/")
    headlines = page.locator(".card__headline").all_text_contents()
    titles = [each.strip() for each in page.locator("main h2").all_text_contents()]
    assert headlines[0].strip() == paper.syndicated.title
    assert titles == ["Top stories", "Down by the water", "Latest"]
    assert len(headlines) == len(set(headlines)) == len(re.findall("card__headline", page.content()))
    assert axe(page) == []


def add_block(page, kind):
    """The last of the buttons that add a block, then the block's name, as one types it."""
    press_enter(page.get_by_role("button", name="Insert a block").last)
    search = page.get_by_placeholder("Search options…")
    search.wait_for()
    page.keyboard.press("Tab")
    assert search.evaluate("element => element === document.activeElement")
    choose_block(page, kind)
