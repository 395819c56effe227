from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from coranto.desk.queries.calendar import calendar_of
from coranto.desk.queries.desk import Choice
from coranto.desk.rules import agenda
from coranto.newsroom import queries as newsroom

PARIS = ZoneInfo("Europe/Paris")
ADDRESS = "/admin/calendar/"


# Days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 29), "Europe/Paris", 23),
        (date(2026, 10, 25), "Europe/Paris", 25),
        (date(2026, 6, 1), "Europe/Paris", 24),
        (date(2026, 3, 29), "Asia/Beirut", 23),  # midnight itself is left out there
        (date(2026, 10, 4), "Australia/Lord_Howe", 23.5),
    ],
)
def test_day_is_as_long_as_its_clocks_make_it(day, zone, hours):
    start, end = agenda.bounds(day, day, ZoneInfo(zone))
    assert (end.astimezone(UTC) - start.astimezone(UTC)).total_seconds() / 3600 == hours


def test_moment_belongs_to_the_day_it_has_in_the_publications_zone():
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert agenda.day_of(late, PARIS) == date(2026, 3, 3)


def test_month_is_shown_in_whole_weeks():
    stretch = agenda.stretch_of("month", date(2026, 3, 15), first_weekday=0)
    assert (stretch.first, stretch.last, len(stretch.days)) == (date(2026, 2, 23), date(2026, 4, 5), 42)
    assert (stretch.before, stretch.after) == (date(2026, 2, 28), date(2026, 4, 1))


@pytest.mark.parametrize(
    ("first_weekday", "first"), [(0, date(2026, 3, 9)), (6, date(2026, 3, 15)), (5, date(2026, 3, 14))]
)
def test_week_begins_on_the_day_it_begins_on_there(first_weekday, first):
    stretch = agenda.stretch_of("week", date(2026, 3, 15), first_weekday=first_weekday)
    assert (stretch.first, len(stretch.days)) == (first, 7)


@pytest.mark.parametrize("view", agenda.VIEWS)
@pytest.mark.parametrize("on", [agenda.EARLIEST, agenda.LATEST])
def test_calendar_ends_somewhere_and_breaks_nowhere(view, on):
    stretch = agenda.stretch_of(view, on, first_weekday=0)
    assert agenda.EARLIEST <= stretch.before <= stretch.on <= stretch.after <= agenda.LATEST


@pytest.mark.parametrize("written", ["", "nonsense", "2026-13-01", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_day_that_is_none_counts_as_today(written):
    assert agenda.read_day(written, otherwise=date(2026, 3, 2)) == date(2026, 3, 2)


# The calendar -------------------------------------------------------------------------------------------------

database = pytest.mark.django_db


@pytest.fixture
def shown(noon):
    """What somebody's calendar has: kinds and headlines by day."""

    def shown(account, view="month", on=date(2026, 3, 2), zone=PARIS, **choice):
        stretch = agenda.stretch_of(view, on, first_weekday=0)
        found = calendar_of(account, stretch, Choice(**choice), zone=zone, known=newsroom.sections(), now=noon)
        return {day.on: [(str(e.what), e.headline) for e in day.entries] for day in found.days if day.entries}

    return shown


@database
def test_calendar_has_what_is_out_what_is_to_come_and_when_embargoes_end(shown, cora, write, schedule, noon):
    write("Out", publish=True)
    schedule(noon + timedelta(days=2), "To come")
    write("Held", embargoed_until=noon + timedelta(days=3))
    assert shown(cora) == {
        date(2026, 3, 2): [("published", "Out")],
        date(2026, 3, 4): [("scheduled", "To come")],
        date(2026, 3, 5): [("embargo", "Held")],
    }


@database
def test_article_out_at_half_past_midnight_in_paris_stands_on_that_day(shown, cora, schedule, noon):
    schedule(datetime(2026, 3, 2, 23, 30, tzinfo=UTC), "Past midnight")
    assert list(shown(cora)) == [date(2026, 3, 3)]
    assert list(shown(cora, zone=ZoneInfo("UTC"))) == [date(2026, 3, 2)]


@database
def test_last_hour_of_the_day_the_clocks_change_is_still_of_that_day(shown, cora, schedule, time_machine):
    schedule(datetime(2026, 10, 25, 22, 30, tzinfo=UTC), "The 25th hour")
    assert list(shown(cora, "day", date(2026, 10, 25))) == [date(2026, 10, 25)]
    assert shown(cora, "day", date(2026, 10, 26)) == {}


@database
def test_calendar_shows_what_one_may_see_and_the_section_one_asks_for(shown, cora, noa, dov, schedule, culture, noon):
    schedule(noon + timedelta(hours=1), "A tram")
    schedule(noon + timedelta(hours=2), "A film", section=culture)
    assert shown(noa)[date(2026, 3, 2)] == [("scheduled", "A tram")]
    assert shown(cora, section=culture)[date(2026, 3, 2)] == [("scheduled", "A film")]
    assert shown(dov) == {}


@database
def test_full_day_shows_what_is_to_come_before_what_is_out_and_says_how_many_more(cora, write, schedule, noon):
    for number in range(6):
        write(f"Out {number}", publish=True)
    schedule(noon + timedelta(hours=1), "To come")
    stretch = agenda.stretch_of("month", date(2026, 3, 2), first_weekday=0)
    found = calendar_of(cora, stretch, Choice(), zone=PARIS, known=newsroom.sections(), now=noon)
    day = next(each for each in found.days if each.entries)
    assert ([e.headline for e in day.entries][-1], len(day.entries), day.more) == ("To come", 5, 2)


@database
@pytest.mark.parametrize("view", agenda.VIEWS)
def test_calendar_steps_on_and_leads_to_the_editor(sign_in, cora, schedule, noon, view):
    article = schedule(noon + timedelta(hours=3), "Tonight")
    page = sign_in(cora).get(ADDRESS, {"view": view}).content.decode()
    assert f'href="/admin/pages/{article.pk}/edit/"' in page
    assert ">16:00<" in page  # in Paris
    for step in {
        "month": ("2026-02-28", "2026-04-01"),
        "week": ("2026-02-28", "2026-03-08"),
        "day": ("2026-03-01", "2026-03-03"),
    }[view]:
        assert f"?view={view}&amp;on={step}" in page


@database
def test_address_that_makes_no_sense_shows_this_month(sign_in, cora):
    response = sign_in(cora).get(ADDRESS, {"view": "century", "on": "someday", "section": "none"})
    assert response.status_code == 200
    assert "March 2026" in response.content.decode()


@database
@pytest.mark.parametrize("count", [3, 24])
def test_calendar_takes_a_fixed_number_of_queries(count, cora, noa, write, schedule, noon, django_assert_num_queries):
    for number in range(count):
        write(f"Out {number}", publish=True)
        schedule(noon + timedelta(hours=number + 1), f"To come {number}")
        write(f"Held {number}", embargoed_until=noon + timedelta(hours=number + 1))
    known = newsroom.sections()
    stretch = agenda.stretch_of("month", date(2026, 3, 2), first_weekday=0)
    with django_assert_num_queries(3):
        calendar_of(cora, stretch, Choice(), zone=PARIS, known=known, now=noon)
    fresh = type(noa).objects.get(pk=noa.pk)
    with django_assert_num_queries(4):
        calendar_of(fresh, stretch, Choice(), zone=PARIS, known=known, now=noon)
