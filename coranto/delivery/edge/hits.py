"""Requests that the store can answer at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coranto.delivery.edge.admission import is_candidate, read_cookies
from coranto.delivery.edge.encodings import choose_encoding
from coranto.delivery.edge.ranges import find_part, holds, matches
from coranto.delivery.edge.whole import BEGINNING, VERSION, WholeHeads
from coranto.delivery.rules.entitlement import VISITOR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coranto.delivery.edge.composing import Prepared
    from coranto.delivery.edge.store import Store
    from coranto.delivery.rules.entitlement import Entitlements

_OUR_COOKIES: Final = b"coranto_"
_OK: Final = b"HTTP/1.1 200 "
_MOST_REMEMBERED: Final = 1_000
_LONGEST_REMEMBERED: Final = 2_000
# One reader's own, or one answer's: nobody else says the same.
_ONES_OWN: Final = frozenset(
    {b"Cookie", b"If-None-Match", b"X-Forwarded-For", b"X-Real-IP", b"X-Request-Id", b"Forwarded"}
)


class Hits:
    """The fast path: what it does for each request is counted in tenths of microseconds."""

    def __init__(self, store: Store, entitlements: Entitlements) -> None:
        self._store = store
        self._entitlements = entitlements
        self._whole = WholeHeads()
        # What whole requests said after their first line, once it was understood. Readers with the same browser who
        # come from the same page say the same, and to read it again would be half of the hit.
        self._said: dict[bytes, tuple[bytes, int]] = {}

    def find(  # noqa: PLR0911 - each step taken apart would cost a call
        self, method: bytes, target: bytes, fields: Mapping[bytes, bytes]
    ) -> tuple[bytes, bytes] | None:
        """Head (without Date) and body of the answer; None where somebody else has to answer.

        `fields` are the request's headers, each name once and in lower case.
        """
        if (method != b"GET" and method != b"HEAD") or (  # noqa: PLR1714 - quicker than a set
            b"authorization" in fields
            or b"content-length" in fields
            or b"transfer-encoding" in fields
            or b"upgrade" in fields
            or b"surrogate-capability" in fields
        ):
            return None
        cookie = fields.get(b"cookie")
        level = VISITOR if cookie is None or _OUR_COOKIES not in cookie else self.level_of(method, cookie)
        host = fields.get(b"host")
        if host is None or level is None:
            return None
        entry = self._store.find_target(host, target, level)
        if entry is None or entry.file:
            return None
        prepared = entry.choose(choose_encoding(fields.get(b"accept-encoding")))
        if prepared is None:
            return None
        if b"if-none-match" in fields and prepared.etag and matches(fields[b"if-none-match"], prepared.etag):
            return prepared.not_modified, b""
        if method == b"HEAD":
            return prepared.head, b""
        if b"range" in fields and prepared.etag:
            return _part(prepared, fields)
        return prepared.head, prepared.body

    def find_whole(self, data: bytes) -> tuple[bytes, bytes] | None:
        """The same for `data` that may be one whole request, which it is when there is an answer."""
        end = data.find(VERSION)
        said = self._said.get(data[end:])
        if said is not None and data.startswith(BEGINNING):
            # The same headers as before, to the byte: they mean what they meant. The store knows no address that is
            # not plainly one, so that the first line needs no reading.
            host, encoding = said
            entry = self._store.find_target(host, data[4:end], VISITOR)
            if entry is None or entry.file:
                return None
            prepared = entry.choose(encoding)
            return None if prepared is None else (prepared.head, prepared.body)
        target = self._whole.read(data)
        return None if target is None else self._find_read(target, data[end:])

    def _find_read(self, target: bytes, rest: bytes) -> tuple[bytes, bytes] | None:
        """The answer to what was just read: `target`, and after it `rest`."""
        fields = self._whole.fields
        cookie = fields.get(b"Cookie")
        level = VISITOR if cookie is None or _OUR_COOKIES not in cookie else self.level_of(b"GET", cookie)
        host = fields.get(b"Host")
        if host is None or level is None:
            return None
        entry = self._store.find_target(host, target, level)
        if entry is None or entry.file:
            return None
        encoding = choose_encoding(fields.get(b"Accept-Encoding"))
        prepared = entry.choose(encoding)
        if prepared is None:
            return None
        if b"If-None-Match" in fields and prepared.etag and matches(fields[b"If-None-Match"], prepared.etag):
            return prepared.not_modified, b""
        if len(rest) <= _LONGEST_REMEMBERED and fields.keys().isdisjoint(_ONES_OWN):
            if len(self._said) >= _MOST_REMEMBERED:
                self._said.clear()
            self._said[rest] = host, encoding  # no cookie: a visitor
        return prepared.head, prepared.body

    def level_of(self, method: bytes, cookie: bytes) -> str | None:
        """What the sender of this `Cookie` is entitled to; None where the answer is for nobody else."""
        has_session, level = read_cookies(cookie, self._entitlements)
        if not is_candidate(method=method, has_authorization=False, has_session=has_session, level=level):
            return None
        return level or VISITOR


def _part(prepared: Prepared, fields: Mapping[bytes, bytes]) -> tuple[bytes, bytes]:
    part = find_part(fields[b"range"], len(prepared.body))
    if part is None or not prepared.head.startswith(_OK) or not holds(fields.get(b"if-range"), etag=prepared.etag):
        return prepared.head, prepared.body
    lines = [line for line in prepared.head.split(b"\r\n")[1:-1] if not line.lower().startswith(b"content-length:")]
    status = b"HTTP/1.1 206 Partial Content" if part.length else b"HTTP/1.1 416 Range Not Satisfiable"
    lines = [status, *lines, b"content-range: " + part.content_range, b"content-length: %d" % part.length]
    return b"\r\n".join([*lines, b""]), prepared.body[part.start : part.stop]
