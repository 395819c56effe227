from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coranto.delivery.rules.surrogate import (
    SurrogateControl,
    has_holes,
    read_control,
    read_no_vary_search,
    read_variants,
    understands_esi,
    write_no_vary_search,
    write_variants,
)

SECONDS = st.integers(0, 10**9 - 1).map(lambda each: timedelta(seconds=each))


@given(SECONDS.filter(bool), SECONDS, SECONDS, st.booleans())
def test_control_is_read_as_it_was_written(life, stale, error, holes):
    control = SurrogateControl(life=life, stale_while_revalidate=stale, stale_if_error=error, has_holes=holes)
    assert read_control(str(control)) == control


@pytest.mark.parametrize(
    "value",
    [
        "",
        "no-store",
        "No-Store, max-age=60",
        "max-age=60, no-store",
        'no-store, content="ESI/1.0"',
        "max-age=0",
        "max-age=-1",
        "max-age=soon",
        "max-age=9999999999",
        "max-age",
        "max-age=",
        "s-max-age=60",
        "stale-if-error=60",
        "max-age=٦٠",
        "\x00\xff",
    ],
)
def test_what_is_not_offered_is_not_kept(value):
    assert read_control(value) is None


def test_control_is_read_whatever_the_spelling():
    expected = SurrogateControl(life=timedelta(seconds=60), stale_if_error=timedelta(seconds=5), has_holes=True)
    assert (
        read_control('content="ESI/1.0" , MAX-AGE = 60,stale-if-error="nonsense", stale-if-error=5, other') == expected
    )


@pytest.mark.parametrize(
    ("value", "holes"),
    [
        ('no-store, content="ESI/1.0"', True),
        ('max-age=5,Content="ESI/1.0 ESI-Inline/1.0"', True),
        ("max-age=5", False),
        ("", False),
    ],
)
def test_holes_are_announced_kept_or_not(value, holes):
    assert has_holes(value) is holes


@given(st.text())
def test_no_header_is_too_strange_to_be_read(value):
    read_control(value)
    has_holes(value)
    read_no_vary_search(value)
    read_variants(value, 5)
    understands_esi(value)


@given(st.sets(st.text("abcdefghijklmnopqrstuvwxyz_-0123456789", min_size=1)))
def test_parameters_are_read_as_they_were_written(names):
    assert read_no_vary_search(write_no_vary_search(tuple(names))) == names


@pytest.mark.parametrize(
    ("value", "parameters"),
    [
        ("", None),
        ("key-order", None),
        ('params=("utm_source")', None),
        ('except=("q")', None),
        ("params=?0", None),
        ("params", frozenset()),
        ("key-order, params=?1", frozenset()),
        ('params, except=("q" "page")', frozenset({"q", "page"})),
        ('except=("q"),params', frozenset({"q"})),
        ("params, except=(", frozenset()),
    ],
)
def test_parameters_that_matter(value, parameters):
    assert read_no_vary_search(value) == parameters


@given(st.lists(st.tuples(st.integers(0, 1_000), st.integers(1, 100)), min_size=1))
def test_variants_are_read_as_they_were_written(variants):
    assert read_variants(write_variants(variants), sum(length for length, _weight in variants)) == variants


@pytest.mark.parametrize(
    ("value", "length", "variants"),
    [
        ("", 5, []),
        ("2, 3;w=4", 5, [(2, 1), (3, 4)]),
        ("2;w=0, 3;w=1", 5, [(2, 0), (3, 1)]),
        ("2;w=0, 3;w=0", 5, [(2, 1), (3, 0)]),
        ("5;w=999999", 5, [(5, 10_000)]),
        ("2;w=1", 5, None),
        ("2;w=1, 4;w=1", 5, None),
        ("-1, 6", 5, None),
        ("two, 3", 5, None),
        (",", 5, None),
        ("5;w=-1", 5, None),
    ],
)
def test_variants_add_up_or_are_not_believed(value, length, variants):
    assert read_variants(value, length) == variants


@pytest.mark.parametrize(
    ("value", "understood"), [('varnish="ESI/1.0"', True), ('x="Surrogate/1.0"', False), ("", False)]
)
def test_who_puts_fragments_in(value, understood):
    assert understands_esi(value) is understood
