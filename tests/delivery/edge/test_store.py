from __future__ import annotations

import random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from coranto.delivery.edge import renders, store
from coranto.delivery.edge.answers import Answer
from coranto.delivery.edge.encodings import GZIP, IDENTITY
from coranto.delivery.edge.keys import FRAGMENT, Key
from coranto.delivery.edge.memos import Memo
from coranto.delivery.edge.renders import Renders
from coranto.delivery.edge.store import MOST_TARGETS, Store

HOST = b"news.example"
LIVES = b"max-age=600, stale-while-revalidate=30, stale-if-error=86400"


class Clock:
    now = 1_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pages(clock):
    return Store(limit=2_000_000, hosts=["news.example"], now=clock)


def key_of(pages, target, level="visitor"):
    return pages.keys.key_of(target.encode(), HOST, level)


def answer(*tags, body=b"<p>News</p>", status=200, control=LIVES, parameters=b"params", more=()):
    headers = [
        (b"content-type", b"text/html"),
        (b"surrogate-control", control),
        (b"surrogate-key", " ".join(tags).encode()),
    ]
    return Answer(status, [*headers, *([(b"no-vary-search", parameters)] if parameters else []), *more], body)


def put(pages, target, *tags, level="visitor", **more):
    return pages.finish(pages.begin(key_of(pages, target, level)), answer(*tags, **more))


def found(pages, target, level="visitor"):
    return pages.find(key_of(pages, target, level))


# Finding


def test_stored_page_is_found_whatever_strangers_add_to_its_address(pages):
    entry = put(pages, "/a/?utm_source=x").entry
    assert found(pages, "/a/") is entry
    assert found(pages, "/%61/?fbclid=1") is entry
    assert found(pages, "/b/") is None


def test_page_is_found_at_once_by_an_address_it_was_found_by(pages):
    entry = put(pages, "/a/").entry
    assert pages.find_target(HOST, b"/%61/", "visitor") is None
    pages.remember(HOST, b"/%61/?utm_source=x", "visitor", entry)
    assert pages.find_target(HOST, b"/%61/", "visitor") is entry
    assert pages.find_target(HOST, b"/%61/?utm_source=y", "visitor") is entry
    assert pages.find_target(b"other.example", b"/%61/", "visitor") is None
    assert pages.find_target(HOST, b"/%61/", "tier-1") is None


def test_parameters_that_matter_are_not_cut_off(pages):
    entry = put(pages, "/a/?page=2", parameters=b'params, except=("page")').entry
    pages.remember(HOST, b"/a/?page=2", "visitor", entry)
    assert pages.find_target(HOST, b"/a/?page=2", "visitor") is entry
    assert pages.find_target(HOST, b"/a/?page=3", "visitor") is None
    first = put(pages, "/a/", parameters=b'params, except=("page")').entry
    pages.remember(HOST, b"/a/", "visitor", first)
    assert pages.find_target(HOST, b"/a/?page=3", "visitor") is None


def test_remembered_addresses_are_few_and_leave_with_the_page(pages):
    entry = put(pages, "/a/", "page:1").entry
    for number in range(20):
        pages.remember(HOST, b"/a/" + b"%61" * number, "visitor", entry)
    assert len(pages._targets) == MOST_TARGETS
    pages.purge(["page:1"])
    assert pages._targets == {}
    pages.remember(HOST, b"/a/", "visitor", entry)
    assert pages._targets == {}


def test_odd_ways_of_writing_an_address_do_not_keep_out_the_plain_one(pages):
    entry = put(pages, "/a/").entry
    for number in range(20):
        pages.remember(HOST, b"/a/" + b"%61" * number, "visitor", entry)
    for _ in range(2 * MOST_TARGETS):
        pages.remember(HOST, b"/a/", "visitor", entry)
    assert pages.find_target(HOST, b"/a/", "visitor") is entry
    assert pages.find_target(HOST, b"/a/" + b"%61" * 19, "visitor") is entry


@pytest.mark.parametrize(
    "query", [b"x HTTP/1.0\r\nHost: a\r\n\r\nGET /b/", b"x\nGET /b/", b"x\r", b"x y", b"x\0", b"x#y", b"x\xe4"]
)
def test_what_does_not_matter_of_an_address_is_still_a_query(pages, query):
    entry = put(pages, "/a/").entry
    pages.remember(HOST, b"/a/", "visitor", entry)
    assert pages.find_target(HOST, b"/a/?" + query, "visitor") is None
    assert pages.find_target(HOST, b"/a/?x", "visitor") is entry


