"""What readers get of stored pages: holes, fragments, variants, encodings."""

from __future__ import annotations

import gzip
import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coranto.delivery.edge import composing
from coranto.delivery.edge.answers import Answer, for_client
from coranto.delivery.edge.encodings import GZIP, IDENTITY
from coranto.delivery.edge.entries import MOST_COMPOSITIONS
from coranto.delivery.edge.store import Store

LONG = b"<p>" + b"words " * 200 + b"</p>"
HTML = (b"content-type", b"text/html; charset=utf-8")
OFFER = (b"surrogate-control", b'max-age=600, content="ESI/1.0"')
PARAMETERS = (b"no-vary-search", b"params")


class Site:
    """A store and an app that has only these fragments."""

    def __init__(self):
        self.now = 1_000.0
        self.chance = 0.0
        self.store = Store(limit=10_000_000, hosts=["news.example"], now=lambda: self.now, pick=lambda: self.chance)
        self.fragments = {}
        self.asked = []

    def put(self, target, body, *headers, status=200, level="visitor", offer=OFFER):
        key = self.store.keys.key_of(target.encode(), b"news.example", level)
        return self.store.finish(self.store.begin(key), Answer(status, [HTML, offer, PARAMETERS, *headers], body)).entry

    def show(self, entry, encoding=IDENTITY):
        """As the edge does it: fragments that are missing are rendered, then the page is asked again."""
        for _round in range(4):
            prepared = entry.choose(encoding)
            if prepared is not None:
                return prepared
            for key in entry.missing:
                self.render(key)
        raise AssertionError(entry.missing)

    def render(self, key):
        self.asked.append(key.target)
        ticket = self.store.begin(key)
        if key.target in self.fragments:
            made = self.fragments[key.target]
            body, headers = made if isinstance(made, tuple) else (made, [])
            self.store.finish(ticket, Answer(200, [HTML, *(headers or [OFFER])], body))
        else:
            self.store.fail(ticket)

    def text(self, entry):
        return self.show(entry).body


@pytest.fixture
def site():
    return Site()


def hole(name):
    return f'<esi:include src="/-/fragments/{name}"/>'.encode()


def heads(prepared):
    return prepared.head.decode().lower().split("\r\n"), prepared.not_modified.decode().lower().split("\r\n")


# Heads and encodings


def test_page_is_ready_in_both_encodings(site):
    entry = site.put("/a/", LONG)
    zipped, plain = site.show(entry, GZIP), site.show(entry, IDENTITY)
    assert (gzip.decompress(zipped.body), plain.body) == (LONG, LONG)
    assert len(zipped.body) < 100
    assert heads(zipped)[0] == [
        "http/1.1 200 ok",
        "content-type: text/html; charset=utf-8",
        "vary: accept-encoding",
        "content-encoding: gzip",
        f"etag: {zipped.etag.decode()}",
        f"content-length: {len(zipped.body)}",
        "",
    ]
    assert heads(plain)[0] == [
        "http/1.1 200 ok",
        "content-type: text/html; charset=utf-8",
        "vary: accept-encoding",
        f"etag: {plain.etag.decode()}",
        f"content-length: {len(LONG)}",
        "",
    ]


def test_etag_is_strong_and_of_the_content_and_the_encoding(site):
    first, again, other = site.put("/a/", LONG), site.put("/b/", LONG), site.put("/c/", LONG + b"!")
    tags = {site.show(entry, encoding).etag for entry in (first, again, other) for encoding in (GZIP, IDENTITY)}
    assert len(tags) == 4
    assert all(tag.startswith(b'"') and tag.endswith(b'"') for tag in tags)
    assert site.show(first, GZIP).etag == site.show(again, GZIP).etag


def test_304_repeats_what_it_must_and_nothing_else(site):
    entry = site.put("/a/", LONG, (b"cache-control", b"public, no-cache"), (b"x-frame-options", b"DENY"))
    assert heads(site.show(entry))[1] == [
        "http/1.1 304 not modified",
        "cache-control: public, no-cache",
        "vary: accept-encoding",
        f"etag: {site.show(entry).etag.decode()}",
        "",
    ]


