"""Many readers at the moment a page has ended."""

from __future__ import annotations

import asyncio
import re
import socket
import time
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from coranto.delivery.rules import datagrams

if TYPE_CHECKING:
    from pathlib import Path

    from serving.contenders import Contender

CLIENTS = 500


@dataclass(frozen=True, slots=True)
class Stampede:
    """`renders` are those of every page and fragment; milliseconds until the last of the clients had its page."""

    clients: int
    renders: int
    coalesced: int
    answered: int
    last: float


def forget(data: Path, *tags: str) -> None:
    """Have the edge forget pages, and wait until it has; everything where no tag is given."""
    messages = datagrams.purge(tags) if tags else [datagrams.purge_everything()]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        sender.bind("")  # an address of its own, for the acknowledgement
        sender.settimeout(10)
        for message in messages:
            sender.sendto(bytes(message), datagrams.address_of(data / "run" / datagrams.SOCKET_NAME))
            assert sender.recv(200).decode() == message.identity


def stampede(site: Contender, data: Path, *, tag: str) -> Stampede:
    """Five hundred clients, connected already, ask for the front page just after it was forgotten."""
    return asyncio.run(_stampede(site, data, tag))


async def _stampede(site: Contender, data: Path, tag: str) -> Stampede:
    port = urlsplit(site.origin).port
    request = f"GET / HTTP/1.1\r\nHost: localhost:{port}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    clients = [await asyncio.open_connection("127.0.0.1", port) for _ in range(CLIENTS)]
    for client in clients:
        assert (await _ask(*client, request)).startswith(b"HTTP/1.1 200")
    before = counted(site.origin)
    forget(data, tag)
    began = time.perf_counter()
    answers = await asyncio.gather(*(_ask(*client, request) for client in clients))
    last = (time.perf_counter() - began) * 1000
    after = counted(site.origin)
    for _, writer in clients:
        writer.close()
    return Stampede(
        CLIENTS,
        after["renders"] - before["renders"],
        after["coalesced"] - before["coalesced"],
        sum(answer.startswith(b"HTTP/1.1 200") for answer in answers),
        last,
    )


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> bytes:
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    assert length, head
    await reader.readexactly(int(length[1]))
    return head


def counted(origin: str) -> dict[str, int]:
    """What the edge says of itself (Prometheus text)."""
    with urllib.request.urlopen(f"{origin}/-/metrics", timeout=30) as answer:  # noqa: S310 - ours
        text = answer.read().decode()
    totals = {"renders": 0, "coalesced": 0}
    for name in totals:
        found = re.search(rf"^coranto_edge_{name}_total (\d+)$", text, re.MULTILINE)
        assert found, text
        totals[name] = int(found[1])
    return totals
