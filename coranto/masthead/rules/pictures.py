"""Which files are pictures we take in, judged by what they are and never by what they are called."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from coranto.masthead.rules.metadata.jpeg import colours_in_first_scan
from coranto.masthead.rules.metadata.parts import MalformedError, bytes_of

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

# A photograph with a depth map or a gain map, as telephones take them, is an MPO to Pillow and a JPEG to all others.
FORMATS = {"AVIF": "avif", "GIF": "gif", "JPEG": "jpeg", "MPO": "jpeg", "PNG": "png", "WEBP": "webp"}
EXTENSIONS = {"avif": "avif", "gif": "gif", "jpeg": "jpg", "png": "png", "webp": "webp"}
MEDIA_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
}

_NAMES = ("AVIF", "GIF", "JPEG", "PNG", "WEBP")  # under which Pillow knows their readers
# What a picture may take in memory while it is read: with what a web process takes anyway, less than 300 MB.
MOST_MEMORY = 128_000_000
# Bytes for a pixel while Pillow 13 reads it, measured; PNG and GIF by their modes, some of which are converted.
_MEMORY = {"AVIF": 13, "WEBP": 16.2}
_MEMORY_OF_OTHER_MODES = 10
_SMOOTH_MODES = {"L": 4, "RGB": 4, "LA": 8, "RGBA": 8}  # what is transparent is copied to be made smaller
_MEMORY_OF_WIDEST = 8
WIDEST = 1920

ORIENTATION = 0x0112
ON_ITS_SIDE = {5, 6, 7, 8}
_TAIL = 64
_BOX_HEAD = 16


class PictureProblem(Exception):  # noqa: N818 - it is about the file, nothing of ours went wrong
    """A file that is not taken in. `code` says why in one word, `message` in a sentence for its sender."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.message: Any = _SENTENCES[code]  # translated when it is shown
        super().__init__(code)

    def __str__(self) -> str:
        return str(self.message)


