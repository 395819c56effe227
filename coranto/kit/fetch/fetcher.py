"""Requests, redirects and answers, each within its limits."""

import contextlib
import ssl
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import BinaryIO, Final, Self

import httpcore
import httpx

from coranto import __version__
from coranto.kit.fetch.addresses import IPAddress, is_host, is_public
from coranto.kit.fetch.connections import Call, GuardedBackend, Resolver, current_call, resolve

WEB_PORTS: Final = frozenset({80, 443})


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer of 2xx. `url`: where the last redirect led; `content_type`: lower case, no parameters."""

    url: str
    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class FetchedInto:
    """As Fetched, with the body written to the caller's file: `size` bytes."""

    url: str
    status: int
    content_type: str
    size: int


@dataclass(frozen=True, slots=True)
class _Wanted:
    accept: Collection[str]
    max_bytes: int
    max_redirects: int


@cache
def _system_trust() -> ssl.SSLContext:
    """Reads the trust store, 20 ms of work, once in a process."""
    return ssl.create_default_context()


def _checked_url(address: httpx.URL | str, call: Call, ports: Collection[int]) -> httpx.URL:
    try:
        url = httpx.URL(address).copy_with(fragment=None)
        host = url.raw_host.decode("ascii")
    except (httpx.InvalidURL, ValueError):
        raise call.failed("address") from None
    if url.scheme not in {"http", "https"}:
        raise call.failed("scheme")
    if not is_host(host):
        raise call.failed("address")
    if not call.host:
        call.host = host
    if url.userinfo or _port(url) not in ports:
        raise call.failed("address")
    return url


def _port(url: httpx.URL) -> int:
    if url.port is not None:
        return url.port
    return 443 if url.scheme == "https" else 80


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, _port(url)


_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_CHUNK: Final = 65_536
# Read to the end so that the connection can serve the next request; a longer one is not worth it.
_DRAINED: Final = 16_384


def _header(response: httpcore.Response, name: bytes) -> str:
    for key, value in response.headers:
        if key.lower() == name:
            return value.decode("utf-8", "replace").strip()
    return ""


def _is_accepted(content_type: str, accept: Collection[str]) -> bool:
    family = content_type.partition("/")[0]
    return bool(content_type) and not {content_type, f"{family}/*", "*/*"}.isdisjoint(accept)


def _decoded(response: httpcore.Response, call: Call) -> Iterator[bytes]:
    """The body in pieces of bounded size. We ask for no encoding; some servers compress all the same."""
    encoding = _header(response, b"content-encoding").lower()
    if encoding in {"", "identity"}:
        yield from response.iter_stream()
    elif encoding in {"gzip", "x-gzip"}:
        decoder = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        for chunk in response.iter_stream():
            rest = chunk
            while rest and not decoder.eof:
                yield decoder.decompress(rest, _CHUNK)  # never more than this, whatever it unpacks to
                rest = decoder.unconsumed_tail
        yield decoder.flush(_CHUNK)
        if not decoder.eof:
            raise call.failed("network")
    else:
        raise call.failed("type")


def _drain(response: httpcore.Response) -> None:
    size = 0
    try:
        for chunk in response.iter_stream():
            size += len(chunk)
            if size > _DRAINED:
                return
    except (httpcore.NetworkError, httpcore.ProtocolError):
        return  # nobody needs this body


@contextlib.contextmanager
def _calling(deadline: float) -> Iterator[Call]:
    """One call from its first name to its last byte; whatever fails in it is said as a FetchError."""
    call = Call("", time.monotonic() + deadline)
    token = current_call.set(call)
    try:
        yield call
    except httpcore.TimeoutException as error:
        raise call.failed("timeout") from error
    except (httpcore.NetworkError, httpcore.ProtocolError, zlib.error) as error:
        raise call.failed("network") from error
    finally:
        current_call.reset(token)


_OURS: Final = frozenset({"accept", "accept-encoding", "connection", "content-length", "host"}) | frozenset(
    {"te", "transfer-encoding", "upgrade"}
)
_FOR_ANYBODY: Final = frozenset({"accept-language", "user-agent"})


