"""Sending what the gateway has found: an entry of the store, or an answer of the app as it comes."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from coranto.delivery.edge.admission import LARGEST
from coranto.delivery.edge.answers import CONTRACT, HOP_BY_HOP, Answer, for_client
from coranto.delivery.edge.connections import AppError, OverloadedError
from coranto.delivery.edge.encodings import choose_encoding
from coranto.delivery.edge.exchange import has_left
from coranto.delivery.edge.files import send_file
from coranto.delivery.edge.packing import Packer, is_worth_packing, packed
from coranto.delivery.edge.ranges import matches
from coranto.delivery.rules.surrogate import understands_esi

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from coranto.delivery.edge.answers import Headers
    from coranto.delivery.edge.asking import Request
    from coranto.delivery.edge.composing import Prepared
    from coranto.delivery.edge.connections import AppAnswer
    from coranto.delivery.edge.entries import Entry
    from coranto.delivery.edge.files import Folders
    from coranto.delivery.edge.metrics import Counters
    from coranto.delivery.edge.rendering import Rendering
    from coranto.delivery.edge.store import Store

    Send = Callable[[Any], Awaitable[None]]

logger = logging.getLogger("coranto.edge")

# A fragment, those within it, and once more for each purge that meets them under way.
MOST_ROUNDS: Final = 8
_INCLUDE: Final = b"<esi:include"
# A cache of ours in front is told everything but what the edge has done already.
_FOR_THE_EDGE_ALONE: Final = frozenset({b"x-sendfile", b"coranto-view", b"coranto-staff"})
# They spoke of the page with its holes.
_OF_THE_UNFILLED: Final = frozenset({b"content-length", b"etag", b"last-modified"})
_WITHOUT_BODY: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


@dataclass(slots=True)
class Reply:
    """What is to be sent: the head, what is there of the body, and where the rest comes from."""

    answer: Answer
    rest: AppAnswer | None = None
    more: Headers = field(default_factory=list)

    def close(self) -> None:
        if self.rest is not None:
            self.rest.close()


class Replying:
    """Sends to clients, with the fragments put in."""

    def __init__(self, *, store: Store, rendering: Rendering, folders: Folders, counters: Counters) -> None:
        self._store = store
        self._rendering = rendering
        self._folders = folders
        self._counters = counters

    async def send_entry(self, entry: Entry, request: Request, send: Send) -> None:
        """Raises `AppError` before anything is sent where its fragments cannot be had."""
        if entry.file:
            await send_file(
                entry.file, scope=request.scope, send=send, headers=list(entry.headers), folders=self._folders
            )
            return
        prepared = await self._compose(entry, request)
        head, body = prepared.head, prepared.body
        known = request.header(b"if-none-match")
        if known is not None and prepared.etag and matches(known, prepared.etag):
            head, body = prepared.not_modified, b""
        lines = head.split(b"\r\n")
        headers = [(name, value) for name, _, value in (line.partition(b": ") for line in lines[1:]) if name]
        await self.send(int(lines[0].split(b" ", 2)[1]), headers, body, send)

    async def send(self, status: int, headers: Headers, body: bytes, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        self._counters.sent_bytes += len(body)

    async def relay(self, reply: Reply, request: Request, send: Send) -> None:
        """Pass an answer on; raises `AppError` before anything is sent where it cannot be."""
        try:
            await self._relay(reply, request, send)
        finally:
            reply.close()

    async def _relay(self, reply: Reply, request: Request, send: Send) -> None:
        answer = reply.answer
        if request.is_for_a_cache:
            hidden = HOP_BY_HOP | _FOR_THE_EDGE_ALONE
            headers = [header for header in answer.headers if header[0] not in hidden]
        else:
            headers = for_client(answer.headers)
        file = answer.header(b"x-sendfile")
        if file:
            reply.close()
            await send_file(
                file, scope=request.scope, send=send, headers=[*headers, *reply.more], folders=self._folders
            )
            return
        body = answer.body
        if _may_have_holes(answer, request):
            body = await self._read_whole(reply)
            if reply.rest is None and _INCLUDE in body:
                headers = [header for header in headers if header[0] not in _OF_THE_UNFILLED]
                body = await self._fill(body, request)
                headers.append((b"content-length", b"%d" % len(body)))
        packer = Packer() if is_worth_packing(answer, request) else None
        if packer is not None:
            headers = packed(headers)
            if reply.rest is None:
                body, packer = await packer.end(body), None
                headers.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": answer.status, "headers": [*headers, *reply.more]})
        if reply.rest is None or request.method == b"HEAD":
            await send({"type": "http.response.body", "body": body})
            self._counters.sent_bytes += len(body)
        else:
            await self._send_rest(body, reply.rest, packer, request, send)

    async def _send_rest(
        self, piece: bytes, rest: AppAnswer, packer: Packer | None, request: Request, send: Send
    ) -> None:
        try:
            while not has_left(request.scope):
                piece = piece or await rest.read()
                if not piece:
                    break
                said = await packer.add(piece) if packer else piece
                await send({"type": "http.response.body", "body": said, "more_body": True})
                self._counters.sent_bytes += len(said)
                piece = b""
        except AppError as error:
            # The head is out: the connection ends without a proper end, and the client sees that something is missing.
            logger.warning("An answer for %s broke off: %s", request.path.decode("latin-1"), error)
            return
        await send({"type": "http.response.body", "body": await packer.end() if packer else b""})

    async def _compose(self, entry: Entry, request: Request) -> Prepared:
        encoding = choose_encoding(request.header(b"accept-encoding"))
        for _ in range(MOST_ROUNDS):
            prepared = entry.choose(encoding)
            if prepared is not None:
                return prepared
            await self._rendering.render_fragments(entry.missing, request)
        raise OverloadedError("the fragments of a page change faster than they can be made")

    async def _fill(self, text: bytes, request: Request) -> bytes:
        host = self._store.keys.host_of(request.host)
        if host is None:
            return text
        for _ in range(MOST_ROUNDS):
            filled, missing = self._store.fill(text, host)
            if not missing:
                break
            await self._rendering.render_fragments(missing, request)
        return filled

    async def _read_whole(self, reply: Reply) -> bytes:
        """What is there of the body, all of it where that is not too much; the reply then has no rest."""
        pieces = [reply.answer.body]
        size = len(reply.answer.body)
        while reply.rest is not None and size <= LARGEST:
            piece = await reply.rest.read()
            if not piece:
                reply.rest = None
            pieces.append(piece)
            size += len(piece)
        return b"".join(pieces)


def _may_have_holes(answer: Answer, request: Request) -> bool:
    if request.is_for_a_cache or request.method == b"HEAD" or answer.status in _WITHOUT_BODY:
        return False
    if answer.has(b"content-encoding") or answer.has(b"content-range"):
        return False
    return answer.is_html or understands_esi(answer.header(b"surrogate-control"))


assert _FOR_THE_EDGE_ALONE <= CONTRACT  # noqa: S101 - what no client sees, no cache sees either
