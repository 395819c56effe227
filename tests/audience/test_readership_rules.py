"""Stretches of time, columns of a chart, cells of a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coranto.audience.rules.charts import HEIGHT, WIDTH, chart, round_up, share
from coranto.audience.rules.readership import Period, begins, slots
from coranto.audience.rules.spreadsheets import BYTE_ORDER_MARK, as_csv, harmless

NOW = datetime(2026, 3, 1, 12, 40, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("zone", "today"),
    [
        ("UTC", "2026-03-01T00"),
        ("Europe/Paris", "2026-02-28T23"),
        ("Pacific/Auckland", "2026-03-01T11"),
        ("America/Lima", "2026-03-01T05"),
        ("Asia/Kolkata", "2026-02-28T19"),
    ],
)
def test_day_begins_at_midnight_where_the_publication_is(zone, today):
    assert f"{begins(Period.TODAY, now=NOW, zone=ZoneInfo(zone)):%Y-%m-%dT%H}" == today


def test_week_is_today_and_six_days_before():
    assert begins(Period.WEEK, now=NOW, zone=ZoneInfo("UTC")) == datetime(2026, 2, 23, tzinfo=UTC)


def test_hour_is_the_running_one():
    assert begins(Period.HOUR, now=NOW, zone=ZoneInfo("UTC")) == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_days_of_a_week_in_which_the_clocks_change_are_as_long_as_they_are():
    paris = ZoneInfo("Europe/Paris")
    now = datetime(2026, 3, 31, 12, tzinfo=UTC)
    shown = slots(Period.WEEK, {}, now=now, zone=paris)
    lengths = [(b.begins - a.begins) // HOUR for a, b in pairwise(shown)]
    assert lengths == [24, 24, 24, 24, 23, 24]


def test_chart_of_hours_ends_with_the_running_one():
    views = {NOW.replace(minute=0): 3, NOW.replace(minute=0) - HOUR * 23: 5, NOW.replace(minute=0) - HOUR * 24: 7}
    shown = slots(Period.TODAY, views, now=NOW, zone=ZoneInfo("UTC"))
    assert [each.views for each in shown] == [5, *[0] * 22, 3]
    assert shown[-1].begins == NOW.replace(minute=0)


def test_chart_of_days_adds_up_their_hours():
    views = {datetime(2026, 2, 28, hour, tzinfo=UTC): 2 for hour in range(24)} | {NOW.replace(minute=0): 1}
    shown = slots(Period.WEEK, views, now=NOW, zone=ZoneInfo("UTC"))
    assert [each.views for each in shown] == [0, 0, 0, 0, 0, 48, 1]


@given(values=st.lists(st.integers(0, 10**9), max_size=40))
def test_columns_stay_in_the_picture_and_are_as_high_as_their_values(values):
    drawn = chart(values)
    assert len(drawn.columns) == len(values)
    assert all(each.y >= 0 and each.y + each.height <= HEIGHT + 0.02 for each in drawn.columns)
    assert all(each.x >= 0 and each.x + each.width <= WIDTH + 0.02 for each in drawn.columns)
    assert [each.height > 0 for each in drawn.columns] == [value > 0 for value in values]
    for value, each in zip(values, drawn.columns, strict=True):
        assert each.height == pytest.approx(value / drawn.top * HEIGHT, abs=1.51)


@pytest.mark.parametrize(("value", "top"), [(0, 2), (2, 2), (3, 4), (5, 10), (21, 40), (99, 100), (101, 200)])
def test_scale_ends_at_a_round_number(value, top):
    assert round_up(value) == top


def test_share_of_nothing_is_nothing():
    assert (share(0, 0), share(1, 3), share(5, 5)) == (0.0, 33.3, 100.0)


@pytest.mark.parametrize(
    "words", ["=1+1", "+49", "-5", "@SUM(A1)", "  =1", "\t=1", "\r=1", "＝1", '=HYPERLINK("https://e.example","x")']
)
def test_words_that_a_spreadsheet_would_run_begin_with_an_apostrophe(words):
    assert harmless(words) == f"'{words}"


@pytest.mark.parametrize("words", ["Trams return", "1 = 1", "“=” as a sign", "", "— and then", "'tis"])
def test_other_words_stay_as_they_are(words):
    assert harmless(words) == words


@pytest.mark.parametrize(
    ("words", "harmless_words"),
    [
        ("Budget;=cmd|' /C calc'!A0", "Budget;'=cmd|' /C calc'!A0"),
        ("One;  +2;-3", "One;  '+2;'-3"),
        ("Trams; ferries; 2 - 1", "Trams; ferries; 2 - 1"),
    ],
)
def test_no_formula_begins_after_a_semicolon_either(words, harmless_words):
    assert harmless(words) == harmless_words


def test_numbers_stay_numbers():
    assert (harmless(-3), harmless(2.5)) == (-3, 2.5)


@given(rows=st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=1, max_size=3)))
def test_table_is_read_back_as_it_was_written_and_runs_nothing(rows):
    written = as_csv(rows)
    assert written.startswith(BYTE_ORDER_MARK)
    back = list(csv.reader(io.StringIO(written.removeprefix(BYTE_ORDER_MARK), newline="")))
    assert back == [[harmless(cell) for cell in row] for row in rows]
    assert not [cell for row in back for cell in row if cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))]
