"""Request bodies are received whole, in memory or on the disk."""

from __future__ import annotations

import asyncio
import errno
import os

import pytest

from coranto.delivery.edge.bodies import ClientLeftError, Spooled, spool


def receiving(*messages):
    left = list(messages)

    async def receive():
        return left.pop(0)

    return receive


def piece(body, *, more=True):
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.mark.parametrize("size", [0, 10, 65_536, 65_537, 900_000])
def test_body_is_read_as_it_came(size, tmp_path):
    body = os.urandom(size)
    pieces = [piece(body[start : start + 70_000]) for start in range(0, size, 70_000)]

    with asyncio.run(spool(receiving(*pieces, piece(b"", more=False)), folder=tmp_path)) as spooled:
        assert spooled.length == size
        assert spooled.read(7) + spooled.read(size) == body
        assert spooled.read(1) == b""


def test_small_body_stays_in_memory_and_a_large_one_does_not(tmp_path):
    with asyncio.run(spool(receiving(piece(b"a" * 65_536, more=False)), folder=tmp_path)) as small:
        assert not small._file._rolled
    with asyncio.run(spool(receiving(piece(b"a" * 65_537, more=False)), folder=tmp_path)) as large:
        assert large._file._rolled
        assert list(tmp_path.iterdir()) == []  # it has no name: nothing is left whatever happens


def test_all_bodies_together_take_no_more_than_they_may(monkeypatch):
    monkeypatch.setattr("coranto.delivery.edge.bodies.MOST_TOGETHER", Spooled.together + 10)
    with asyncio.run(spool(receiving(piece(b"abcdef", more=False)))), pytest.raises(OSError, match="together"):
        asyncio.run(spool(receiving(piece(b"ghijk", more=False))))
    with asyncio.run(spool(receiving(piece(b"abcde"), piece(b"fghij", more=False)))) as later:
        assert later.length == 10


def test_client_who_leaves_is_told_apart_from_one_who_is_done():
    with pytest.raises(ClientLeftError):
        asyncio.run(spool(receiving(piece(b"abc"), {"type": "http.disconnect"})))


def test_full_disk_is_told_and_nothing_stays_open(monkeypatch, tmp_path):
    begun = []

    async def refuse(self, piece):
        begun.append(self)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Spooled, "add", refuse)
    with pytest.raises(OSError, match="No space left"):
        asyncio.run(spool(receiving(piece(b"abc", more=False)), folder=tmp_path))
    assert [spooled._file.closed for spooled in begun] == [True]
