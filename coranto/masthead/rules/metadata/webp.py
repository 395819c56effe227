"""WebP (RFC 9649): a RIFF file of chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coranto.masthead.rules.metadata.parts import MalformedError, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coranto.masthead.rules.metadata.parts import Data, Found, Piece

_KEPT: Final = {b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ICCP"}
_OF_A_FRAME: Final = {b"VP8 ", b"VP8L", b"ALPH"}
_FRAME_HEAD: Final = 16
_SAYS_EXIF, _SAYS_XMP = 0x08, 0x04


def scan(data: Data, found: Found) -> list[Piece]:
    """What is kept: the chunks that make the picture; the first is VP8X where there is one."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise MalformedError
    kept: list[Piece] = []
    for kind, at, end in _chunks(data, 12, 8 + number(data, 4, 4, "little")):
        if kind == b"VP8X":
            flags = number(data, at + 8, 1) & ~(_SAYS_EXIF | _SAYS_XMP)
            kept.append(data[at : at + 8] + bytes([flags]) + data[at + 9 : end])
        elif kind == b"ANMF":
            kept += _frame(data, at)
        elif kind in _KEPT:
            kept.append(slice(at, end))
        elif kind == b"EXIF":
            found.keep("exif", data[at + 8 : at + 8 + number(data, at + 4, 4, "little")].removeprefix(b"Exif\0\0"))
        elif kind == b"XMP ":
            found.keep("xmp", data[at + 8 : at + 8 + number(data, at + 4, 4, "little")])
    return kept


def join(kept: list[Piece], exif: bytes) -> list[Piece]:
    first = kept[0] if kept else b""
    # Only a file that begins with VP8X may hold more than the picture.
    if exif and isinstance(first, bytes) and first.startswith(b"VP8X"):
        first = first[:8] + bytes([first[8] | _SAYS_EXIF]) + first[9:]
        kept = [first, *kept[1:], b"EXIF" + len(exif).to_bytes(4, "little") + exif + b"\0" * (len(exif) % 2)]
    return [b"RIFF" + (4 + _length(kept)).to_bytes(4, "little") + b"WEBP", *kept]


def _chunks(data: Data, at: int, stop: int) -> Iterator[tuple[bytes, int, int]]:
    """Each chunk's name, where it begins, and where it ends with its padding."""
    if stop > len(data):
        raise MalformedError
    while at + 8 <= stop:
        size = number(data, at + 4, 4, "little")
        end = at + 8 + size + size % 2
        if end > stop + size % 2 or end > len(data) + size % 2:
            raise MalformedError
        yield data[at : at + 4], at, min(end, len(data))
        at = end


def _frame(data: Data, at: int) -> list[Piece]:
    """A frame with its own chunks; others may stand behind them."""
    inside: list[Piece] = [
        slice(start, stop)
        for kind, start, stop in _chunks(data, at + 8 + _FRAME_HEAD, at + 8 + number(data, at + 4, 4, "little"))
        if kind in _OF_A_FRAME
    ]
    size = _FRAME_HEAD + _length(inside)
    head = b"ANMF" + size.to_bytes(4, "little") + data[at + 8 : at + 8 + _FRAME_HEAD]
    return [head, *inside, b"\0" * (size % 2)]


def _length(pieces: list[Piece]) -> int:
    return sum(len(piece) if isinstance(piece, bytes) else piece.stop - piece.start for piece in pieces)
