"""Compressing what is passed on: pages of staff and whatever else is not stored. The app sends them as they are."""

from __future__ import annotations

import asyncio
import secrets
import struct
import zlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from coranto.delivery.edge.composing import SMALLEST_COMPRESSED
from coranto.delivery.edge.encodings import GZIP, choose_encoding

if TYPE_CHECKING:
    from coranto.delivery.edge.answers import Answer, Headers
    from coranto.delivery.edge.asking import Request

# For one reader once: above, each further percent costs more time than it saves on the way.
_LEVEL: Final = 4
# From this size on in a thread, for zlib lets others run meanwhile; below, the way there would take longer.
_LONG: Final = 8 * 1024
_MOST_PADDING: Final = 100
# RFC 1952, 2.3: deflate, with a name, no time, any system.
_START: Final = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"
# What the length and the bytes of the plain text were.
_OF_THE_PLAIN: Final = frozenset({b"content-length", b"accept-ranges"})


def is_worth_packing(answer: Answer, request: Request) -> bool:
    """Whether this answer is better sent compressed."""
    length = answer.header(b"content-length")
    return (
        answer.is_text
        and answer.status not in {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED, HTTPStatus.PARTIAL_CONTENT}
        and not answer.has(b"content-encoding")
        and "no-transform" not in answer.header(b"cache-control")
        and request.method != b"HEAD"
        and not request.is_for_a_cache
        and not (length.isdecimal() and int(length) < SMALLEST_COMPRESSED)
        and choose_encoding(request.header(b"accept-encoding")) == GZIP
    )


def packed(headers: Headers) -> Headers:
    """The headers of the compressed answer; its tag can no longer promise the same bytes (RFC 9110, 8.8.1)."""
    kept = [
        (name, b"W/" + value if name == b"etag" and value.startswith(b'"') else value)
        for name, value in headers
        if name not in _OF_THE_PLAIN
    ]
    return [*kept, (b"content-encoding", b"gzip"), (b"vary", b"accept-encoding")]


class Packer:
    """One gzip stream (RFC 1952).

    It begins with a name of random length, so that the length of a page says less about what is in it: against the
    attack BREACH, as Django's middleware does.
    """

    def __init__(self) -> None:
        self._deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        self._start = _START + b"a" * secrets.randbelow(_MOST_PADDING) + b"\0"
        self._crc = self._size = 0

    async def add(self, piece: bytes) -> bytes:
        """What can be read of it at once: a page that comes bit by bit arrives so."""
        return await self._run(piece, zlib.Z_SYNC_FLUSH)

    async def end(self, piece: bytes = b"") -> bytes:
        return await self._run(piece, zlib.Z_FINISH)

    async def _run(self, piece: bytes, mode: int) -> bytes:
        return await asyncio.to_thread(self._pack, piece, mode) if len(piece) > _LONG else self._pack(piece, mode)

    def _pack(self, piece: bytes, mode: int) -> bytes:
        self._crc = zlib.crc32(piece, self._crc)
        self._size += len(piece)
        start, self._start = self._start, b""
        end = struct.pack("<II", self._crc, self._size & 0xFFFFFFFF) if mode == zlib.Z_FINISH else b""
        return start + self._deflate.compress(piece) + self._deflate.flush(mode) + end
