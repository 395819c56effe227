from __future__ import annotations

import asyncio
import gzip
import logging
import re
import zlib
from itertools import chain, repeat
from unittest.mock import Mock

import pytest
from fake_app import HOST, SECRET, Edge, head, not_there, page, public, run, until

from coranto.delivery.edge.connections import Bounds
from coranto.delivery.rules import entitlement


@pytest.fixture
def edge(tmp_path):
    return Edge(tmp_path)


class Gate:
    """A view that waits to be opened, and counts how many are before it."""

    def __init__(self, view):
        self.view = view
        self.before = 0
        self.opened = asyncio.Event()

    async def __call__(self, asked, writer):
        self.before += 1
        await self.opened.wait()
        return await self.view(asked, writer)


def serial(make):
    """A view whose n-th answer is that of `make(n)`."""
    number = 0

    async def view(asked, writer):
        nonlocal number
        number += 1
        return await make(number)(asked, writer)

    return view


# Coalescing ------------------------------------------------------------------------------------------------------


def test_a_thousand_who_miss_at_once_cause_one_render(edge):
    async def scenario():
        async with edge:
            edge.app.views["/"] = gate = Gate(public("<p>News</p>", "page:1"))
            asking = [asyncio.create_task(edge.get("/")) for _ in range(1000)]
            await until(lambda: gate.before)
            gate.opened.set()
            got = await asyncio.gather(*asking)
            assert {each.body for each in got} == {b"<p>News</p>"}
            assert edge.app.targets() == ["/"]
            assert edge.hit("/") == b"<p>News</p>"

    run(scenario())


def test_those_who_wait_are_bounded_in_number(edge, monkeypatch):
    monkeypatch.setattr("coranto.delivery.edge.rendering.MOST_WAITING", 5)

    async def scenario():
        async with edge:
            edge.app.views["/"] = gate = Gate(public("<p>News</p>"))
            asking = [asyncio.create_task(edge.get("/")) for _ in range(8)]
            await until(lambda: gate.before and sum(task.done() for task in asking) == 2)
            gate.opened.set()
            got = await asyncio.gather(*asking)
            assert sorted(each.status for each in got) == [200] * 6 + [503] * 2
            assert {each.value("retry-after") for each in got if each.status == 503} == {"5"}

    run(scenario())


def test_those_who_wait_are_bounded_in_time(edge, monkeypatch):
    monkeypatch.setattr("coranto.delivery.edge.rendering.PATIENCE", 0.01)

    async def scenario():
        async with edge:
            edge.app.views["/"] = gate = Gate(public("<p>News</p>"))
            first = asyncio.create_task(edge.get("/"))
            await until(lambda: gate.before)
            assert (await edge.get("/")).status == 503
            gate.opened.set()
            assert (await first).status == 200

    run(scenario())


def test_a_render_whose_client_has_left_fills_the_store(edge):
    async def scenario():
        async with edge:
            edge.app.views["/"] = gate = Gate(public("<p>News</p>"))
            asking = asyncio.create_task(edge.get("/"))
            await until(lambda: gate.before)
            asking.cancel()
            await asyncio.wait([asking])
            gate.opened.set()
            assert (await edge.get("/")).body == b"<p>News</p>"
            assert edge.app.targets() == ["/"]

    run(scenario())


def test_pages_that_cannot_be_shared_do_not_wait_for_one_another(edge):
    async def scenario():
        async with edge:
            edge.app.views["/mine/"] = gate = Gate(serial(lambda number: page(f"number {number}")))
            gate.opened.set()
            first = await edge.get("/mine/")
            gate.opened.clear()
            asking = [asyncio.create_task(edge.get("/mine/")) for _ in range(3)]
            await until(lambda: gate.before == 4)
            gate.opened.set()
            bodies = [first.text, *[each.text for each in await asyncio.gather(*asking)]]
            assert sorted(bodies) == ["number 1", "number 2", "number 3", "number 4"]

    run(scenario())


