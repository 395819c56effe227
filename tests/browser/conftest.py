"""A real Chromium, with what the browser tests ask for: several kinds of readers, axe, and a record."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from django.db import connections
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

AXE = Path(__file__).parent.parent / "checkers" / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",  # Chromium refuses to start as root, which containers and build machines run as
    "--disable-gpu",
    # What it would say to its maker on its own: the tests have no network, and readers no third party.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


# Playwright's plain interface runs an event loop in the test's own thread, and means the test to see it. Django, seeing
# a loop, refuses the database and keeps connections per asynchronous task, where none of those is that the test
# databases were prepared on. Nothing in these tests awaits anything: connections belong to threads, as without a loop,
# and the refusal is lifted while there is a browser.
connections._connections = threading.local()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for a module's tests; it ends with them, so that no other test finds a loop running."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@dataclass
class Record:
    """What a browser asked for and complained about, over all its pages."""

    origin: str
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def elsewhere(self) -> list[str]:
        """The addresses asked for that are not the site's own."""
        return [url for url in self.requests if not self._is_own(url)]

    def _is_own(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in {"data", "blob", "about"} or f"{parts.scheme}://{parts.netloc}" == self.origin

    def watch(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on(
            "console",
            lambda message: (
                self.errors.append(f"{message.text} ({message.location['url']})") if message.type == "error" else None
            ),
        )


@pytest.fixture
def record(live_server: Any) -> Record:
    """Every request and every console error (a breach of the content security policy is one) of this test.

    `assert record.elsewhere == []` says that the page asked nobody else for anything.
    """
    return Record(live_server.url)


@pytest.fixture
def new_page(browser: Browser, live_server: Any, record: Record) -> Iterator[Callable[..., Page]]:
    """A function that opens a fresh reader's page; its words are those of Playwright's `new_context`.

    Addresses are relative to the site: `page.goto("/latest/")`. A request to anywhere else is recorded and
    then refused.
    """
    contexts: list[BrowserContext] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{"base_url": live_server.url, "viewport": DESK} | options)
        contexts.append(context)
        record.watch(context)
        context.route(
            lambda url: not record._is_own(url),
            lambda route: route.abort(),
        )
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def desk(new_page: Callable[..., Page]) -> Page:
    """A reader at a desk."""
    return new_page()


@pytest.fixture
def phone(new_page: Callable[..., Page]) -> Page:
    """A reader with a telephone."""
    return new_page(viewport=PHONE, device_scale_factor=3, is_mobile=True, has_touch=True)


@pytest.fixture
def dark(new_page: Callable[..., Page]) -> Page:
    """A reader whose machine asks for dark colours."""
    return new_page(color_scheme="dark")


@pytest.fixture
def without_scripts(new_page: Callable[..., Page]) -> Page:
    """A reader whose browser runs no scripts."""
    return new_page(java_script_enabled=False)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """A function that returns a page's breaches of WCAG 2.2 A and AA: `assert axe(page) == []`.

    It needs a page that runs scripts. Each breach is one line: the rule, its help, the elements.
    """
    if not AXE.exists():
        pytest.fail("axe is missing: run `make setup`")
    source = AXE.read_text()

    def look(page: Page) -> list[str]:
        # `evaluate` is not bound by the page's content security policy, as a script element would be.
        page.evaluate(source)
        found = page.evaluate(
            "tags => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", STANDARDS
        )
        return [
            f"{breach['id']}: {breach['help']}: "
            + ", ".join(" ".join(map(str, node["target"])) for node in breach["nodes"])
            for breach in found["violations"]
        ]

    return look
