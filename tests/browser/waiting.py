"""Waiting for what a page is about to do.

Playwright's own way (`wait_for_function`) has the page evaluate words, which its policy forbids: it works where nothing
had to be waited for, and fails on a busy machine.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Error as PlaywrightError

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Locator, Page

SECONDS = 60  # a test that fails may take its time; one that passes takes what the page takes


def until(page: Page, question: str | Callable[[], Any], arg: Any = None) -> Any:
    """The first answer that is a yes, to a question put to the page (in JavaScript) or to a function."""
    deadline = time.monotonic() + SECONDS
    while not (answer := page.evaluate(question, arg) if isinstance(question, str) else question()):
        if time.monotonic() > deadline:
            pytest.fail(f"never came true at {page.url}, titled {page.title()!r}: {question} {arg or ''}")
        page.wait_for_timeout(30)
    return answer


_told: WeakKeyDictionary[Page, list[str]] = WeakKeyDictionary()


def press_enter(what: Locator) -> None:
    """Press Enter on a button or a link until it has been pressed.

    A dialog or a menu that is still opening may take the focus in the instant between going there and the key;
    whoever sees nothing happen presses again.
    """
    what.wait_for()
    page = what.page
    if page not in _told:
        _told[page] = told = []
        page.expose_function("tellPressed", lambda word: told.append(word))  # noqa: PLW0108 - it wants a function of Python
    told = _told[page]
    told.clear()
    what.evaluate("it => it.addEventListener('click', () => tellPressed('yes'), {capture: true, once: true})")
    for _ in range(5):
        what.press("Enter")
        for _ in range(20):
            if told:
                return
            page.wait_for_timeout(50)
    pytest.fail(f"Enter does nothing on {what}")


def choose_block(page: Page, kind: str) -> None:
    """Add a block of this kind, from the list that the button for it has just opened, by typing its name."""
    search = page.get_by_placeholder("Search options…")
    search.press_sequentially(kind)
    page.get_by_role("option", name=kind, exact=True).wait_for()
    for _ in range(5):
        search.press("Enter")
        with suppress(PlaywrightError):  # the key came before the list had chosen what to take
            search.wait_for(state="hidden", timeout=3000)
            return
    pytest.fail(f"Enter does not choose {kind}")