def test_who_waited_for_a_page_that_cannot_be_shared_gets_one_of_its_own(edge):
    async def scenario():
        async with edge:
            edge.app.views["/mine/"] = gate = Gate(
                serial(lambda number: page(f"number {number}", f"Set-Cookie: secret={number}"))
            )
            asking = [asyncio.create_task(edge.get("/mine/")) for _ in range(4)]
            await until(lambda: gate.before)
            gate.opened.set()
            got = await asyncio.gather(*asking)
            assert len({each.value("set-cookie") for each in got}) == 4
            assert all(each.value("set-cookie").endswith(each.text[-1]) for each in got)

    run(scenario())


def test_unknown_parameters_share_a_page_and_do_not_reach_the_app_once_that_is_known(edge):
    async def scenario():
        async with edge:
            edge.app.views["/latest/"] = public("<p>Latest</p>", "", parameters='"before"')
            await edge.get("/latest/?utm_source=1")
            await edge.get("/latest/?utm_source=2")
            await edge.get("/latest/?utm_source=3&before=9")
            assert edge.app.targets() == ["/latest/?utm_source=1", "/latest/?before=9"]

    run(scenario())


# Purges ----------------------------------------------------------------------------------------------------------


def test_a_purge_during_a_render_divides_those_who_asked_before_from_those_who_asked_after(edge):
    async def scenario():
        async with edge:
            first = Gate(public("<p>old</p>", "page:1"))
            second = public("<p>new</p>", "page:1")
            edge.app.views["/"] = serial(lambda number: first if number == 1 else second)
            before = asyncio.create_task(edge.get("/"))
            await until(lambda: first.before)
            edge.purge("page:1")
            after = asyncio.create_task(edge.get("/"))
            await asyncio.sleep(0)
            first.opened.set()
            assert (await before).text == "<p>old</p>"
            assert (await after).text == "<p>new</p>"
            assert (edge.hit("/"), len(edge.app.asked)) == (b"<p>new</p>", 2)

    run(scenario())


def test_a_purge_of_something_else_during_a_render_changes_nothing(edge):
    async def scenario():
        async with edge:
            edge.app.views["/"] = gate = Gate(public("<p>news</p>", "page:1"))
            before = asyncio.create_task(edge.get("/"))
            await until(lambda: gate.before)
            edge.purge("page:2")
            after = asyncio.create_task(edge.get("/"))
            await asyncio.sleep(0)
            gate.opened.set()
            assert (await before).text == (await after).text == "<p>news</p>"
            assert len(edge.app.asked) == 1

    run(scenario())


def test_a_thousand_who_miss_a_page_with_fragments_at_once_cause_one_render_of_each(edge, monkeypatch):
    monkeypatch.setattr("coranto.delivery.edge.rendering.MOST_WAITING", 1000)

    async def scenario():
        async with edge:
            gate = Gate(public(f"[one{HOLE.format('inner')}]"))
            edge.app.views |= {
                "/": public(f"<p>{HOLE.format('one')}{HOLE.format('two')}{HOLE.format('three')}</p>"),
                "/-/fragments/one/": gate,
                "/-/fragments/two/": public("[two]"),
                "/-/fragments/three/": public("[three]"),
                "/-/fragments/inner/": public("[inner]"),
            }
            asking = [asyncio.create_task(edge.get("/")) for _ in range(1000)]
            await until(lambda: gate.before)
            gate.opened.set()
            assert {each.text for each in await asyncio.gather(*asking)} == {"<p>[one[inner]][two][three]</p>"}
            assert len(edge.app.asked) == 5

    run(scenario())


def test_a_page_that_fails_is_asked_for_anew_by_each_who_waited(edge):
    """Whatever made it fail may have been in the request of whoever asked first."""

    async def scenario():
        async with edge:
            bad = Gate(page("broken", status=500))
            good = public("good")

            async def view(asked, writer):
                await (bad if asked.values("x-bad") else good)(asked, writer)

            edge.app.views["/"] = view
            first = asyncio.create_task(edge.get("/", {"x-bad": "1"}))
            await until(lambda: bad.before)
            others = [asyncio.create_task(edge.get("/")) for _ in range(3)]
            await asyncio.sleep(0)
            bad.opened.set()
            assert (await first).status == 500
            assert [got.text for got in await asyncio.gather(*others)] == ["good"] * 3
            assert len(edge.app.asked) == 4

    run(scenario())


