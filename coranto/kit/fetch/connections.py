"""Connections that go to approved addresses only and end when the call does."""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import httpcore

from coranto.kit.fetch.addresses import IPAddress, literal_address
from coranto.kit.fetch.errors import FetchError, Kind

Resolver = Callable[[str, int], Iterable[str]]


def resolve(host: str, port: int) -> list[str]:
    """The addresses the system knows for a name, each once, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(slots=True)
class Call:
    """One fetch: whom the caller asked for, when it ends, and whether this hop opened a connection."""

    host: str
    ends_at: float  # time.monotonic(): a deadline is a duration, which no clock of the day should stretch
    connected: bool = False

    def seconds_left(self, at_most: float | None = None) -> float:
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise self.failed("timeout")
        return left if at_most is None else min(left, at_most)

    def failed(self, kind: Kind, status: int | None = None) -> FetchError:
        return FetchError(kind, self.host, status)


# httpcore tells a stream how long one operation may take, not when all of them must end, and a pooled
# connection serves one call after the other. The synchronous pool works in the caller's thread, so in its
# context.
current_call: ContextVar[Call] = ContextVar("coranto_fetch_call")


class _GuardedStream(httpcore.NetworkStream):
    """A connection whose every operation ends when the call does."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, current_call.get().seconds_left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, current_call.get().seconds_left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = current_call.get().seconds_left(timeout)
        return _GuardedStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to approved addresses, and there is no other way to open one."""

    _TRIED_ADDRESSES = 4

    def __init__(
        self, resolver: Resolver, allow: Callable[[IPAddress], bool], connector: httpcore.NetworkBackend
    ) -> None:
        self._resolver = resolver
        self._allow = allow
        self._connector = connector

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        call = current_call.get()
        addresses = self._approved_addresses(call, host, port)[: self._TRIED_ADDRESSES]
        for position, address in enumerate(addresses, start=1):
            fair_share = call.seconds_left(timeout) / (len(addresses) - position + 1)
            try:
                stream = self._connector.connect_tcp(str(address), port, fair_share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if position == len(addresses):
                    raise
            else:
                call.connected = True
                return _GuardedStream(stream)
        raise call.failed("network")  # the name has no address

    def _approved_addresses(self, call: Call, host: str, port: int) -> list[IPAddress]:
        literal = literal_address(host)
        found = [str(literal)] if literal else _resolve_within(call, self._resolver, host, port)
        try:
            addresses = [ip_address(one) for one in found]
        except ValueError:
            raise call.failed("address") from None
        # One forbidden address condemns the name: it is either an attack or a mistake.
        if not all(self._allow(one) for one in addresses):
            raise call.failed("address")
        return addresses


def _resolve_within(call: Call, resolver: Resolver, host: str, port: int) -> list[str]:
    """Ask the resolver, but not longer than the call lasts.

    getaddrinfo cannot be interrupted, so it runs in a thread of its own, which is left behind if it takes too
    long and ends when the system's resolver gives up.
    """
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(list(resolver(host, port)))
        except Exception as error:  # noqa: BLE001 -- raised again in the thread that waits
            answers.put(error)

    threading.Thread(target=ask, name="coranto-resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=call.seconds_left())
    except queue.Empty:
        raise call.failed("timeout") from None
    if isinstance(answer, (OSError, UnicodeError)):
        raise call.failed("network") from answer
    if isinstance(answer, Exception):
        raise answer
    return answer