def test_readers_see_what_they_are_entitled_to_and_no_more(pages):
    by_level = [(b"vary", b"Coranto-Entitlement")]
    free = put(pages, "/a/", level="visitor", more=by_level).entry
    assert found(pages, "/a/", "tier-1") is None
    full = put(pages, "/a/", level="tier-1", more=by_level).entry
    assert [found(pages, "/a/", level) for level in ("visitor", "tier-1", "registered")] == [free, full, None]


def test_page_that_comes_to_differ_by_entitlement_is_not_shared(pages):
    put(pages, "/a/", "page:1")
    asked = key_of(pages, "/a/", "tier-1")
    assert asked.level == ""
    ticket = pages.begin(asked)
    outcome = pages.finish(ticket, answer(more=[(b"vary", b"Coranto-Entitlement")]))
    assert (outcome.entry, outcome.ask_again) == (None, True)
    assert not pages.passes(asked)
    assert key_of(pages, "/a/", "tier-1").level == "tier-1"
    assert found(pages, "/a/", "tier-1") is None


def test_lives_of_a_page(pages, clock):
    entry = put(pages, "/a/").entry
    seen = []
    for age in (599, 600, 629, 630, 86_999, 87_000):
        clock.now = 1_000 + age
        seen.append([each(entry.key) is entry for each in (pages.find, pages.find_stale, pages.find_for_error)])
    assert seen == [
        [True, True, True],
        [False, True, True],
        [False, True, True],
        [False, False, True],
        [False, False, True],
        [False, False, False],
    ]


def test_old_page_is_kept_until_nothing_could_show_it(pages, clock):
    put(pages, "/a/", "page:1")
    clock.now += 86_999
    pages.tidy()
    assert pages.statistics().entries == 1
    clock.now += 1
    pages.tidy()
    assert (pages.statistics().entries, pages.statistics().bytes, pages._tagged) == (0, 0, {})


def test_missing_pages_have_a_store_of_their_own(pages, monkeypatch, clock):
    entry = put(pages, "/a/").entry
    for number in range(store.MOST_MISSING_PAGES + 50):
        put(pages, f"/no-{number}", "missing", status=404)
    assert found(pages, "/a/") is entry
    assert 0 < pages.statistics().missing_pages <= store.MOST_MISSING_PAGES
    assert found(pages, "/no-0") is None
    assert found(pages, f"/no-{store.MOST_MISSING_PAGES + 49}").status == 404
    clock.now += 60
    assert found(pages, f"/no-{store.MOST_MISSING_PAGES + 49}") is None
    assert pages.purge(["missing"]) > 0
    assert pages.statistics().missing_pages == 0


def test_address_that_comes_to_life_takes_the_place_of_its_missing_page(pages):
    put(pages, "/a/", "missing", status=404)
    entry = put(pages, "/a/").entry
    assert found(pages, "/a/") is entry
    assert pages.statistics().missing_pages == 0
    put(pages, "/a/", "missing", status=404)
    assert (found(pages, "/a/").status, pages.statistics().entries) == (404, 0)


def test_a_page_far_down_a_list_does_not_make_the_list_forgotten(pages):
    paged = b'params, except=("page")'
    entry = put(pages, "/latest/", parameters=paged).entry
    put(pages, "/latest/?page=999", "missing", status=404, parameters=b"")
    assert found(pages, "/latest/") is entry
    assert found(pages, "/latest/?page=999&utm_source=x").status == 404


# Purging


def test_purged_page_is_gone_for_good(pages):
    entry = put(pages, "/a/", "page:1", "topic:5").entry
    other = put(pages, "/b/", "page:2").entry
    assert pages.purge(["topic:5", "topic:6"]) == 1
    assert [each(entry.key) for each in (pages.find, pages.find_stale, pages.find_for_error)] == [None] * 3
    assert found(pages, "/b/") is other
    assert pages.purge([]) == 0


