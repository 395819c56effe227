from __future__ import annotations

import asyncio
import contextlib
import io
import os

import pytest
from fake_app import FakeApp, head, page, run, until

from coranto.delivery.edge.connections import (
    AppAwayError,
    Bounds,
    GarbledError,
    OverloadedError,
    Question,
    TooSlowError,
)
from coranto.delivery.edge.forwarding import App

BOUNDS = Bounds(connections=2, waiting=2, patience=5.0, connecting=0.05)


class Upload:
    """A body in memory."""

    def __init__(self, data):
        self.length = len(data)
        self._file = io.BytesIO(data)

    def read(self, size, /):
        return self._file.read(size)


class Site:
    def __init__(self, folder, bounds=BOUNDS):
        self.fake = FakeApp(folder / "app.sock")
        self.app = App(self.fake.path, bounds)

    async def __aenter__(self):
        await self.fake.start()
        return self

    async def __aexit__(self, *_error):
        self.app.close()
        await self.fake.stop()

    async def ask(self, target="/", method="GET", body=None):
        length = f"Content-Length: {body.length}\r\n" if body else ""
        said = f"{method} {target} HTTP/1.1\r\nHost: a\r\n{length}\r\n".encode()
        return await self.app.ask(Question(method=method.encode(), head=said, body=body))

    async def whole(self, target="/", method="GET", body=None):
        return await everything(await self.ask(target, method, body))


async def everything(answer):
    pieces = []
    while piece := await answer.read():
        pieces.append(piece)
    return answer.status, b"".join(pieces)


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path)


def says(*raw, closes=False):
    """A view that writes these bytes, each in its own packet."""

    async def view(asked, writer):
        for piece in raw:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.005)
        return closes

    return view


# Answers of every kind -------------------------------------------------------------------------------------------

UNUSUAL = {
    "announced length": ([head(200, length=5) + b"whole"], False, (200, b"whole")),
    "in single bytes": ([bytes([byte]) for byte in head(200, length=5) + b"whole"], False, (200, b"whole")),
    "nothing at all": ([head(200, length=0)], False, (200, b"")),
    "until the end": ([head(200) + b"wh", b"ole"], True, (200, b"whole")),
    "until the end, empty": ([head(200)], True, (200, b"")),
    "in chunks": ([head(200, "Transfer-Encoding: chunked") + b"2\r\nwh\r\n", b"3\r\nole\r\n0\r\n\r\n"], False, (200, b"whole")),
    "with trailers": ([head(200, "Transfer-Encoding: chunked") + b"5\r\nwhole\r\n0\r\nX-Late: 1\r\n\r\n"], False, (200, b"whole")),
    "no content": ([head(204)], False, (204, b"")),
    "not modified": ([head(304, "ETag: x")], False, (304, b"")),
    "after a hint": ([head(103, "Link: </a.css>") + head(200, length=5), b"whole"], False, (200, b"whole")),
    "closes afterwards": ([head(200, "Connection: close", length=5) + b"whole"], True, (200, b"whole")),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "closes", "expected"), UNUSUAL.values(), ids=UNUSUAL.keys())
def test_an_answer_of_any_shape_is_read_to_its_end_and_the_next_one_is_its_own(site, raw, closes, expected):
    async def scenario():
        async with site:
            site.fake.views |= {"/odd": says(*raw, closes=closes), "/next": page("next")}
            for _ in range(3):
                assert await site.whole("/odd") == expected
                assert await site.whole("/next") == (200, b"next")
            assert site.app.in_flight == 0

    run(scenario())


GARBAGE = {
    "no HTTP": [b"SSH-2.0-OpenSSH_9.2\r\n"],
    "broken off in the head": [b"HTTP/1.1 200 OK\r\nContent-"],
    "two lengths": [head(200, "Content-Length: 5", "Content-Length: 6") + b"whole"],
    "length and chunks": [head(200, "Content-Length: 5", "Transfer-Encoding: chunked") + b"5\r\nwhole\r\n0\r\n\r\n"],
    "another protocol": [head(101, "Upgrade: websocket", "Connection: upgrade")],
    "a head without end": [b"HTTP/1.1 200 OK\r\n" + b"X-Long: %s\r\n" % (b"x" * 1000) * 200],
}


@pytest.mark.parametrize("raw", GARBAGE.values(), ids=GARBAGE.keys())
def test_what_is_no_answer_is_an_error_and_harms_nobody_else(site, raw):
    async def scenario():
        async with site:
            site.fake.views |= {"/odd": says(*raw, closes=True), "/next": page("next")}
            with pytest.raises(GarbledError):
                await site.whole("/odd")
            assert await site.whole("/next") == (200, b"next")
            await until(lambda: site.app.in_flight == 0)

    run(scenario())