_SENTENCES = {
    "empty": _("The file is empty."),
    "unreadable": _("The file is missing or cannot be read."),
    "drawing": _("SVG drawings are not taken in. Save it as PNG or WebP."),
    "unknown": _("This is not a picture we can use. Save it as JPEG, PNG, WebP, AVIF or GIF."),
    "damaged": _("The picture is damaged or incomplete. Save it anew from the original."),
    "pixels": _("The picture has too many pixels. Save it in a smaller size, photographs as JPEG."),
    "name": _("This is a picture, but it is not called like one: let its name end in .jpg, .png or the like."),
    "size": _("The file is too large. Save the picture in a smaller size."),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """What a picture's file truly is. Width and height are as it is shown, turned as its EXIF asks."""

    format: str
    width: int
    height: int

    @property
    def extension(self) -> str:
        return EXTENSIONS[self.format]


def judge(file: IO[bytes]) -> Judged:
    """What the file is; raises `PictureProblem` when it is not a whole picture of a kind we take in.

    Reads headers, checksums and end marks and decodes as little as it can: a file crafted to pass may still
    fail to decode. The file is left at its beginning.
    """
    try:
        if not file.seek(0, 2):
            raise PictureProblem("empty")
        image = open_picture(file)
        _check_whole(image, file)
    finally:
        file.seek(0)
    return Judged(FORMATS[image.format or ""], *upright_size(image))


def open_picture(file: IO[bytes]) -> ImageFile:
    """The picture, its pixels not yet read. Raises `PictureProblem`."""
    file.seek(0)
    try:
        image = Image.open(file, formats=_NAMES)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureProblem("pixels") from error
    except UnidentifiedImageError as error:
        raise PictureProblem(_unidentified(file)) from error
    except Exception as error:
        # Pillow's readers raise whatever a broken file makes them stumble over.
        raise PictureProblem("damaged") from error
    width, height = image.size
    if FORMATS[image.format or ""] not in _accepted() or not width or not height:
        raise PictureProblem("unknown")
    if width * height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS or _memory(image, file) > MOST_MEMORY:
        raise PictureProblem("pixels")
    return image


def orientation(image: ImageFile) -> int:
    try:
        return int(image.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - EXIF that cannot be read turns nothing, as in a browser
        return 1


def upright_size(image: ImageFile) -> tuple[int, int]:
    """Width and height as it is shown."""
    width, height = image.size
    return (height, width) if orientation(image) in ON_ITS_SIDE else (width, height)


def decode(image: ImageFile) -> None:
    """Read the pixels; raises `PictureProblem` where they cannot be read."""
    try:
        image.load()
    except MemoryError:
        raise  # ours, not the file's
    except Exception as error:
        raise PictureProblem("damaged") from error


def random_name(extension: str) -> str:
    """A file name nobody can guess and no other file will ever have, so that it may be cached for ever."""
    return f"{secrets.token_hex(16)}.{extension}"


def _memory(image: ImageFile, file: IO[bytes]) -> float:
    """Bytes it takes to read the picture, a JPEG in a smaller size, and to have it in the widest size readers get."""
    pixels = image.width * image.height
    shrink = min(1.0, WIDEST / min(image.size))
    shown = pixels * shrink**2 * _MEMORY_OF_WIDEST
    if image.format in {"JPEG", "MPO"}:
        return max(shown, _coefficients(image, pixels, file))
    if image.format in _MEMORY:
        return max(shown, pixels * _MEMORY[image.format])
    mode = "" if "transparency" in image.info else image.mode
    return max(shown, pixels * _SMOOTH_MODES.get(mode, _MEMORY_OF_OTHER_MODES))


def _coefficients(image: ImageFile, pixels: int, file: IO[bytes]) -> float:
    """A JPEG in several passes is held whole, in coefficients of two bytes; one in a single pass hardly at all."""
    layers: list[tuple[int, int, int, int]] = image.layer  # type: ignore[attr-defined]
    widest, tallest = max(each[1] for each in layers), max(each[2] for each in layers)
    whole = sum(2 * pixels * each[1] * each[2] / (widest * tallest) for each in layers)
    if whole <= MOST_MEMORY or image.info.get("progressive"):
        return whole
    try:
        with bytes_of(file) as data:
            return whole if colours_in_first_scan(data) < len(layers) else 0
    except MalformedError:
        return whole


def _accepted() -> set[str]:
    return {"jpeg" if each == "jpg" else each for each in settings.WAGTAILIMAGES_EXTENSIONS}


def _unidentified(file: IO[bytes]) -> str:
    file.seek(0)
    head = file.read(2048)
    if b"<svg" in head.lower():
        return "drawing"
    # The first bytes promise a picture, and yet it could not even be opened.
    known = head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")) or head[8:12] in {b"WEBP", b"avif"}
    return "damaged" if known else "unknown"


def _check_whole(image: ImageFile, file: IO[bytes]) -> None:
    match image.format:
        case "PNG":
            try:
                image.verify()  # the checksum of every chunk up to the last
            except Exception as error:
                raise PictureProblem("damaged") from error
        case "JPEG" | "MPO":
            # Only a whole JPEG ends in this mark; where something follows it, an eighth of the size is decoded.
            if not _tail(file).endswith(b"\xff\xd9"):
                image.draft(None, (max(1, image.width // 8), max(1, image.height // 8)))
                decode(image)
        case "AVIF":
            if not _boxes_fit(file):
                raise PictureProblem("damaged")
        case "GIF":
            if not _tail(file).endswith(b";"):
                raise PictureProblem("damaged")
            decode(image)  # the first picture of it
        case _:
            pass  # a WebP is read whole when it is opened


def _tail(file: IO[bytes]) -> bytes:
    length = file.seek(0, 2)
    file.seek(max(0, length - _TAIL))
    return file.read().rstrip(b"\0\r\n")


def _boxes_fit(file: IO[bytes]) -> bool:
    """Whether the boxes of an ISO base media file (ISO/IEC 14496-12, 4.2) end where the file does or before."""
    length, place = file.seek(0, 2), 0
    while place < length:
        file.seek(place)
        head = file.read(_BOX_HEAD)
        size = int.from_bytes(head[:4], "big")
        if size == 0:  # it goes on to the end
            return True
        if size == 1:
            size = int.from_bytes(head[8:16], "big")
        if size < 8:  # noqa: PLR2004 - less than its own head
            return False
        place += size
    return place == length
