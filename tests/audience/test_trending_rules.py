"""The arithmetic of what is trending."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coranto.audience.rules.trending import (
    Span,
    ViewsInHour,
    highest,
    ranked,
    read_since,
    spans_for,
    standings,
)

NOW = datetime(2026, 3, 1, 12, 40, tzinfo=UTC)
HOUR = timedelta(hours=1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def hours_ago(age, views, article_id=1):
    return ViewsInHour(article_id, NOW.replace(minute=0) - HOUR * age, views)


def ids(found):
    return [each.article_id for each in found]


def rank(hours, *, half_life=6, now=NOW, published=None, length=10):
    found = standings(hours, now=now, half_life=half_life)
    return ids(ranked(found, published=published or {each.article_id: LONG_AGO for each in found}, length=length))


@pytest.mark.parametrize(
    ("half_life", "age", "worth"), [(6, 0, 1.0), (6, 6, 0.5), (6, 12, 0.25), (1, 3, 0.125), (168, 168, 0.5)]
)
def test_view_is_worth_half_as_much_a_half_life_later(half_life, age, worth):
    (standing,) = standings([hours_ago(age, 100)], now=NOW, half_life=half_life)
    assert standing.score == pytest.approx(100 * worth)


def test_few_views_of_now_outweigh_many_of_yesterday():
    assert rank([hours_ago(24, 100, 1), hours_ago(0, 7, 2)]) == [2, 1]
    assert rank([hours_ago(24, 100, 1), hours_ago(0, 6, 2)]) == [1, 2]


def test_half_life_decides_what_outweighs_what():
    hours = [hours_ago(24, 100, 1), hours_ago(0, 10, 2)]
    assert rank(hours, half_life=6) == [2, 1]
    assert rank(hours, half_life=48) == [1, 2]


def test_of_equals_the_freshest_comes_first():
    hours = [hours_ago(2, 10, article_id) for article_id in (1, 2, 3)]
    published = {1: NOW - HOUR * 9, 2: NOW - HOUR * 3, 3: NOW - HOUR * 5}
    assert rank(hours, published=published) == [2, 3, 1]


def test_equals_are_equal_in_whatever_order_their_hours_were_read():
    hours = [hours_ago(age, 3, 1) for age in range(40)] + [hours_ago(age, 3, 2) for age in reversed(range(40))]
    one, two = standings(hours, now=NOW, half_life=7)
    assert one.score == two.score


def test_what_is_not_public_has_no_place():
    hours = [hours_ago(0, 9, 1), hours_ago(0, 8, 2), hours_ago(0, 7, 3)]
    assert rank(hours, published={2: NOW, 3: NOW}) == [2, 3]


def test_no_more_are_ranked_than_asked_for():
    assert rank([hours_ago(0, each, each) for each in range(1, 30)], length=3) == [29, 28, 27]


def test_views_of_a_clock_that_was_wrong_count_as_views_of_now():
    (standing,) = standings([hours_ago(-5, 4)], now=NOW, half_life=6)
    assert (standing.score, standing.spans) == (4.0, (Span(6, 4), Span(24, 4)))


def test_reason_counts_the_running_hour_and_those_before_it():
    hours = [hours_ago(0, 1), hours_ago(5, 10), hours_ago(6, 100), hours_ago(23, 1000), hours_ago(24, 10000)]
    (standing,) = standings(hours, now=NOW, half_life=6)
    assert standing.spans == (Span(6, 11), Span(24, 1111))


@pytest.mark.parametrize(("half_life", "spans"), [(1, (1, 24)), (24, (24, 168)), (25, (25, 168)), (168, (168,))])
def test_reason_names_the_half_life_and_the_next_longer_span(half_life, spans):
    assert spans_for(half_life) == spans


@pytest.mark.parametrize(("half_life", "hours"), [(1, 24), (6, 60), (24, 240), (168, 1680)])
def test_only_what_still_counts_is_read(half_life, hours):
    assert NOW.replace(minute=0) - read_since(NOW, half_life=half_life) == HOUR * (hours - 1)


def test_only_the_highest_are_looked_at_and_of_equals_those_written_last():
    counted = enumerate([5, 9, 7, 7, 1], start=1)
    found = standings([hours_ago(0, views, pk) for pk, views in counted], now=NOW, half_life=6)
    assert ids(highest(found, 2)) == [2, 4]
    assert ids(highest(found, 9)) == [2, 4, 3, 1, 5]
    assert highest([], 3) == []


counted = st.lists(
    st.builds(hours_ago, st.integers(0, 60), st.integers(1, 10**6), st.integers(1, 5)), min_size=1, max_size=30
)


@given(hours=counted, half_life=st.integers(1, 168), later=st.integers(1, 12))
def test_time_alone_changes_no_order(hours, half_life, later):
    """All views grow old alike: what stood higher stands higher still, or has become too light to tell."""
    now, then = (
        {each.article_id: each.score for each in standings(hours, now=NOW + HOUR * age, half_life=half_life)}
        for age in (0, later)
    )
    for one in now:
        for other in now:
            if now[one] > now[other] * 1.000001:
                assert then[one] > then[other]


@given(hours=counted, half_life=st.integers(1, 168), pk=st.integers(1, 5))
def test_a_view_more_never_lowers_an_article(hours, half_life, pk):
    def place(with_views):
        order = rank(with_views, half_life=half_life, published=dict.fromkeys(range(1, 6), LONG_AGO))
        return order.index(pk) if pk in order else len(order)

    assert place([*hours, hours_ago(0, 1, pk)]) <= place(hours)