def test_what_the_edge_makes_itself_is_not_taken_from_the_app(site):
    entry = site.put(
        "/a/",
        LONG,
        (b"etag", b'"app"'),
        (b"content-length", b"9"),
        (b"date", b"x"),
        (b"server", b"x"),
        (b"connection", b"close"),
        (b"last-modified", b"x"),
    )
    assert [line.partition(":")[0] for line in heads(site.show(entry))[0][1:-1]] == [
        "content-type",
        "vary",
        "etag",
        "content-length",
    ]


def test_what_is_for_a_cache_in_front_goes_on_under_the_name_it_reads():
    headers = [(b"surrogate-key", b"page:1"), (b"coranto-front-key", b"page:1 menu"), (b"etag", b'"1"')]
    assert for_client(headers) == [(b"surrogate-key", b"page:1 menu"), (b"etag", b'"1"')]


def test_page_by_entitlement_is_for_no_cache_on_the_way(site):
    entry = site.put(
        "/a/", LONG, (b"vary", b"Coranto-Entitlement"), (b"cache-control", b"public, no-cache"), level="tier-1"
    )
    assert heads(site.show(entry))[0][2:4] == ["cache-control: private, no-cache", "vary: accept-encoding, cookie"]


@pytest.mark.parametrize(("kind", "body", "is_zipped"), [
    ("text/html", LONG, True), ("text/html", b"short", False), ("application/json", LONG, True), ("application/feed+json", LONG, True),
    ("application/rss+xml; charset=utf-8", LONG, True), ("image/svg+xml", LONG, True), ("application/javascript", LONG, True),
    ("image/jpeg", LONG, False), ("font/woff2", LONG, False), ("application/octet-stream", LONG, False), ("application/xmlish", LONG, False),
])  # fmt: skip
def test_only_what_compression_makes_smaller_is_compressed(site, kind, body, is_zipped):
    key = site.store.keys.key_of(b"/a", b"news.example", "visitor")
    entry = site.store.finish(
        site.store.begin(key), Answer(200, [(b"content-type", kind.encode()), OFFER, PARAMETERS], body)
    ).entry
    prepared = site.show(entry, GZIP)
    assert (b"content-encoding: gzip" in prepared.head, b"vary" in prepared.head) == (
        is_zipped,
        body != LONG or is_zipped,
    )
    assert (gzip.decompress(prepared.body) if is_zipped else prepared.body) == body
    assert site.show(entry, IDENTITY).body == body


def test_missing_page_has_nothing_to_compare(site):
    prepared = site.show(site.put("/no", LONG, status=404), GZIP)
    assert (prepared.head.split(b"\r\n")[0], prepared.etag, prepared.not_modified) == (
        b"HTTP/1.1 404 Not Found",
        b"",
        b"",
    )


def test_file_is_named_with_the_headers_that_go_with_it(site):
    entry = site.put("/a.jpg", b"", (b"x-sendfile", b"/data/media/a.jpg"), (b"cache-control", b"public, max-age=5"))
    assert (entry.file, entry.headers) == (
        "/data/media/a.jpg",
        [HTML, (b"cache-control", b"public, max-age=5"), (b"vary", b"accept-encoding")],
    )


# Holes


def test_fragments_are_put_in_their_places(site):
    site.fragments = {"/-/fragments/menu/": b"<nav/>", "/-/fragments/latest/?a=1&b=2": b"<ol/>"}
    entry = site.put("/a/", b"(" + hole("menu/") + LONG + hole("latest/?b=2&amp;a=1") + hole("menu/") + b")")
    assert site.text(entry) == b"(<nav/>" + LONG + b"<ol/><nav/>)"
    assert gzip.decompress(site.show(entry, GZIP).body) == b"(<nav/>" + LONG + b"<ol/><nav/>)"
    assert site.asked == ["/-/fragments/menu/", "/-/fragments/latest/?a=1&b=2"]


