"""How a purge gets where it belongs: over real sockets, to a Redis that is really there, to caches that play along."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import shutil
import socket
import subprocess
import threading
import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.db import connection, transaction

from coranto.delivery import operations, transports
from coranto.delivery.rules import datagrams
from coranto.delivery.rules.datagrams import Kind
from coranto.delivery.rules.front import purges_of, read_front
from coranto.delivery.transports import front, local, postgresql
from coranto.delivery.transports import outbox as outbox_module
from coranto.delivery.transports.outbox import Outbox
from coranto.delivery.transports.redis import Publisher

SOON = timedelta(milliseconds=10)


def until(condition):
    deadline = time.monotonic() + 20
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)
    return value


# To the edge of this machine --------------------------------------------------------------------------------


class Edge(threading.Thread):
    """Reads what it is told to forget and answers, as the edge does."""

    def __init__(self, path):
        super().__init__(daemon=True)
        self.heard = []
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(datagrams.address_of(path))

    def run(self):
        while True:
            data, sender = self.socket.recvfrom(1 << 16)
            if not data:
                break
            message = datagrams.read(data)
            self.heard.append(message)
            with contextlib.suppress(ConnectionError):  # nobody waits any more
                self.socket.sendto(message.identity.encode(), sender)

    def stop(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as last:
            last.sendto(b"", self.socket.getsockname())
        self.join()
        self.socket.close()


@pytest.fixture(params=["run", "a-folder-with-a-rather-long-name-" * 3], ids=["short", "long"])
def site(request, settings, tmp_path):
    settings.DATA = tmp_path / request.param
    (settings.DATA / "run").mkdir(parents=True)
    return settings.DATA / "run"


@pytest.fixture
def listening_edge(site):
    edge = Edge(site / datagrams.SOCKET_NAME)
    edge.start()
    yield edge
    edge.stop()


def test_the_edge_has_done_it_when_the_sender_goes_on(listening_edge):
    transports.send(frozenset({"page:1", "menu"}))
    transports.send_everything()
    transports.revoke("session-1")

    assert [(message.kind, message.words) for message in listening_edge.heard] == [
        (Kind.PURGE, ("menu", "page:1")),
        (Kind.EVERYTHING, ()),
        (Kind.REVOKE, ("session-1",)),
    ]


def test_many_tags_are_several_datagrams_and_all_arrive(listening_edge, site):
    wanted = frozenset(f"page:{number}" for number in range(10_000))
    transports.send(wanted)

    def heard():
        return {word for message in listening_edge.heard for word in message.words}

    # On a busy machine the deadline may come first: then everything is forgotten.
    until(lambda: heard() == wanted or (site / datagrams.OVERFLOW_NAME).exists())
    assert len(listening_edge.heard) > 1


@pytest.mark.django_db(transaction=True)
def test_an_entitlement_is_taken_back_after_the_commit(listening_edge):
    with transaction.atomic():
        operations.revoke_entitlement(session_id="session-1")
        assert listening_edge.heard == []

    assert [(message.kind, message.words) for message in listening_edge.heard] == [(Kind.REVOKE, ("session-1",))]


def said(caplog, module):
    """What this module has logged; a thread another test has left may still have something to say."""
    return [each.getMessage() for each in caplog.records if each.name == module.__name__]


def test_where_no_edge_listens_nothing_happens(site, caplog):
    transports.send(frozenset({"page:1"}))
    edge = Edge(site / datagrams.SOCKET_NAME)
    edge.socket.close()  # and one that was killed leaves its socket's name behind
    transports.send(frozenset({"page:1"}))
    shutil.rmtree(site)
    transports.send(frozenset({"page:1"}))

    # A thread of an earlier test may still have something to say of the bus.
    assert said(caplog, local) == []


def test_an_edge_that_takes_nothing_will_forget_everything(site, caplog):
    edge = Edge(site / datagrams.SOCKET_NAME)
    flag = site / datagrams.OVERFLOW_NAME
    while not flag.exists():
        local.send([datagrams.purge_everything()])
    edge.socket.close()

    assert said(caplog, local) == ["The edge does not take what it is to forget; it will forget everything"]


def test_an_edge_that_does_not_answer_is_not_waited_for(site):
    edge = Edge(site / datagrams.SOCKET_NAME)
    local.send([datagrams.purge_everything()])  # comes back
    edge.start()
    until(lambda: edge.heard)
    edge.stop()

    assert not (site / datagrams.OVERFLOW_NAME).exists()


# An outbox --------------------------------------------------------------------------------------------------


class Bus:
    """Takes messages, or hangs, or refuses."""

    def __init__(self):
        self.taken = []
        self.refuses = False
        self.open = threading.Event()
        self.open.set()

    def __call__(self, message):
        self.open.wait(20)
        if self.refuses:
            raise ConnectionRefusedError("redis://user:password@host")
        self.taken.append(message)

    def kinds(self):
        return [message.kind.value for message in self.taken]


@pytest.fixture
def bus():
    bus = Bus()
    yield bus
    bus.refuses = False
    bus.open.set()


@pytest.fixture
def outbox(bus):
    return Outbox("the bus", bus, deadline=timedelta(seconds=20), retries_after=SOON)


def test_a_message_is_sent_when_the_sender_goes_on(outbox, bus):
    messages = [*datagrams.purge(["page:1"]), datagrams.purge_everything()]

    assert outbox.send(messages)
    assert bus.taken == messages


def test_nobody_waits_longer_than_the_deadline(bus):
    outbox = Outbox("the bus", bus, deadline=SOON, retries_after=SOON)
    bus.open.clear()

    assert not outbox.send(datagrams.purge(["page:1"]))
    bus.open.set()
    until(lambda: bus.kinds() == ["purge"])


def test_nobody_waits_for_what_is_known_to_be_away(outbox, bus, caplog):
    bus.refuses = True
    for _ in range(3):  # at the deadline of twenty seconds this would not end
        assert not outbox.send(datagrams.purge(["page:1"]))

    assert [each.partition(". ")[0] for each in said(caplog, outbox_module)] == [
        "Purges do not reach the bus (ConnectionRefusedError)"
    ]
    assert "password" not in caplog.text


def test_what_was_missed_is_made_good_by_forgetting_everything(outbox, bus):
    bus.refuses = True
    for number in range(100):
        outbox.send([*datagrams.purge([f"page:{number}"]), *(datagrams.revoke(["ada"]) if number == 50 else [])])
    bus.refuses = False
    until(lambda: bus.taken and outbox.send([]))
    assert outbox.send(last := datagrams.purge(["page:1"]))

    # What came while it was being sent is sent as well: it may be newer than `everything`.
    assert (bus.kinds()[0], bus.kinds().count("revoke")) == ("everything", 1)
    assert bus.taken[-1:] == last
    assert len(bus.taken) < 100


def test_a_queue_that_grows_long_becomes_one_message(bus):
    outbox = Outbox("the bus", bus, deadline=timedelta(0), retries_after=SOON)
    bus.open.clear()
    for number in range(3_000):
        outbox.send(datagrams.purge([f"page:{number}"]))
    bus.open.set()
    until(lambda: outbox.send([]))

    assert "everything" in bus.kinds()
    assert len(bus.taken) < 1_100


def test_a_fork_has_an_outbox_of_its_own(outbox, bus):
    outbox.send(datagrams.purge(["page:1"]))
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        outbox.send(datagrams.purge(["page:2"]))
        os.write(writes, str(len(bus.taken)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    told = os.read(reads, 10)
    os.close(reads)
    os.close(writes)

    assert told == b"2"


# Redis ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory):
    """A Redis on a unix socket; its address."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.fail("redis-server is missing: run `make setup`")
    path = Path(f"/tmp/coranto-redis-{os.getpid()}.sock")  # a socket's path is short
    process = subprocess.Popen(
        [program, "--port", "0", "--unixsocket", str(path), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
        cwd=tmp_path_factory.mktemp("redis"),
    )
    until(path.exists)
    yield f"unix://{path}"
    process.terminate()
    process.wait()
    path.unlink(missing_ok=True)


def test_a_purge_reaches_whoever_listens_on_the_sites_channel(redis_server):
    from redis import Redis

    message = datagrams.purge(["page:1"])[0]
    with Redis.from_url(redis_server) as listener, listener.pubsub() as heard:
        channel = datagrams.redis_channel(datagrams.site_of(b"secret"))
        heard.subscribe(channel, datagrams.redis_channel("another site"))
        until(lambda: heard.get_message(timeout=1))
        until(lambda: heard.get_message(timeout=1))
        Publisher(redis_server, "secret")(message)
        told = until(lambda: heard.get_message(timeout=1))

    assert (told["channel"].decode(), datagrams.read(told["data"])) == (channel, message)


# PostgreSQL -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_postgresql_notifies_the_others_after_the_commit(settings, heard):
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL alone notifies")
    settings.DATABASE_URL = "postgresql://as-configured"
    parameters = connection.get_connection_params()
    import psycopg

    known = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if parameters.get(name)}
    with psycopg.connect(**known, autocommit=True) as listener:
        listener.execute(f"LISTEN {datagrams.POSTGRESQL_CHANNEL}")
        with transaction.atomic():
            operations.purge_tags(tags=["page:1"])
            assert list(listener.notifies(timeout=0)) == []
        told = next(listener.notifies(timeout=20))

    assert datagrams.read(told.payload.encode()).words == ("page:1",)
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


