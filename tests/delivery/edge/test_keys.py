from __future__ import annotations

import string
from urllib.parse import parse_qsl, quote, unquote_to_bytes

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from coranto.delivery.edge import keys
from coranto.delivery.edge.encodings import GZIP, IDENTITY, choose_encoding
from coranto.delivery.edge.keys import Key, Keys, Rule, fragment_key, read_target

HOST = b"news.example"
SEARCH = Rule(frozenset({"q", "page"}), by_level=False)


@pytest.fixture
def known():
    return Keys(["news.example", "news.example:8443", "localhost", "127.0.0.1", "[::1]"])


def learn(known, path, rule, **more):
    known.learn(Key("news.example", path, "", "", rule), **more)


def key(known, target, host=HOST, level="visitor"):
    return known.key_of(target, host, level)


# Paths


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"/", "/"),
        (b"/news/", "/news/"),
        (b"/%6Eews/%7euser", "/news/~user"),
        (b"/caf%c3%a9/", "/caf%C3%A9/"),
        (b"/a%20b", "/a%20b"),
        (b"/100%25/", "/100%25/"),
        (b"/a,b(c)!$&'*+=:@-._~", "/a,b(c)!$&'*+=:@-._~"),
        (b"/.well-known/x", "/.well-known/x"),
        (b"/a/..b/...", "/a/..b/..."),
        (b"/x?", "/x"),
    ],
)
def test_path_is_normalised(target, path):
    assert read_target(target) == (path, [])


@pytest.mark.parametrize(
    "target",
    [
        b"",
        b"*",
        b"news/",
        b"//evil.example/",
        b"/a//b",
        b"/a/./b",
        b"/a/../b",
        b"/..",
        b"/a/.",
        b"/a/%2e%2e/b",
        b"/a/%2E/b",
        b"/a%2Fb",
        b"/a%2fb",
        b"/a;b",
        b"/account/%3b.css",
        b"/a%5Cb",
        b"/a\\b",
        b"/a%00",
        b"/a%0d%0aSet-Cookie:x",
        b"/a%7F",
        b"/a%",
        b"/a%4",
        b"/a%zz",
        b"/a%ff",
        b"/a%c3",
        "/café/".encode(),
        b"/a b",
        b"/a#b",
        b"/a?b#c",
        b"/a?\xc3\xa9",
        b"/a?b c",
        b"/a?b\x00",
        b"http://news.example/",
        b"https://news.example/a",
        b"/<script>",
        b"/a\n",
        b"/a?b\n",
        b"/" + b"a" * 2_000,
        b"/?" + b"&".join(b"a=1" for _ in range(31)),
    ],
)
def test_what_is_not_plainly_normal_has_no_key(known, target):
    assert read_target(target) is None
    assert key(known, target) is None


UNRESERVED = string.ascii_letters + string.digits + "-._~"
PATHS = st.lists(st.text(UNRESERVED + "éß€ %&=+:@", min_size=1, max_size=8), max_size=3).map(
    lambda each: "/" + "/".join(each)
)
PARTS = [
    b"a",
    b"A",
    b"b",
    b"%61",
    b"%41",
    b"%2541",
    b"/",
    b"/",
    b".",
    b"%2e",
    b"%2F",
    b";",
    b"?",
    b"=",
    b"=",
    b"&",
    b"+",
    b"%20",
    b"%2B",
    b"%26",
    b"%c3%a9",
    b"%C3%A9",
]
TARGETS = st.lists(st.sampled_from(PARTS), max_size=7).map(lambda each: b"/" + b"".join(each))


def spell(draw, path):
    """One of the ways to write a path: what is unreserved plain or encoded, the rest encoded in either case."""
    written = []
    for character in path:
        encoded = quote(character, safe="")
        if character == "/":
            ways = ["/"]
        elif character in UNRESERVED:
            ways = [character, f"%{ord(character):02X}", f"%{ord(character):02x}"]
        else:
            ways = [encoded, encoded.lower()]
        written.append(draw(st.sampled_from(ways)))
    return "".join(written).encode()


def seen_by_app(target):
    path, _, query = target.partition(b"?")
    return unquote_to_bytes(path), sorted(parse_qsl(query.decode(), keep_blank_values=True), key=lambda pair: pair[0])


