"""An article to write under, and a cast: Ada the guest, Ben the reader, Cora the editor."""

from __future__ import annotations

import re
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

    def make(slug="trams", **fields):
        draft = ArticleDraft(headline="Trams return", slug=slug, section=section, body=[], **fields)
        return store_articles(drafts=[draft], by=None, now=NOON)[0]

    return make


@pytest.fixture
def article(make_article):
    return make_article()


@pytest.fixture
def ben(db):
    """A reader with an account and a name."""
    from coranto.masthead.models import Account
    from coranto.readers.operations import register_reader, rename_reader

    account = Account.objects.create_user("ben@reader.example")
    rename_reader(reader=register_reader(account=account, now=NOON), display_name="Ben")
    return account


@pytest.fixture
def cora(db):
    """An editor who decides about comments."""
    from coranto.masthead.models import Account
    from coranto.readers.operations import register_reader

    account = Account.objects.create_superuser("cora@lantern.example", "a long enough secret")
    register_reader(account=account, now=NOON)
    return account


@pytest.fixture
def open_house(db):
    """A site on which nobody's first comment waits."""
    from coranto.comments.models import Commenting

    return Commenting.objects.create(holds_first=False)


@pytest.fixture
def commenting(db):
    """A function that sets how the site takes comments."""
    from coranto.comments.models import Commenting

    def change(**fields):
        row = Commenting.objects.first() or Commenting()
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        return row

    return change


@pytest.fixture
def write(client, article):
    """A function: what Ada the guest sends by the form, and what comes back."""

    def write(words="A tram *at last*.", *, on=article, by=client, **fields):
        sent = {"words": words, "name": "Ada", "email": "ada@reader.example", **fields}
        return by.post(f"/-/comments/write/{on.pk}/", sent)

    return write


@pytest.fixture
def confirm_link(mails):
    """A function: the path in the newest mail that asks a guest to confirm."""

    def link():
        return re.search(r"/-/comments/confirm/\S+/", mails[-1].text)[0]

    return link


@pytest.fixture
def page(client):
    """A function: the HTML of an article's page as a stranger gets it."""
    from django.test import Client

    def page(article, query=""):
        return Client().get(f"{article.address}{query}").text

    return page