@pytest.mark.parametrize(
    "raw",
    [head(200, length=9) + b"half", head(200, "Transfer-Encoding: chunked") + b"4\r\nhalf\r\n"],
    ids=["length", "chunks"],
)
def test_an_answer_that_breaks_off_is_not_taken_for_a_whole_one(site, raw):
    async def scenario():
        async with site:
            site.fake.views["/half"] = says(raw, closes=True)
            answer = await site.ask("/half")
            assert await answer.read() == b"half"
            with pytest.raises(GarbledError):
                await answer.read()

    run(scenario())


def test_bytes_after_an_answer_never_reach_the_next_request(site):
    async def scenario():
        async with site:
            extra = head(200, length=6) + b"poison"
            site.fake.views |= {"/odd": says(head(200, length=5) + b"whole" + extra), "/next": page("next")}
            for _ in range(3):
                assert await site.whole("/odd") == (200, b"whole")
                assert await site.whole("/next") == (200, b"next")
            site.fake.views["/late"] = says(head(200, length=5) + b"whole", extra)
            for _ in range(3):
                assert await site.whole("/late") == (200, b"whole")
                await until(lambda: site.app.kept == 0)
                assert await site.whole("/next") == (200, b"next")

    run(scenario())


@pytest.mark.parametrize("raw", [head(200, length=5), head(200), head(200, "Transfer-Encoding: chunked")])
def test_an_answer_to_head_has_no_body(site, raw):
    async def scenario():
        async with site:
            site.fake.views |= {"/": says(raw), "/next": page("next")}
            assert await site.whole("/", "HEAD") == (200, b"")
            assert await site.whole("/next") == (200, b"next")

    run(scenario())


def test_what_follows_the_body_is_no_header_of_the_answer(site):
    async def scenario():
        async with site:
            raw = head(200, "Transfer-Encoding: chunked", "X-Early: 1") + b"5\r\nwhole\r\n0\r\nSet-Cookie: a=b\r\n\r\n"
            site.fake.views["/"] = says(raw)
            answer = await site.ask()
            assert await everything(answer) == (200, b"whole")
            assert answer.headers == [(b"transfer-encoding", b"chunked"), (b"x-early", b"1")]

    run(scenario())


# Connections -----------------------------------------------------------------------------------------------------


def test_connections_are_kept(site):
    async def scenario():
        async with site:
            site.fake.views["/"] = page("made")
            for _ in range(20):
                assert await site.whole() == (200, b"made")
            assert site.fake.connections == 1

    run(scenario())


def test_a_kept_connection_the_app_has_closed_is_noticed_in_time_or_replaced(site):
    async def scenario():
        async with site:
            site.fake.views["/"] = page("made")
            await site.whole()
            site.fake.hang_up()  # this end learns of it only while it asks
            assert await site.whole() == (200, b"made")

            async def hang_up_first(asked, writer):
                if site.fake.connections == 2:
                    writer.transport.abort()
                    return True
                return await page("made")(asked, writer)

            site.fake.views["/"] = hang_up_first
            assert await site.whole() == (200, b"made")
            assert site.fake.connections == 3

    run(scenario())


def test_what_changes_something_is_asked_once_and_on_a_new_connection(site):
    async def scenario():
        async with site:

            async def die(asked, writer):
                writer.transport.abort()
                return True

            site.fake.views |= {"/": page("made"), "/give": die}
            await site.whole()
            with pytest.raises(GarbledError):
                await site.whole("/give", "POST")
            assert (site.fake.targets(), site.fake.connections) == (["/", "/give"], 2)

    run(scenario())


def test_requests_beyond_what_the_app_takes_wait_their_turn_and_are_bounded(site):
    async def scenario():
        async with site:
            opened = asyncio.Event()

            async def view(asked, writer):
                await opened.wait()
                await page("made")(asked, writer)

            site.fake.views["/"] = view
            asking = [asyncio.create_task(site.whole()) for _ in range(4)]
            await until(lambda: site.app.waiting == 2 and len(site.fake.asked) == 2)
            with pytest.raises(OverloadedError):
                await site.whole()
            asking[3].cancel()  # one that waits leaves: its place is free
            await asyncio.wait([asking[3]])
            assert site.app.waiting == 1
            opened.set()
            assert await asyncio.gather(*asking[:3]) == [(200, b"made")] * 3
            assert (site.app.in_flight, site.fake.connections) == (0, 2)

    run(scenario())


def test_nobody_waits_for_ever(tmp_path):
    site = Site(tmp_path, Bounds(connections=1, patience=0.01, head=0.05, idle=0.05))

    async def scenario():
        async with site:

            async def never(asked, writer):
                await asyncio.sleep(3600)

            async def stop_in_the_middle(asked, writer):
                writer.write(head(200, length=9) + b"half")
                await asyncio.sleep(3600)

            site.fake.views |= {"/never": never, "/half": stop_in_the_middle, "/": page("made")}
            first = asyncio.create_task(site.whole("/never"))
            await until(lambda: site.app.in_flight == 1)
            with pytest.raises(OverloadedError):
                await site.whole()
            with pytest.raises(TooSlowError):
                await first
            await until(lambda: site.app.in_flight == 0)
            with pytest.raises(TooSlowError):
                await site.whole("/half")
            await until(lambda: site.app.in_flight == 0)
            assert await site.whole() == (200, b"made")

    run(scenario())