@given(st.data(), PATHS)
def test_ways_to_write_a_path_share_a_key(data, path):
    assert read_target(spell(data.draw, path)) == read_target(spell(data.draw, path))


@given(TARGETS, TARGETS)
def test_targets_the_app_can_tell_apart_have_other_keys(first, second):
    known = Keys(["news.example"])
    one, two = key(known, first), key(known, second)
    assert one is None or one != two or seen_by_app(first) == seen_by_app(second)


@given(st.text(min_size=1, max_size=6), st.text(min_size=1, max_size=6))
def test_encoded_paths_that_differ_have_other_keys(first, second):
    assume(first != second)
    one, two = (read_target(b"/" + quote(each, safe="").encode()) for each in (first, second))
    assert one is None or one != two


# Parameters


def test_unknown_parameters_share_the_key(known):
    learn(known, "/search/", SEARCH)
    assert key(known, b"/search/?utm_source=x&q=sea&fbclid=1") == key(known, b"/search/?q=sea")
    assert key(known, b"/search/?utm_source=x").query == ""


def test_known_parameters_are_sorted_and_repeated_ones_stay_in_order(known):
    learn(known, "/search/", SEARCH)
    assert key(known, b"/search/?q=b&page=2&q=a").query == "page=2&q=b&q=a"
    assert key(known, b"/search/?q=a&page=2&q=b").query == "page=2&q=a&q=b"


def test_ways_to_write_a_parameter_share_a_key(known):
    learn(known, "/search/", SEARCH)
    assert len({key(known, b"/search/?" + each) for each in (b"q=a+b", b"q=a%20b", b"%71=a%20%62", b"&q=a+b&")}) == 1
    assert key(known, b"/search/?q=a%2Bb") != key(known, b"/search/?q=a+b")


def test_an_empty_parameter_is_not_a_missing_one(known):
    learn(known, "/search/", SEARCH)
    assert key(known, b"/search/?q=") != key(known, b"/search/")


def test_everything_matters_at_a_path_that_is_not_known(known):
    assert key(known, b"/search/?b=2&a=1") == Key("news.example", "/search/", "a=1&b=2", "visitor", None)


def test_target_asks_the_app_for_the_page(known):
    learn(known, "/search/", SEARCH)
    assert key(known, b"/search/?utm_source=x&q=a%20b").target == "/search/?q=a+b"
    assert key(known, b"/%6Eews/").target == "/news/"


def test_entitlement_matters_only_where_it_was_said_to(known):
    learn(known, "/a/", Rule(frozenset(), by_level=True))
    learn(known, "/b/", Rule(frozenset(), by_level=False))
    assert key(known, b"/a/", level="tier-1") != key(known, b"/a/", level="visitor")
    assert key(known, b"/b/", level="tier-1") == key(known, b"/b/", level="visitor")


def test_asking_for_missing_pages_does_not_make_others_forgotten(known):
    learn(known, "/search/", SEARCH)
    for number in range(keys.MOST_RULES_OF_MISSING_PAGES + 10):
        learn(known, f"/no-{number}", Rule(frozenset(), by_level=False), is_missing=True)
    assert key(known, b"/search/").rule == SEARCH
    assert key(known, b"/no-0").rule is None
    assert key(known, b"/no-500").rule is not None
    known.forget()
    assert key(known, b"/search/").rule is None
    assert key(known, b"/no-500").rule is None


# What an answer turns out to depend on


def test_a_key_that_says_enough_is_settled_by_the_answer():
    asked = Key("news.example", "/a/", "page=2&utm=x", "tier-1", None)
    assert asked.under(Rule(frozenset({"page"}), by_level=False)) == Key(
        "news.example", "/a/", "page=2", "", Rule(frozenset({"page"}), by_level=False)
    )
    assert asked.under(Rule(None, by_level=True)) == Key(
        "news.example", "/a/", "page=2&utm=x", "tier-1", Rule(None, by_level=True)
    )


