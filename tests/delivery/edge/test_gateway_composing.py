from __future__ import annotations

import asyncio

import pytest
from fake_app import HOLE, Edge, Gate, not_there, page, public, run, serial, until

from coranto.delivery.edge.connections import Bounds

# Fragments -------------------------------------------------------------------------------------------------------


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
            await edge.gateway.rendering.finish()
            assert ((await edge.get("/trending/")).text, len(edge.app.asked)) == ("new", 2)

    run(scenario())


def test_a_purged_page_that_had_readers_is_made_again_before_the_next_of_them_asks(edge, monkeypatch):
    monkeypatch.setattr("coranto.delivery.edge.gateway.ROUND", 0.01)

    async def scenario():
        async with edge:
            edge.app.views["/"] = serial(lambda number: public(f"number {number}", "page:1"))
            for _ in range(2):
                await edge.get("/", {"cookie": "theirs=1", "user-agent": "Theirs"})
            edge.tell(b"purge abc-1\npage:1")
            await until(lambda: len(edge.app.asked) == 2)
            await until(lambda: edge.gateway.store.statistics().entries == 1)
            assert (await edge.get("/")).text == "number 2"
            assert edge.app.asked[1].values("cookie") == edge.app.asked[1].values("user-agent") == []

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
            await edge.gateway.rendering.finish()
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
