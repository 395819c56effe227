"""Fault `dependencies-blackholed`, the part of Redis: it refuses, hangs or is slow.

Reading and publishing go on; nobody waits for longer than a deadline; what other machines missed is made good once
Redis is back, by forgetting everything there.
"""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "jobs"))

from serving import sites, until

from coranto.delivery.rules import datagrams
from coranto.delivery.transports.outbox import Outbox
from coranto.delivery.transports.redis import DEADLINE, Publisher

assert sites  # a fixture

RETRIES_AFTER = timedelta(milliseconds=20)
CITY = """
from coranto.newsroom.models import FrontPage, Section
FrontPage.objects.get().add_child(instance=Section(title="City", slug="city"))
"""
RENAME = """
from coranto.newsroom.models import Section
section = Section.objects.get()
section.title = {title!r}
section.save()
"""


class RedisServer:
    """A real one that can be stopped, frozen and brought back at the same port."""

    def __init__(self, at: Path) -> None:
        program = shutil.which("redis-server")
        assert program, "redis-server is missing: run `make setup`"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.words = [program, "--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--dir", str(at)]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        self.process = subprocess.Popen(self.words, stdout=subprocess.DEVNULL)
        until(self.listens)

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def freeze(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self.process
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@pytest.fixture
def redis_server(tmp_path):
    server = RedisServer(tmp_path)
    yield server
    server.kill()


@pytest.fixture
def outbox(redis_server):
    return Outbox("Redis", Publisher(redis_server.address, "secret"), deadline=DEADLINE, retries_after=RETRIES_AFTER)


class OtherMachine(threading.Thread):
    """Hears what the site tells its other machines; connects again whenever it must."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self.address = address
        self.heard: list[datagrams.Message] = []
        self.is_listening = threading.Event()
        self.is_over = threading.Event()

    def run(self) -> None:
        from redis import Redis
        from redis.exceptions import RedisError

        while not self.is_over.is_set():
            try:
                with Redis.from_url(self.address, socket_timeout=1) as redis, redis.pubsub() as channel:
                    channel.subscribe(datagrams.redis_channel(datagrams.site_of(b"secret")))
                    while not self.is_over.is_set():
                        self._take(channel.get_message(timeout=0.05))
            except (RedisError, OSError):
                self.is_listening.clear()
                time.sleep(0.01)

    def _take(self, told) -> None:
        if told and told["type"] == "subscribe":
            self.is_listening.set()
        elif told:
            self.heard.append(datagrams.read(told["data"]))

    def kinds(self) -> list[str]:
        return [message.kind.value for message in self.heard]


@pytest.fixture
def other_machine(redis_server):
    machine = OtherMachine(redis_server.address)
    machine.start()
    yield machine
    machine.is_over.set()
    machine.join()


def purge(number):
    return datagrams.purge([f"page:{number}"])


def test_a_redis_that_refuses_is_made_good_once_it_is_there(outbox, redis_server, other_machine, caplog):
    assert [outbox.send(purge(number)) for number in range(50)] == [False] * 50
    redis_server.start()
    assert other_machine.is_listening.wait(20)
    # Whoever connects again forgets everything by itself; what comes from now on has to arrive.
    until(lambda: outbox.send(purge("last")))
    until(lambda: other_machine.heard and other_machine.heard[-1].words == ("page:last",))

    complaints = [record for record in caplog.records if record.levelname == "ERROR"]
    assert len(complaints) == 1
    assert "Purges do not reach Redis (ConnectionError)" in complaints[0].getMessage()


def test_a_redis_that_hangs_costs_nobody_more_than_the_deadline(outbox, redis_server, other_machine):
    redis_server.start()
    assert other_machine.is_listening.wait(20)
    assert outbox.send(purge(1))
    redis_server.freeze()
    # It takes a hundred to the deadline each and would never answer: that these come back is the test.
    sent = [outbox.send(purge(number)) for number in range(2, 20)]
    redis_server.thaw()
    until(lambda: outbox.send([]))
    until(lambda: "everything" in other_machine.kinds() or len(other_machine.heard) >= 19)

    assert not any(sent)
    assert other_machine.kinds()[0] == "purge"


def test_a_redis_that_is_slow_is_sent_each_message_once(outbox, redis_server, other_machine):
    from redis import Redis

    redis_server.start()
    assert other_machine.is_listening.wait(20)
    with Redis.from_url(redis_server.address) as redis:
        redis.client_pause(300)
    assert not outbox.send(purge(1))  # later than the deadline, and still in time
    until(lambda: outbox.send([]))
    until(lambda: other_machine.heard)

    assert [message.words for message in other_machine.heard] == [("page:1",)]


def test_what_was_missed_while_it_was_away_is_made_good(outbox, redis_server, other_machine):
    redis_server.start()
    assert outbox.send(purge(1))
    redis_server.kill()
    for number in range(100):
        outbox.send(purge(number))
    redis_server.start()
    assert other_machine.is_listening.wait(20)
    until(lambda: outbox.send(purge("last")))
    until(lambda: other_machine.heard and other_machine.heard[-1].words == ("page:last",))

    # Not a hundred messages one by one.
    assert len(other_machine.heard) < 100


@pytest.mark.slow
def test_the_site_is_read_and_changed_without_redis(sites, redis_server):
    site = sites.ready(REDIS_URL=redis_server.address)
    planted = site.run("manage", "shell", "-c", CITY)
    assert planted.returncode == 0, planted.stderr
    site.start("--workers", "1")
    assert site.ask("/city/")[0] == 200

    def title_after_renaming(title: str) -> bool:
        renamed = site.run("manage", "shell", "-c", RENAME.format(title=title))
        assert renamed.returncode == 0, renamed.stderr
        return title in site.ask("/city/")[1]

    # The edge of this machine is told without Redis.
    assert title_after_renaming("Redis refuses")
    redis_server.start()
    redis_server.freeze()
    assert title_after_renaming("Redis hangs")
    assert site.stop() == 0
