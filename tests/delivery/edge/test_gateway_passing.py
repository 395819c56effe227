from __future__ import annotations

import gzip
import logging
import re
from itertools import chain, repeat
from unittest.mock import Mock

import pytest
from fake_app import HOLE, SECRET, Edge, head, page, public, run, until

from coranto.delivery.rules import entitlement

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
