from __future__ import annotations

import asyncio
import socket

import pytest
from fake_app import HOST, Edge, public, run, until

from coranto.delivery.edge.metrics import Counters
from coranto.delivery.edge.purging import PurgeSocket, Purging
from coranto.delivery.edge.store import Store
from coranto.delivery.rules import datagrams, entitlement
from coranto.delivery.rules.entitlement import Entitlements

SECRET = b"a secret of tests alone"


class Listener:
    """The purge socket in a folder, with a store behind it that holds two pages."""

    def __init__(self, folder):
        from coranto.delivery.edge.answers import Answer

        self.path = folder / datagrams.SOCKET_NAME
        self.overflow = folder / datagrams.OVERFLOW_NAME
        self.store = Store(limit=1_000_000, hosts={HOST})
        self.entitlements = Entitlements(entitlement.derive_key(SECRET))
        self.counters = Counters()
        self.purging = Purging(self.store, self.entitlements, self.counters)
        self.purges = PurgeSocket(self.path, self.purging)
        for number in (1, 2):
            key = self.store.keys.key_of(b"/%d/" % number, HOST.encode(), "visitor")
            headers = [(b"surrogate-control", b"max-age=60"), (b"surrogate-key", b"page:%d" % number)]
            self.store.finish(self.store.begin(key), Answer(200, headers, b"page"))

    async def __aenter__(self):
        self.purges.open()
        return self

    async def __aexit__(self, *_error):
        self.purges.close()

    def stored(self):
        keys = [self.store.keys.key_of(b"/%d/" % number, HOST.encode(), "visitor") for number in (1, 2)]
        return [self.store.find(key) is not None for key in keys]

    def sender(self):
        sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        sender.bind("")
        sender.setblocking(False)
        sender.connect(datagrams.address_of(self.path))
        return sender


@pytest.fixture
def listener(tmp_path):
    return Listener(tmp_path)


def test_a_purge_is_carried_out_and_then_acknowledged(listener):
    async def scenario():
        async with listener:
            (message,) = datagrams.purge(["page:1"])
            with listener.sender() as sender:
                sender.send(bytes(message))
                answer = await asyncio.get_running_loop().sock_recv(sender, 200)
                assert (answer.decode(), listener.stored()) == (message.identity, [False, True])
            assert (listener.counters.purges, listener.counters.purged_entries) == (1, 1)

    run(scenario())


def test_all_that_has_arrived_is_carried_out_at_once(listener):
    async def scenario():
        async with listener:
            with listener.sender() as sender:
                for tag in ("page:8", "page:9", "page:2", "page:1"):
                    (message,) = datagrams.purge([tag])
                    sender.send(bytes(message))
                assert listener.stored() == [True, True]
                listener.purges.drain()
                assert listener.stored() == [False, False]

    run(scenario())


def test_everything_is_forgotten_where_that_is_said_or_a_message_cannot_be_read(listener, caplog):
    async def scenario():
        async with listener:
            with listener.sender() as sender:
                sender.send(bytes(datagrams.purge_everything()))
                listener.purges.drain()
                assert listener.stored() == [False, False]
        other = Listener(listener.path.parent)
        async with other:
            with other.sender() as sender:
                sender.send(b"\xff what is this")
                other.purges.drain()
                assert other.stored() == [False, False]

    run(scenario())
    assert "A purge could not be read" in caplog.text


def test_an_overflow_forgets_everything_once(listener, caplog):
    async def scenario():
        async with listener:
            listener.overflow.touch()
            listener.purges.drain()
            assert (listener.stored(), listener.overflow.exists()) == ([False, False], False)
            listener.purges.drain()
            assert listener.counters.purges == 1

    run(scenario())
    assert "more purges than could be said" in caplog.text