class Fetcher:
    """Fetches many addresses with the same guarantees for each, keeping connections open between them.

    May be used from several threads. Close it, or use it as a context manager.
    """

    def __init__(
        self,
        *,
        resolver: Resolver = resolve,
        allow: Callable[[IPAddress], bool] = is_public,
        ports: Collection[int] = WEB_PORTS,
        tls: ssl.SSLContext | None = None,
        connector: httpcore.NetworkBackend | None = None,
    ) -> None:
        """`resolver` gives a name's addresses, `allow` judges each, `connector` opens what is allowed."""
        self._ports = frozenset(ports)
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls or _system_trust(),
            max_connections=20,
            max_keepalive_connections=10,
            keepalive_expiry=15,
            network_backend=GuardedBackend(resolver, allow, connector or httpcore.SyncBackend()),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._pool.close()

    def fetch(
        self,
        url: str,
        *,
        accept: Collection[str],
        max_bytes: int = 5_000_000,
        deadline: float = 5.0,
        max_redirects: int = 3,
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        """GET `url`, with the body in memory. Arguments and errors are those of `fetch_into`."""
        body = BytesIO()
        got = self.fetch_into(
            body,
            url,
            accept=accept,
            max_bytes=max_bytes,
            deadline=deadline,
            max_redirects=max_redirects,
            headers=headers,
        )
        return Fetched(got.url, got.status, got.content_type, body.getvalue())

    def fetch_into(
        self,
        file: BinaryIO,
        url: str,
        *,
        accept: Collection[str],
        max_bytes: int = 5_000_000,
        deadline: float = 5.0,
        max_redirects: int = 3,
        headers: Mapping[str, str] | None = None,
    ) -> FetchedInto:
        """GET `url` and write the body to `file`; after an error, what is in `file` is worth nothing.

        `accept`: content types, `image/*` and the like, or `*/*`; the answer must be one of them. `deadline`:
        seconds for everything. `headers`: further ones to send; to another origin than the one asked only
        User-Agent and Accept-Language go along. Raises FetchError, and ValueError for a header that is ours
        to set.
        """
        if isinstance(accept, str):
            raise TypeError("accept is a collection of content types, not one string")
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        if not _OURS.isdisjoint(sent):
            raise ValueError(f"not for the caller to set: {sorted(_OURS & sent.keys())}")
        with _calling(deadline) as call:
            return self._follow(call, url, file, sent, _Wanted(accept, max_bytes, max_redirects))

    def post(self, url: str, body: bytes, *, content_type: str, deadline: float = 5.0) -> int:
        """POST `body` to `url` and return the status, one of 2xx; what is answered is not read.

        No redirect is followed. It may arrive twice. Raises FetchError.
        """
        with _calling(deadline) as call:
            sent = {"content-type": content_type, "content-length": str(len(body)), "accept": "*/*"}
            response = self._ask(call, _checked_url(url, call, self._ports), sent, method="POST", body=body)
            try:
                if response.status in _REDIRECTS:
                    raise call.failed("redirects")
                if not httpx.codes.is_success(response.status):
                    raise call.failed("status", response.status)
                return int(response.status)
            finally:
                response.close()

    def _follow(
        self, call: Call, address: str, file: BinaryIO, sent: Mapping[str, str], wanted: _Wanted
    ) -> FetchedInto:
        url = _checked_url(address, call, self._ports)
        for _ in range(wanted.max_redirects + 1):
            response = self._ask(call, url, {**sent, "accept": ", ".join(wanted.accept)})
            try:
                if response.status not in _REDIRECTS:
                    return _received(call, url, response, file, wanted)
                _drain(response)
            finally:
                response.close()
            target = self._redirected(call, url, response)
            if _origin(target) != _origin(url):
                sent = {name: value for name, value in sent.items() if name in _FOR_ANYBODY}
            url = target
        raise call.failed("redirects")

    def _ask(
        self, call: Call, url: httpx.URL, sent: Mapping[str, str], *, method: str = "GET", body: bytes | None = None
    ) -> httpcore.Response:
        headers = {
            "host": url.netloc.decode("ascii"),
            "user-agent": f"Coranto/{__version__}",
            **sent,
            "accept-encoding": "identity",
        }
        while True:
            call.connected = False
            left = call.seconds_left()
            try:
                return self._pool.handle_request(
                    httpcore.Request(
                        method,
                        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                        headers=list(headers.items()),
                        content=body,
                        extensions={"timeout": {"connect": left, "read": left, "write": left, "pool": left}},
                    )
                )
            except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
                if call.connected:
                    raise
                # The server closed a kept connection in the moment we used it. It has left the pool.

    def _redirected(self, call: Call, url: httpx.URL, response: httpcore.Response) -> httpx.URL:
        location = _header(response, b"location")
        try:
            target = url.join(location)
        except (httpx.InvalidURL, ValueError):
            raise call.failed("redirects") from None
        if not location:
            raise call.failed("redirects")
        if url.scheme == "https" and target.scheme == "http":
            raise call.failed("scheme")
        return _checked_url(target, call, self._ports)


def _received(call: Call, url: httpx.URL, response: httpcore.Response, file: BinaryIO, wanted: _Wanted) -> FetchedInto:
    if not httpx.codes.is_success(response.status):
        _drain(response)
        raise call.failed("status", response.status)
    content_type = _header(response, b"content-type").partition(";")[0].strip().lower()
    if not _is_accepted(content_type, wanted.accept):
        raise call.failed("type")
    announced = _header(response, b"content-length")
    if announced.isdecimal() and int(announced) > wanted.max_bytes:
        raise call.failed("too-large")
    size = 0
    for piece in _decoded(response, call):
        size += len(piece)
        if size > wanted.max_bytes:
            raise call.failed("too-large")
        file.write(piece)
    return FetchedInto(str(url), response.status, content_type, size)


def fetch(
    url: str,
    *,
    accept: Collection[str],
    max_bytes: int = 5_000_000,
    deadline: float = 5.0,
    max_redirects: int = 3,
    resolver: Resolver = resolve,
    allow: Callable[[IPAddress], bool] = is_public,
    ports: Collection[int] = WEB_PORTS,
    headers: Mapping[str, str] | None = None,
) -> Fetched:
    """GET one address. Arguments and errors are those of `Fetcher` and its `fetch_into`."""
    with Fetcher(resolver=resolver, allow=allow, ports=ports) as fetcher:
        return fetcher.fetch(
            url,
            accept=accept,
            max_bytes=max_bytes,
            deadline=deadline,
            max_redirects=max_redirects,
            headers=headers,
        )
