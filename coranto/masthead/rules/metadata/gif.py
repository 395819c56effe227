"""GIF 89a: a run of blocks. It has no place for a credit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from coranto.masthead.rules.metadata.parts import MalformedError, number

if TYPE_CHECKING:
    from coranto.masthead.rules.metadata.parts import Data, Found, Piece

_IMAGE, _EXTENSION, _END = 0x2C, 0x21, 0x3B
_CONTROL, _APPLICATION = 0xF9, 0xFF
_HAS_COLOURS: Final = 0x80
# How often it moves, and in which colours.
_KEPT: Final = {b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"}
_XMP: Final = b"XMP DataXMP"
_XMP_TRAILER: Final = 258  # bytes that lead a reader of blocks past the text


def scan(data: Data, found: Found) -> list[Piece]:
    """What is kept: pictures and what moves them, up to the end mark."""
    if data[:3] != b"GIF":
        raise MalformedError
    at = 13 + _colours(number(data, 10, 1))
    kept: list[Piece] = [slice(0, at)]
    while (kind := number(data, at, 1)) != _END:
        if kind == _IMAGE:
            end = _past_blocks(data, at + 11 + _colours(number(data, at + 9, 1)))
            kept.append(slice(at, end))
        elif kind == _EXTENSION:
            label, end = number(data, at + 1, 1), _past_blocks(data, at + 2)
            name = data[at + 3 : at + 14]
            if label == _CONTROL or (label == _APPLICATION and name in _KEPT):
                kept.append(slice(at, end))
            elif label == _APPLICATION and name == _XMP:
                found.keep("xmp", data[at + 14 : max(at + 14, end - _XMP_TRAILER)])
        elif kind:
            raise MalformedError
        else:
            end = at + 1  # a zero between blocks, as some programs leave it
        at = end
    return [*kept, bytes([_END])]


def join(kept: list[Piece], exif: bytes) -> list[Piece]:  # noqa: ARG001 - as the other formats have it
    return kept


def _colours(flags: int) -> int:
    """How many bytes the table of colours takes."""
    return 3 << ((flags & 7) + 1) if flags & _HAS_COLOURS else 0


def _past_blocks(data: Data, at: int) -> int:
    while size := number(data, at, 1):
        at += size + 1
    return at + 1