def test_purged_pages_that_had_readers_are_made_again_the_shortest_addresses_first(pages):
    for path in ("/city/trams/", "/", "/city/", "/unread/"):
        put(pages, path, "list:latest:0")
    put(pages, "/gone/", "list:latest:0", status=404)
    for path in ("/city/trams/", "/", "/city/", "/gone/"):
        assert found(pages, path)
    pages.purge(["list:latest:0"])
    put(pages, "/city/")
    assert [key.target for key in pages.take_due()] == ["/", "/city/trams/"]
    assert pages.take_due() == []


def test_only_so_many_purged_pages_are_made_again(pages, monkeypatch):
    monkeypatch.setattr(store, "MOST_WARMED", 2)
    for number in range(1, 5):
        put(pages, f"/{'a' * number}/", "menu")
        assert found(pages, f"/{'a' * number}/")
    pages.purge(["menu"])
    assert [key.target for key in pages.take_due()] == ["/a/", "/aa/"]


def test_purging_everything_leaves_nothing(pages):
    ticket = pages.begin(key_of(pages, "/c/"))
    put(pages, "/a/", "page:1")
    put(pages, "/no", status=404)
    assert pages.purge_all() == 2
    assert (found(pages, "/a/"), found(pages, "/no")) == (None, None)
    assert pages.finish(ticket, answer()).is_outdated
    statistics = pages.statistics()
    assert (statistics.entries, statistics.missing_pages, statistics.bytes, pages._tagged) == (0, 0, 0, {})


def test_render_begun_before_a_purge_of_its_tags_is_not_stored(pages):
    ticket = pages.begin(key_of(pages, "/a/"))
    asked_before = pages.sequence
    pages.purge(["page:1"])
    asked_after = pages.sequence
    pages.purge(["page:2"])
    outcome = pages.finish(ticket, answer("page:1"))
    assert outcome.entry.choose(IDENTITY).body == b"<p>News</p>"
    assert asked_before < outcome.outdated_at <= asked_after
    assert found(pages, "/a/") is None
    assert pages.statistics().entries == 0


def test_whoever_asks_between_two_purges_is_not_given_what_the_first_has_outdated(pages):
    ticket = pages.begin(key_of(pages, "/a/"))
    pages.purge(["page:1"])
    asked_between = pages.sequence
    pages.purge(["page:1"])
    assert pages.finish(ticket, answer("page:1")).outdated_at <= asked_between


def test_render_begun_after_a_purge_or_of_other_tags_is_stored(pages):
    pages.purge(["page:1"])
    ticket = pages.begin(key_of(pages, "/a/"))
    pages.purge(["page:2"])
    assert not pages.finish(ticket, answer("page:1")).is_outdated
    assert found(pages, "/a/") is not None


def test_outdated_fragment_does_not_reach_pages(pages):
    holed = b'<esi:include src="/-/fragments/latest/"/>'
    entry = put(pages, "/a/", body=holed, control=LIVES + b', content="ESI/1.0"').entry
    assert entry.choose(GZIP) is None
    ticket = pages.begin(entry.missing[0])
    pages.purge(["list:latest:0"])
    assert pages.finish(ticket, answer("list:latest:0")).is_outdated
    assert entry.choose(GZIP) is None


def test_purges_are_remembered_only_while_renders_that_began_before_are_under_way():
    under_way = Renders()
    key = Key("news.example", "/a/", "", "")
    under_way.purge(["page:1"])
    assert under_way.remembered == 0
    first = under_way.begin(key, 0.0)
    under_way.purge(["page:2", "page:3"])
    second = under_way.begin(key, 0.0)
    under_way.purge(["page:4", "page:2"])
    assert under_way.remembered == 3
    assert under_way.end(first, ["page:3"]) == 2
    assert under_way.remembered == 2
    assert under_way.end(second, ["page:3"]) == 0
    assert under_way.remembered == 0


def test_render_begun_after_a_purge_is_not_outdated_by_it_while_an_older_one_is_under_way(pages):
    older = pages.begin(key_of(pages, "/a/"))
    pages.purge(["page:1"])
    newer = pages.begin(key_of(pages, "/a/"))
    assert not pages.finish(newer, answer("page:1")).is_outdated
    assert pages.finish(older, answer("page:1")).is_outdated
    assert found(pages, "/a/") is not None


def test_render_that_never_comes_back_is_not_remembered_for_ever(pages, clock):
    ticket = pages.begin(key_of(pages, "/a/"))
    pages.purge(["page:1"])
    clock.now += renders.LONGEST + 1
    pages.tidy()
    assert (pages.statistics().renders, pages._renders.remembered) == (0, 0)
    assert pages.finish(ticket, answer("page:1")).is_outdated


