"""What the edge says itself when it does not pass a request on: one plain sentence, ready to be written."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from coranto.delivery.edge.requests import METHODS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from coranto.delivery.edge.answers import Headers

_SENTENCES: Final = {
    HTTPStatus.BAD_REQUEST: "This request cannot be read.",
    HTTPStatus.NOT_FOUND: "There is nothing here.",
    HTTPStatus.REQUEST_TIMEOUT: "The request took too long to arrive.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "What was sent is larger than this site takes.",
    HTTPStatus.REQUEST_URI_TOO_LONG: "This address is too long.",
    HTTPStatus.EXPECTATION_FAILED: "This site cannot do what the request expects.",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "The request has more headers, or larger ones, than this site reads.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong here. It has been noted.",
    HTTPStatus.NOT_IMPLEMENTED: "This site does not know how to answer such a request.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The site is busy or being updated. Please try again in a moment.",
    HTTPStatus.HTTP_VERSION_NOT_SUPPORTED: "This site speaks HTTP/1.1.",
}
_MORE: Final[dict[HTTPStatus, Headers]] = {
    HTTPStatus.SERVICE_UNAVAILABLE: [(b"retry-after", b"5")],
    HTTPStatus.NOT_IMPLEMENTED: [(b"allow", b", ".join(sorted(METHODS)))],
}


def refusal(status: HTTPStatus) -> tuple[Headers, bytes]:
    """The headers and the body with which the edge refuses a request."""
    body = _SENTENCES[status].encode() + b"\n"
    return [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *_MORE.get(status, []),
        (b"content-length", b"%d" % len(body)),
    ], body


def refuse(status: HTTPStatus) -> Callable[[Any, Any, Any], Awaitable[None]]:
    """An ASGI application that refuses whatever it is asked."""

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        headers, body = refusal(status)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return application


def last_words(status: HTTPStatus, date: bytes) -> bytes:
    """A whole refusal, after which the connection ends; `date` is its last line with the empty one after it."""
    headers, body = refusal(status)
    lines = b"".join(b"%b: %b\r\n" % header for header in headers)
    return b"HTTP/1.1 %d %b\r\n%bconnection: close\r\n%b%b" % (status, status.phrase.encode(), lines, date, body)
