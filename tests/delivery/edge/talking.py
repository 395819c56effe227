"""HTTP by hand: what a client sends is bytes, and what comes back is looked at as it is."""

from __future__ import annotations

import contextlib
import json
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

# Only a test that fails waits this long.
PATIENCE = 20.0


@dataclass(frozen=True)
class Heard:
    """An answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name: str) -> str:
        (value,) = [value for each, value in self.headers if each == name]
        return value

    def get(self, name: str) -> str | None:
        return dict(self.headers).get(name)

    @property
    def json(self) -> dict:
        return json.loads(self.body)


class Talk:
    """One connection."""

    def __init__(self, address: tuple[str, int] | str, *, receive_buffer: int = 0) -> None:
        self.socket = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect(address)
        self._file = self.socket.makefile("rb")

    def say(self, data: bytes | str) -> Self:
        self.socket.sendall(data.encode("latin-1") if isinstance(data, str) else data)
        return self

    def get(self, target: str, *headers: str, method: str = "GET", version: str = "1.1") -> Self:
        lines = [f"{method} {target} HTTP/{version}", "Host: localhost", *headers]
        return self.say("".join(f"{line}\r\n" for line in [*lines, ""]))

    def ask(self, target: str, *headers: str, method: str = "GET", version: str = "1.1") -> Heard:
        return self.get(target, *headers, method=method, version=version).hear(method=method)

    def post(self, target: str, body: bytes, *headers: str) -> Heard:
        self.get(target, f"Content-Length: {len(body)}", *headers, method="POST")
        return self.say(body).hear()

    def hear(self, *, method: str = "GET") -> Heard:
        line = self._file.readline()
        if not line:
            raise ConnectionError("The connection was closed instead of an answer.")
        status = int(line.split()[1])
        headers = []
        while (line := self._file.readline().rstrip(b"\r\n")) != b"":
            name, _, value = line.decode("latin-1").partition(":")
            headers.append((name.lower(), value.strip()))
        return Heard(status, headers, self._body(status, dict(headers), method))

    def _body(self, status: int, headers: dict[str, str], method: str) -> bytes:
        if method == "HEAD" or status in {100, 204, 304}:
            return b""
        if headers.get("transfer-encoding") == "chunked":
            return b"".join(self._chunks())
        if "content-length" in headers:
            return self._file.read(int(headers["content-length"]))
        return self._file.read()

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self._file.readline(), 16):
            yield self._file.read(size)
            self._file.readline()
        self._file.readline()

    def read(self, size: int) -> bytes:
        return self._file.read(size)

    def is_closed(self) -> bool:
        """Wait for the other side's end; false where it says something more."""
        try:
            return self._file.read(1) == b""
        except ConnectionResetError:
            return True

    def say_no_more(self) -> Self:
        self.socket.shutdown(socket.SHUT_WR)
        return self

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._file.close()
            self.socket.close()
