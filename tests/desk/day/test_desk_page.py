from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from wagtail.admin.models import EditingSession

from coranto.desk.queries import desk
from coranto.desk.queries.desk import Choice
from coranto.newsroom import queries as newsroom
from coranto.newsroom.models import Article

pytestmark = pytest.mark.django_db


@pytest.fixture
def lists(noon):
    """The desk as somebody sees it: for each list its lines by headline."""

    def lists(account, **choice):
        found = desk.desk_page(account, Choice(**choice), known=newsroom.sections(), now=noon)
        return {each.name: {line.headline: line for line in each.lines} for each in found}

    return lists


def open_in_editor(article, by, at):
    EditingSession.objects.create(
        user=by, content_type=ContentType.objects.get_for_model(Article), object_id=str(article.pk), last_seen_at=at
    )


def test_article_stands_in_the_list_of_where_it_is(lists, cora, rui, noa, write, schedule, hand_in, send_back, noon):
    hand_in(write("In review"), rui)
    returned = write("Returned")
    hand_in(returned, rui)
    send_back(returned, noa, "Who says so?")
    schedule(noon + timedelta(hours=3), "Tonight")
    write("Out", publish=True)
    write("In work")

    found = lists(cora)

    assert {name: list(lines) for name, lines in found.items()} == {
        "in-review": ["In review"],
        "sent-back": ["Returned"],
        "scheduled": ["Tonight"],
        "published": ["Out"],
        "drafts": ["In work"],
        "held": [],
    }


def test_line_says_since_when_by_whom_and_why(lists, cora, rui, noa, write, hand_in, send_back, noon):
    article = write()
    hand_in(article, rui)
    line = lists(cora)["in-review"]["Trams return"]
    assert (line.at, line.by, line.section.title, line.authors) == (noon, rui, "City", ["Ada Thorne"])
    send_back(article, noa, "Who says so?")
    line = lists(cora)["sent-back"]["Trams return"]
    assert (line.by, line.note) == (noa, "Who says so?")


def test_scheduled_article_comes_with_the_hour_it_was_approved_for(lists, cora, schedule, noon):
    schedule(noon + timedelta(hours=3), "Later")
    schedule(noon + timedelta(hours=1), "Sooner")
    found = lists(cora)["scheduled"]
    assert [(name, line.at) for name, line in found.items()] == [
        ("Sooner", noon + timedelta(hours=1)),
        ("Later", noon + timedelta(hours=3)),
    ]


def test_what_came_out_three_days_ago_is_no_news_to_the_desk(lists, cora, write, noon, time_machine):
    time_machine.move_to(noon - timedelta(days=3))
    write("Old", publish=True)
    assert lists(cora)["published"] == {}


def test_held_says_who_locked_an_article_and_who_has_it_open(lists, cora, noa, rui, write, noon):
    locked = write("Locked")
    locked.locked, locked.locked_by, locked.locked_at = True, noa, noon
    locked.save()
    opened = write("Open")
    open_in_editor(opened, rui, noon)
    open_in_editor(write("Left open last night"), rui, noon - timedelta(hours=9))

    found = lists(cora)["held"]

    assert {name: (line.locked_by, line.editing) for name, line in found.items()} == {
        "Locked": (noa, []),
        "Open": (None, [rui]),
    }


def test_desk_can_be_narrowed_to_a_section_and_to_ones_own(lists, cora, noa, write, culture):
    write("A tram", owner=noa)
    write("A film", section=culture)
    assert list(lists(cora, section=culture)["drafts"]) == ["A film"]
    assert list(lists(noa, mine=True)["drafts"]) == ["A tram"]
    assert list(lists(cora, mine=True)["drafts"]) == []


def test_mine_is_also_what_carries_my_name(lists, cora, ada_thorne, write):
    write("Signed")
    ada_thorne.account = cora
    ada_thorne.save()
    assert list(lists(cora, mine=True)["drafts"]) == ["Signed"]


