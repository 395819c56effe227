"""What the supervisor tells others: the edge that it shall forget, systemd that the site is up."""

from __future__ import annotations

import contextlib
import os
import socket
from typing import TYPE_CHECKING

from coranto.delivery.rules import datagrams

if TYPE_CHECKING:
    from pathlib import Path


def forget_everything(run: Path) -> None:
    """Have the edge of this machine empty its store; by the flag where its socket does not take a message."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        try:
            sender.sendto(bytes(datagrams.purge_everything()), datagrams.address_of(run / datagrams.SOCKET_NAME))
        except OSError:
            (run / datagrams.OVERFLOW_NAME).touch()


def tell_service_manager(state: str) -> None:
    """Tell systemd, where it started us and asked to be told (sd_notify(3))."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # an abstract name, unix(7)
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, contextlib.suppress(OSError):
        sender.sendto(state.encode(), address)
