"""The cast: Ada reads, Cora edits, Dov is an outsider; a city section, and articles by the handful."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from coranto.masthead.models import Account
    from coranto.newsroom.models import Article, Author, Section

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def cora(db) -> Account:
    from coranto.masthead.models import Account

    return Account.objects.create_superuser("cora@lantern.example", "a long enough secret")


@pytest.fixture
def dov(db) -> Account:
    from coranto.masthead.models import Account

    return Account.objects.create_user("dov@elsewhere.example", "another long secret")


@pytest.fixture
def make_section(db) -> Callable[..., Section]:
    from coranto.newsroom.models import FrontPage, Section

    def make(title: str = "City", **fields: Any) -> Section:
        slug = fields.pop("slug", title.lower())
        front = FrontPage.objects.get()
        return front.add_child(instance=Section(title=title, slug=slug, **fields))

    return make


@pytest.fixture
def city(make_section) -> Section:
    return make_section("City")


@pytest.fixture
def ada_thorne(db) -> Author:
    from coranto.newsroom.models import Author

    return Author.objects.create(name="Ada Thorne", slug="ada-thorne")


@pytest.fixture
def write(city, ada_thorne) -> Callable[..., Article]:
    """An article written and, unless told otherwise, published by hand."""
    from coranto.newsroom.models import Article, ArticleAuthor

    def write(title: str = "Trams return", *, section=None, publish=True, by=None, body=None, **fields) -> Article:
        article = Article(
            title=title,
            slug=fields.pop("slug", f"{title.lower().replace(' ', '-')}-{uuid.uuid4().hex[:6]}"),
            body=as_blocks(body or [paragraph("The first tram left at five.")]),
            **fields,
        )
        article.bylines = [ArticleAuthor(author=ada_thorne)]
        (section or city).add_child(instance=article)
        if publish:
            article.save_revision(user=by).publish(user=by)
        return Article.objects.get(pk=article.pk)

    return write


@pytest.fixture
def store(city, ada_thorne) -> Callable[..., list[Article]]:
    """Many articles at once, an hour apart, the newest first in time last in the list."""
    from coranto.newsroom import operations

    def store(count: int, *, section=None, **fields) -> list[Article]:
        start = uuid.uuid4().hex[:6]
        drafts = [
            operations.ArticleDraft(
                headline=f"Article {start} {number}",
                slug=f"article-{start}-{number}",
                section=section or city,
                body=[paragraph(f"Words of number {number}.")],
                first_published_at=NOON + timedelta(hours=number),
                authors=[ada_thorne],
                **fields,
            )
            for number in range(count)
        ]
        return operations.store_articles(drafts=drafts, by=None, now=NOON)

    return store


def paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "value": f"<p>{text}</p>"}


def as_blocks(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**block, "id": str(uuid.uuid4())} for block in blocks]


@pytest.fixture(name="paragraph")
def paragraph_fixture() -> Callable[[str], dict[str, Any]]:
    return paragraph


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def picture(db) -> Any:
    from coranto.masthead.models import Picture

    return Picture.objects.bulk_create(
        [Picture(title="Harbour", file="original_images/h.jpg", width=1600, height=1000, description="A harbour")]
    )[0]


@pytest.fixture
def plans() -> Callable[[Callable[[], object]], list[tuple[str, str]]]:
    """A function that runs another and returns how SQLite finds the rows of each of its statements."""

    from django.db import connection

    def plans(do):
        asked = []

        def note(execute, sql, params, many, context):
            if not many and sql.startswith(("SELECT", "UPDATE", "DELETE")):
                asked.append((sql, params))
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            do()
        found = []
        with connection.cursor() as cursor:
            for sql, params in asked:
                cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
                found += [(row[3], sql) for row in cursor.fetchall()]
        return found

    return plans


@pytest.fixture
def purged() -> Iterator[list[str]]:
    """The tags that were purged, as they come."""
    from coranto.delivery import transports

    told: list[str] = []

    def note(tags: Any) -> None:
        told.extend(tags)

    transports.listeners.append(note)
    yield told
    transports.listeners.remove(note)


@pytest.fixture
def relate(noon: datetime) -> Callable[[], None]:
    """A function that lets the worker relate all articles that wait for it."""
    from coranto.newsroom import operations

    def relate() -> None:
        while operations.relate_waiting(now=noon):
            pass

    return relate
