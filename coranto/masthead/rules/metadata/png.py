"""PNG (ISO/IEC 15948) and its moving kind: a run of chunks."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from coranto.masthead.rules.metadata.parts import MOST, MalformedError, number

if TYPE_CHECKING:
    from coranto.masthead.rules.metadata.parts import Data, Found, Piece

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
# What is needed to show the picture in its colours, and to move it; everything else is talk.
_KEPT: Final = {
    *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS"),
    *(b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI", b"sBIT", b"bKGD", b"pHYs"),
    *(b"acTL", b"fcTL", b"fdAT"),
}
_XMP: Final = "XML:com.adobe.xmp"


def scan(data: Data, found: Found) -> list[Piece]:
    """What is kept: the chunks that make the picture, up to the last of them."""
    if data[:8] != _SIGNATURE:
        raise MalformedError
    kept: list[Piece] = [_SIGNATURE]
    at = len(_SIGNATURE)
    while True:
        size = number(data, at, 4)
        kind, end = data[at + 4 : at + 8], at + 12 + size
        if end > len(data):
            raise MalformedError
        if kind in _KEPT:
            kept.append(slice(at, end))
        elif size <= MOST:
            _listen(kind, data[at + 8 : end - 4], found)
        if kind == b"IEND":
            return kept
        at = end


def join(kept: list[Piece], exif: bytes) -> list[Piece]:
    if not exif:
        return kept
    body = b"eXIf" + exif
    chunk = len(exif).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    return [*kept[:2], chunk, *kept[2:]]


def _listen(kind: bytes, payload: bytes, found: Found) -> None:
    if kind == b"eXIf":
        found.keep("exif", payload.removeprefix(b"Exif\0\0"))
    elif kind in {b"tEXt", b"zTXt", b"iTXt"}:
        name, _, rest = payload.partition(b"\0")
        key, text = name.decode("latin-1"), _text(kind, rest)
        if key == _XMP:
            found.keep("xmp", text)
        else:
            found.texts.setdefault(key, text.decode("utf-8" if kind == b"iTXt" else "latin-1", "replace"))


def _text(kind: bytes, rest: bytes) -> bytes:
    if kind == b"tEXt":
        return rest
    if kind == b"zTXt":
        return _unpacked(rest[1:])
    # Two bytes on how it is packed, the language, the keyword in that language.
    text = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    return _unpacked(text) if rest[:1] == b"\1" else text


def _unpacked(data: bytes) -> bytes:
    """As far as it may be read: a few bytes can be packed gigabytes."""
    try:
        return zlib.decompressobj().decompress(data, MOST)
    except zlib.error:
        return b""
