"""Readers by the dozen, each with an address and a browser; articles for them to view."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from coranto.newsroom.models import Article

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


@pytest.fixture(autouse=True)
def _nothing_is_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    from coranto.audience.operations import counting, flushing, salting

    salting.forget_salts()
    flushing.pending.clear()
    monkeypatch.setattr(counting, "_numbers", counting._Numbers())  # what it read of another test is a second young


@pytest.fixture
def make_article(db) -> Callable[..., Article]:
    from coranto.newsroom.models import Article, FrontPage, Section

    def make(title: str = "Trams return", *, publish: bool = True, **fields: Any) -> Article:
        front = FrontPage.objects.get()
        section = Section.objects.filter(slug="city").first() or front.add_child(
            instance=Section(title="City", slug="city")
        )
        body = [{"type": "paragraph", "value": "<p>The first tram left at five.</p>", "id": str(uuid.uuid4())}]
        article = Article(title=title, slug=uuid.uuid4().hex[:8], body=body, live=publish, **fields)
        section.add_child(instance=article)
        if publish:
            article.save_revision().publish()
        return Article.objects.get(pk=article.pk)

    return make


@pytest.fixture
def article(make_article) -> Article:
    return make_article()


@pytest.fixture
def see() -> Callable[..., HttpResponse]:
    """Report a view as a page does; each `address` and `agent` is another visitor."""
    from django.test import Client

    def see(article: Article | int | str, *, address: str = "203.0.113.7", agent: str = FIREFOX, **more: Any):
        given = {"article": getattr(article, "pk", article), **more.pop("given", {})}
        meta = {"REMOTE_ADDR": address, "HTTP_USER_AGENT": agent, "HTTP_SEC_FETCH_SITE": "same-origin", **more}
        return (meta.pop("client", None) or Client()).post("/-/seen", given, **meta)

    return see


@pytest.fixture
def left_out() -> Callable[[], dict[str, int]]:
    """How many views were left out today, by reason; those that are none are not there."""
    from coranto.audience.queries import counting_figures
    from coranto.kit import clock

    def read() -> dict[str, int]:
        return {line.name: line.today for line in counting_figures(now=clock.now()).left_out if line.today}

    return read


@pytest.fixture
def view() -> Callable[..., None]:
    """As many visitors with one browser view an article, from network 10.`net`."""
    from coranto.audience import operations
    from coranto.audience.rules import Referrer
    from coranto.kit import clock

    def view(article: Article, visitors: int = 1, *, agent: str = FIREFOX, net: int = 1) -> None:
        for number in range(visitors):
            report = operations.Report(
                article_id=article.pk, address=f"10.{net}.0.{number}", agent=agent, referrer=Referrer.DIRECT
            )
            operations.count_view(report=report, now=clock.now())

    return view
