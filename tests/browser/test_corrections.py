"""An editor corrects, readers see it at once, and what was changed can be looked up."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from django.test import Client

sys.path.insert(0, str(Path(__file__).parent))
from waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def article(live_server):
    from coranto.kit import clock
    from coranto.masthead.models import Account, Publication
    from coranto.newsroom import operations
    from coranto.newsroom.models import FrontPage, Section

    Publication.objects.create(name="The Lantern", time_zone="Europe/Paris")
    cora = Account.objects.create_superuser("cora@lantern.example", "a long enough secret", first_name="Cora")
    city = FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
    words = [
        {"type": "paragraph", "value": "<p>It rained. The first tram left at five. Nobody knew.</p>"},
        *({"type": "paragraph", "value": f"<p>Paragraph {n} stays as it is.</p>"} for n in range(4)),
    ]
    draft = operations.ArticleDraft(
        headline="Trams return", slug="trams", section=city, body=words, standfirst="After a year of waiting."
    )
    return operations.store_articles(drafts=[draft], by=cora, now=clock.now())[0]


@pytest.fixture
def corrected(article):
    for text, note in (("six", "It was six, not five."), ("seven", "It was seven, not six.")):
        draft = article.get_latest_revision_as_object()
        body = list(draft.raw_body)
        body[0] = {**body[0], "value": f"<p>It rained. The first tram left at {text}. Nobody knew.</p>"}
        draft.body, draft.change_kind, draft.change_note = body, "correction", note
        draft.change_passage, draft.change_note_place = f"The first tram left at {text}.", "top"
        draft.save_revision().publish()
    return article


def sign_in(page):
    from coranto.masthead.models import Account

    page.goto("/")
    client = Client()
    client.force_login(Account.objects.get(email="cora@lantern.example"))
    cookie = client.cookies["coranto_session"]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": page.url}])


def press_publish(page):
    page.locator("footer .w-dropdown__toggle, .footer .w-dropdown__toggle").first.click()
    page.get_by_role("button", name="Publish", exact=True).click()


def test_editor_corrects_and_the_next_reader_sees_the_note_and_what_was_changed(article, desk, phone, record):
    sign_in(desk)
    desk.goto(f"/admin/pages/{article.pk}/edit/")
    paragraph = desk.locator(".public-DraftEditor-content").first
    paragraph.click()
    desk.keyboard.press("Control+End")
    desk.keyboard.type(" The second left at six.")
    # The editor hands its words to the form a moment after the last one.
    until(desk, "document.querySelector('[name=body-0-value]').value.includes('The second left at six.')")
    desk.locator("[name=change_kind]").select_option("correction")
    offered = desk.locator("[data-passage='The second left at six.']")
    press_publish(desk)  # without a note
    desk.locator(".error-message", has_text="A correction says what was wrong and what is right.").wait_for()
    desk.locator(".public-DraftEditor-content").first.get_by_text("The second left at six.").wait_for()
    offered.click()
    assert desk.locator("[name=change_passage]").input_value() == "The second left at six."
    desk.locator("[name=change_note]").fill("We had left out the second tram.")
    desk.locator("[name=change_note_place]").select_option("top")
    press_publish(desk)
    desk.wait_for_url(lambda url: "/edit/" not in url)

    phone.goto("/city/trams/")
    note = phone.locator(".correction")
    assert "We had left out the second tram." in note.inner_text()
    assert note.bounding_box()["y"] < phone.locator(".article__body").bounding_box()["y"]
    phone.locator("dd a", has_text="History").click()
    phone.wait_for_url("**/city/trams/history/")
    assert "The second left at six." in phone.locator("ins").first.inner_text()
    assert record.elsewhere == []


@pytest.mark.parametrize("who", ["desk", "phone", "dark"])
def test_pages_of_the_past_breach_nothing_and_fit(request, corrected, axe, record, who):
    page = request.getfixturevalue(who)
    for path in ("", "history/", "history/?from=1&to=3", "history/2/"):
        page.goto(f"/city/trams/{path}")
        assert axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.goto("/corrections/")
    assert axe(page) == []
    assert record.errors == []


def test_two_versions_are_chosen_and_what_stayed_is_unfolded_without_scripts(corrected, without_scripts):
    page = without_scripts
    page.goto("/city/trams/history/")
    page.fill("[name=from]", "1")
    page.fill("[name=to]", "3")
    page.click(".history__choice button")
    page.wait_for_url("**/history/?from=1&to=3")
    assert "five" in page.locator("del").first.inner_text()
    assert not page.locator("text=Paragraph 2 stays as it is.").is_visible()
    page.locator("summary", has_text="unchanged").last.click()
    assert page.locator("text=Paragraph 2 stays as it is.").is_visible()


def test_administrator_withdraws_a_version_and_shows_it_again(corrected, desk, axe):
    sign_in(desk)
    desk.goto(f"/admin/desk/versions/{corrected.pk}/")
    assert [breach for breach in axe(desk) if "desk-versions" in breach] == []
    desk.click("text=Withdraw version 1")
    desk.fill("[name=reason]", "A court said so.")
    desk.click("text=Withdraw these words")
    desk.wait_for_selector("text=readers find the reason in their place")
    desk.goto("/city/trams/history/")
    assert "A court said so." in desk.inner_text("main")
    assert desk.locator("#version-2 del").count() == 0
    desk.goto(f"/admin/desk/versions/{corrected.pk}/")
    desk.click("text=Show version 1 again")
    desk.goto("/city/trams/history/")
    assert "five" in desk.locator("#version-2 del").first.inner_text()