@pytest.mark.parametrize("element", [
    b'<esi:include src="http://evil.example/"/>', b'<esi:include src="//evil.example/-/fragments/x/"/>', b'<esi:include src="/admin/"/>',
    b'<esi:include src="/-/fragments/../admin/"/>', b'<esi:include src="/-/fragments/x/../../../admin/"/>', b'<esi:include src="/-/fragments/x"/>',
    b'<esi:include src="/-/fragments/x/" onerror="continue"/>', b"<esi:include src='/-/fragments/x/'/>", b'<esi:include src="/-/fragments/x/#y"/>',
    b'<esi:include src="/-/fragments/x/?\xff"/>', b"<esi:include/>", b"<esi:include>",
])  # fmt: skip
def test_any_other_element_is_a_quiet_gap(site, element):
    site.fragments = {"/-/fragments/x/": b"X"}
    assert site.text(site.put("/a/", b"(" + element + b")")) == b"()"
    assert site.asked == []


def test_holes_are_looked_for_only_where_they_were_announced_and_in_html(site):
    plain = (b"surrogate-control", b"max-age=600")
    assert site.text(site.put("/a/", hole("menu/"), offer=plain)) == hole("menu/")
    key = site.store.keys.key_of(b"/feed", b"news.example", "visitor")
    feed = site.store.finish(
        site.store.begin(key), Answer(200, [(b"content-type", b"application/json"), OFFER, PARAMETERS], hole("menu/"))
    ).entry
    assert site.text(feed) == hole("menu/")


def test_page_is_one_gap_wide_where_it_asks_for_too_much(site):
    site.fragments = {"/-/fragments/x/": b"x"}
    assert site.text(site.put("/a/", hole("x/") * 101)) == b"x" * 100


def test_fragments_are_nested_two_deep_at_most(site):
    site.fragments = {"/-/fragments/x/": b"[" + hole("x/") + b"]", "/-/fragments/y/": b"y" + hole("x/")}
    assert site.text(site.put("/a/", hole("x/"))) == b"[[]]"
    assert site.text(site.put("/b/", hole("y/"))) == b"y[]"


@given(
    st.lists(st.one_of(st.text("<p>åb \n", max_size=30).map(str.encode), st.sampled_from(["a", "b", "no"])), max_size=8)
)
def test_composed_page_is_the_text_with_its_holes_filled(parts):
    site = Site()
    site.fragments = {"/-/fragments/a/": b"A" * 300, "/-/fragments/b/": hole("a/") + b"B"}
    filled = {"a": b"A" * 300, "b": b"A" * 300 + b"B", "no": b""}
    entry = site.put("/a/", b"".join(hole(f"{part}/") if isinstance(part, str) else part for part in parts))
    expected = b"".join(filled[part] if isinstance(part, str) else part for part in parts)
    zipped = site.show(entry, GZIP)
    assert (gzip.decompress(zipped.body) if b"content-encoding" in zipped.head else zipped.body) == expected
    assert site.text(entry) == expected


# Fragments that change


def test_page_is_recomposed_and_not_rendered_or_compressed_when_a_fragment_changes(site, monkeypatch):
    site.fragments = {"/-/fragments/latest/": (b"old", [OFFER, (b"surrogate-key", b"list:latest:0")])}
    entry = site.put("/a/", LONG + hole("latest/"))
    before = site.show(entry, GZIP)
    site.store.purge(["list:latest:0"])
    site.fragments = {"/-/fragments/latest/": b"new"}
    assert entry.choose(GZIP) is None
    site.render(entry.missing[0])
    monkeypatch.delattr(zlib, "compressobj")
    after = entry.choose(GZIP)
    assert [gzip.decompress(each.body) for each in (before, after)] == [LONG + b"old", LONG + b"new"]
    assert before.etag != after.etag


