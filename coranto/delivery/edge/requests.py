"""What is wrong with a request's head (RFC 9110, 9112), and what of it others get to see.

The parser (llhttp, strict) has refused what cannot be read: folded lines, odd characters in names and values,
`Content-Length` twice or beside `Transfer-Encoding`, malformed chunks. Here stands what it lets pass.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from coranto.delivery.edge.answers import HOP_BY_HOP, named_in_connection

if TYPE_CHECKING:
    from coranto.delivery.edge.answers import Headers
    from coranto.delivery.edge.limits import Limits

METHODS: Final = frozenset({b"GET", b"HEAD", b"POST", b"PUT", b"PATCH", b"DELETE", b"OPTIONS"})
VERSIONS: Final = frozenset({"1.0", "1.1"})
# What a method the parser does not know looks like; anything else at the start of a message is no HTTP.
_REQUEST_LINE: Final = re.compile(rb"[A-Za-z][A-Za-z-]{0,30} [^\s]")
_HOST: Final = re.compile(rb"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?")
_ABSOLUTE: Final = re.compile(rb"https?://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_FOR_EVERY_HOP: Final = frozenset({b"host", b"content-length", b"expect"})
_OF_PROXIES: Final = frozenset({b"forwarded", b"x-forwarded-for", b"x-real-ip", b"via"})
# What only our own proxies may say, and what the edge and the app say to each other.
_OURS: Final = re.compile(rb"forwarded|x-forwarded-.*|x-real-ip|surrogate-.*|coranto-.*", re.DOTALL)


def find_fault(method: bytes, target: bytes, version: str, headers: Headers, *, limits: Limits) -> HTTPStatus | None:
    """Why this request is refused, or None."""
    if len(target) > limits.target:
        return HTTPStatus.REQUEST_URI_TOO_LONG
    if len(headers) > limits.fields or size_of(target, headers) > limits.head:
        return HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
    if version not in VERSIONS:
        return HTTPStatus.HTTP_VERSION_NOT_SUPPORTED
    if method not in METHODS:
        return HTTPStatus.NOT_IMPLEMENTED
    return _fault_of_target(method, target) or _fault_of_fields(version, headers)


def size_of(target: bytes, headers: Headers) -> int:
    """How much of a head has been read."""
    return len(target) + sum(len(name) + len(value) + 4 for name, value in headers)


def _fault_of_target(method: bytes, target: bytes) -> HTTPStatus | None:
    if target == b"*" and method == b"OPTIONS":
        return None
    # A fragment is the browser's own business (RFC 9112, 3.2): caches disagree on what one in a request means.
    if b"#" in target or not (target.startswith(b"/") or _ABSOLUTE.fullmatch(target)):
        return HTTPStatus.BAD_REQUEST
    return None


def _fault_of_fields(version: str, headers: Headers) -> HTTPStatus | None:
    hosts = values_of(b"host", headers)
    if len(hosts) > 1 or (not hosts and version == "1.1") or not all(_HOST.fullmatch(host) for host in hosts):
        return HTTPStatus.BAD_REQUEST
    if any(expected.lower() != b"100-continue" for expected in values_of(b"expect", headers)):
        return HTTPStatus.EXPECTATION_FAILED
    codings = values_of(b"transfer-encoding", headers)
    if not codings:
        return None
    if version == "1.0" or len(codings) > 1 or values_of(b"content-length", headers):
        return HTTPStatus.BAD_REQUEST
    return None if codings[0].strip().lower() == b"chunked" else HTTPStatus.NOT_IMPLEMENTED


def speaks_for_itself(headers: Headers) -> bool:
    """Whether no proxy, of ours or not, says that it asks for somebody else."""
    return not any(name in _OF_PROXIES for name, _value in headers)


def values_of(name: bytes, headers: Headers) -> list[bytes]:
    return [value for each, value in headers if each == name]


def fault_of_unreadable(data: bytes, *, is_method: bool) -> HTTPStatus:
    """What to answer to bytes the parser could not read; `is_method` when it stumbled over the method."""
    return HTTPStatus.NOT_IMPLEMENTED if is_method and _REQUEST_LINE.match(data) else HTTPStatus.BAD_REQUEST


def in_origin_form(target: bytes, headers: Headers) -> tuple[bytes, Headers]:
    """The target as path and query. Of an absolute one the host counts, not the field's (RFC 9112, 3.2.2).

    Raises `ValueError` when that is none.
    """
    found = _ABSOLUTE.fullmatch(target)
    if not found:
        return target, headers
    if not _HOST.fullmatch(found[1]):
        raise ValueError(f"{found[1]!r} is no host.")
    rest = found[2] if found[2].startswith(b"/") else b"/" + found[2]
    return rest, [(b"host", found[1]), *((name, value) for name, value in headers if name != b"host")]


def for_the_app(headers: Headers, *, keeps_capability: bool) -> Headers:
    """What the app may see of a client's fields.

    CGI makes `_` of `-`: with both allowed, `X_Forwarded_For` would pass for a proxy's word. `keeps_capability` is for
    a trusted proxy that puts fragments into pages itself. What `Connection` names is for this hop alone (RFC 9110,
    7.6.1), except what no request is understood without.
    """
    of_this_hop = HOP_BY_HOP | (named_in_connection(headers) - _FOR_EVERY_HOP)
    return [
        (name, value)
        for name, value in headers
        if b"_" not in name
        and name not in of_this_hop
        and (not _OURS.fullmatch(name) or (keeps_capability and name == b"surrogate-capability"))
    ]
