"""What a client is told when the app gives no answer and nothing is stored: the truth, in one sentence."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from coranto.delivery.edge.answers import Headers

RETRY_AFTER_SECONDS: Final = 5
_SENTENCES: Final = {
    HTTPStatus.SERVICE_UNAVAILABLE: "This page cannot be shown right now. Please try again in a moment.",
    HTTPStatus.BAD_GATEWAY: "Something went wrong while this page was being made. Please try again in a moment.",
    HTTPStatus.GATEWAY_TIMEOUT: "This page took too long to make. Please try again in a moment.",
    HTTPStatus.INSUFFICIENT_STORAGE: "There is no room for what you sent right now. Please try again later.",
}
_PAGE: Final = (
    '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    "<title>Please try again</title>\n<p>{}</p>\n</html>\n"
)


def apologise(status: HTTPStatus, *, accept: bytes | None) -> tuple[Headers, bytes]:
    """Headers and body; a page for whoever reads HTML, else a line of text."""
    sentence = _SENTENCES[status]
    is_page = accept is not None and b"text/html" in accept
    kind = b"text/html" if is_page else b"text/plain"
    body = (_PAGE.format(sentence) if is_page else sentence + "\n").encode()
    return [
        (b"content-type", kind + b"; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"retry-after", b"%d" % RETRY_AFTER_SECONDS),
        (b"content-length", b"%d" % len(body)),
    ], body