def test_the_app_is_not_asked_for_whoever_left_while_waiting_for_a_turn(tmp_path):
    edge = Edge(tmp_path, bounds=Bounds(connections=1))

    class Gone:
        disconnected = False

    async def scenario():
        async with edge:
            edge.app.views |= {"/slow/": (gate := Gate(page("made"))), "/give/": page("thanks")}
            first = asyncio.create_task(edge.get("/slow/"))
            await until(lambda: gate.before)
            second = asyncio.create_task(edge.ask("POST", "/give/", body=b"5", exchange=Gone))
            await until(lambda: edge.gateway.app.waiting)
            Gone.disconnected = True
            gate.opened.set()
            assert ((await first).status, (await second).status) == (200, 0)
            assert (edge.app.targets(), edge.gateway.app.in_flight) == (["/slow/"], 0)

    run(scenario())


def test_what_the_app_says_bit_by_bit_arrives_bit_by_bit(edge):
    async def scenario():
        async with edge:
            arrived = asyncio.Event()

            async def view(asked, writer):
                writer.write(head(200, "Content-Type: text/plain") + b"first")
                await arrived.wait()
                arrived.clear()
                writer.write(b"second")
                return True

            edge.app.views["/"] = view
            got = await edge.get("/", on_body=lambda _piece: arrived.set())
            assert got.text == "firstsecond"
            read = zlib.decompressobj(zlib.MAX_WBITS | 16)

            def see(piece):
                if read.decompress(piece) == b"first":
                    arrived.set()

            arrived.clear()
            assert (await edge.get("/", {"accept-encoding": "gzip"}, on_body=see)).value("content-encoding") == "gzip"

    run(scenario())


def test_a_page_that_is_purged_without_end_is_still_answered(edge):
    async def scenario():
        async with edge:

            async def view(asked, writer):
                edge.purge("page:1")
                await public(f"<p>{len(edge.app.asked)}</p>", "page:1")(asked, writer)

            edge.app.views["/"] = view
            asked = [asyncio.create_task(edge.get("/")) for _ in range(3)]
            assert {each.status for each in await asyncio.gather(*asked)} == {200}
            assert edge.hit("/") is None

    run(scenario())


def test_what_an_answer_purged_is_gone_before_the_answer_is_passed_on(edge):
    async def scenario():
        async with edge:

            async def publish(asked, writer):
                edge.purge("page:1")
                await page("", "Location: /", status=302)(asked, writer)

            edge.app.views |= {"/": public("<p>news</p>", "page:1"), "/admin/publish/": publish}
            await edge.get("/")
            edge.hear_nothing()
            found = []

            async def look(message):
                found.append(edge.gateway.store.find_target(HOST.encode(), b"/", "visitor"))

            assert edge.hit("/") == b"<p>news</p>"
            scope = {
                "type": "http", "method": "POST", "scheme": "https", "client": ("203.0.113.9", 1), "raw_path": b"/admin/publish/",
                "query_string": b"", "headers": [(b"host", HOST.encode())], "extensions": {"coranto": {}},
            }  # fmt: skip

            async def receive():
                return {"type": "http.request", "body": b"", "more_body": False}

            await edge.gateway(scope, receive, look)
            assert found == [None, None]

    run(scenario())


def test_what_was_purged_while_a_page_was_made_is_known_before_it_is_stored(edge):
    async def scenario():
        async with edge:
            edge.hear_nothing()

            async def view(asked, writer):
                if len(edge.app.asked) == 1:
                    edge.purge("page:1")
                await public(f"<p>{len(edge.app.asked)}</p>", "page:1")(asked, writer)

            edge.app.views["/"] = view
            assert ((await edge.get("/")).text, edge.hit("/")) == ("<p>1</p>", None)
            assert ((await edge.get("/")).text, edge.hit("/")) == ("<p>2</p>", b"<p>2</p>")

    run(scenario())


# Fragments -------------------------------------------------------------------------------------------------------

HOLE = '<esi:include src="/-/fragments/{}/"/>'


