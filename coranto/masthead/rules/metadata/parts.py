"""What the readers of the several formats have in common."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from mmap import ACCESS_READ, mmap
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Data = bytes | mmap
# A stretch of the file as it is, or bytes that take the place of one.
Piece = slice | bytes

# More than this is not read for words: a caption is no novel.
MOST = 1_000_000
_BLOCK = 1 << 20


class MalformedError(Exception):
    """The file is not built as its format asks."""


@dataclass(slots=True)
class Found:
    """What a file says of its picture, as it was written into it: blocks of bytes, each in a format of its own."""

    exif: bytes = b""
    xmp: bytes = b""
    iptc: bytes = b""
    texts: dict[str, str] = field(default_factory=dict)

    def keep(self, kind: str, data: bytes) -> None:
        """The first of each kind counts, as in browsers."""
        if not getattr(self, kind) and len(data) <= MOST:
            setattr(self, kind, data)


@contextmanager
def bytes_of(file: IO[bytes]) -> Iterator[Data]:
    """All bytes of a file, without reading them into memory where it lies on a disk."""
    file.seek(0)
    try:
        number = file.fileno()
    except (AttributeError, OSError):
        yield file.read()
        return
    if not file.seek(0, 2):
        yield b""
        return
    with mmap(number, 0, access=ACCESS_READ) as data:
        yield data


def write(data: Data, pieces: Iterable[Piece], out: IO[bytes]) -> None:
    for piece in pieces:
        if isinstance(piece, bytes):
            out.write(piece)
            continue
        for start in range(piece.start, piece.stop, _BLOCK):
            out.write(data[start : min(start + _BLOCK, piece.stop)])


def number(data: Data, at: int, size: int, order: str = "big") -> int:
    """The whole number at a place; what lies beyond the end is no number."""
    if at < 0 or at + size > len(data):
        raise MalformedError
    return int.from_bytes(data[at : at + size], "little" if order == "little" else "big")
