"""The cast: Cora runs the place, Noa edits the city section, Rui reports for it, Dov writes for it from outside."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.utils.text import slugify

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from coranto.masthead.models import Account
    from coranto.newsroom.models import Article, Section

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    return NOON


@pytest.fixture(autouse=True)
def _at_noon(time_machine):
    """It is noon on a Monday, until a test says otherwise."""
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def publication(db) -> Any:
    from coranto.masthead.models import Publication

    return Publication.objects.create(name="The Lantern", time_zone="Europe/Paris")


@pytest.fixture
def make_section(db) -> Callable[..., Section]:
    from coranto.newsroom.models import FrontPage, Section

    def make(title: str, **fields: Any) -> Section:
        section = Section(title=title, slug=fields.pop("slug", title.lower()), **fields)
        return FrontPage.objects.get().add_child(instance=section)

    return make


@pytest.fixture
def city(make_section) -> Section:
    return make_section("City")


@pytest.fixture
def culture(make_section) -> Section:
    return make_section("Culture")


@pytest.fixture
def cora(publication) -> Account:
    from coranto.masthead.models import Account

    return Account.objects.create_superuser("cora@lantern.example", "a long enough secret", first_name="Cora")


@pytest.fixture
def make_staff(publication) -> Callable[..., Account]:
    """An account with permissions on one page of the tree, by a group of its own."""
    from django.contrib.auth.models import Group, Permission
    from wagtail.models import GroupPagePermission

    from coranto.masthead.models import Account

    def make(name: str, *actions: str, on: Section) -> Account:
        account = Account.objects.create_user(
            f"{name}@lantern.example", "a long enough secret", first_name=name.title()
        )
        group = Group.objects.create(name=name)
        group.permissions.add(Permission.objects.get(codename="access_admin"))
        for action in actions:
            permission = Permission.objects.get(codename=f"{action}_page")
            GroupPagePermission.objects.create(group=group, page=on, permission=permission)
        account.groups.add(group)
        return account

    return make


@pytest.fixture
def noa(make_staff, city) -> Account:
    return make_staff("noa", "add", "change", "publish", "lock", on=city)


@pytest.fixture
def rui(make_staff, city) -> Account:
    return make_staff("rui", "add", on=city)


@pytest.fixture
def dov(make_staff, city) -> Account:
    from coranto.desk.models import Position

    account = make_staff("dov", "add", on=city)
    Position.objects.create(account=account, role="contributor", section=city)
    return account


@pytest.fixture
def sign_in() -> Callable[[Account], Client]:
    from django.test import Client

    def sign_in(account: Account) -> Client:
        client = Client()
        client.force_login(account)
        return client

    return sign_in


@pytest.fixture
def ada_thorne(db) -> Any:
    from coranto.newsroom.models import Author

    return Author.objects.create(name="Ada Thorne", slug="ada-thorne")


@pytest.fixture
def write(city, ada_thorne) -> Callable[..., Article]:
    """A draft as its writer saved it; `publish` sends it out."""
    from coranto.newsroom.models import Article, ArticleAuthor

    def write(title: str = "Trams return", *, section=None, owner=None, publish=False, **fields) -> Article:
        article = Article(
            title=title,
            slug=fields.pop("slug", f"{slugify(title)}-{uuid.uuid4().hex[:6]}"),
            body=[{"type": "paragraph", "value": "<p>The first tram left at five.</p>", "id": str(uuid.uuid4())}],
            owner=owner,
            live=False,
            **fields,
        )
        article.bylines = [ArticleAuthor(author=ada_thorne)]
        (section or city).add_child(instance=article)
        revision = article.save_revision(user=owner)
        if publish:
            revision.publish()
        return Article.objects.get(pk=article.pk)

    return write


@pytest.fixture
def schedule(write) -> Callable[..., Article]:
    """An article the clock is to publish."""
    from coranto.newsroom.models import Article

    def schedule(at: datetime, title: str = "Tomorrow's news", **fields) -> Article:
        article = write(title, go_live_at=at, **fields)
        article.latest_revision.publish()
        return Article.objects.get(pk=article.pk)

    return schedule


@pytest.fixture
def workflow(db) -> Any:
    """The review every paper has: whoever may publish in the section approves."""
    from coranto.newsroom.models import FrontPage

    return FrontPage.objects.get().get_workflow()


@pytest.fixture
def hand_in(workflow) -> Callable[[Article, Account], None]:
    def hand_in(article: Article, by: Account) -> None:
        workflow.start(article, by)

    return hand_in


@pytest.fixture
def send_back() -> Callable[..., None]:
    def send_back(article: Article, by: Account, comment: str) -> None:
        article.current_workflow_task_state.reject(user=by, comment=comment)

    return send_back