def test_a_message_that_comes_by_two_ways_is_carried_out_once(listener):
    async def scenario():
        async with listener:
            (message,) = datagrams.purge(["page:1"])
            listener.purging.carry_out(message)
            listener.purging.carry_out(datagrams.read(bytes(message)))
            assert (listener.counters.purges, listener.store.sequence) == (1, 1)

    run(scenario())


def test_a_revoked_entitlement_is_believed_no_more(listener):
    async def scenario():
        async with listener:
            key = entitlement.derive_key(SECRET)
            now = int(listener.entitlements._now())
            cookie = entitlement.write(entitlement.Entitlement("tier-2", "ada", now + 300), key)
            assert listener.entitlements.level_of(cookie) == "tier-2"
            (message,) = datagrams.revoke(["ada"])
            with listener.sender() as sender:
                sender.send(bytes(message))
            listener.purges.drain()
            assert listener.entitlements.level_of(cookie) is None

    run(scenario())


def test_a_socket_left_by_a_predecessor_is_replaced_and_belongs_to_the_owner_alone(listener):
    async def scenario():
        listener.path.write_text("left behind")
        listener.overflow.touch()
        async with listener:
            assert listener.path.stat().st_mode & 0o777 == 0o600
            assert not listener.overflow.exists()

    run(scenario())


def test_a_purge_from_another_process_is_carried_out_without_any_request(tmp_path):
    edge = Edge(tmp_path)

    async def scenario():
        async with edge:
            edge.app.views["/"] = public("news", "page:1")
            await edge.get("/")
            assert edge.hit("/") == b"news"
            edge.purge("page:1")
            await until(lambda: edge.hit("/") is None)

    run(scenario())


# Messages --------------------------------------------------------------------------------------------------------


def test_messages_read_as_they_were_written():
    (message,) = datagrams.purge(["page:2", "page:1", "page:2"])
    assert message.words == ("page:1", "page:2")
    assert datagrams.read(bytes(message)) == message
    assert datagrams.read(bytes(datagrams.purge_everything())).kind is datagrams.Kind.EVERYTHING
    assert datagrams.read(b"revoke abc\nada ben").words == ("ada", "ben")
    assert datagrams.purge([]) == []


def test_many_tags_are_split_and_none_is_lost():
    tags = {f"page:{number}" for number in range(20_000)}
    messages = datagrams.purge(tags)
    assert max(len(bytes(message)) for message in messages) < 8_000
    assert {tag for message in messages for tag in datagrams.read(bytes(message)).words} == tags
    assert len({message.identity for message in messages}) == len(messages)


@pytest.mark.parametrize("tag", ["two words", "new\nline", "", "höhe:1", "x" * 201])
def test_a_tag_that_cannot_be_said_is_refused(tag):
    with pytest.raises(ValueError, match="cannot be said"):
        datagrams.purge([tag])


@pytest.mark.parametrize(
    "data", [b"", b"purge", b"purge \nx", b"burn abc\nx", b"purge a b\nx", b"purge \xff\nx", b"\0" * 60]
)
def test_what_is_no_message_is_not_taken_for_one(data):
    with pytest.raises(datagrams.UnreadableError):
        datagrams.read(data)


def test_a_long_path_is_reached_also_after_its_folder_was_made_anew(tmp_path):
    folder = tmp_path / ("a" * 80) / ("b" * 80)
    path = folder / "s.sock"
    for _ in range(2):
        folder.mkdir(parents=True)
        assert len(datagrams.address_of(path)) <= 107
        with (
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as own,
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other,
        ):
            own.bind(datagrams.address_of(path))
            other.sendto(b"here", datagrams.address_of(path))
            assert own.recv(9) == b"here"
            assert path.is_socket()
        path.unlink()
        folder.rmdir()
    with pytest.raises(FileNotFoundError):
        datagrams.address_of(path)


def test_sites_that_share_a_redis_do_not_share_a_channel():
    assert datagrams.site_of(b"one") != datagrams.site_of(b"two")
    assert datagrams.site_of(b"one") == datagrams.site_of(b"one\n")
