"""What a picture's file says besides its pixels: read for the editor, then taken out of the file.

A photograph tells where it was taken, with which camera and when, and shows in small what was cut off later. None
of this is given to readers. Which way is up, the colour profile, who made it and whose it is stay: the last two as
the EXIF tags Artist and Copyright, in every format but GIF, wherever the file had said so (EXIF, IPTC or XMP).
No pixel is touched.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final

from coranto.masthead.rules.metadata import avif, exif, gif, iptc, jpeg, png, webp, xmp
from coranto.masthead.rules.metadata.parts import Found, MalformedError, bytes_of, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

_FORMATS: Final[Mapping[str, Any]] = {"avif": avif, "gif": gif, "jpeg": jpeg, "png": png, "webp": webp}
_BEGINNINGS: Final = {b"\xff\xd8": "jpeg", b"\x89PNG": "png", b"RIFF": "webp", b"GIF8": "gif"}
_LONGEST: Final = 500
_JOINERS: Final = "\u200c\u200d"  # Persian and many other languages are not written without them


@dataclass(frozen=True, slots=True)
class Words:
    """What a file says of its picture, as the editor would say it. Each may be empty."""

    title: str = ""
    caption: str = ""
    credit: str = ""
    rights: str = ""
    description: str = ""
    taken_on: date | None = None


def take_out(file: IO[bytes], out: IO[bytes], *, kind: str) -> Words:
    """Write the file without its metadata to `out`; the words it had for its picture.

    `kind` is one of `pictures.FORMATS`. Raises `MalformedError` when the file is not built as that asks. A file
    that went this way comes out of it unchanged.
    """
    found = Found()
    module = _FORMATS[kind]
    with bytes_of(file) as data:
        kept = module.scan(data, found)
        tags = exif.read(found.exif) if found.exif else {}
        words = _words(found, tags)
        block = exif.minimal(
            orientation=exif.orientation(tags) if kind != "avif" else 1,  # an AVIF has a property for that
            artist=words.credit,
            copyright_notice=words.rights,
        )
        write(data, module.join(kept, block), out)
    return words


def read(head: bytes) -> Words:
    """The words in a file of which only the beginning may be there; none where there is nothing to be read."""
    found = Found()
    kind = next((kind for begins, kind in _BEGINNINGS.items() if head.startswith(begins)), "avif")
    with suppress(MalformedError):  # it ends too early, or it is no picture: what was found until then counts
        _FORMATS[kind].scan(head, found)
    return _words(found, exif.read(found.exif) if found.exif else {})


def credit_of(block: bytes | None) -> bytes:
    """From an EXIF block one with its credit alone, as Pillow wants it; empty where there is none."""
    said = exif.words(exif.read(block)) if block else {}
    credit = exif.minimal(artist=_tidy(said.get("creator", "")), copyright_notice=_tidy(said.get("rights", "")))
    return b"Exif\0\0" + credit if credit else b""


def _words(found: Found, tags: Mapping[int, object]) -> Words:
    # The youngest of the three ways first: programs that know it keep it, and the others beside it, up to date.
    sources = [xmp.words(found.xmp), iptc.words(found.iptc), exif.words(tags), _of_png(found.texts)]

    def said(*names: str) -> str:
        for name in names:
            for source in sources:
                if text := _tidy(source.get(name, "")):
                    return text
        return ""

    creator, credit = said("creator"), said("credit")
    return Words(
        title=said("title", "headline"),
        caption=said("caption"),
        credit=creator if credit in creator else credit if creator in credit else f"{creator} / {credit}",
        rights=said("rights", "terms"),
        description=said("description"),
        taken_on=exif.taken_on(found.exif) if found.exif else None,
    )


def _of_png(texts: Mapping[str, str]) -> dict[str, str]:
    names = {"Author": "creator", "Copyright": "rights", "Description": "caption", "Title": "title"}
    return {ours: texts[theirs] for theirs, ours in names.items() if theirs in texts}


def _tidy(text: str) -> str:
    """On one line, without what cannot be printed, no longer than a field."""
    plain = "".join(each if each.isprintable() or each in _JOINERS else " " for each in text)
    return " ".join(plain.split())[:_LONGEST]


__all__ = ["MalformedError", "Words", "credit_of", "read", "take_out"]