def test_page_stays_as_it_is_when_a_fragment_comes_back_the_same_or_another_changes(site):
    site.fragments = {"/-/fragments/menu/": b"menu"}
    entry = site.put("/a/", LONG + hole("menu/"))
    before = site.show(entry, GZIP)
    site.put("/-/fragments/other/", b"other")
    assert entry.choose(GZIP) is before


def test_page_is_recomposed_when_a_fragments_life_ends(site):
    site.fragments = {"/-/fragments/latest/": (b"old", [(b"surrogate-control", b"max-age=5")])}
    entry = site.put("/a/", hole("latest/"))
    assert site.text(entry) == b"old"
    site.fragments = {"/-/fragments/latest/": b"new"}
    site.now += 4
    assert site.text(site.store.find(entry.key)) == b"old"
    site.now += 1
    assert site.text(site.store.find(entry.key)) == b"new"
    assert site.asked == ["/-/fragments/latest/"] * 2


@pytest.mark.parametrize("order", [("short/", "long/"), ("long/", "short/")])
def test_the_shortest_life_of_its_fragments_counts(site, order):
    site.fragments = {
        "/-/fragments/short/": (b"old", [(b"surrogate-control", b"max-age=5")]),
        "/-/fragments/long/": (b"-", [(b"surrogate-control", b"max-age=50")]),
    }
    entry = site.put("/a/", b"".join(hole(name) for name in order))
    site.text(entry)
    site.fragments["/-/fragments/short/"] = b"new"
    site.now += 5
    assert b"new" in site.text(site.store.find(entry.key))


def test_page_is_recomposed_when_a_nested_fragment_changes(site):
    site.fragments = {
        "/-/fragments/outer/": b"(" + hole("inner/") + b")",
        "/-/fragments/inner/": (b"old", [OFFER, (b"surrogate-key", b"picture:1")]),
    }
    entry = site.put("/a/", hole("outer/"))
    assert site.text(entry) == b"(old)"
    site.store.purge(["picture:1"])
    site.fragments["/-/fragments/inner/"] = b"new"
    assert site.text(entry) == b"(new)"
    assert site.asked == ["/-/fragments/outer/", "/-/fragments/inner/", "/-/fragments/inner/"]


def test_failed_fragment_is_a_gap_that_is_tried_again_a_second_later(site):
    entry = site.put("/a/", b"(" + hole("latest/") + b")")
    assert [site.text(entry), site.text(entry)] == [b"()", b"()"]
    assert site.asked == ["/-/fragments/latest/"]
    site.fragments = {"/-/fragments/latest/": b"back"}
    site.now += 1
    assert site.text(site.store.find(entry.key)) == b"(back)"


def test_refused_fragment_is_a_gap(site):
    site.fragments = {"/-/fragments/x/": (b"Ben", [OFFER, (b"set-cookie", b"a=b")])}
    assert site.text(site.put("/a/", b"(" + hole("x/") + b")")) == b"()"


def test_fragment_may_be_shown_a_moment_longer_and_is_due(site):
    site.fragments = {
        "/-/fragments/trending/": (b"old", [(b"surrogate-control", b"max-age=5, stale-while-revalidate=30")])
    }
    entry = site.put("/a/", hole("trending/"))
    assert site.text(entry) == b"old"
    assert site.store.take_due() == []
    site.now += 6
    assert site.text(site.store.find(entry.key)) == b"old"
    due = site.store.take_due()
    assert ([key.target for key in due], site.store.take_due()) == (["/-/fragments/trending/"], [])
    site.fragments = {"/-/fragments/trending/": b"new"}
    site.render(due[0])
    assert site.text(site.store.find(entry.key)) == b"new"


def test_fragment_outlives_its_life_while_the_app_is_down_but_not_a_purge(site):
    site.fragments = {
        "/-/fragments/latest/": (
            b"old",
            [(b"surrogate-control", b"max-age=5, stale-if-error=60"), (b"surrogate-key", b"list:latest:0")],
        )
    }
    entry = site.put("/a/", b"(" + hole("latest/") + b")")
    site.text(entry)
    site.fragments = {}
    site.now += 10
    assert site.text(site.store.find(entry.key)) == b"(old)"
    site.store.purge(["list:latest:0"])
    assert site.text(site.store.find(entry.key)) == b"()"


