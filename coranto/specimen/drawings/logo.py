"""The newspaper's mark: a lantern, on nothing."""

import io

from PIL import Image, ImageDraw

from coranto.specimen.drawings.ink import Point, hexed
from coranto.specimen.drawings.shapes import curve

SIDE = 512
SCALE = 4
INK = hexed("132C38")
FLAME = hexed("DB553C")
GLOW = hexed("F6C667")


def draw_logo() -> bytes:
    """A PNG of 512 by 512 with a transparent ground."""
    sheet = Image.new("RGBA", (SIDE * SCALE, SIDE * SCALE), (*INK, 0))
    pen = ImageDraw.Draw(sheet)

    def poly(points: list[Point], ink: tuple[int, int, int]) -> None:
        pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=ink)

    def rect(left: float, top: float, right: float, bottom: float) -> None:
        poly([(left, top), (right, top), (right, bottom), (left, bottom)], INK)

    pen.ellipse([edge * SCALE for edge in (206, 16, 306, 116)], outline=INK, width=18 * SCALE)
    poly([(236, 92), (276, 92), (292, 128), (220, 128)], INK)
    poly([*curve([(124, 192), (160, 148), (256, 118), (352, 148), (388, 192)], steps=10)], INK)
    poly([(140, 204), (372, 204), (346, 412), (166, 412)], GLOW)
    flame = [(256, 232), (284, 278), (306, 318), (296, 364), (256, 388), (216, 364), (208, 322), (234, 296)]
    poly(curve(flame, closed=True, steps=10), FLAME)
    poly(
        curve([(258, 310), (274, 340), (270, 366), (256, 378), (240, 366), (240, 342)], closed=True, steps=8),
        hexed("FCF5E6"),
    )
    poly([(130, 196), (154, 196), (182, 420), (158, 420)], INK)
    poly([(358, 196), (382, 196), (354, 420), (330, 420)], INK)
    rect(112, 186, 400, 208)
    rect(140, 404, 372, 428)
    rect(116, 440, 396, 472)
    out = io.BytesIO()
    sheet.reduce(SCALE).save(out, "PNG", optimize=True)
    return out.getvalue()