def test_a_page_is_answered_with_its_fragments_and_theirs(edge):
    async def scenario():
        async with edge:
            edge.app.views |= {
                "/": public(f"<p>page {HOLE.format('one')} {HOLE.format('two')}</p>"),
                "/-/fragments/one/": public(f"[one {HOLE.format('inner')}]", "list:1"),
                "/-/fragments/two/": public("[two]"),
                "/-/fragments/inner/": public(f"[inner{HOLE.format('deeper')}]"),
            }
            got = await edge.get("/", {"cookie": "theme=dark"})
            assert got.text == "<p>page [one [inner]] [two]</p>"
            assert sorted(edge.app.targets()) == ["/", "/-/fragments/inner/", "/-/fragments/one/", "/-/fragments/two/"]
            assert [asked.values("cookie") for asked in edge.app.asked].count(["theme=dark"]) == 1
            edge.app.asked.clear()
            edge.app.views["/-/fragments/one/"] = public("[ONE]", "list:1")
            edge.purge("list:1")
            assert (await edge.get("/")).text == "<p>page [ONE] [two]</p>"
            assert edge.app.targets() == ["/-/fragments/one/"]

    run(scenario())


@pytest.mark.parametrize(
    "view",
    [page("sorry", status=500), not_there, page("mine", "Set-Cookie: a=b"), public("x", "", "Set-Cookie: a=b")],
    ids=["broken", "missing", "not offered", "personal"],
)
def test_a_fragment_that_fails_leaves_a_gap_and_a_line_in_the_log(edge, view, caplog):
    async def scenario():
        async with edge:
            edge.app.views |= {"/": public(f"<p>page{HOLE.format('one')}</p>"), "/-/fragments/one/": view}
            assert (await edge.get("/")).text == "<p>page</p>"
            assert (await edge.get("/")).text == "<p>page</p>"
            assert edge.app.targets() == ["/", "/-/fragments/one/"]

    run(scenario())
    assert "The fragment /-/fragments/one/ leaves a gap" in caplog.text


def test_many_pages_that_hold_the_same_fragment_have_it_rendered_once(edge):
    async def scenario():
        async with edge:
            edge.app.views["/-/fragments/one/"] = gate = Gate(public("[one]"))
            edge.app.views |= {f"/{n}/": public(f"{n}{HOLE.format('one')}") for n in range(20)}
            asking = [asyncio.create_task(edge.get(f"/{n}/")) for n in range(20)]
            await until(lambda: len(edge.app.asked) == 21)
            gate.opened.set()
            assert [got.text for got in await asyncio.gather(*asking)] == [f"{n}[one]" for n in range(20)]
            assert edge.app.targets().count("/-/fragments/one/") == 1

    run(scenario())


def test_holes_of_a_page_for_staff_are_filled(edge):
    async def scenario():
        async with edge:
            edge.app.views |= {
                "/": page(f"<p>staff{HOLE.format('one')}</p>", "Coranto-Staff: 1", 'ETag: "unfilled"'),
                "/-/fragments/one/": public("[one]"),
            }
            got = await edge.get("/", {"cookie": "coranto_session=abc"})
            assert (got.text, got.value("content-length"), got.value("etag")) == ("<p>staff[one]</p>", "17", None)
            assert got.is_complete

    run(scenario())


# Old pages -------------------------------------------------------------------------------------------------------


def test_what_may_be_a_moment_old_is_shown_while_the_new_one_is_made(edge):
    async def scenario():
        async with edge:
            store = edge.gateway.store
            gate = Gate(public("new", control="max-age=10, stale-while-revalidate=30"))
            old = public("old", control="max-age=10, stale-while-revalidate=30")
            edge.app.views["/trending/"] = serial(lambda number: old if number == 1 else gate)
            await edge.get("/trending/")
            moment = store.now()
            store.now = lambda: moment + 20
            assert [(await edge.get("/trending/")).text for _ in range(5)] == ["old"] * 5
            await until(lambda: gate.before)
            gate.opened.set()
            await until(lambda: not edge.gateway.rendering.is_busy)
            assert ((await edge.get("/trending/")).text, len(edge.app.asked)) == ("new", 2)

    run(scenario())