def test_more_purges_than_are_remembered_outdate_every_render(pages, monkeypatch):
    monkeypatch.setattr(renders, "MOST_REMEMBERED", 10)
    ticket = pages.begin(key_of(pages, "/a/"))
    for number in range(11):
        pages.purge([f"page:{number}"])
    assert pages._renders.remembered == 0
    assert pages.finish(ticket, answer("page:99")).is_outdated


def test_abandoned_render_says_nothing_of_the_page(pages):
    key = key_of(pages, "/a/")
    pages.abandon(pages.begin(key))
    assert (pages.passes(key), pages.statistics().renders) == (False, 0)


# What cannot be shared


def test_nobody_waits_for_what_cannot_be_shared(pages, clock):
    key = key_of(pages, "/account/")
    outcome = pages.finish(pages.begin(key), answer(control=b"no-store"))
    assert (outcome.entry, outcome.rejected) == (None, "The app does not offer it.")
    clock.now += 1.9
    assert pages.passes(key)
    clock.now += 0.1
    assert not pages.passes(key)


def test_failing_page_is_still_rendered_once_for_all(pages):
    key = key_of(pages, "/a/")
    pages.finish(pages.begin(key), answer(status=503))
    assert not pages.passes(key)


def test_page_that_can_be_shared_again_is(pages):
    key = key_of(pages, "/a/")
    pages.finish(pages.begin(key), answer(control=b"no-store"))
    put(pages, "/a/")
    assert not pages.passes(key_of(pages, "/a/"))
    assert found(pages, "/a/") is not None


def test_memos_are_bounded_and_keep_what_was_asked_for_last():
    memo = Memo(2)
    memo.put("a", 1)
    memo.put("b", 2)
    assert memo.get("a") == 1
    memo.put("c", 3)
    assert [memo.get(each) for each in "abc"] == [1, None, 3]
    memo.drop("a")
    assert len(memo) == 1


# Bounds


def test_what_was_not_read_lately_goes_first(clock):
    pages = Store(limit=40_000, hosts=["news.example"], now=clock)
    put(pages, "/read-often/")
    for number in range(50):
        assert found(pages, "/read-often/") is not None
        put(pages, f"/{number}/")
    assert pages.statistics().bytes <= 40_000
    assert pages.statistics().evictions > 20
    assert found(pages, "/0/") is None


def test_composed_pages_count_and_make_room(clock):
    pages = Store(limit=2_000_000, hosts=["news.example"], now=clock)
    entries = [put(pages, f"/{number}/", body=random.Random(number).randbytes(90_000)).entry for number in range(10)]
    for entry in entries:
        entry.choose(GZIP)
        entry.choose(IDENTITY)
    pages.tidy()
    statistics = pages.statistics()
    assert statistics.bytes <= 2_000_000
    assert statistics.bytes == sum(entry.weight for entry in pages._pages)


def test_fragment_larger_than_the_store_is_a_gap_nobody_waits_for(clock):
    pages = Store(limit=10_000, hosts=["news.example"], now=clock)
    key = Key("news.example", "/-/fragments/x/", "", "", FRAGMENT)
    pages.finish(pages.begin(key), answer(body=random.Random(1).randbytes(20_000)))
    assert pages.fragment(key) == (None, clock.now + store.GAP_LIFE)


def test_page_without_its_evicted_fragment_asks_for_it_again(clock):
    pages = Store(limit=30_000, hosts=["news.example"], now=clock)
    entry = put(
        pages, "/a/", body=b'<esi:include src="/-/fragments/latest/"/>', control=LIVES + b', content="ESI/1.0"'
    ).entry
    assert entry.choose(GZIP) is None
    (fragment,) = entry.missing
    pages.finish(pages.begin(fragment), answer("list:latest:0", body=b"old"))
    assert entry.choose(GZIP).body == b"old"
    for number in range(20):
        put(pages, f"/{number}/")
    assert entry.choose(GZIP) is None


