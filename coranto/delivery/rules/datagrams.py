"""What is said when something is to be forgotten.

To the edge of this machine by unix datagram, to those of others by Redis or PostgreSQL, always in the same words. A
message is two lines of text: what to do and its identity, then what it is about, separated by spaces:

    purge 3f9c2a6e41d0-0
    page:12 list:latest:0

`purge` forgets what carries one of these tags; `everything` forgets all; `revoke` takes entitlements back. Whoever has
done it answers a datagram with its identity. Every message is small enough for each of the ways, so that the same one
may come by two of them and is recognised: PostgreSQL carries less than 8000 bytes in a notification
(https://www.postgresql.org/docs/current/sql-notify.html).
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from enum import Enum
from threading import Lock
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

SIZE: Final = 7_900
ACKNOWLEDGED_WITHIN_SECONDS: Final = 0.05

SOCKET_NAME: Final = "purge.sock"
OVERFLOW_NAME: Final = "purge.overflow"
POSTGRESQL_CHANNEL: Final = "coranto_purge"

# sun_path holds 108 bytes with the one that ends it, unix(7).
_LONGEST_ADDRESS: Final = 107
_HEAD: Final = re.compile(r"(purge|everything|revoke) ([0-9A-Za-z-]{1,64})")
_WORD: Final = re.compile(r"[!-~]{1,200}")


class Kind(Enum):
    PURGE = "purge"
    EVERYTHING = "everything"
    REVOKE = "revoke"


class UnreadableError(ValueError):
    """These bytes are no message of ours."""


@dataclass(frozen=True, slots=True)
class Message:
    """`words` are tags, or what `revoke` takes back; none for `everything`."""

    kind: Kind
    identity: str
    words: tuple[str, ...] = ()

    def __bytes__(self) -> bytes:
        return f"{self.kind.value} {self.identity}\n{' '.join(self.words)}".encode("ascii")


def purge(tags: Iterable[str]) -> list[Message]:
    """Messages to forget what carries one of `tags`; raises ValueError for a tag that has blanks or is no ASCII."""
    return list(_split(Kind.PURGE, tags))


def purge_everything() -> Message:
    return Message(Kind.EVERYTHING, _new_identity())


def revoke(entitlements: Iterable[str]) -> list[Message]:
    """Messages to take entitlements back, each named as its cookie names it."""
    return list(_split(Kind.REVOKE, entitlements))


def read(data: bytes) -> Message:
    """The message in a datagram or a notification; raises `UnreadableError`."""
    try:
        head, _, words = data.decode("ascii").partition("\n")
    except UnicodeDecodeError as error:
        raise UnreadableError(f"no message: {data[:80]!r}") from error
    found = _HEAD.fullmatch(head)
    if found is None:
        raise UnreadableError(f"no message: {data[:80]!r}")
    return Message(Kind(found[1]), found[2], tuple(words.split()))


def redis_channel(site: str) -> str:
    """Where the machines of one site meet; several sites may share a Redis."""
    return f"coranto:purge:{site}"


def site_of(secret: bytes) -> str:
    """The name of a site among others, from its secret key, which all its machines share."""
    return hashlib.sha256(b"coranto purge channel\n" + secret.strip()).hexdigest()[:16]


def address_of(path: Path) -> str:
    """An address for `bind`, `connect` or `sendto` of the unix socket at `path`, however long that is.

    A long one is reached through its folder, which is held open for it (proc(5)); good for this process alone. Raises
    OSError when there is no such folder.
    """
    text = str(path)
    if len(os.fsencode(text)) <= _LONGEST_ADDRESS:
        return text
    return f"/proc/self/fd/{_held_open(path.parent)}/{path.name}"


_held: dict[Path, int] = {}
_holding = Lock()


def _held_open(folder: Path) -> int:
    with _holding:
        now = folder.stat()
        held = _held.get(folder)
        if held is not None:
            then = os.fstat(held)
            if (then.st_dev, then.st_ino) == (now.st_dev, now.st_ino):
                return held
            os.close(held)  # the folder was removed and made anew
            del _held[folder]
        _held[folder] = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        return _held[folder]


def _split(kind: Kind, words: Iterable[str]) -> Iterator[Message]:
    identity = _new_identity()
    room = SIZE - 100  # for the first line
    part: list[str] = []
    size = number = 0
    for word in sorted(set(words)):
        if not _WORD.fullmatch(word):
            raise ValueError(f"{word!r} cannot be said in a message.")
        if size + len(word) + 1 > room:
            yield Message(kind, f"{identity}-{number}", tuple(part))
            part, size, number = [], 0, number + 1
        part.append(word)
        size += len(word) + 1
    if part:
        yield Message(kind, f"{identity}-{number}", tuple(part))


def _new_identity() -> str:
    return secrets.token_hex(8)