def test_an_article_is_never_shown_old_while_the_app_answers(edge):
    async def scenario():
        async with edge:
            store = edge.gateway.store
            edge.app.views["/a/"] = serial(lambda n: public(f"{n}", control="max-age=10, stale-if-error=86400"))
            await edge.get("/a/")
            moment = store.now()
            store.now = lambda: moment + 11
            assert (await edge.get("/a/")).text == "2"

    run(scenario())


def test_stored_pages_stand_in_while_the_app_is_away_and_it_is_taken_up_again(edge, caplog):
    async def scenario():
        async with edge:
            store = edge.gateway.store
            edge.app.views["/a/"] = serial(lambda n: public(f"{n}", control="max-age=10, stale-if-error=86400"))
            await edge.get("/a/")
            moment = store.now()
            store.now = lambda: moment + 11
            await edge.app.stop()
            old, new = await asyncio.gather(edge.get("/a/"), edge.get("/b/", {"accept": "text/html,*/*"}))
            assert (old.status, old.text) == (200, "1")
            assert (new.status, new.value("retry-after"), new.value("cache-control")) == (503, "5", "no-store")
            assert "<p>This page cannot be shown right now." in new.text
            assert edge.gateway.app.failures == 2
            plain = await edge.get("/b/", {"accept": "application/json"})
            assert (plain.status, plain.value("content-type")) == (503, "text/plain; charset=utf-8")
            assert edge.gateway.app.is_away
            await edge.app.start()
            assert (await edge.get("/a/")).text == "2"
            assert not edge.gateway.app.is_away

    run(scenario())
    assert "Stored pages stand in for new ones, news.example/a/ among them" in caplog.text


def test_a_stored_page_stands_in_for_one_that_takes_long_and_that_one_is_stored_in_the_end(edge, monkeypatch):
    monkeypatch.setattr("coranto.delivery.edge.gateway.PATIENCE_WITH_AN_OLD_PAGE", 0.01)

    async def scenario():
        async with edge:
            store = edge.gateway.store
            gate = Gate(public("new", control="max-age=10, stale-if-error=86400"))
            old = public("old", control="max-age=10, stale-if-error=86400")
            edge.app.views["/a/"] = serial(lambda number: old if number == 1 else gate)
            await edge.get("/a/")
            moment = store.now()
            store.now = lambda: moment + 11
            assert [(await edge.get("/a/")).text for _ in range(2)] == ["old", "old"]
            gate.opened.set()
            await until(lambda: not edge.gateway.rendering.is_busy)
            assert ((await edge.get("/a/")).text, len(edge.app.asked)) == ("new", 2)
            assert edge.gateway.counters.coalesced == 0  # the second did not wait as long as the first

    run(scenario())


def test_a_stored_page_stands_in_for_one_that_fails(edge):
    async def scenario():
        async with edge:
            store = edge.gateway.store
            good = public("good", control="max-age=10, stale-if-error=86400")
            edge.app.views["/a/"] = serial(lambda number: good if number == 1 else page("broken", status=500))
            await edge.get("/a/")
            moment = store.now()
            store.now = lambda: moment + 11
            assert (await edge.get("/a/")).text == "good"
            store.now = lambda: moment + 86411
            assert ((await edge.get("/a/")).status, len(edge.app.asked)) == (500, 3)

    run(scenario())


def test_beyond_what_the_app_can_take_the_honest_answer_is_to_come_again(tmp_path):
    edge = Edge(tmp_path, bounds=Bounds(connections=2, waiting=3))

    async def scenario():
        async with edge:
            gate = Gate(page("made"))
            edge.app.views |= {f"/{n}/": gate for n in range(8)}
            asking = [asyncio.create_task(edge.get(f"/{n}/")) for n in range(8)]
            await until(lambda: gate.before == 2 and sum(task.done() for task in asking) == 3)
            gate.opened.set()
            statuses = [got.status for got in await asyncio.gather(*asking)]
            assert sorted(statuses) == [200] * 5 + [503] * 3

    run(scenario())


# What the app and others get to see ------------------------------------------------------------------------------


