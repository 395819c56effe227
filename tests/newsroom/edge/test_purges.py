"""What each act tells the caches: how many messages, and which pages it leaves alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from wagtail.actions.move_page import MovePageAction

from coranto.delivery import transports
from coranto.kit import clock
from coranto.newsroom import operations
from coranto.newsroom.models import Article, FrontPage, Listing, Section

EDGE = {"Surrogate-Capability": 'coranto="ESI/1.0"'}


@pytest.fixture
def heard():
    told = []
    transports.listeners.append(told.append)
    yield told
    transports.listeners.remove(told.append)


@pytest.fixture
def messages(heard):
    """What an act says, message by message."""

    def messages(act, *args, **kwargs):
        heard.clear()
        act(*args, **kwargs)
        return list(heard)

    return messages


def edited(page, **fields):
    page = type(page).objects.get(pk=page.pk)
    for name, value in fields.items():
        setattr(page, name, value)
    return page


def publish(page, **fields):
    edited(page, **fields).save_revision().publish()


def keep_draft(page, **fields):
    edited(page, **fields).save_revision()


def tags_of(address):
    response = Client(REMOTE_ADDR="").get(address, headers=EDGE)
    return set(response["Surrogate-Key"].split())


def body_of(address):
    return Client(REMOTE_ADDR="").get(address, headers=EDGE).content.decode()


@pytest.mark.django_db(transaction=True)
def test_each_act_is_told_in_one_message(write, store, city, make_section, messages):
    """Outside of a transaction, as in the admin, whatever is written for it."""
    article, culture = write(), make_section("Culture")
    counted = {
        "publish": len(messages(write, "Buses too")),
        "correct": len(messages(publish, article, title="Trams do not", change_kind="typo")),
        "keep a draft": len(messages(keep_draft, article, title="Perhaps")),
        "move": len(messages(MovePageAction(Article.objects.get(pk=article.pk), culture, pos="last-child").execute)),
        "withdraw": len(messages(Article.objects.get(pk=article.pk).unpublish)),
        "rename a section": len(messages(publish, city, title="Town")),
        "give a section another address": len(messages(publish, city, slug="town")),
        "arrange the front": len(
            messages(
                operations.arrange_front, front=FrontPage.objects.get(), blocks=[{"type": "lead", "value": {}}], by=None
            )
        ),
        "import fifty": len(messages(store, 50)),
        "delete a section with all in it": len(messages(Section.objects.get(pk=city.pk).delete)),
    }
    assert counted == {
        "publish": 2,  # its place in the tree, then what readers see
        "correct": 1,
        "keep a draft": 0,
        "move": 3,  # Wagtail commits it before the sitemap and then the lists follow
        "withdraw": 1,
        "rename a section": 1,
        "give a section another address": 1,
        "arrange the front": 1,
        "import fifty": 1,
        "delete a section with all in it": 1,
    }


@pytest.mark.django_db(transaction=True)
def test_correction_leaves_the_lists_alone(write, messages):
    article = write()
    [told] = messages(publish, article, title="Trams do not", change_kind="correction", change_note="They do not.")
    assert {f"page:{article.pk}", "search", "missing", "corrections"} <= told
    assert not [each for each in told if each.startswith("list:")]


@pytest.mark.django_db(transaction=True)
def test_arranging_a_section_leaves_all_other_pages_alone(city, messages):
    [told] = messages(operations.arrange_front, front=city, blocks=[{"type": "lead", "value": {}}], by=None)
    assert told == {f"front:{city.pk}", "sitemap"}  # where its day stands


@pytest.mark.django_db(transaction=True)
def test_moved_article_leaves_one_list_and_comes_into_another(write, city, make_section, messages):
    article, culture = write(), make_section("Culture")
    told = frozenset().union(*messages(article.move, culture, pos="last-child"))
    assert {
        f"page:{article.pk}",
        f"list:section:{city.pk}",
        f"list:section:{culture.pk}",
    } <= told
    assert "list:latest:0" not in told


@pytest.mark.django_db
def test_new_article_leaves_the_pages_of_older_ones_alone(store, city, write, noon):
    old, *_, newest = store(12)
    older, newer = tags_of(old.address), tags_of(newest.address)
    assert not [each for each in older | newer if each.startswith("list:")]


@pytest.mark.django_db
def test_after_an_article_not_for_everybody_stands_the_newest_of_its_section(client, cora, store):
    old, *_, newest = store(12)
    for each in (old, newest):
        each.visibility = "private"
        each.save_revision().publish()
    client.force_login(cora)

    for article in (old, newest):
        after = client.get(article.address).content.decode().partition('id="related-title"')[2]
        assert after.count("<article") == 4
        assert article.address not in after


@pytest.mark.django_db
def test_options_an_editor_typed_survive_the_way_to_the_fragment(city, write):
    body = [{"type": "placement", "value": {"kind": "newest", "options": 'city & "town" <é>'}}]
    assert "options=city+%26+%22town%22+%3C%C3%A9%3E" in body_of(write(body=body).address)


@pytest.mark.django_db
def test_day_at_the_head_lasts_until_midnight(client, city, time_machine_at):
    time_machine_at("2026-03-01 23:30:00")
    response = Client(REMOTE_ADDR="").get("/-/fragments/today/", headers=EDGE)
    assert "Sunday, " in response.content.decode()
    assert "max-age=600" in response["Surrogate-Control"]
    time_machine_at("2026-03-01 23:59:10")
    assert "max-age=50" in Client(REMOTE_ADDR="").get("/-/fragments/today/", headers=EDGE)["Surrogate-Control"]


@pytest.fixture
def time_machine_at():
    import time_machine

    travels = []

    def at(moment):
        travels.append(time_machine.travel(f"{moment}+00:00", tick=False))
        travels[-1].start()

    yield at
    for each in reversed(travels):
        each.stop()


@pytest.mark.django_db
def test_strip_lasts_until_it_ends_or_another_begins(time_machine_at, db):
    from coranto.newsroom.models import BreakingStrip

    time_machine_at("2026-03-01 12:00:00")
    now = clock.now()
    BreakingStrip.objects.create(text="Now", starts_at=now, ends_at=now + timedelta(minutes=5))
    at = "/-/fragments/breaking/?front=1"
    assert "max-age=300" in Client(REMOTE_ADDR="").get(at, headers=EDGE)["Surrogate-Control"]
    BreakingStrip.objects.create(
        text="Then", starts_at=now + timedelta(minutes=2), ends_at=now + timedelta(minutes=9), on_every_page=False
    )
    assert "max-age=120" in Client(REMOTE_ADDR="").get(at, headers=EDGE)["Surrogate-Control"]
    elsewhere = Client(REMOTE_ADDR="").get("/-/fragments/breaking/?front=0", headers=EDGE)
    assert "max-age=600" in elsewhere["Surrogate-Control"]


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["breaking/?front=2", "more-from-section/?section=x", "more-from-section/?section="])
def test_fragment_with_a_parameter_nobody_asks_for_is_not_there(client, query):
    assert client.get(f"/-/fragments/{query}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("visibility", ["private", "password"])
def test_page_that_is_not_for_everybody_is_offered_to_no_store(write, visibility):
    article = write(visibility=visibility, password="open")
    response = Client(REMOTE_ADDR="").get(article.address, headers=EDGE)
    assert "max-age" not in response.get("Surrogate-Control", "")


@pytest.mark.django_db
def test_staff_and_previews_are_offered_to_no_store(client, cora, write):
    article = write()
    client.force_login(cora)
    for address in (article.address, "/", f"/admin/pages/{article.pk}/view_draft/"):
        response = client.get(address, headers=EDGE, REMOTE_ADDR="")
        assert response.status_code == 200
        assert "max-age" not in response.get("Surrogate-Control", "")


@pytest.mark.django_db
def test_listing_that_does_not_change_is_not_written_again(write, django_assert_num_queries):
    article = write()
    before = list(Listing.objects.order_by("pk").values_list("pk", flat=True))
    operations.relist_article(article=article)
    assert list(Listing.objects.order_by("pk").values_list("pk", flat=True)) == before