def test_an_app_that_is_away_is_waited_for_a_moment_and_then_no_more(tmp_path):
    site = Site(tmp_path, Bounds(connecting=15.0))

    async def scenario():
        async with site:
            site.fake.views["/"] = page("made")
            await site.whole()
            await site.fake.stop()
            asking = asyncio.create_task(site.whole())
            await asyncio.sleep(0.03)
            await site.fake.start()
            assert await asking == (200, b"made")
            await site.fake.stop()
            site.app.is_away = True
            with pytest.raises(AppAwayError):
                await site.whole()
            await site.fake.start()
            assert await site.whole() == (200, b"made")
            assert not site.app.is_away

    run(scenario())


def test_a_client_that_leaves_frees_the_app_at_once(site):
    async def scenario():
        async with site:
            opened = asyncio.Event()

            async def view(asked, writer):
                await opened.wait()
                await page("made")(asked, writer)

            site.fake.views |= {"/": view, "/next": page("next")}
            for _ in range(5):
                asking = asyncio.create_task(site.whole())
                await until(lambda: site.app.in_flight == 1)
                await asyncio.sleep(0)
                asking.cancel()
                await asyncio.wait([asking])
                await until(lambda: site.app.in_flight == 0)
            assert await site.whole("/next") == (200, b"next")

    run(scenario())


def test_a_socket_with_a_long_name_is_reached(tmp_path):
    folder = tmp_path / ("a" * 60) / ("b" * 60)
    folder.mkdir(parents=True)
    site = Site(folder)

    async def scenario():
        async with site:
            site.fake.views["/"] = page("made")
            assert await site.whole() == (200, b"made")

    run(scenario())


# Bodies ----------------------------------------------------------------------------------------------------------


def test_a_large_body_arrives_whole(site):
    async def scenario():
        async with site:
            data = os.urandom(3_000_000)
            site.fake.views["/up"] = page("thanks")
            assert await site.whole("/up", "POST", Upload(data)) == (200, b"thanks")
            assert site.fake.asked[0].body == data

    run(scenario())


def test_an_early_answer_to_an_upload_arrives_although_the_app_reads_no_further(site):
    async def scenario():
        async with site:

            async def refuse(asked, writer):
                writer.write(head(413, "Connection: close", length=9) + b"too large")
                await writer.drain()
                return True

            refuse.is_hasty = True
            site.fake.views |= {"/up": refuse, "/": page("made")}
            for _ in range(5):
                assert await site.whole("/up", "POST", Upload(bytes(5_000_000))) == (413, b"too large")
                assert await site.whole() == (200, b"made")

    run(scenario())


def test_who_takes_an_answer_slowly_holds_little_memory_and_gets_all_of_it(tmp_path):
    site = Site(tmp_path, Bounds(high=256 * 1024))

    async def scenario():
        async with site:
            piece, count = bytes(range(256)) * 256, 640  # 40 MB

            async def stream(asked, writer):
                writer.write(head(200, length=len(piece) * count))
                for _ in range(count):
                    writer.write(piece)
                    await writer.drain()

            site.fake.views["/"] = stream
            answer = await site.ask()
            await until(lambda: site.app.buffered >= 256 * 1024)
            for _ in range(500):  # time enough for all of it, if nobody stopped it
                await asyncio.sleep(0)
            most, size = site.app.buffered, 0
            while got := await answer.read():
                size += len(got)
                most = max(most, site.app.buffered)
            assert size == len(piece) * count
            assert most < 1_000_000
            assert site.app.buffered == 0

    run(scenario())


def test_a_short_answer_frees_the_app_although_nobody_takes_it(site):
    async def scenario():
        async with site:
            site.fake.views["/"] = page("x" * 200_000)
            answer = await site.ask()
            await until(lambda: site.app.in_flight == 0)
            assert await everything(answer) == (200, b"x" * 200_000)

    run(scenario())


def test_an_answer_that_is_closed_lets_go_of_everything(site):
    async def scenario():
        async with site:

            async def endless(asked, writer):
                writer.write(head(200))
                with contextlib.suppress(ConnectionError):
                    while True:
                        writer.write(b"." * 65_536)
                        await writer.drain()
                return True

            site.fake.views |= {"/": endless, "/next": page("next")}
            for _ in range(3):
                answer = await site.ask()
                await answer.read()
                answer.close()
                await until(lambda: site.app.in_flight == 0)
            assert site.app.buffered == 0
            assert await site.whole("/next") == (200, b"next")

    run(scenario())