def test_what_only_the_edge_says_is_said_once(edge):
    async def scenario():
        async with edge:
            edge.app.views["/form/"] = page("thanks")
            await edge.ask(
                "POST",
                "/form/?a=1",
                {
                    "x-forwarded-for": "6.6.6.6", "x-forwarded-proto": "gopher", "coranto-entitlement": "staff", "accept-encoding": "gzip",
                    "expect": "100-continue", "user-agent": "Ada's", "range": "bytes=0-1", "if-none-match": '"x"',
                },
                body=b"name=Ada",
            )  # fmt: skip
            asked = edge.app.asked[0]
            assert asked.head.startswith(b"POST /form/?a=1 HTTP/1.1\r\n")
            assert sorted(asked.lines) == [
                "Content-Length: 8", "Coranto-Entitlement: visitor", "Host: news.example", 'Surrogate-Capability: coranto="ESI/1.0"',
                "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https", 'if-none-match: "x"', "range: bytes=0-1", "user-agent: Ada's",
            ]  # fmt: skip
            assert asked.body == b"name=Ada"

    run(scenario())


def test_a_page_for_all_is_asked_for_whole(edge):
    async def scenario():
        async with edge:
            edge.app.views["/"] = public("<p>news</p>")
            got = await edge.ask("HEAD", "/", {"if-none-match": '"x"', "range": "bytes=0-1", "if-modified-since": "x"})
            asked = edge.app.asked[0]
            assert (asked.method, asked.values("if-none-match"), asked.values("range")) == ("GET", [], [])
            assert (got.status, got.value("content-length")) == (200, "11")
            assert (await edge.get("/", {"if-none-match": got.value("etag")})).status == 304

    run(scenario())


@pytest.mark.parametrize("value", ["a\r\nX-Forwarded-For: 6.6.6.6", "a\nb", "a\rb", "a\0b"])
def test_a_header_of_two_lines_never_reaches_the_app(edge, value):
    async def scenario():
        async with edge:
            with pytest.raises(ValueError, match="holds more than one"):
                await edge.get("/", {"x-odd": value})
            with pytest.raises(ValueError, match="holds more than one"):
                await edge.ask("POST", f"/{value}")
            assert edge.app.asked == []

    run(scenario())


def test_the_contracts_headers_stay_between_app_and_edge(edge):
    async def scenario():
        async with edge:
            ours = ("Coranto-View: v", "Coranto-Staff: 1", "Surrogate-Key: a:1", "Keep-Alive: timeout=5", "X-Own: yes")
            edge.app.views["/mine/"] = page("mine", *ours)
            got = await edge.get("/mine/", {"cookie": "coranto_session=abc"})
            names = {name.decode() for name, _value in got.headers}
            assert names == {"content-type", "content-length", "x-own", "x-cache", "server-timing"}

    run(scenario())


WORDS = "many words that are the same, " * 500


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/json"], ids=["whole", "as it comes"])
def test_text_that_is_passed_on_is_compressed_for_whoever_takes_that(edge, kind):
    async def scenario():
        async with edge:
            edge.app.views["/mine/"] = page(WORDS, 'ETag: "of the plain"', kind=kind)
            plain = await edge.get("/mine/")
            small = await edge.get("/mine/", {"accept-encoding": "gzip"})
            head = await edge.ask("HEAD", "/mine/", {"accept-encoding": "gzip"})
            assert (plain.text, plain.value("content-encoding"), plain.value("etag")) == (WORDS, None, '"of the plain"')
            assert gzip.decompress(small.body).decode() == WORDS
            assert len(small.body) < 400
            said = (small.value("content-encoding"), small.value("vary"), small.value("etag"))
            assert said == ("gzip", "accept-encoding", 'W/"of the plain"')
            assert small.value("content-length") in {None, str(len(small.body))}
            assert (head.status, head.body) == (200, b"")

    run(scenario())


