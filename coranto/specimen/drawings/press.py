"""Printing a plate: reduction, the paper's grain, and the finished file."""

import io
import random
from functools import cache

from PIL import Image, ImageChops, ImageFilter

from coranto.specimen.drawings.plate import SCALE, Plate

QUALITIES = (82, 76, 70)  # the best that keeps a busy picture within MOST_BYTES
MOST_BYTES = 215_000
GRAIN = 7  # how far a grain of ink strays from middle grey
TILE = 256


def print_jpeg(plate: Plate) -> bytes:
    picture = plate.image.reduce(SCALE)
    picture = ImageChops.soft_light(picture, _paper(picture.size))
    printed = b""
    for quality in QUALITIES:
        out = io.BytesIO()
        picture.save(out, "JPEG", quality=quality)
        printed = out.getvalue()
        if len(printed) <= MOST_BYTES:
            break
    return printed


@cache
def _paper(size: tuple[int, int]) -> Image.Image:
    """Middle grey with fine grain and a slow unevenness, as from a roller that was never quite full."""
    noise = random.Random("grain")  # noqa: S311 - a texture
    fine = Image.frombytes("L", (TILE, TILE), noise.randbytes(TILE * TILE))
    fine = fine.filter(ImageFilter.GaussianBlur(0.5)).point(lambda value: 128 + (value - 128) * GRAIN / 60)
    sheet = Image.new("L", size)
    for left in range(0, size[0], TILE):
        for top in range(0, size[1], TILE):
            sheet.paste(fine, (left, top))
    slow = Image.frombytes("L", (24, 15), noise.randbytes(24 * 15)).resize(size, Image.Resampling.BICUBIC)
    slow = slow.point(lambda value: 128 + (value - 128) * 0.06)
    return ImageChops.add(sheet, slow, 1, -128).convert("RGB")