def test_section_editor_sees_the_section_and_no_other(lists, noa, write, culture):
    write("A tram")
    write("A film", section=culture)
    assert list(lists(noa)["drafts"]) == ["A tram"]


def test_contributor_sees_own_pieces_alone_on_every_screen(sign_in, dov, rui, write, schedule, hand_in, noon):
    write("My piece", owner=dov)
    hidden = ["A secret draft", "A secret plan", "A secret in review", "A secret that is out"]
    write(hidden[0], owner=rui)
    schedule(noon + timedelta(hours=3), hidden[1])
    hand_in(write(hidden[2]), rui)
    write(hidden[3], publish=True)
    client = sign_in(dov)
    pages = ["/admin/", "/admin/desk/", "/admin/calendar/", *(f"/admin/desk/all/{name}/" for name in desk.LISTS)]
    for address in pages:
        response = client.get(address)
        assert response.status_code == 200
        assert [title for title in hidden if title in response.content.decode()] == []
    assert "My piece" in client.get("/admin/desk/").content.decode()


def test_desk_is_for_staff_alone(client, write):
    response = client.get("/admin/desk/")
    assert (response.status_code, response["Location"]) == (302, "/admin/login/?next=/admin/desk/")


def test_writer_gets_no_link_to_what_a_colleague_writes_and_none_to_withdraw(sign_in, rui, noa, write):
    own, other = write("Mine", owner=rui), write("Theirs", owner=noa, publish=True)
    page = sign_in(rui).get("/admin/desk/").content.decode()
    assert f"/admin/pages/{own.pk}/edit/" in page
    assert f"/admin/pages/{other.pk}/edit/" not in page
    assert "/unpublish/" not in page


def test_times_are_those_of_the_publication(sign_in, cora, schedule, noon):
    schedule(noon + timedelta(hours=3), "Tonight")
    page = sign_in(cora).get("/admin/desk/").content.decode()
    assert "comes out 2 Mar, 16:00" in " ".join(page.split())
    assert "Europe/Paris" in page


def test_long_list_goes_on_behind_a_link(sign_in, cora, write):
    for number in range(31):
        write(f"Draft {number:02}")
    client = sign_in(cora)
    assert "/admin/desk/all/drafts/" in client.get("/admin/desk/").content.decode()
    first = client.get("/admin/desk/all/drafts/").content.decode()
    assert len(re.findall(r"Draft \d\d</a>", first)) == 30
    assert "?page=2" in first
    second = client.get("/admin/desk/all/drafts/?page=2").content.decode()
    assert len(re.findall(r"Draft \d\d</a>", second)) == 1


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page=²", "?section=none", "?page=99999999999999999999"])
def test_address_that_makes_no_sense_shows_what_there_is(sign_in, cora, write, query):
    write("A draft")
    assert sign_in(cora).get(f"/admin/desk/all/drafts/{query}").status_code == 200


def test_list_that_does_not_exist_is_missing(sign_in, cora):
    assert sign_in(cora).get("/admin/desk/all/nonsense/").status_code == 404


@pytest.mark.parametrize("count", [3, 24])
def test_desk_takes_a_fixed_number_of_queries(
    count, cora, noa, rui, write, city, hand_in, send_back, noon, django_assert_num_queries
):
    for number in range(count):
        hand_in(write(f"R{number}"), rui)
        returned = write(f"B{number}")
        hand_in(returned, rui)
        send_back(returned, noa, "Why?")
        open_in_editor(write(f"D{number}", publish=number % 2 == 0), rui, noon)
    known = newsroom.sections()
    with django_assert_num_queries(10):
        desk.desk_page(cora, Choice(), known=known, now=noon)
    with django_assert_num_queries(12):
        desk.desk_page(type(noa).objects.get(pk=noa.pk), Choice(section=city), known=known, now=noon)
    with django_assert_num_queries(5):
        desk.desk_list(cora, "drafts", Choice(), page=1, known=known, now=noon)