@pytest.mark.parametrize(
    ("asked", "answered", "is_enough"),
    [
        (Rule(frozenset({"q"}), by_level=False), Rule(frozenset({"q"}), by_level=False), True),
        (Rule(frozenset({"q", "page"}), by_level=False), Rule(frozenset({"q"}), by_level=False), True),
        (Rule(frozenset({"q"}), by_level=True), Rule(frozenset({"q"}), by_level=False), True),
        (Rule(None, by_level=False), Rule(frozenset({"q"}), by_level=False), True),
        (Rule(frozenset({"q"}), by_level=False), Rule(frozenset({"q", "page"}), by_level=False), False),
        (Rule(frozenset({"q"}), by_level=False), Rule(frozenset({"q"}), by_level=True), False),
        (Rule(frozenset({"q"}), by_level=False), Rule(None, by_level=False), False),
    ],
)
def test_a_key_that_dropped_what_matters_is_not_settled(asked, answered, is_enough):
    assert (Key("news.example", "/a/", "", "", asked).under(answered) is not None) is is_enough


# Hosts


@pytest.mark.parametrize(
    ("host", "name"),
    [
        (b"news.example", "news.example"),
        (b"NEWS.Example", "news.example"),
        (b"news.example:8443", "news.example:8443"),
        (b"localhost:8123", "localhost:8123"),
        (b"[::1]:8123", "[::1]:8123"),
        (b"127.0.0.1", "127.0.0.1"),
        (b"news.example:8444", None),
        (b"evil.example", None),
        (b"news.example.evil.example", None),
        (b"news.example.", None),
        (b"news.example@evil.example", None),
        (b"news.example:", None),
        (b"news.example:80a", None),
        (b"news.example, evil.example", None),
        (b"", None),
    ],
)
def test_only_our_hosts_have_keys(known, host, name):
    found = key(known, b"/", host)
    assert (None if found is None else found.host) == name
    assert known.host_of(host) == name


def test_a_machines_own_name_counts_only_where_it_is_configured():
    assert Keys(["news.example"]).host_of(b"localhost:8000") is None


# Fragments


def test_fragment_of_a_page_is_found_by_its_whole_address():
    found = fragment_key("/-/fragments/latest/?b=2&a=1", host="news.example", level="")
    assert (found.target, found.host, found.is_fragment, found.is_for_pages) == (
        "/-/fragments/latest/?a=1&b=2",
        "news.example",
        True,
        True,
    )


def test_fragment_that_a_client_asks_for_is_told_apart_as_any_page(known):
    learn(known, "/-/fragments/latest/", Rule(frozenset({"a"}), by_level=False))
    found = key(known, b"/-/fragments/latest/?a=1&junk=2")
    assert (found.query, found.is_fragment, found.is_for_pages) == ("a=1", True, False)


def test_a_shared_page_has_no_fragment_that_differs_by_entitlement():
    shared = fragment_key("/-/fragments/latest/", host="news.example", level="")
    of_members = fragment_key("/-/fragments/latest/", host="news.example", level="tier-1")
    assert shared.under(Rule(frozenset(), by_level=True)) is None
    assert shared.under(Rule(frozenset(), by_level=False)) == shared
    assert of_members.under(Rule(frozenset(), by_level=True)) == of_members
    assert of_members.under(Rule(frozenset(), by_level=False)) == of_members


# Encodings


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        (None, IDENTITY),
        (b"", IDENTITY),
        (b"gzip", GZIP),
        (b"GZIP", GZIP),
        (b"x-gzip", GZIP),
        (b"gzip, deflate, br, zstd", GZIP),
        (b"br;q=1.0, gzip;q=0.8, *;q=0.1", GZIP),
        (b"br", IDENTITY),
        (b"*", GZIP),
        (b"*;q=0", IDENTITY),
        (b"gzip;q=0", IDENTITY),
        (b"gzip;q=0, *", IDENTITY),
        (b"gzip;q=0.000", IDENTITY),
        (b"gzip;q=0.001", GZIP),
        (b"gzip ; Q=0.5 , identity;q=0.4", GZIP),
        (b"gzip;q=0.5, identity", IDENTITY),
        (b"identity", IDENTITY),
        (b"identity;q=0, gzip", GZIP),
        (b"gzip;q=2", IDENTITY),
        (b"gzip;q=", IDENTITY),
        (b"gzip;level=9", IDENTITY),
        (b",,;,", IDENTITY),
        (b"\xff\xfe", IDENTITY),
    ],
)
def test_encoding_is_what_the_client_takes(header, encoding):
    assert choose_encoding(header) == encoding
    assert choose_encoding(header) == encoding  # as remembered


@given(st.binary(max_size=60))
def test_no_header_breaks_the_choice(header):
    assert choose_encoding(header) in {IDENTITY, GZIP}
