"""The sockets the supervisor owns, and who holds the public one when it cannot be had."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from coranto.delivery.rules import datagrams

_LISTEN = "0A"  # the state in /proc/net/tcp, proc(5)
_BACKLOG = 2048


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    pid: int
    group: int
    command: str


class PortTakenError(Exception):
    """Somebody listens there; `holders` is empty where /proc does not tell."""

    def __init__(self, port: int, holders: list[Holder]) -> None:
        super().__init__(f"port {port} is taken")
        self.port = port
        self.holders = holders


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises `PortTakenError`, for a wrong address OSError."""
    family, kind, protocol, _name, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        # Without it the port stays shut for a minute after a stop, for connections that are long over.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise PortTakenError(port, holders(port)) from error
        raise
    return listener


def bind_locally(path: Path) -> socket.socket:
    """A unix socket that this user alone may connect to; takes the place of one that was left there.

    It does not listen yet: until the first app does, whoever connects is refused at once, and so can say so.
    """
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    former = os.umask(0o177)  # no instant at which another could connect
    try:
        listener.bind(datagrams.address_of(path))
    finally:
        os.umask(former)
    return listener


def holders(port: int) -> list[Holder]:
    """The processes that hold a listening socket on `port`, as far as this user may see them."""
    wanted = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        if wanted and wanted & _sockets(folder):
            holder = _holder(int(folder.name))
            if holder:
                found.append(holder)
    return sorted(found, key=lambda holder: holder.pid)


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            lines = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == _LISTEN and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(fields[9])
    return inodes


def _sockets(process: Path) -> set[str]:
    found = set()
    with contextlib.suppress(OSError):  # another user's process, or it is gone
        for descriptor in (process / "fd").iterdir():
            with contextlib.suppress(OSError):  # closed since
                found.add(str(descriptor.readlink()))
    return found


def _holder(pid: int) -> Holder | None:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        group = os.getpgid(pid)
    except OSError:
        return None
    return Holder(pid=pid, group=group, command=b" ".join(words).decode(errors="replace").strip()[:200])
