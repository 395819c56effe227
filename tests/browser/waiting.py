"""Waiting for what a page is about to do.

Playwright's own way (`wait_for_function`) has the page evaluate words, which its policy forbids: it works where nothing
had to be waited for, and fails on a busy machine.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

SECONDS = 60  # a test that fails may take its time; one that passes takes what the page takes


def until(page: Page, question: str | Callable[[], Any], arg: Any = None) -> Any:
    """The first answer that is a yes, to a question put to the page (in JavaScript) or to a function."""
    deadline = time.monotonic() + SECONDS
    while not (answer := page.evaluate(question, arg) if isinstance(question, str) else question()):
        if time.monotonic() > deadline:
            pytest.fail(f"never came true at {page.url}, titled {page.title()!r}: {question} {arg or ''}")
        page.wait_for_timeout(30)
    return answer
