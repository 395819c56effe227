"""Requests that arrive in one piece, as nearly all of a reader's do, read without a call into Python for each header.

The parser is the same (llhttp, strict). What it finds goes straight into a list and a dict, which know neither a name
twice nor a name in another case: whatever is not plainly a simple GET is left to the connection's own parser, which
reads the same bytes again. Measured: 1.9 µs for a browser's headers, where a method in Python takes 3.1.
"""

from __future__ import annotations

from typing import Final

import httptools

BEGINNING: Final = b"GET /"
VERSION: Final = b" HTTP/1.1\r\n"
_END: Final = b"\r\n\r\n"
# In these spellings, and only once each, they are understood here.
_HEEDED: Final = (b"Host", b"Accept-Encoding", b"Cookie", b"If-None-Match", b"Connection")
# What browsers and proxies say besides, which makes no difference to what is stored for everybody.
_OF_NO_MATTER: Final = (
    *(b"User-Agent", b"Accept", b"Accept-Language", b"Referer", b"Origin", b"Upgrade-Insecure-Requests", b"DNT"),
    *(b"Cache-Control", b"Pragma", b"Priority", b"Purpose", b"Save-Data", b"Sec-GPC", b"Sec-Purpose"),
    *(b"Sec-Fetch-Site", b"Sec-Fetch-Mode", b"Sec-Fetch-User", b"Sec-Fetch-Dest"),
    *(b"sec-ch-ua", b"sec-ch-ua-mobile", b"sec-ch-ua-platform", b"Sec-CH-UA", b"Sec-CH-UA-Mobile"),
    *(b"Sec-CH-UA-Platform", b"Forwarded", b"Via", b"X-Forwarded-For", b"X-Forwarded-Proto", b"X-Forwarded-Host"),
    *(b"X-Forwarded-Port", b"X-Real-IP", b"X-Request-Id", b"X-Forwarded-Server", b"If-Modified-Since"),
)
_UNDERSTOOD: Final = frozenset({*_HEEDED, *_OF_NO_MATTER})
_STAYING: Final = frozenset({None, b"keep-alive", b"Keep-Alive"})


class WholeHeads:
    """One for the process: between two calls nothing is left in it."""

    def __init__(self) -> None:
        self.fields: dict[bytes, bytes] = {}
        self._targets: list[bytes] = []
        # The parser calls what it finds under these names.
        self.on_url = self._targets.append
        # A method of C that is called without a tuple being made; `__setitem__` would be slower.
        self.on_header = self.fields.setdefault
        self._parser = httptools.HttpRequestParser(self)

    def read(self, data: bytes) -> bytes | None:
        """The target of a simple GET that is all of `data`, its headers in `fields` until the next call; else None."""
        if not (data.startswith(BEGINNING) and data.endswith(_END)):
            return None
        fields = self.fields
        fields.clear()
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._begin_anew()
            return None
        target = self._targets.pop()
        if (
            data.startswith(VERSION, 4 + len(target))
            # As many lines as there are names, the first, and the empty one: no name came twice, no request followed.
            and data.count(b"\n") == len(fields) + 2
            and fields.keys() <= _UNDERSTOOD
            and fields.get(b"Connection") in _STAYING
        ):
            return target
        self._begin_anew()
        return None

    def _begin_anew(self) -> None:
        """The parser may be waiting for a body, or for nothing more."""
        self._targets.clear()
        self._parser = httptools.HttpRequestParser(self)
