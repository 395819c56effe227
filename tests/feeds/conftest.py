"""A newspaper with one of everything, and articles by the handful."""

from __future__ import annotations

import sys
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from coranto.masthead.models import Account
    from coranto.newsroom.models import Article, Author, Section

sys.path.insert(0, str(Path(__file__).parent.parent / "theme"))  # what the theme's tests print, feeds carry
sys.path.insert(0, str(Path(__file__).parent))

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def paper(db) -> Any:
    from paper import print_paper

    return print_paper(articles=3)


@pytest.fixture
def lantern(paper) -> Any:
    """With a picture in one of its sizes, and an article that was corrected."""
    from django.core.files.base import ContentFile

    from coranto.masthead.models import PictureRendition

    size = PictureRendition(image=paper.article.picture, filter_spec="width-1280|format-webp", focal_point_key="")
    size.file.save("harbour.webp", ContentFile(b"RIFF" + bytes(200)), save=False)
    size.width, size.height = 1280, 800
    size.save()
    draft = paper.article.get_latest_revision_as_object()
    draft.change_kind, draft.change_passage = "correction", "The wire was paid for twice."
    draft.change_note = "It was paid for three times.\n\nWe regret this."
    draft.save_revision().publish()
    return paper


@pytest.fixture
def cora(db) -> Account:
    from coranto.masthead.models import Account

    return Account.objects.create_superuser("cora@lantern.example", "a long enough secret")


@pytest.fixture
def city(db) -> Section:
    from coranto.newsroom.models import FrontPage, Section

    return FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))


@pytest.fixture
def ada(db) -> Author:
    from coranto.newsroom.models import Author

    return Author.objects.create(name="Ada Thorne", slug="ada-thorne")


@pytest.fixture
def write(city, ada) -> Callable[..., Article]:
    """An article published by hand."""
    from coranto.newsroom.models import Article, ArticleAuthor

    def write(title: str = "Trams return", *, publish: bool = True, **fields: Any) -> Article:
        article = Article(
            title=title,
            slug=fields.pop("slug", f"article-{uuid.uuid4().hex[:8]}"),
            body=[{"type": "paragraph", "value": "<p>The first tram left at five.</p>", "id": str(uuid.uuid4())}],
            **fields,
        )
        article.bylines = [ArticleAuthor(author=ada)]
        city.add_child(instance=article)
        if publish:
            article.save_revision().publish()
        return Article.objects.get(pk=article.pk)

    return write


@pytest.fixture
def store(city, ada) -> Callable[..., list[Article]]:
    """Many at once, an hour apart."""
    from coranto.newsroom import operations

    def store(count: int, *, first: datetime = NOON, **fields: Any) -> list[Article]:
        start = uuid.uuid4().hex[:6]
        values = {"authors": [ada], "section": city, **fields}
        drafts = [
            operations.ArticleDraft(
                headline=f"Article {number}",
                slug=f"article-{start}-{number}",
                body=[{"type": "paragraph", "value": f"<p>Words of number {number}.</p>"}],
                first_published_at=first + timedelta(hours=number),
                **values,
            )
            for number in range(count)
        ]
        return operations.store_articles(drafts=drafts, by=None, now=NOON)

    return store


@pytest.fixture
def told(db) -> Callable[..., None]:
    """Set what programs that look for the site are told."""
    from coranto.masthead.models import Discovery

    def told(**fields: Any) -> None:
        row = Discovery.objects.first() or Discovery()
        for name, value in fields.items():
            setattr(row, name, value)
        row.full_clean()
        row.save()

    return told
