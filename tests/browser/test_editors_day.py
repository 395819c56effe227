"""An editor's first day: from the link that sets up a publication to a front page that readers see."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from waiting import choose_block, press_enter

from coranto.kit import clock
from coranto.masthead.operations import create_setup_link_if_needed

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.django_db(transaction=True)

SCREENS = Path(__file__).parents[2] / ".cache" / "screens"
HEADLINE = "Trams return to the harbour line"
STANDFIRST = "After a year of work the first tram left the depot at five in the morning."
TEXT = "Mara Ionescu was on board, and so were forty others."
DESCRIPTION = "A red tram on a quay"

HANDS = {
    "keyboard": {"viewport": {"width": 1280, "height": 900}},
    "mouse": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
}


@pytest.fixture(params=HANDS)
def hand(request) -> str:
    return request.param


@pytest.fixture
def page(new_page: Callable[..., Page], hand: str) -> Page:
    page = new_page(**HANDS[hand])
    page.set_default_timeout(60_000)
    return page


@pytest.fixture
def press(hand: str) -> Callable[[Locator], None]:
    """A function that presses a button or follows a link, with what this editor works with."""

    def press(what: Locator) -> None:
        what.wait_for()
        match hand:
            case "keyboard":
                press_enter(what)
            case "phone":
                what.tap()
            case _:
                what.click()

    return press


@pytest.fixture
def screens(page: Page, hand: str) -> Callable[[str], None]:
    """A function that keeps a picture of the screen, to be looked at: `.cache/screens`."""
    SCREENS.mkdir(parents=True, exist_ok=True)
    return lambda name: page.screenshot(path=SCREENS / f"{hand}-{name}.png", full_page=True)


@pytest.fixture
def day(page: Page, press: Callable[[Locator], None]) -> Day:
    return Day(page, press)


class Day:
    """What the editor does, step by step."""

    def __init__(self, page: Page, press: Callable[[Locator], None]) -> None:
        self.page, self.press = page, press

    def set_up(self) -> None:
        self.page.goto(create_setup_link_if_needed(now=clock.now()))
        self.page.get_by_label("Name of the publication").fill("The Lantern")
        self.page.get_by_label("Your e-mail address").fill("cora@lantern.example")
        self.page.get_by_label("A password for you").fill("a long enough secret")
        self.press(self.page.get_by_role("button", name="Begin"))
        self.set_up_second_factor()
        self.page.goto("/admin/")
        self.page.get_by_role("heading", name="The Lantern").wait_for()

    def set_up_second_factor(self) -> None:
        self.press(self.page.get_by_role("link", name="Set up an app"))
        secret = self.page.locator("form code").text_content() or ""
        self.page.locator("[name=code]").fill(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
        self.press(self.page.get_by_role("button", name="Go on"))
        self.page.get_by_role("heading", name="recovery codes").wait_for()

    def make_section(self, name: str) -> None:
        self.press(self.page.get_by_role("link", name="Make the first section"))
        self.page.get_by_role("textbox", name="Name of the section").fill(name)
        self.publish()

    def write(self) -> None:
        self.page.goto("/admin/")
        self.press(self.page.get_by_role("button", name="Write", exact=True))
        self.page.locator("[data-contentpath=body] [role=textbox]").first.wait_for()
        self.page.get_by_role("textbox", name="Headline").fill(HEADLINE)
        self.page.locator("[name=standfirst]").fill(STANDFIRST)
        self.page.locator("[data-contentpath=body] [role=textbox]").first.focus()
        self.page.keyboard.type(TEXT)
        self.add_picture()

    def add_picture(self) -> None:
        self.press(self.page.get_by_role("button", name="Choose a picture").first)
        self.press(self.page.get_by_role("tab", name="Upload"))
        form = self.page.locator(".modal form[action*='create']")
        form.locator("input[type=file]").set_input_files(
            {"name": "IMG_1234.png", "mimeType": "image/png", "buffer": a_picture()}
        )
        form.get_by_label("Title").fill("Harbour tram")
        form.locator("[name$=description]").fill(DESCRIPTION)
        form.locator("[name$=caption]").fill("The first tram.")
        form.locator("[name$=-credit]").fill("Ada Thorne")
        # Bootstrap gives a dialog the focus once it has faded in, which may be later than all of the above.
        self.page.locator(".modal.in, .modal.show").first.wait_for()
        self.press(form.get_by_role("button", name="Upload"))
        self.page.locator(".modal-dialog").wait_for(state="detached")

    def publish(self) -> None:
        self.press(self.page.get_by_role("button", name="More actions"))
        self.press(self.page.get_by_role("button", name="Publish", exact=True))
        self.page.wait_for_url(lambda url: "/edit/" not in url and "/add/" not in url, wait_until="commit")

    def arrange_front(self) -> None:
        self.page.goto("/admin/")
        self.press(self.page.get_by_role("link", name="Arrange the front page"))
        self.press(self.page.get_by_role("button", name="Insert a block").last)
        choose_block(self.page, "Lead")
        self.press(self.page.get_by_role("button", name="Choose a page (Article)"))
        self.page.get_by_role("textbox", name="Search term").fill("harbour")
        self.press(self.page.locator(".modal").get_by_role("link", name=HEADLINE))
        self.page.locator(".modal-dialog").wait_for(state="detached")
        self.publish()


def a_picture() -> bytes:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((900, 600)).convert("RGB").save(file, "PNG")
    return file.getvalue()


def test_editor_goes_from_the_set_up_link_to_a_front_page_readers_see(
    day, page, new_page, axe, run_tasks, record, screens
):
    day.set_up()
    screens("1-dashboard")
    assert axe(page) == []
    day.make_section("City")
    day.write()
    screens("2-article")
    day.publish()
    run_tasks()  # the search index and the picture's sizes are the worker's
    day.arrange_front()
    page.goto("/admin/desk/")
    screens("3-desk")
    assert page.get_by_role("link", name=HEADLINE).first.is_visible()
    assert axe(page) == []

    reader = new_page()
    reader.goto("/")
    assert [each for each in reader.locator("h2, h3").all_text_contents() if HEADLINE in each] != [], reader.content()
    assert reader.locator("h2, h3").filter(has_text=HEADLINE).count() == 1
    reader.get_by_role("img", name=DESCRIPTION).wait_for()
    # Autosave may meet the hand that saves, and is told so (400); nothing else goes wrong.
    assert (record.elsewhere, [each for each in record.errors if "status of 400" not in each]) == ([], [])
