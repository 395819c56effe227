from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coranto.delivery.rules import entitlement
from coranto.delivery.rules.entitlement import Entitlement, Entitlements, derive_key, read, tier, write

KEY = derive_key("the site's secret key")
NOW = 1_800_000_000.0
BEN = Entitlement(tier(2), "bens-session", int(NOW) + 600)


class Clock:
    now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def edge(clock):
    return Entitlements(KEY, now=clock)


@pytest.mark.parametrize("level", ["visitor", "registered", "tier-1", "tier-999999999", "staff"])
def test_cookie_says_what_was_written(level):
    written = Entitlement(level, "some_Session-1", int(NOW) + 1)
    assert read(write(written, KEY), KEY, now=NOW) == written


@pytest.mark.parametrize("secret", ["the site's secret kez", b"", "the site's secret key "])
def test_cookie_of_another_site_is_not_believed(secret):
    assert read(write(BEN, derive_key(secret)), KEY, now=NOW) is None


def test_the_secret_key_itself_signs_nothing():
    assert read(write(BEN, b"the site's secret key"), KEY, now=NOW) is None
    assert derive_key("the site's secret key") == derive_key(b"the site's secret key")


@given(st.integers(0, 200), st.characters(codec="latin-1"))
def test_changed_cookie_is_not_believed(place, character):
    cookie = write(BEN, KEY)
    place %= len(cookie)
    changed = cookie[:place] + character + cookie[place + 1 :]
    assert changed == cookie or read(changed, KEY, now=NOW) is None


def test_parts_do_not_run_into_each_other():
    said, _, signature = write(Entitlement("tier-1", "1", int(NOW) + 60), KEY).rpartition(".")
    assert said == f"tier-1.1.{int(NOW) + 60}"
    assert read(f"tier-11..{int(NOW) + 60}.{signature}", KEY, now=NOW) is None


@given(st.text())
def test_no_cookie_is_too_strange_to_be_read(cookie):
    assert read(cookie, KEY, now=NOW) is None


@pytest.mark.parametrize(("expires", "is_believed"), [(-1, False), (0, False), (1, True), (600, True), (601, False)])
def test_cookie_lasts_ten_minutes_at_most(expires, is_believed):
    cookie = write(Entitlement("registered", "x", int(NOW) + expires), KEY)
    assert (read(cookie, KEY, now=NOW) is not None) is is_believed


@pytest.mark.parametrize(
    ("level", "session"),
    [
        ("admin", "x"),
        ("tier-0", "x"),
        ("tier-", "x"),
        ("Tier-1", "x"),
        ("tier-1", ""),
        ("tier-1", "a.b"),
        ("tier-1", "x" * 65),
    ],
)
def test_what_the_edge_would_not_believe_is_not_written(level, session):
    with pytest.raises(ValueError, match="is no entitlement"):
        write(Entitlement(level, session, int(NOW) + 60), KEY)


def test_edge_knows_the_level_until_the_cookie_is_over(edge, clock):
    cookie = write(BEN, KEY)
    assert [edge.level_of(cookie), edge.level_of(cookie)] == ["tier-2", "tier-2"]
    clock.now += 599
    assert edge.level_of(cookie) == "tier-2"
    clock.now += 1
    assert edge.level_of(cookie) is None


def test_revoked_session_is_not_believed_seen_or_not(edge):
    seen, unseen = write(BEN, KEY), write(Entitlement("registered", "bens-session", int(NOW) + 60), KEY)
    other = write(Entitlement("tier-2", "adas-session", int(NOW) + 600), KEY)
    edge.level_of(seen)
    edge.revoke("bens-session")
    assert [edge.level_of(each) for each in (seen, unseen, other)] == [None, None, "tier-2"]


def test_revocations_are_remembered_no_longer_than_a_cookie_lasts(edge, clock):
    for number in range(10):
        edge.revoke(f"session-{number}")
    clock.now += 600
    edge.revoke("the-last")
    assert list(edge._revoked) == ["the-last"]


def test_checked_cookies_are_bounded_and_strangers_fill_nothing(edge, monkeypatch):
    monkeypatch.setattr(entitlement, "MOST_REMEMBERED", 3)
    for number in range(10):
        assert edge.level_of(write(Entitlement("registered", f"s{number}", int(NOW) + 60), KEY)) == "registered"
        assert edge.level_of(f"registered.s{number}.1800000060.{'A' * 43}") is None
        assert len(edge._checked) <= 3