@pytest.mark.parametrize(
    ("view", "status"),
    [
        (page("short"), 200),
        (page(WORDS, kind="image/jpeg"), 200),
        (page(WORDS, "Content-Encoding: br"), 200),
        (page(WORDS, "Content-Range: bytes 0-9/99", status=206), 206),
        (page(WORDS, "Cache-Control: no-transform"), 200),
    ],
    ids=["short", "no text", "encoded already", "a part", "forbidden"],
)
def test_what_compression_would_harm_or_not_help_is_passed_on_as_it_is(edge, view, status):
    async def scenario():
        async with edge:
            edge.app.views["/mine/"] = view
            got = await edge.get("/mine/", {"accept-encoding": "gzip", "cookie": "coranto_session=a"})
            assert (got.status, got.value("content-encoding") in {None, "br"}) == (status, True)
            assert got.text in {WORDS, "short"}

    run(scenario())


def test_staff_are_told_what_readers_get(edge):
    async def scenario():
        async with edge:
            staff = page("mine", "Coranto-Staff: 1")
            readers = public("<p>news</p>")

            async def view(asked, writer):
                await (staff if asked.values("cookie") else readers)(asked, writer)

            edge.app.views["/"] = view
            before = await edge.get("/", {"cookie": "coranto_session=abc"})
            await edge.get("/")
            after = await edge.get("/", {"cookie": "coranto_session=abc"})
            assert (before.value("x-cache"), after.value("x-cache")) == ("pass; not stored", "pass; stored; age=0")
            assert re.fullmatch(r"app;dur=\d+\.\d", after.value("server-timing"))
            assert (await edge.get("/")).value("x-cache") is None

    run(scenario())


def test_readers_entitlement_is_told_to_the_app_and_shared_by_level(edge):
    async def scenario():
        async with edge:
            key = entitlement.derive_key(SECRET)
            now = int(edge.gateway.entitlements._now())
            cookies = {
                name: f"coranto_session={name}; coranto_entitlement="
                + entitlement.write(entitlement.Entitlement("tier-2", name, now + 300), key)
                for name in ("ada", "ben")
            }

            async def view(asked, writer):
                await public(f"for {asked.values('coranto-entitlement')}", "", "Vary: Coranto-Entitlement")(
                    asked, writer
                )

            edge.app.views["/"] = view
            got = [await edge.get("/", {"cookie": cookie}) for cookie in (*cookies.values(), "a=b")]
            assert [each.text for each in got] == ["for ['tier-2']", "for ['tier-2']", "for ['visitor']"]
            assert len(edge.app.asked) == 2
            edge.tell(b"revoke abc-1\nada")
            await edge.get("/", {"cookie": cookies["ada"]})
            assert (len(edge.app.asked), edge.app.asked[-1].values("coranto-entitlement")) == (3, ["visitor"])

    run(scenario())


def test_who_claims_to_be_a_cache_where_none_is_in_front_is_a_reader(edge):
    async def scenario():
        async with edge:
            edge.app.views["/"] = public("<p>News</p>", "page:1")
            got = await edge.get("/", {"surrogate-capability": 'x="ESI/1.0"'})
            assert (got.text, got.value("surrogate-key")) == ("<p>News</p>", None)
            assert edge.gateway.store.statistics().entries == 1
            assert edge.app.asked[-1].values("surrogate-capability") == ['coranto="ESI/1.0"']

    run(scenario())


def test_a_cache_of_ours_in_front_is_given_holes_and_headers_as_they_are(tmp_path):
    edge = Edge(tmp_path, has_cache_in_front=True)

    async def scenario():
        async with edge:
            edge.app.views["/"] = public(f"<p>{HOLE.format('one')}</p>", "page:1")
            got = await edge.get("/", {"surrogate-capability": 'varnish="ESI/1.0"'})
            assert got.text == f"<p>{HOLE.format('one')}</p>"
            assert (got.value("surrogate-key"), got.value("coranto-view")) == ("page:1", None)
            assert 'content="ESI/1.0"' in got.value("surrogate-control")
            assert edge.gateway.store.statistics().entries == 0

    run(scenario())


def test_what_must_not_be_stored_is_refused_with_a_line_that_names_the_view(edge, caplog):
    async def scenario():
        async with edge:
            edge.app.views["/form/"] = public('<input name="csrfmiddlewaretoken">')
            assert [(await edge.get("/form/")).status for _ in range(3)] == [200] * 3
            assert edge.gateway.store.statistics().entries == 0
            assert edge.gateway.counters.refused == 1

    run(scenario())
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(lines) == 1
    assert "paper.views.page" in lines[0]
    assert "news.example/form/" in lines[0]


