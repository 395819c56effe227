"""No page is given an address at which the program itself answers."""

from __future__ import annotations

import re

import pytest
from django.urls import get_resolver
from wagtail.models import Page

from coranto.masthead.models import PlainPage
from coranto.masthead.rules import is_reserved

pytestmark = pytest.mark.django_db
SAID = "The site itself answers at this address. Choose another."


def first_parts():
    """The first part of every address that is written out in the program, as far as a page could have it."""

    def walk(patterns, before):
        for each in patterns:
            path = before + str(each.pattern)
            if hasattr(each, "url_patterns"):
                yield from walk(each.url_patterns, path)
            else:
                yield path.lstrip("^").partition("/")[0]

    return {part for part in walk(get_resolver().url_patterns, "") if re.fullmatch(r"[a-z-]+", part)}


def test_every_first_part_of_our_own_addresses_is_reserved():
    parts = first_parts()

    assert {"-", "account", "admin", "search", "corrections", "how-we-count"} <= parts
    assert {part for part in parts if not is_reserved(part)} == set()


@pytest.fixture
def front(city):
    from coranto.newsroom.models import FrontPage

    return FrontPage.objects.get()


@pytest.fixture
def about(front):
    return front.add_child(instance=PlainPage(title="About", slug="about"))


@pytest.mark.parametrize("slug", ["account", "Admin", "search"])
def test_page_cannot_take_an_address_of_the_program(client, cora, front, slug):
    from wagtail.test.utils.form_data import nested_form_data, rich_text

    client.force_login(cora)
    data = nested_form_data({"title": "Accounts", "slug": slug, "body": rich_text("<p>Ours</p>")})
    response = client.post(f"/admin/pages/add/masthead/plainpage/{front.pk}/", {**data, "action-publish": "on"})

    assert SAID in response.text
    assert not PlainPage.objects.exists()


@pytest.mark.parametrize("more", [{}, {"publish_copies": "on"}, {"publish_copies": "on", "alias": "on"}])
def test_copy_cannot_take_an_address_of_the_program(client, cora, front, about, more):
    client.force_login(cora)
    copy = {"new_title": "Accounts", "new_slug": "account", "new_parent_page": front.pk, **more}
    response = client.post(f"/admin/pages/{about.pk}/copy/", copy)

    assert SAID in response.text
    assert not Page.objects.filter(slug="account").exists()
    # Below another page nothing of ours is in the way.
    assert client.post(f"/admin/pages/{about.pk}/copy/", {**copy, "new_parent_page": about.pk}).status_code == 302
    assert Page.objects.get(slug="account").depth == about.depth + 1


def test_page_is_not_moved_to_an_address_of_the_program(client, cora, front, about):
    moved = about.add_child(instance=PlainPage(title="Accounts", slug="account"))
    client.force_login(cora)
    assert SAID in client.post(f"/admin/pages/{moved.pk}/move/{front.pk}/confirm/", follow=True).text
    many = {"id": moved.pk, "chooser": front.pk}
    client.post(f"/admin/bulk/wagtailcore/page/move/?id={moved.pk}", many)
    moved.refresh_from_db()
    assert moved.get_parent().pk == about.pk
    # Below another page nothing of ours is in the way.
    other = front.add_child(instance=PlainPage(title="Other", slug="other"))
    client.post(f"/admin/pages/{moved.pk}/move/{other.pk}/confirm/")
    moved.refresh_from_db()
    assert moved.get_parent().pk == other.pk
