"""JPEG (ITU-T T.81, annex B): a run of segments, then the picture."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from coranto.masthead.rules.metadata.parts import MalformedError, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coranto.masthead.rules.metadata.parts import Data, Found, Piece

_BEGINNING: Final = b"\xff\xd8"
_END: Final = b"\xff\xd9"
_START_OF_SCAN, _COMMENT = 0xDA, 0xFE
_APPLICATIONS = range(0xE0, 0xF0)
_ALONE: Final = {0x00, 0x01, *range(0xD0, 0xD8)}  # markers without a length

# The next marker after the picture's own bytes: in these 0xFF is followed by zero or is a mark to restart from.
_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")

_EXIF: Final = b"Exif\0\0"
_XMP: Final = b"http://ns.adobe.com/xap/1.0/\0"
_PHOTOSHOP: Final = b"Photoshop 3.0\0"
_JFIF: Final = b"JFIF\0"
_JFIF_LENGTH: Final = 16
_ADOBE_LENGTH: Final = 14
_IPTC_RESOURCE: Final = 0x0404


def scan(data: Data, found: Found) -> list[Piece]:
    """What is kept: all that is needed to show the picture, up to the end of the first.

    Behind that end lie depth maps, films and, in a file made to deceive, pages and programs.
    """
    if data[:2] != _BEGINNING:
        raise MalformedError
    kept: list[Piece] = [_BEGINNING]
    for marker, at, end in _segments(data):
        if marker in _APPLICATIONS:
            kept += _application(data, at, end, found)
        elif marker != _COMMENT:
            kept.append(slice(at, end))
    return [*kept, _END]


def join(kept: list[Piece], exif: bytes) -> list[Piece]:
    if not exif:
        return kept
    payload = _EXIF + exif
    segment = b"\xff\xe1" + (len(payload) + 2).to_bytes(2, "big") + payload
    place = 2 if isinstance(kept[1], bytes) and kept[1].startswith(b"\xff\xe0") else 1
    return [*kept[:place], segment, *kept[place:]]


def _segments(data: Data) -> Iterator[tuple[int, int, int]]:
    """Each segment's marker, its beginning and its end; the picture's own bytes belong to the one before them."""
    at = 2
    while at < len(data):
        at = data.find(b"\xff", at)  # what stands between segments is skipped by every reader
        while at >= 0 and number(data, at + 1, 1) == 0xFF:  # noqa: PLR2004 - fill bytes
            at += 1
        if at < 0:
            raise MalformedError
        marker = data[at + 1]
        if marker == _END[1]:
            return
        if marker in _ALONE:
            at += 2
            continue
        end = at + 2 + number(data, at + 2, 2)
        if end < at + 4 or end > len(data):
            raise MalformedError
        if marker == _START_OF_SCAN:
            following = _MARKER.search(data, end)
            end = following.start() if following else len(data)
        yield marker, at, end
        at = end


def colours_in_first_scan(data: Data) -> int:
    """How many of the picture's colours come in its first pass; raises `MalformedError`."""
    at = 2
    while number(data, at + 1, 1) != _START_OF_SCAN:
        at += 2 + number(data, at + 2, 2)
    return number(data, at + 4, 1)


def _application(data: Data, at: int, end: int, found: Found) -> list[Piece]:
    marker, payload = data[at + 1], data[at + 4 : end]
    match marker:
        case 0xE0 if payload.startswith(_JFIF) and len(payload) >= _JFIF_LENGTH - 2:
            # Without the small picture it may hold: that one may show what was cut off later.
            return [b"\xff\xe0\x00\x10" + payload[:12] + b"\0\0"]
        case 0xE1 if payload.startswith(_EXIF):
            found.keep("exif", payload[len(_EXIF) :])
        case 0xE1 if payload.startswith(_XMP):
            found.keep("xmp", payload[len(_XMP) :])
        case 0xED if payload.startswith(_PHOTOSHOP):
            found.keep("iptc", _iptc(payload[len(_PHOTOSHOP) :]))
        case 0xE2 if payload.startswith(b"ICC_PROFILE\0"):
            return [slice(at, end)]
        case 0xEE if payload.startswith(b"Adobe") and len(payload) >= _ADOBE_LENGTH - 2:
            # It says in which colours the picture is stored.
            return [b"\xff\xee\x00\x0e" + payload[:12]]
    return []


def _iptc(resources: bytes) -> bytes:
    """The IPTC record among Photoshop's resources."""
    at = 0
    while resources[at : at + 4] == b"8BIM":
        kind = number(resources, at + 4, 2)
        name = number(resources, at + 6, 1) + 1
        at += 6 + name + name % 2
        size = number(resources, at, 4)
        if kind == _IPTC_RESOURCE:
            return resources[at + 4 : at + 4 + size]
        at += 4 + size + size % 2
    return b""
