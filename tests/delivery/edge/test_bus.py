from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import time

import pytest
from fake_app import run, until

from coranto.delivery.edge import bus
from coranto.delivery.edge.bus import open_bus
from coranto.delivery.rules import datagrams

SECRET = "a secret of tests alone"
DATABASE = os.environ.get("DATABASE_URL", "")


class Forgetting:
    """Stands where purges are carried out."""

    def __init__(self):
        self.words: list[str] = []
        self.everything = 0

    def carry_out(self, message):
        self.words += message.words

    def forget_everything(self):
        self.everything += 1


class RedisServer:
    """A Redis of this test, on a unix socket."""

    def __init__(self, folder):
        self.path = folder / "redis.sock"
        self.url = f"unix://{self.path}"
        self.folder = folder
        self.process = None

    def start(self):
        program = shutil.which("redis-server")
        assert program, "redis-server is not installed"
        self.process = subprocess.Popen(
            [
                program,
                "--port",
                "0",
                "--unixsocket",
                str(self.path),
                "--save",
                "",
                "--appendonly",
                "no",
                "--dir",
                str(self.folder),
            ],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 20
        while not self._answers():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def _answers(self):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.path))
            except OSError:
                return False
            probe.sendall(b"PING\r\n")
            return probe.recv(10).startswith(b"+PONG")

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def freeze(self):
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self):
        self.process.send_signal(signal.SIGCONT)

    def publish(self, message, channel=None):
        import redis

        with redis.Redis.from_url(self.url) as client:
            return client.publish(
                channel or datagrams.redis_channel(datagrams.site_of(SECRET.encode())), bytes(message)
            )


@pytest.fixture
def server(tmp_path):
    server = RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(bus, "FORGET_EVERY", 0.02)
    monkeypatch.setattr(bus, "PROBE_AFTER", 0.05)
    monkeypatch.setattr(bus, "ANSWER_WITHIN", 2.0)
    monkeypatch.setattr(bus, "CONNECT_WITHIN", 0.5)
    monkeypatch.setattr(bus, "LONGEST_PAUSE", 0.1)


class Listening:
    """A bus that runs."""

    def __init__(self, **where):
        self.forgetting = Forgetting()
        self.bus = open_bus(**{"redis_url": "", "database_url": "", **where}, secret=SECRET, purging=self.forgetting)

    async def __aenter__(self):
        self.task = asyncio.create_task(self.bus.run())
        return self

    async def __aexit__(self, *_error):
        self.task.cancel()
        await asyncio.wait([self.task])


def test_a_site_of_one_machine_has_no_bus():
    assert open_bus(redis_url="", database_url="", secret=SECRET, purging=Forgetting()) is None


def test_a_purge_of_another_machine_is_heard_by_redis_and_only_of_our_site(server):
    async def scenario():
        async with Listening(redis_url=server.url) as here, Listening(redis_url=server.url) as there:
            await until(lambda: here.bus.is_connected and there.bus.is_connected)
            (other,) = datagrams.purge(["page:9"])
            (ours,) = datagrams.purge(["page:1", "page:2"])
            server.publish(other, channel=datagrams.redis_channel("another site"))
            assert server.publish(ours) == 2
            await until(lambda: here.forgetting.words and there.forgetting.words)
            assert here.forgetting.words == there.forgetting.words == ["page:1", "page:2"]
            assert here.forgetting.everything == 1  # when it began to listen

    run(scenario())


def test_while_redis_is_away_everything_is_forgotten_again_and_again_and_once_it_is_back(server, quick, caplog):
    async def scenario():
        async with Listening(redis_url=server.url) as here:
            await until(lambda: here.bus.is_connected)
            server.stop()
            await until(lambda: not here.bus.is_connected)
            before = here.forgetting.everything
            await until(lambda: here.forgetting.everything >= before + 3)
            server.start()
            await until(lambda: here.bus.is_connected)
            (message,) = datagrams.purge(["page:1"])
            server.publish(message)
            await until(lambda: here.forgetting.words == ["page:1"])
            quiet = here.forgetting.everything
            await asyncio.sleep(5 * bus.FORGET_EVERY)
            assert here.forgetting.everything == quiet

    run(scenario())
    said = [record.getMessage() for record in caplog.records]
    assert sum("are not heard" in each for each in said) == 1
    assert sum("are heard again from Redis" in each for each in said) == 1


def test_a_redis_that_accepts_and_says_nothing_counts_as_away(server, quick):
    async def scenario():
        async with Listening(redis_url=server.url) as here:
            await until(lambda: here.bus.is_connected)
            server.freeze()
            try:
                await until(lambda: not here.bus.is_connected)
            finally:
                server.thaw()
            await until(lambda: here.bus.is_connected)

    run(scenario())


def test_a_quiet_redis_stays_connected(server, quick):
    async def scenario():
        async with Listening(redis_url=server.url) as here:
            await until(lambda: here.bus.is_connected)
            await asyncio.sleep(bus.PROBE_AFTER)
            before = here.forgetting.everything  # once, or more often where connecting took its time
            await asyncio.sleep(4 * bus.PROBE_AFTER)  # long enough to be asked whether it is there
            assert (here.bus.is_connected, here.forgetting.everything) == (True, before)
            (message,) = datagrams.purge(["page:1"])
            server.publish(message)
            await until(lambda: here.forgetting.words == ["page:1"])

    run(scenario())


def test_words_nobody_understands_forget_everything(server, caplog):
    async def scenario():
        async with Listening(redis_url=server.url) as here:
            await until(lambda: here.bus.is_connected)
            server.publish(b"gibberish")
            await until(lambda: here.forgetting.everything == 2)

    run(scenario())
    assert "could not be read" in caplog.text


@pytest.mark.skipif(not DATABASE, reason="the other database: bin/with-postgresql runs this")
def test_a_purge_of_another_machine_is_heard_by_postgresql_and_a_lost_connection_is_replaced(quick, caplog):
    import psycopg

    def execute(*statement):
        with psycopg.connect(DATABASE, autocommit=True) as connection:
            connection.execute(*statement)

    async def scenario():
        async with Listening(database_url=DATABASE) as here:
            await until(lambda: here.bus.is_connected)
            messages = datagrams.purge(f"page:{number}" for number in range(3_000))
            for message in messages:
                execute("SELECT pg_notify(%s, %s)", [datagrams.POSTGRESQL_CHANNEL, bytes(message).decode()])
            await until(lambda: len(here.forgetting.words) == 3_000)
            await asyncio.sleep(4 * bus.PROBE_AFTER)  # quiet for so long that it is asked whether it is there
            before = here.forgetting.everything
            execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR query = 'SELECT 1'"
            )
            await until(lambda: here.forgetting.everything > before and here.bus.is_connected)
            (message,) = datagrams.purge(["page:last"])
            execute("SELECT pg_notify(%s, %s)", [datagrams.POSTGRESQL_CHANNEL, bytes(message).decode()])
            await until(lambda: here.forgetting.words[-1] == "page:last")

    run(scenario())
    assert "PostgreSQL is lost" in caplog.text


def test_nothing_is_heard_of_a_database_that_is_not_there(quick, tmp_path):
    async def scenario():
        async with Listening(database_url=f"postgresql://nobody@/none?host={tmp_path}") as here:
            await until(lambda: here.forgetting.everything >= 3)
            assert not here.bus.is_connected

    run(scenario())
