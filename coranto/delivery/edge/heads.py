"""Status lines and headers made ready."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from coranto.delivery.edge.answers import LEVEL, Headers, for_client
from coranto.delivery.edge.encodings import GZIP

if TYPE_CHECKING:
    from coranto.delivery.edge.answers import Answer

# Made anew for each answer, or by the edge.
_OWN: Final = frozenset(
    {b"content-length", b"date", b"server", b"etag", b"vary", b"age", b"last-modified", b"accept-ranges"}
)
# What a 304 repeats of the 200 it stands for (RFC 9110, 15.4.5).
_REPEATED: Final = frozenset({b"cache-control", b"content-location", b"expires", b"vary"})


def kept(answer: Answer, *, by_level: bool) -> Headers:
    """The headers that are the same each time this is answered."""
    headers = [(name, value) for name, value in for_client(answer.headers) if name not in _OWN]
    varies = sorted((answer.vary | ({"accept-encoding"} if answer.is_text else set())) - {LEVEL})
    if by_level:
        # The entitlement stands in a cookie; caches on the way to the reader had better not try.
        varies.append("cookie")
        headers = [header for header in headers if header[0] != b"cache-control"]
        headers.append((b"cache-control", b"private, no-cache"))
    if varies:
        headers.append((b"vary", ", ".join(varies).encode("latin-1")))
    return headers


def prepare(status: int, headers: Headers) -> tuple[bytes, bytes]:
    """How all heads of an entry begin, and those of its 304s (none where there is nothing to compare)."""
    if status != HTTPStatus.OK:
        return _block(status, headers), b""
    repeated = [header for header in headers if header[0] in _REPEATED]
    return _block(HTTPStatus.OK, headers), _block(HTTPStatus.NOT_MODIFIED, repeated)


def finish(start: bytes, start_of_304: bytes, encoding: int, *, digest: str, length: int) -> tuple[bytes, bytes, bytes]:
    """The head, that of a 304 and the ETag, which is strong: each encoding has its own (RFC 9110, 8.8.3.3)."""
    encoded, suffix = (b"content-encoding: gzip\r\n", "-gzip") if encoding == GZIP else (b"", "")
    sized = b"content-length: %d\r\n" % length
    if not start_of_304:
        return start + encoded + sized, b"", b""
    tag = f'"{digest}{suffix}"'.encode()
    line = b"etag: %b\r\n" % tag
    return start + encoded + line + sized, start_of_304 + line, tag


def _block(status: int, headers: Headers) -> bytes:
    line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
    return line + b"".join([b"%b: %b\r\n" % header for header in headers])