# Variants


def variants(*weighted):
    header = ", ".join(f"{len(text)};w={weight}" for text, weight in weighted).encode()
    return b"".join(text for text, _weight in weighted), [OFFER, (b"surrogate-variants", header)]


def test_one_variant_is_picked_for_each_hit_by_weight(site):
    site.fragments = {"/-/fragments/ad/": variants((b"one", 3), (b"none", 0), (b"two", 1))}
    entry = site.put("/a/", b"(" + hole("ad/") + b")")
    shown = []
    for number in range(8):
        site.chance = number / 8
        shown.append(site.text(entry))
    assert shown == [b"(one)"] * 6 + [b"(two)"] * 2
    assert site.asked == ["/-/fragments/ad/"]


def test_variants_may_hold_fragments_and_stand_in_fragments(site):
    site.fragments = {
        "/-/fragments/outer/": b"[" + hole("ad/") + b"]",
        "/-/fragments/ad/": variants((b"one", 1), (hole("menu/"), 1)),
        "/-/fragments/menu/": b"menu",
        "/-/fragments/side/": variants((b"one", 1), (b"1" + hole("menu/"), 1)),
    }
    nested, side = site.put("/a/", hole("outer/")), site.put("/b/", hole("side/"))
    assert [site.text(nested), site.text(side)] == [b"[one]", b"one"]
    site.chance = 0.9
    assert [site.text(nested), site.text(side)] == [b"[]", b"1menu"]


def test_each_combination_has_its_own_etag_and_only_a_few_are_kept(site):
    site.fragments = {"/-/fragments/ad/": variants(*((b"%02d" % number, 1) for number in range(20)))}
    entry = site.put("/a/", LONG + hole("ad/"))
    tags = set()
    for number in range(20):
        site.chance = number / 20
        tags.add(site.show(entry, GZIP).etag)
        assert len(entry._compositions) <= MOST_COMPOSITIONS
        stored = [entry, *site.store._pages]
        assert site.store.statistics().bytes == sum(each.weight for each in set(stored))
    assert len(tags) == 20


def test_fragment_asked_for_by_a_client_shows_one_variant(site):
    body, headers = variants((b"one", 1), (b"two", 1))
    entry = site.put("/-/fragments/ad/", body, headers[1])
    assert site.text(entry) == b"one"
    site.chance = 0.5
    assert site.text(entry) == b"two"


# What is not kept


def test_holes_of_a_page_that_is_not_kept_are_filled_as_well(site):
    site.fragments = {"/-/fragments/menu/": b"<nav/>", "/-/fragments/ad/": variants((b"one", 1), (b"two", 1))}
    body = b"for Cora " + hole("menu/") + hole("ad/") + hole("no/") + b'<esi:include src="/admin/"/>.'
    _unfinished, missing = site.store.fill(body, "news.example")
    assert [key.target for key in missing] == ["/-/fragments/menu/", "/-/fragments/ad/", "/-/fragments/no/"]
    for key in missing:
        site.render(key)
    assert site.store.fill(body, "news.example") == (b"for Cora <nav/>one.", ())


def test_page_without_holes_is_kept_once(site):
    entry = site.put("/a/", random.Random(1).randbytes(50_000))
    assert entry.weight > 50_000
    site.show(entry, GZIP)
    assert entry.weight < 60_000


def test_text_without_compression_is_made_when_somebody_wants_it_and_counted(site, monkeypatch):
    entry = site.put("/a/", LONG)
    site.show(entry, GZIP)
    before = site.store.statistics().bytes
    site.show(entry, IDENTITY)
    grown = site.store.statistics().bytes - before
    assert len(LONG) < grown < len(LONG) + 500
    monkeypatch.delattr(composing.pieces, "text_of_member")
    assert site.show(entry, IDENTITY).body == LONG