def test_statistics_tell_what_is_there(pages, clock):
    put(pages, "/a/", "page:1")
    found(pages, "/a/")
    found(pages, "/b/")
    clock.now += 10
    put(pages, "/no", status=404)
    pages.begin(key_of(pages, "/c/"))
    pages.purge(["topic:1"])
    told = pages.statistics()
    assert (
        told.hits,
        told.misses,
        told.entries,
        told.missing_pages,
        told.evictions,
        told.purges,
        told.renders,
        told.oldest,
    ) == (1, 1, 1, 1, 0, 1, 1, 10.0)
    assert told.bytes == pages._pages.bytes + pages._missing_pages.bytes


# Whatever happens

PATHS = st.sampled_from([f"/{name}/" for name in "abcdef"] + ["/-/fragments/x/", "/-/fragments/y/"])
TAGS = st.sets(st.sampled_from([f"page:{number}" for number in range(6)]), max_size=3)


class Edge(RuleBasedStateMachine):
    """A small model: per path what the app would say now, and which purges an answer has met."""

    def __init__(self):
        super().__init__()
        self.clock = Clock()
        self.pages = Store(limit=120_000, hosts=["news.example"], now=self.clock)
        self.purges = []
        self.open = []
        self.bodies = 0

    def key(self, path):
        if path.startswith("/-/"):
            return Key("news.example", path, "", "", FRAGMENT)
        return key_of(self.pages, path)

    @rule(path=PATHS)
    def begin(self, path):
        self.open.append((self.pages.begin(self.key(path)), len(self.purges)))

    @rule(
        tags=TAGS,
        which=st.integers(0, 9),
        size=st.sampled_from([10, 3_000, 30_000]),
        status=st.sampled_from([200, 200, 404]),
    )
    def finish(self, tags, which, size, status):
        if not self.open:
            return
        ticket, purges = self.open.pop(which % len(self.open))
        self.bodies += 1
        text = b"%d:" % self.bodies + bytes(range(256)) * (size // 256) + b'<esi:include src="/-/fragments/y/"/>'
        outcome = self.pages.finish(
            ticket, answer(*tags, body=text, status=status, control=LIVES + b', content="ESI/1.0"')
        )
        purged = any(met is None or met & tags for met in self.purges[purges:])
        if outcome.entry is not None:
            assert outcome.is_outdated is purged
            assert outcome.entry.targets == []
            if not purged and not outcome.entry.key.is_fragment and self.pages.find(outcome.entry.key):
                self.pages.remember(HOST, outcome.entry.key.path.encode(), "visitor", outcome.entry)

    @rule(which=st.integers(0, 9))
    def fail(self, which):
        if self.open:
            self.pages.fail(self.open.pop(which % len(self.open))[0])

    @rule(tags=TAGS)
    def purge(self, tags):
        self.purges.append(tags)
        self.pages.purge(tags)
        for entry in [*self.pages._pages, *self.pages._missing_pages, *self.pages._targets.values()]:
            assert not entry.tags & tags

    @rule()
    def purge_all(self):
        self.purges.append(None)
        self.pages.purge_all()
        assert self.pages.statistics().bytes == 0

    @rule(seconds=st.sampled_from([0.5, 2, 400, 90_000]))
    def wait(self, seconds):
        if seconds < renders.LONGEST or not self.open:
            self.clock.now += seconds
        self.pages.tidy()

    @rule(path=PATHS, encoding=st.sampled_from([GZIP, IDENTITY]))
    def read(self, path, encoding):
        key = self.key(path)
        entry = self.pages.find(key)
        for met in (
            entry,
            self.pages.find_stale(key),
            self.pages.find_for_error(key),
            self.pages.find_target(HOST, path.encode(), "visitor"),
        ):
            if met is not None:
                met.choose(encoding)
        if entry is not None:
            assert entry.expires_at > self.clock.now

    @invariant()
    def bounds_are_kept_and_accounts_add_up(self):
        for shelf in (self.pages._pages, self.pages._missing_pages):
            assert shelf.bytes == sum(entry.weight for entry in shelf)
            shelf.make_room()
            assert shelf.bytes <= shelf.limit
        kept = {*self.pages._pages, *self.pages._missing_pages}
        assert {entry for tagged in self.pages._tagged.values() for entry in tagged} == {
            entry for entry in kept if entry.tags
        }
        assert set(self.pages._targets.values()) <= kept
        assert self.open or self.pages._renders.remembered == 0


TestEdge = Edge.TestCase
TestEdge.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