def test_a_page_beyond_the_largest_that_is_stored_arrives_whole(edge):
    async def scenario():
        async with edge:
            edge.app.views["/big/"] = public(b"x" * 3_000_000)
            got = await edge.get("/big/")
            assert (got.status, len(got.body), got.is_complete) == (200, 3_000_000, True)
            assert edge.gateway.store.statistics().entries == 0

    run(scenario())


def test_a_file_the_app_names_is_sent_by_the_edge(edge, tmp_path):
    (tmp_path / "picture.jpg").write_bytes(b"0123456789")

    async def scenario():
        async with edge:
            edge.app.views["/media/"] = page("", f"X-Sendfile: {tmp_path}/picture.jpg", kind="image/jpeg")
            edge.app.views["/other/"] = page("", "X-Sendfile: /etc/hostname")
            got = await edge.get("/media/", {"range": "bytes=2-4"})
            assert (got.status, got.body, got.value("x-sendfile")) == (206, b"234", None)
            assert (await edge.get("/other/")).status == 404

    run(scenario())


def test_an_answer_that_breaks_off_has_no_proper_end(edge):
    async def scenario():
        async with edge:

            async def view(asked, writer):
                writer.write(head(200, "Content-Type: text/plain", length=100) + b"half")
                return True

            edge.app.views["/half/"] = view
            got = await edge.get("/half/")
            assert (got.status, got.is_complete) == (200, False)

    run(scenario())


def test_a_page_that_breaks_off_is_not_stored_and_nobody_gets_half_of_it(edge):
    async def scenario():
        async with edge:

            async def view(asked, writer):
                writer.write(
                    head(200, "Surrogate-Control: max-age=60", "Content-Type: text/html", length=100) + b"half"
                )
                return True

            edge.app.views["/half/"] = view
            assert (await edge.get("/half/")).status == 502
            assert edge.gateway.store.statistics().entries == 0

    run(scenario())


# Metrics ---------------------------------------------------------------------------------------------------------


def test_metrics_are_for_this_machine_alone_or_for_whoever_has_the_token(tmp_path):
    edge = Edge(tmp_path, metrics_token="open sesame")

    async def scenario():
        async with edge:
            edge.app.views["/"] = public("news")
            await edge.get("/")
            token = {"authorization": "Bearer open sesame"}
            near, far = {"client": "127.0.0.1"}, {"client": "203.0.113.9"}
            assert (await edge.get("/-/metrics", is_direct=True, **near)).status == 200
            assert (await edge.get("/-/metrics", is_direct=True, client="::1")).status == 200
            assert (await edge.get("/-/metrics", is_direct=False, **near)).status == 404
            assert (await edge.get("/-/metrics", is_direct=True, **far)).status == 404
            assert (await edge.get("/-/metrics", {"authorization": "Bearer open"}, **far)).status == 404
            got = await edge.get("/-/metrics", token, **far)
            assert got.value("content-type") == "text/plain; version=0.0.4; charset=utf-8"
            assert "\ncoranto_edge_renders_total 1\n" in got.text
            assert "\ncoranto_edge_entries 1\n" in got.text
            assert edge.app.targets() == ["/"]

    run(scenario())


def test_a_fault_beside_all_requests_is_said_and_does_not_end_what_runs_there(edge, monkeypatch, caplog):
    monkeypatch.setattr("coranto.delivery.edge.gateway.ROUND", 0.01)

    async def scenario():
        async with edge:
            edge.app.views["/"] = public("<p>news</p>", "page:1")
            await edge.get("/")
            rounds = Mock(side_effect=chain([RuntimeError("a fault")], repeat([])))
            monkeypatch.setattr(edge.gateway.store, "take_due", rounds)
            await until(lambda: rounds.call_count >= 3)
            assert edge.gateway.store.statistics().entries == 0
            assert [record.message for record in caplog.records if record.exc_info] == [
                "A fault beside all requests; everything stored is forgotten, and it begins anew"
            ]

    run(scenario())
