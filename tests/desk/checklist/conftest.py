"""The cast: Cora runs the paper, Finn publishes, Rita writes, Dov is an outsider; articles as drafts."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
STANDFIRST = "After a year of works the trams are back between the harbour and the hill."


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture
def cora(db):
    from coranto.masthead.models import Account

    return Account.objects.create_superuser("cora@lantern.example", "a long enough secret")


def _staff(name: str, *rights: str):
    from django.contrib.auth.models import Group, Permission
    from wagtail.models import GroupPagePermission, Page

    from coranto.masthead.models import Account

    account = Account.objects.create_user(f"{name}@lantern.example", "a long enough secret")
    group = Group.objects.create(name=f"those like {name}")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for right in rights:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=f"{right}_page")
        GroupPagePermission.objects.create(group=group, page=Page.objects.get(depth=1), permission=permission)
    account.groups.add(group)
    return account


@pytest.fixture
def finn(db):
    return _staff("finn", "add", "change", "publish")


@pytest.fixture
def rita(db):
    return _staff("rita", "add", "change")


@pytest.fixture
def dov(db):
    from coranto.masthead.models import Account

    return Account.objects.create_user("dov@elsewhere.example", "another long secret")


@pytest.fixture
def make_section(db):
    from coranto.newsroom.models import FrontPage, Section

    def make(title: str = "City", **fields: Any):
        return FrontPage.objects.get().add_child(instance=Section(title=title, slug=title.lower(), **fields))

    return make


@pytest.fixture
def city(make_section):
    return make_section("City")


@pytest.fixture
def ada_thorne(db):
    from coranto.newsroom.models import Author

    return Author.objects.create(name="Ada Thorne", slug="ada-thorne")


def block(kind: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def paragraph(text: str) -> dict[str, Any]:
    return block("paragraph", f"<p>{text}</p>")


@pytest.fixture(name="block")
def block_fixture():
    return block


@pytest.fixture(name="paragraph")
def paragraph_fixture():
    return paragraph


@pytest.fixture
def write(city, ada_thorne):
    """A draft with nothing amiss, unless told otherwise; published by a program when `publish` is set."""
    from coranto.newsroom.models import Article, ArticleAuthor, Credit

    def write(title="Trams return", *, section=None, body=None, authors=True, credits=(), publish=False, **fields):
        fields = {"slug": uuid.uuid4().hex[:8], "standfirst": STANDFIRST, **fields}
        body = [paragraph("The first tram left at five.")] if body is None else body
        article = Article(title=title, live=False, body=body, **fields)
        article.bylines = [ArticleAuthor(author=ada_thorne)] if authors else []
        article.credits = [Credit(**each) for each in credits]
        (section or city).add_child(instance=article)
        revision = article.save_revision()
        if publish:
            revision.publish()
        return Article.objects.get(pk=article.pk)

    return write


@pytest.fixture
def make_picture(db):
    from coranto.masthead.models import Picture

    def make(title="Harbour", *, description="A harbour", credit="Ada Thorne", **fields):
        number = Picture.objects.count()
        row = Picture(
            title=title,
            file=f"original_images/{number}.jpg",
            width=1600,
            height=1000,
            description=description,
            credit=credit,
            **fields,
        )
        return Picture.objects.bulk_create([row])[0]

    return make


@pytest.fixture
def examined():
    """What is found in an article's latest draft: pairs of point and weight, in order."""
    from coranto.desk.queries.checklist import examine

    def examined(article, now=NOON):
        return examine(article.get_latest_revision_as_object(), now=now)

    return examined


@pytest.fixture
def weigh(db):
    """Set the checklist as the editor-in-chief would: `weigh(byline="block")`."""
    from coranto.desk.models import Checklist

    def weigh(**fields):
        settings = Checklist.objects.first() or Checklist()
        for name, value in fields.items():
            setattr(settings, name, value)
        settings.save()
        return settings

    return weigh


@pytest.fixture
def form_of(article_form):
    """What the article editor sends, at one address whatever the headline."""

    def form_of(title="Trams return", text="The first tram left at five.", **fields):
        return article_form(title, text, **{"slug": "trams-return", "standfirst": STANDFIRST, **fields})

    return form_of
