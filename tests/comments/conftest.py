"""An article to write under."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def noon():
    return NOON


@pytest.fixture
def make_article(db):
    from coranto.newsroom.models import FrontPage, Section
    from coranto.newsroom.operations import ArticleDraft, store_articles

    section = FrontPage.objects.get().add_child(instance=Section(title="City", slug=f"city-{uuid.uuid4().hex[:6]}"))

    def make(slug="trams"):
        draft = ArticleDraft(headline="Trams return", slug=slug, section=section, body=[])
        return store_articles(drafts=[draft], by=None, now=NOON)[0]

    return make


@pytest.fixture
def article(make_article):
    return make_article()