@pytest.mark.django_db
def test_nothing_is_notified_within_a_transaction():
    with pytest.raises(RuntimeError, match="after the commit"):
        postgresql.send(datagrams.purge(["page:1"]))


@pytest.mark.django_db(transaction=True)
def test_a_database_that_takes_no_notification_harms_nothing(settings, caplog):
    if connection.vendor == "postgresql":
        pytest.skip("here it takes them")
    settings.DATABASE_URL = "postgresql://gone"
    for _ in range(3):
        operations.purge_tags(tags=["page:1"])  # SQLite knows no pg_notify

    [sentence] = said(caplog, postgresql)
    assert sentence.startswith("Purges do not reach other machines.")


# A cache in front -------------------------------------------------------------------------------------------


class Cache(http.server.BaseHTTPRequestHandler):
    """Notes what it is asked and answers as told."""

    status = 200
    asked: list

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.asked.append(
            (self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        )
        self.send_response(self.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_PURGE = do_BAN = do_POST = answer  # noqa: N815 - the library's names

    def log_message(self, *_words):
        pass


@pytest.fixture
def cache():
    """A cache that plays along, as a class: `asked`, `status`; and its address."""
    handler = type("OwnCache", (Cache,), {"asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    handler.address = f"127.0.0.1:{server.server_port}"
    yield handler
    server.shutdown()
    server.server_close()
    thread.join()


def test_varnish_here_has_forgotten_when_the_sender_goes_on(cache, settings):
    settings.FRONT_CACHE = read_front(f"varnish+http://{cache.address}")
    transports.send(frozenset({"page:1", "menu"}))
    transports.send_everything()

    assert [(method, path, headers.get("xkey-purge")) for method, path, headers, _ in cache.asked] == [
        ("PURGE", "/", "menu page:1"),
        ("BAN", "/", None),
    ]


@pytest.mark.django_db
def test_a_cdn_is_told_by_the_worker(cache, settings, run_tasks):
    settings.FRONT_CACHE = read_front(f"fastly://se%2Fcret@Service1?api=http://{cache.address}")
    transports.send(frozenset({"page:1", "menu"}))
    transports.send_everything()
    assert cache.asked == []
    assert run_tasks() == 2

    assert sorted(
        (path, headers["fastly-key"], headers.get("surrogate-key")) for _, path, headers, _ in cache.asked
    ) == [
        ("/service/Service1/purge", "se/cret", "menu page:1"),
        ("/service/Service1/purge_all", "se/cret", None),
    ]


def test_cloudflare_is_told_thirty_tags_at_a_time(cache):
    cloudflare = read_front(f"cloudflare://secret@zone1?api=http://{cache.address}")
    message = datagrams.purge([f"page:{number:03}" for number in range(70)])[0]
    with httpx.Client() as client:
        front.ask_front(client, cloudflare, message)
        front.ask_front(client, cloudflare, datagrams.purge_everything())

    assert [(method, path) for method, path, _, _ in cache.asked] == [
        ("POST", "/client/v4/zones/zone1/purge_cache")
    ] * 4
    bodies = [json.loads(body) for *_, body in cache.asked]
    assert [len(body.get("tags", ())) for body in bodies] == [30, 30, 10, 0]
    assert bodies[-1] == {"purge_everything": True}
    assert {headers["authorization"] for _, _, headers, _ in cache.asked} == {"Bearer secret"}


@pytest.mark.parametrize("status", [301, 403, 500])
def test_a_cache_that_does_not_obey_is_an_error_without_the_token(cache, status):
    cache.status = status
    fastly = read_front(f"fastly://secret@service?api=http://{cache.address}")
    with httpx.Client() as client, pytest.raises(front.NotPurgedError, match=str(status)) as failed:
        front.ask_front(client, fastly, datagrams.purge_everything())

    assert "secret" not in f"{failed.value!r}"


def test_a_cdn_is_asked_at_its_own_address():
    message = datagrams.purge_everything()

    assert [purge.url for purge in purges_of(read_front("fastly://t@s"), message)] == [
        "https://api.fastly.com/service/s/purge_all"
    ]
    assert [purge.url for purge in purges_of(read_front("cloudflare://t@z"), message)] == [
        "https://api.cloudflare.com/client/v4/zones/z/purge_cache"
    ]


@pytest.mark.parametrize(
    "value",
    ["varnish", "http://127.0.0.1", "varnish+http://", "fastly://service", "cloudflare://token@", "varnish+http://a/b"],
)
def test_what_names_no_cache_is_refused_with_a_sentence(value):
    with pytest.raises(ValueError, match="must look like varnish"):
        read_front(value)


@pytest.mark.parametrize(
    ("address", "is_here"),
    [("127.0.0.1:6081", True), ("localhost", True), ("[::1]:80", True), ("10.0.0.5", False), ("cache.example", False)],
)
def test_a_cache_is_on_this_machine_or_not(address, is_here):
    assert read_front(f"varnish+http://{address}").is_here is is_here
