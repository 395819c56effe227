"""The sizes in which readers get a picture, and how they are made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any

from PIL import Image, ImageCms

from coranto.masthead.rules.metadata import credit_of
from coranto.masthead.rules.pictures import (
    MEDIA_TYPES,
    ON_ITS_SIDE,
    WIDEST,
    decode,
    open_picture,
    orientation,
    upright_size,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from PIL.ImageFile import ImageFile

WIDTHS = (320, 640, 960, 1280, WIDEST)
# A picture is also kept in its full width where the widest of these is noticeably narrower.
_NOTICEABLE = 1.15

# Measured on a photograph 1280 px wide: AVIF speed 9 takes 109 ms, 8 takes 227 for a file 12 % smaller; WebP method
# 2 takes 78 ms, the default 96 for one 3 % smaller. More threads than one bring nothing at these sizes.
_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "avif": {"quality": 50, "speed": 9, "max_threads": 1},
    "webp": {"quality": 78, "method": 2},
}
# A drawing takes 43 ms instead of 14 at 960 px, and is smaller by a third: at 9 it would be larger than as WebP.
_OPTIONS_OF_DRAWINGS = {**_OPTIONS, "avif": {**_OPTIONS["avif"], "speed": 8}}
_DRAWINGS = {"GIF", "PNG"}
_LONGEST_SIDE = {"avif": 32_768, "webp": 16_383}

_SPEC = re.compile(r"width-\d+\|format-(avif|webp)")
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ANIMATED = {"AVIF", "GIF", "PNG", "WEBP"}  # further pictures in a JPEG are maps, not frames


@dataclass(frozen=True, slots=True)
class Rendition:
    """One size in one format, as bytes; `spec` is Wagtail's name of it."""

    spec: str
    kind: str
    width: int
    height: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Reduced:
    """A picture made smaller for Wagtail to go on with."""

    file: BytesIO
    width: int
    height: int


def specs(width: int) -> dict[str, tuple[int, str]]:
    """The renditions of a picture this wide, by Wagtail's name: each its own width and its format.

    `width-1280` of a picture 1200 wide is 1200 wide: Wagtail never enlarges either.
    """
    steps = {step: step for step in WIDTHS if step <= width}
    following = next((step for step in WIDTHS if step > width), None)
    if following and (not steps or width >= max(steps) * _NOTICEABLE):
        steps[following] = width
    return {f"width-{step}|format-{kind}": (shown, kind) for step, shown in steps.items() for kind in _OPTIONS}


def media_type(spec: str) -> str | None:
    """The media type of a rendition of ours by its name; nothing for Wagtail's own."""
    match = _SPEC.fullmatch(spec)
    return MEDIA_TYPES[match[1]] if match else None


def render(file: IO[bytes], *, present: Collection[str] = ()) -> Iterator[Rendition]:
    """The renditions of a picture but those present, the widest first; none of a picture that moves.

    Upright, in sRGB, without any metadata but the credit: a photograph may know where its photographer lives.
    Raises `PictureProblem` when the picture cannot be read.
    """
    image = open_picture(file)
    if image.format in _ANIMATED and getattr(image, "is_animated", False):
        return
    width, height = upright_size(image)
    credit = credit_of(image.info.get("exif"))
    by_width: dict[int, list[tuple[str, str]]] = {}
    for spec, (shown, kind) in specs(width).items():
        if spec not in present:
            by_width.setdefault(shown, []).append((spec, kind))
    options = _OPTIONS_OF_DRAWINGS if image.format in _DRAWINGS else _OPTIONS
    # Rounded as Wagtail does it.
    sizes = {shown: (shown, height if shown == width else max(1, int(height * (shown / width)))) for shown in by_width}
    if not sizes:
        return
    picture = _read(image, sizes[max(sizes)])
    del image  # of all that is in memory here by far the largest
    for shown in sorted(sizes, reverse=True):
        size = sizes[shown]
        if picture.size != size:
            picture = picture.resize(size, Image.Resampling.LANCZOS)
        for spec, kind in by_width[shown]:
            if max(size) <= _LONGEST_SIDE[kind]:
                yield Rendition(spec, kind, *size, _encode(picture, kind, {**options[kind], "exif": credit}))


def reduce(file: IO[bytes], *, width: int) -> Reduced:
    """The picture in about this width and never larger, upright, with its credit alone."""
    image = open_picture(file)
    full = upright_size(image)
    credit = credit_of(image.info.get("exif"))
    shown = min(width, full[0])
    size = shown, max(1, round(full[1] * shown / full[0]))
    kind = "JPEG" if image.format in {"JPEG", "MPO"} else "PNG"
    out = BytesIO()
    options: Mapping[str, Any] = {"quality": 92} if kind == "JPEG" else {"compress_level": 1}
    _read(image, size).save(out, kind, exif=credit, **options)
    out.seek(0)
    return Reduced(out, *size)


def _read(image: ImageFile, size: tuple[int, int]) -> Image.Image:
    """The picture's pixels in this size, upright, RGB or RGBA in sRGB, and nothing besides."""
    turn = orientation(image)
    stored = size[::-1] if turn in ON_ITS_SIDE else size
    image.draft(None, stored)  # a JPEG can be decoded at a half, a quarter or an eighth of its size
    decode(image)
    small = _plain(image).resize(stored, Image.Resampling.LANCZOS, reducing_gap=3.0)
    small = _in_srgb(small, image.info.get("icc_profile"))
    small.info.clear()  # Pillow would write EXIF and profile from here
    return small.transpose(_TURNS[turn]) if turn in _TURNS else small


def _plain(image: Image.Image) -> Image.Image:
    """In a mode that can be made smaller smoothly."""
    if image.mode in {"CMYK", "LA", "RGBA"}:
        return image
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off at 255
        return image.convert("I").point(lambda value: value / 257).convert("L")
    return image if image.mode in {"L", "RGB"} else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if image.mode in {"LA", "RGBA"} else "RGB"
    if profile:
        try:
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(given):
                srgb = ImageCms.createProfile("sRGB")
                return ImageCms.profileToProfile(image, given, srgb, outputMode=mode) or image
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that is damaged or of another kind of picture says nothing about the colours
    return image.convert(mode)


def _encode(image: Image.Image, kind: str, options: Mapping[str, Any]) -> bytes:
    out = BytesIO()
    image.save(out, kind.upper(), **options)
    return out.getvalue()
