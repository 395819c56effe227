"""Files the app names in `X-Sendfile`, sent without it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from coranto.delivery.edge.exchange import has_left
from coranto.delivery.edge.ranges import Part, find_part, holds, matches, read_date
from coranto.delivery.edge.refusals import refuse
from coranto.delivery.edge.requests import values_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from coranto.delivery.edge.answers import Headers

logger = logging.getLogger("coranto.edge")

_CHUNK: Final = 256 * 1024
_OWN: Final = frozenset(
    {b"content-length", b"etag", b"last-modified", b"accept-ranges", b"content-range", b"x-sendfile"}
)
# What a 304 repeats of the 200 it stands for (RFC 9110, 15.4.5), besides the two it is compared by.
_REPEATED: Final = frozenset({b"cache-control", b"content-location", b"expires", b"vary"})


class NotOursError(Exception):
    """The path leads out of every folder files may be sent from."""


@dataclass(frozen=True, slots=True)
class OpenFile:
    """`descriptor` is the caller's to close."""

    descriptor: int
    size: int
    modified: datetime
    etag: bytes


class Folders:
    """Where files may be sent from."""

    def __init__(self, roots: Iterable[Path]) -> None:
        self._roots = [Path(os.path.realpath(root)) for root in roots]

    def open(self, path: str) -> OpenFile:
        """Open a file below one of the folders, links resolved.

        Raises `NotOursError`, or `OSError` where there is none.
        """
        real = Path(os.path.realpath(path))
        if "\0" in path or not any(root in real.parents for root in self._roots):
            raise NotOursError(f"{path!r} is below none of the folders files are sent from.")
        # Not to wait for the other end of what turns out to be a pipe.
        descriptor = os.open(real, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            os.close(descriptor)
            raise FileNotFoundError(path)
        return OpenFile(
            descriptor=descriptor,
            size=facts.st_size,
            modified=datetime.fromtimestamp(int(facts.st_mtime), UTC),
            etag=b'"%x-%x"' % (facts.st_mtime_ns, facts.st_size),
        )


async def send_file(
    path: str, *, scope: dict[str, Any], send: Callable[[Any], Awaitable[None]], headers: Headers, folders: Folders
) -> None:
    """Answer with a file, or that part of it the request asks for; `headers` are those of the app's answer.

    Its `ETag` and `Last-Modified` are used where it gives them.
    """
    try:
        file = folders.open(path)
    except NotOursError:
        logger.exception("The app wanted a file sent that is not to be sent")
        await refuse(HTTPStatus.NOT_FOUND)(scope, None, send)
        return
    except OSError as error:
        logger.warning("The file %s cannot be sent: %s", path, error.strerror)
        await refuse(HTTPStatus.NOT_FOUND)(scope, None, send)
        return
    try:
        await _answer(file, scope=scope, send=send, headers=headers)
    finally:
        os.close(file.descriptor)


async def _answer(
    file: OpenFile, *, scope: dict[str, Any], send: Callable[[Any], Awaitable[None]], headers: Headers
) -> None:
    etag = (values_of(b"etag", headers) or [file.etag])[0]
    said = (values_of(b"last-modified", headers) or [b""])[0]
    modified = read_date(said) or file.modified
    own = [(b"etag", etag), (b"last-modified", format_datetime(modified, usegmt=True).encode())]
    kept = [header for header in headers if header[0] not in _OWN]
    asked = dict(scope["headers"])
    if _is_known(asked, etag, modified):
        repeated = [header for header in kept if header[0] in _REPEATED]
        await send({"type": "http.response.start", "status": HTTPStatus.NOT_MODIFIED, "headers": [*repeated, *own]})
        await send({"type": "http.response.body"})
        return
    status, part, more = _choose(
        asked, file.size, is_whole=not holds(asked.get(b"if-range"), etag=etag, modified=modified)
    )
    length = (b"content-length", b"%d" % part.length)
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*kept, *own, (b"accept-ranges", b"bytes"), *more, length],
        }
    )
    if scope["method"] != "HEAD":
        await _send_part(file, part, scope=scope, send=send)
    else:
        await send({"type": "http.response.body"})


def _is_known(asked: dict[bytes, bytes], etag: bytes, modified: datetime) -> bool:
    """Whether the client has this already (RFC 9110, 13.2.2): the tag counts, the date only where none was sent."""
    if b"if-none-match" in asked:
        return matches(asked[b"if-none-match"], etag)
    since = read_date(asked[b"if-modified-since"]) if b"if-modified-since" in asked else None
    return since is not None and modified <= since


def _choose(asked: dict[bytes, bytes], size: int, *, is_whole: bool) -> tuple[HTTPStatus, Part, Headers]:
    part = None if is_whole else find_part(asked.get(b"range"), size)
    if part is None:
        return HTTPStatus.OK, Part(0, size, size), []
    status = HTTPStatus.PARTIAL_CONTENT if part.length else HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
    return status, part, [(b"content-range", part.content_range)]


async def _send_part(
    file: OpenFile, part: Part, *, scope: dict[str, Any], send: Callable[[Any], Awaitable[None]]
) -> None:
    """In pieces: `send` waits while the client has not taken what it was given."""
    at = part.start
    while at < part.stop and not has_left(scope):
        piece = await _read(file.descriptor, min(_CHUNK, part.stop - at), at)
        if not piece:  # somebody shortened it: the connection ends, and the client sees that something is missing
            raise EOFError("The file has become shorter while it was sent.")
        at += len(piece)
        await send({"type": "http.response.body", "body": piece, "more_body": at < part.stop})
    if part.start == part.stop:
        await send({"type": "http.response.body"})


async def _read(descriptor: int, size: int, at: int) -> bytes:
    """Read at once what the system has in memory, and in a thread what it has to fetch from the disk."""
    room = bytearray(size)
    with contextlib.suppress(BlockingIOError, OSError):
        length = os.preadv(descriptor, [room], at, os.RWF_NOWAIT)
        if length:
            return bytes(room[:length])
    return await asyncio.to_thread(os.pread, descriptor, size, at)
