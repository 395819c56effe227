"""EXIF, read for its few words and written anew with them alone."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from PIL import ExifTags, Image

if TYPE_CHECKING:
    from collections.abc import Mapping

_ASCII, _SHORT = 2, 3
_UPRIGHT = 1
_MOST_BYTES: Final = 400
# What cameras write where a description belongs.
_BY_A_CAMERA = re.compile(r"(?i)\b(digital|still) camera\b|camera pictures?$|^sony dsc$|^exif[ _]jpeg|^default$")
_WINDOWS_TEXT: Final = {"title": 0x9C9B, "creator": 0x9C9D}
_TAKEN: Final = re.compile(r"(\d{4}):(\d\d):(\d\d)")


def read(block: bytes) -> Mapping[int, object]:
    """The tags of the first directory; none where it cannot be read."""
    exif = Image.Exif()
    try:
        exif.load(block)
        return dict(exif)
    except Exception:  # noqa: BLE001 - Pillow stumbles over a broken one in all kinds of ways
        return {}


def orientation(tags: Mapping[int, object]) -> int:
    value = tags.get(ExifTags.Base.Orientation)
    return value if isinstance(value, int) and value in range(1, 9) else _UPRIGHT


def words(tags: Mapping[int, object]) -> dict[str, str]:
    description = _text(tags.get(ExifTags.Base.ImageDescription))
    return {
        "creator": _text(tags.get(ExifTags.Base.Artist)) or _text(tags.get(_WINDOWS_TEXT["creator"])),
        "rights": _text(tags.get(ExifTags.Base.Copyright)),
        "caption": "" if _BY_A_CAMERA.search(description) else description,
        "title": _text(tags.get(_WINDOWS_TEXT["title"])),
    }


def taken_on(block: bytes) -> date | None:
    """The day it was taken, as the camera's clock had it."""
    exif = Image.Exif()
    try:
        exif.load(block)
        said = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
        match = _TAKEN.match(str(said))
        return date(*map(int, match.groups())) if match else None
    except Exception:  # noqa: BLE001 - as above
        return None


def minimal(*, orientation: int = _UPRIGHT, artist: str = "", copyright_notice: str = "") -> bytes:
    """A block that says which way is up, who made the picture and whose it is; empty when there is nothing to say.

    TIFF 6.0, big-endian. Texts are UTF-8, as all programs write them, though the standard says ASCII.
    """
    entries: list[tuple[int, int, bytes]] = []
    if orientation != _UPRIGHT:
        entries.append((ExifTags.Base.Orientation, _SHORT, orientation.to_bytes(2, "big")))
    for name, text in ((ExifTags.Base.Artist, artist), (ExifTags.Base.Copyright, copyright_notice)):
        if text:
            entries.append((name, _ASCII, text.encode()[:_MOST_BYTES].decode(errors="ignore").encode() + b"\0"))
    if not entries:
        return b""
    heads, values = b"", b""
    behind = 8 + 2 + 12 * len(entries) + 4
    for tag, kind, value in entries:
        count = len(value) if kind == _ASCII else 1
        heads += tag.to_bytes(2, "big") + kind.to_bytes(2, "big") + count.to_bytes(4, "big")
        if len(value) <= 4:  # noqa: PLR2004 - it fits in the entry itself
            heads += value.ljust(4, b"\0")
        else:
            heads += (behind + len(values)).to_bytes(4, "big")
            values += value + b"\0" * (len(value) % 2)
    return b"MM\0*\0\0\0\x08" + len(entries).to_bytes(2, "big") + heads + b"\0" * 4 + values


def _text(value: object) -> str:
    if isinstance(value, bytes):  # Windows writes UTF-16
        return value.decode("utf-16-le", "ignore").strip("\0")
    if not isinstance(value, str):
        return ""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value
