from __future__ import annotations

import asyncio
import zlib

from fake_app import HOLE, HOST, Edge, Gate, head, page, public, run, serial, until

from coranto.delivery.edge.connections import Bounds

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
