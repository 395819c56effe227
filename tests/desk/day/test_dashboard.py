from __future__ import annotations

import uuid
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from coranto.desk.queries.dashboard import dashboard
from coranto.jobs.models import Failure
from coranto.masthead.models import Picture
from coranto.newsroom import queries as newsroom

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def shown(noon):
    """What matters today to somebody: the headlines of each list."""

    def shown(account):
        found = dashboard(account, known=newsroom.sections(), zone=PARIS, now=noon)
        lists = ("awaiting_me", "in_review", "today", "drafts")
        return {name: [line.headline for line in getattr(found, name).lines] for name in lists}

    return shown


def make_picture(title, ends):
    return Picture.objects.bulk_create(
        [Picture(title=title, file=f"original_images/{title}.jpg", width=16, height=10, rights_expire_on=ends)]
    )[0]


def fail(noon):
    return Failure.objects.create(
        task_id=uuid.uuid4(), task_path="coranto.x", arguments={}, exception_class="E", attempts=3, failed_at=noon
    )


def test_dashboard_tells_apart_what_waits_for_me_and_what_waits_for_others(shown, noa, rui, write, hand_in):
    hand_in(write("To judge"), rui)
    own = write("Mine", owner=noa)
    hand_in(own, noa)
    found = shown(noa)
    assert (found["awaiting_me"], found["in_review"]) == (["To judge"], ["Mine"])


def test_writer_judges_nothing(shown, rui, write, hand_in):
    hand_in(write("Mine", owner=rui), rui)
    assert shown(rui)["awaiting_me"] == []


def test_today_ends_at_midnight_in_the_publications_zone(shown, cora, schedule, noon):
    schedule(noon + timedelta(hours=10, minutes=59), "Tonight")
    schedule(noon + timedelta(hours=11, minutes=1), "Tomorrow")
    assert shown(cora)["today"] == ["Tonight"]


def test_drafts_are_my_own(shown, noa, rui, write):
    write("Mine", owner=noa)
    write("Theirs", owner=rui)
    assert shown(noa)["drafts"] == ["Mine"]


def test_pictures_whose_rights_end_are_named_and_others_are_not(sign_in, cora):
    ending = make_picture("harbour", date(2026, 3, 9))
    make_picture("lasting", date(2036, 3, 9))
    page = sign_in(cora).get("/admin/").content.decode()
    assert f"/admin/images/{ending.pk}/" in page
    assert "lasting" not in page


def test_administrator_hears_of_failed_work_and_nobody_else(sign_in, cora, noa, noon):
    fail(noon)
    assert "server&#x27;s work has failed" in sign_in(cora).get("/admin/").content.decode().replace("'", "&#x27;")
    assert "work has failed" not in sign_in(noa).get("/admin/").content.decode()


def test_article_is_begun_in_the_section_one_chooses(sign_in, noa, city, culture):
    client = sign_in(noa)
    page = client.get("/admin/").content.decode()
    assert '<option value="city">City</option>' in page
    assert "Culture" not in page
    response = client.get("/admin/desk/write/?section=city")
    assert (response.status_code, response["Location"]) == (302, f"/admin/pages/add/newsroom/article/{city.pk}/")


def test_section_that_does_not_exist_is_asked_for_again(sign_in, noa):
    response = sign_in(noa).get("/admin/desk/write/?section=none", follow=True)
    assert "Choose the section" in response.content.decode()


def test_dashboard_has_nothing_of_wagtails_summary(sign_in, cora):
    page = sign_in(cora).get("/admin/").content.decode()
    assert "w-summary" not in page
    assert "created in" not in page


@pytest.mark.parametrize("count", [3, 24])
def test_dashboard_takes_a_fixed_number_of_queries(
    count, cora, noa, rui, write, schedule, hand_in, noon, django_assert_num_queries
):
    for number in range(count):
        hand_in(write(f"R{number}"), rui)
        hand_in(write(f"O{number}", owner=noa), noa)
        schedule(noon + timedelta(minutes=number + 1), f"S{number}")
        write(f"D{number}", owner=noa)
        write(f"C{number}", owner=cora)
        make_picture(f"P{number}", date(2026, 3, 9))
        fail(noon)
    known = newsroom.sections()
    with django_assert_num_queries(11):
        dashboard(cora, known=known, zone=PARIS, now=noon)
    fresh = type(noa).objects.get(pk=noa.pk)
    with django_assert_num_queries(11):
        dashboard(fresh, known=known, zone=PARIS, now=noon)


def test_paper_without_sections_begins_with_one(sign_in, cora, make_staff):
    from coranto.newsroom.models import FrontPage

    front = FrontPage.objects.get()
    begin = f"/admin/pages/add/newsroom/section/{front.pk}/"
    writer = make_staff("wim", "add", on=front)
    assert begin in sign_in(cora).get("/admin/").content.decode()
    told = sign_in(writer).get("/admin/").content.decode()
    assert begin not in told
    assert "the editor-in-chief makes the first" in told


def test_whoever_may_arrange_the_front_page_finds_the_way_there(sign_in, cora, noa):
    assert "Arrange the front page" in sign_in(cora).get("/admin/").content.decode()
    assert "Arrange the front page" not in sign_in(noa).get("/admin/").content.decode()
