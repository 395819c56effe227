"""Request bodies, received whole before the app sees anything.

A slow sender holds a file of ours and not a thread of the app's.
"""

from __future__ import annotations

import asyncio
import errno
import tempfile
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

_IN_MEMORY: Final = 64 * 1024
# Strangers may send what only an editor's upload needs: together they fill no disk.
MOST_TOGETHER: Final = 2 * 1024 * 1024 * 1024


class ClientLeftError(Exception):
    """The client has gone, or was refused, before its body was complete."""


class Spooled:
    """A complete body, to be read from its beginning: in memory while it is small, in a nameless file beyond."""

    together: ClassVar[int] = 0  # bytes of all that are open

    def __init__(self, folder: Path | None = None) -> None:
        self.length = 0
        self._is_open = True
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(folder) if folder else None)  # noqa: SIM115 - `close`

    async def add(self, piece: bytes) -> None:
        """Raises `OSError` where the disk is full, or as much of it taken as may be."""
        if Spooled.together + len(piece) > MOST_TOGETHER:
            raise OSError(errno.ENOSPC, "The bodies of requests take up as much as they may together")
        Spooled.together += len(piece)
        self.length += len(piece)
        if self.length <= _IN_MEMORY:
            self._file.write(piece)
        else:  # a disk may make us wait
            await asyncio.to_thread(self._file.write, piece)

    def rewind(self) -> None:
        self._file.seek(0)

    def read(self, size: int, /) -> bytes:
        return self._file.read(size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        if self._is_open:
            self._is_open = False
            Spooled.together -= self.length
        self._file.close()


async def spool(receive: Callable[[], Awaitable[dict[str, Any]]], *, folder: Path | None = None) -> Spooled:
    """The whole body of a request; how large it may be, and how slow, is the connection's concern.

    Raises `ClientLeftError` when the rest does not come, `OSError` where the disk is full.
    """
    spooled = Spooled(folder)
    try:
        await _fill(spooled, receive)
    except BaseException:
        spooled.close()
        raise
    spooled.rewind()
    return spooled


async def _fill(spooled: Spooled, receive: Callable[[], Awaitable[dict[str, Any]]]) -> None:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeftError("The client left before its body was complete.")
        if message.get("body"):
            await spooled.add(message["body"])
        if not message.get("more_body"):
            return
