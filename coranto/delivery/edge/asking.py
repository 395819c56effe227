"""What a client asks, as the gateway sees it, and what the app is asked because of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from coranto.delivery.edge.admission import is_candidate, read_cookies
from coranto.delivery.edge.connections import Question
from coranto.delivery.rules.entitlement import VISITOR
from coranto.delivery.rules.surrogate import CAPABILITY, understands_esi

if TYPE_CHECKING:
    from coranto.delivery.edge.answers import Headers
    from coranto.delivery.edge.connections import Body
    from coranto.delivery.edge.keys import Key
    from coranto.delivery.rules.entitlement import Entitlements

_CAPABILITY: Final = CAPABILITY.encode()
# Said by the edge itself, of the connection or of what it found out.
_OWN: Final = frozenset(
    {
        *(b"host", b"content-length", b"transfer-encoding", b"connection", b"expect", b"accept-encoding", b"upgrade"),
        *(b"x-forwarded-for", b"x-forwarded-proto", b"surrogate-capability", b"coranto-entitlement"),
    }
)
# Of a page that is rendered for all, the edge gives parts and answers “not modified” itself.
_ABOUT_ONE_COPY: Final = frozenset(
    {b"range", b"if-range", b"if-none-match", b"if-match", b"if-modified-since", b"if-unmodified-since"}
)
_OWN_OF_SHARED: Final = _OWN | _ABOUT_ONE_COPY
# Where being asked is the point: whoever asks is not to wait for another's answer, and HEAD is to stay one.
_FOR_EACH: Final = frozenset({b"/-/seen"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """`scope` is that of ASGI, its headers in lower case and without what a client may not say.

    `level` is what the reader is entitled to; `is_candidate`: it may be answered from the store.
    """

    scope: dict[str, Any]
    method: bytes
    target: bytes
    host: bytes
    level: str
    is_candidate: bool
    is_for_a_cache: bool  # a cache of ours stands in front and puts fragments into pages itself

    @property
    def headers(self) -> Headers:
        return self.scope["headers"]

    @property
    def path(self) -> bytes:
        return self.target.partition(b"?")[0]

    @property
    def client(self) -> str:
        return self.scope["client"][0] if self.scope["client"] else ""

    def header(self, name: bytes) -> bytes | None:
        return next((value for each, value in self.headers if each == name), None)


def read_request(scope: dict[str, Any], entitlements: Entitlements, *, has_cache_in_front: bool = False) -> Request:
    """What a scope says that decides about the way it takes.

    Without a cache of ours in front nobody is one, whatever they say: a proxy hands on what readers claim.
    """
    host = cookie = b""
    has_authorization = has_body = is_for_a_cache = False
    for name, value in scope["headers"]:
        if name == b"host":
            host = value
        elif name == b"cookie":
            cookie += b";" + value
        elif name == b"authorization":
            has_authorization = True
        elif name == b"content-length":
            has_body = value != b"0"
        elif name == b"surrogate-capability" and has_cache_in_front:
            is_for_a_cache = understands_esi(value.decode("latin-1"))
    method = scope["method"].encode("ascii")
    has_session, level = read_cookies(cookie, entitlements)
    may_be_stored = is_candidate(
        method=method, has_authorization=has_authorization, has_session=has_session, level=level
    )
    query = scope["query_string"]
    return Request(
        scope=scope,
        method=method,
        target=b"%b?%b" % (scope["raw_path"], query) if query else scope["raw_path"],
        host=host,
        level=level or VISITOR,
        is_candidate=may_be_stored and not has_body and not is_for_a_cache and scope["raw_path"] not in _FOR_EACH,
        is_for_a_cache=is_for_a_cache,
    )


def ask_as_sent(request: Request, body: Body | None) -> Question:
    """The request itself, for an answer that is for this client alone."""
    has_length = request.method not in {b"GET", b"HEAD", b"OPTIONS"} or body is not None
    length = body.length if body is not None else 0
    head = _head(
        request.method,
        request.target,
        _kept(request.headers, _OWN),
        host=request.host,
        client=request.client,
        scheme=request.scope["scheme"],
        level=request.level,
        length=length if has_length else None,
    )
    return Question(method=request.method, head=head, body=body if length else None)


def ask_for_all(key: Key, request: Request) -> Question:
    """For the page with this key, whole, whoever reads it; nothing else of the target gets to the app."""
    head = _head(
        b"GET",
        key.target.encode("ascii"),
        _kept(request.headers, _OWN_OF_SHARED),
        host=request.host,
        client=request.client,
        scheme=request.scope["scheme"],
        level=request.level,
    )
    return Question(method=b"GET", head=head)


def ask_plainly(key: Key, request: Request) -> Question:
    """For what depends on its address and its key's level alone: a part of pages, or a page nobody asks for yet."""
    head = _head(
        b"GET",
        key.target.encode("ascii"),
        [],
        host=key.host.encode("ascii"),
        client=request.client,
        scheme=request.scope["scheme"],
        level=key.level or VISITOR,
    )
    return Question(method=b"GET", head=head)


def _kept(headers: Headers, dropped: frozenset[bytes]) -> Headers:
    return [header for header in headers if header[0] not in dropped]


def _head(
    method: bytes,
    target: bytes,
    headers: Headers,
    *,
    host: bytes,
    client: str,
    scheme: str,
    level: str,
    length: int | None = None,
) -> bytes:
    """The head, down to the empty line; raises ValueError where a line is not one line."""
    lines = [
        b"%b %b HTTP/1.1" % (method, target),
        b"Host: " + host,
        b"Surrogate-Capability: " + _CAPABILITY,
        b"X-Forwarded-For: " + client.encode("ascii"),
        b"X-Forwarded-Proto: " + scheme.encode("ascii"),
        b"Coranto-Entitlement: " + level.encode("ascii"),
        *[b"%b: %b" % header for header in headers],
    ]
    if length is not None:
        lines.append(b"Content-Length: %d" % length)
    head = b"\r\n".join([*lines, b"", b""])
    # The parser has refused such a thing already. Should it ever not, a request must not become two.
    if head.count(b"\n") != len(lines) + 1 or head.count(b"\r") != len(lines) + 1 or b"\0" in head:
        raise ValueError("A line of the request holds more than one.")
    return head
