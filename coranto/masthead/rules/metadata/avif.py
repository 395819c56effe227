"""AVIF: boxes within boxes (ISO/IEC 14496-12, 23008-12).

Places in the file are counted from its beginning, so nothing may move: what goes is written over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from coranto.masthead.rules.metadata.parts import MalformedError, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from coranto.masthead.rules.metadata.parts import Data, Found, Piece

_KEPT_AT_TOP: Final = {b"ftyp", b"meta", b"mdat", b"moov", b"moof", b"mfra", b"sidx", b"styp"}
_CONTAINERS: Final = {b"moov", b"trak", b"mdia", b"minf"}
_TALK: Final = {b"udta", b"uuid", b"free", b"skip"}
_TALKING_ITEMS: Final = {b"Exif", b"mime", b"uri "}
_EXIF_OFFSET: Final = 4  # an Exif item begins with the place of its TIFF header
_NOTHING_IN_TIFF: Final = b"MM\0*\0\0\0\x08\0\0\0\0\0\0"
_EMPTY_XMP: Final = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'


@dataclass(frozen=True, slots=True)
class Box:
    kind: bytes
    start: int
    body: int
    end: int


@dataclass(slots=True)
class Item:
    kind: bytes = b""
    is_xmp: bool = False
    extents: list[slice] = field(default_factory=list)


class Room(bytes):
    """Bytes for an Exif block: those that say nothing, until there is something to say."""


def scan(data: Data, found: Found) -> list[Piece]:
    """The whole file with its words written over."""
    # A film names its words twice, for the film and for its first picture.
    edits = sorted(set(_edits(data, found, 0, len(data), top=True)))
    kept: list[Piece] = []
    at = 0
    for start, instead in edits:
        if start < at:
            raise MalformedError  # two things in one place
        kept += [slice(at, start), instead]
        at = start + len(instead)
    return [*kept, slice(at, len(data))]


def join(kept: list[Piece], exif: bytes) -> list[Piece]:
    def filled(piece: Piece) -> Piece:
        if isinstance(piece, Room) and exif and len(piece) >= _EXIF_OFFSET + len(exif):
            return (b"\0" * _EXIF_OFFSET + exif).ljust(len(piece), b"\0")
        return piece

    return [filled(piece) for piece in kept]


def _edits(data: Data, found: Found, start: int, end: int, *, top: bool = False) -> Iterator[tuple[int, bytes]]:
    """What is to be written where."""
    for box in _boxes(data, start, end):
        if box.kind in _TALK or (top and box.kind not in _KEPT_AT_TOP):
            yield box.start + 4, b"free"
            yield box.body, b"\0" * (box.end - box.body)
        elif box.kind == b"meta":
            yield from _items_out(data, found, box)
        elif box.kind in _CONTAINERS:
            yield from _edits(data, found, box.body, box.end)


def _boxes(data: Data, start: int, end: int) -> Iterator[Box]:
    at = start
    while at < end:
        size, body = number(data, at, 4), at + 8
        if size == 1:
            size, body = number(data, at + 8, 8), at + 16
        stop = end if size == 0 else at + size
        if stop < body or stop > end:
            raise MalformedError
        yield Box(data[at + 4 : at + 8], at, body, stop)
        at = stop


def _items_out(data: Data, found: Found, meta: Box) -> Iterator[tuple[int, bytes]]:
    """Every item that talks, written over: Exif, XMP and all other text beside the picture."""
    inside = {box.kind: box for box in _boxes(data, meta.body + 4, meta.end)}
    yield from _edits(data, found, meta.body + 4, meta.end)
    if b"iinf" not in inside or b"iloc" not in inside:
        return
    items = _kinds(data, inside[b"iinf"])
    _locate(data, inside[b"iloc"], inside.get(b"idat"), items)
    for item in items.values():
        if item.kind not in _TALKING_ITEMS:
            continue
        said = b"".join(data[each] for each in item.extents)
        if item.kind == b"Exif":
            found.keep("exif", said[_EXIF_OFFSET + int.from_bytes(said[:_EXIF_OFFSET], "big") :])
        elif item.is_xmp:
            found.keep("xmp", said)
        for each in item.extents:
            yield each.start, _silence(item, each.stop - each.start)


def _silence(item: Item, size: int) -> bytes:
    if len(item.extents) == 1:
        if item.kind == b"Exif" and size >= _EXIF_OFFSET + len(_NOTHING_IN_TIFF):
            return Room((b"\0" * _EXIF_OFFSET + _NOTHING_IN_TIFF).ljust(size, b"\0"))
        if item.is_xmp and size >= len(_EMPTY_XMP):
            return _EMPTY_XMP.ljust(size)
    return b"\0" * size


def _kinds(data: Data, iinf: Box) -> dict[int, Item]:
    """Items by number, from the box that says what each of them is."""
    items: dict[int, Item] = {}
    first = iinf.body + (6 if not number(data, iinf.body, 1) else 8)
    for box in _boxes(data, first, iinf.end):
        version = number(data, box.body, 1)
        if box.kind != b"infe" or version < 2:  # noqa: PLR2004 - earlier ones are of no AVIF
            continue
        width = 2 if version == 2 else 4  # noqa: PLR2004
        kind = box.body + 4 + width + 2
        names = data[kind + 4 : box.end].split(b"\0")
        items[number(data, box.body + 4, width)] = Item(
            data[kind : kind + 4], is_xmp=len(names) > 1 and names[1] == b"application/rdf+xml"
        )
    return items


def _locate(data: Data, iloc: Box, idat: Box | None, items: dict[int, Item]) -> None:
    """Where the items lie, from the box that says so."""
    version = number(data, iloc.body, 1)
    sizes = number(data, iloc.body + 4, 2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    width = 2 if version < 2 else 4  # noqa: PLR2004
    at = iloc.body + 6

    def take(size: int) -> int:
        nonlocal at
        at += size
        if at > iloc.end:
            raise MalformedError
        return number(data, at - size, size)

    for _ in range(take(width)):
        item = items.get(take(width), Item())
        construction = take(2) & 15 if version else 0
        take(2)
        base = take(base_size)
        for _extent in range(take(2)):
            if version and index_size:
                take(index_size)
            start, length = base + take(offset_size), take(length_size)
            if item.kind in _TALKING_ITEMS:
                item.extents.append(_extent_at(data, construction, idat, start, length))


def _extent_at(data: Data, construction: int, idat: Box | None, start: int, length: int) -> slice:
    if construction == 1 and idat:
        start, end = idat.body + start, idat.end
    elif construction == 0:
        end = len(data)
    else:
        raise MalformedError  # made of other items: nobody writes words that way
    if not length or start + length > end:
        raise MalformedError
    return slice(start, start + length)
