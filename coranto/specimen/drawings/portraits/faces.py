"""Faces: a lit plane, a shaded one, and a few cuts."""

from coranto.specimen.drawings.ink import Colour, hexed, mix
from coranto.specimen.drawings.portraits.sitters import Easel
from coranto.specimen.drawings.shapes import curve

OUTLINE = (
    (296, 330),
    (300, 250),
    (330, 190),
    (400, 168),
    (470, 186),
    (508, 250),
    (510, 340),
    (496, 420),
    (456, 486),
    (404, 516),
    (356, 502),
    (318, 446),
    (300, 384),
)


def _shades(skin: Colour) -> tuple[Colour, Colour]:
    night = hexed("3A2140")
    return mix(skin, night, 0.27), mix(skin, night, 0.46)


def neck_and_face(easel: Easel) -> None:
    skin = easel.sitter.skin
    shade, deep = _shades(skin)
    easel.flat(curve([(342, 430), (346, 560), (396, 640), (470, 570), (492, 410)], steps=6), skin)
    easel.flat(
        curve([(350, 500), (404, 530), (452, 500), (492, 400), (484, 560), (404, 640), (420, 570)], steps=6), deep
    )
    easel.round(((500, 322), (520, 306), (530, 332), (520, 376), (502, 392)), shade)
    easel.round(OUTLINE, skin)
    shadow = [
        *curve([(432, 172), (438, 240), (424, 288)], steps=6),
        *curve([(424, 288), (398, 306), (386, 340), (354, 388), (372, 402), (394, 402)], steps=6),
        *curve([(394, 402), (386, 424), (392, 438), (388, 452), (398, 466), (392, 492), (406, 516)], steps=6),
        *curve([(406, 516), (456, 486), (496, 420), (510, 340), (508, 250), (470, 186), (432, 172)], steps=6),
    ]
    easel.flat(shadow, shade)
    easel.round(
        ((300, 404), (322, 404), (352, 440), (364, 490), (340, 480), (316, 444)), mix(skin, hexed("C8604A"), 0.14)
    )


def features(easel: Easel) -> None:
    """Brows, lids and mouth: a few cuts, no more."""
    skin, hair = easel.sitter.skin, easel.sitter.hair
    shade, deep = _shades(skin)
    dark = mix(skin, hexed("1B1526"), 0.78)
    brow = mix(hair, dark, 0.55) if easel.sitter.style != "scarf" else dark
    easel.round(((318, 316), (340, 306), (372, 314), (366, 330), (334, 332)), shade)
    easel.round(((414, 316), (440, 304), (474, 314), (466, 332), (428, 332)), deep)
    easel.flat(curve([(312, 300), (334, 284), (374, 292), (372, 298), (336, 293)], steps=5), brow)
    easel.flat(curve([(416, 292), (452, 282), (484, 302), (452, 292), (418, 299)], steps=5), brow)
    easel.flat(curve([(320, 324), (342, 315), (368, 325), (350, 330), (334, 330)], steps=5), dark)
    easel.flat(curve([(422, 325), (446, 315), (470, 325), (456, 330), (436, 330)], steps=5), dark)
    lip = mix(mix(skin, hexed("A03A38"), 0.42), shade, 0.2)
    easel.flat(
        curve([(348, 440), (368, 428), (380, 432), (394, 428), (428, 438), (392, 444)], steps=5), mix(lip, dark, 0.25)
    )
    easel.flat(curve([(352, 442), (392, 445), (424, 440), (404, 456), (376, 458)], steps=5), lip)
    easel.flat(curve([(350, 400), (364, 393), (378, 402), (366, 407)], steps=5), deep)


def beard(easel: Easel) -> None:
    hair = mix(easel.sitter.hair, easel.sitter.skin, 0.12)
    shape = (
        (302, 380),
        (320, 420),
        (346, 418),
        (388, 412),
        (430, 414),
        (470, 404),
        (506, 350),
        (504, 430),
        (470, 504),
        (410, 546),
        (352, 524),
        (316, 462),
    )
    easel.round(shape, hair)
    easel.carve(shape, (300, 400, 500, 520), (8, 24), mix(hair, hexed("FCF5E6"), 0.22))
    easel.round(
        ((346, 430), (388, 424), (432, 430), (420, 462), (386, 468), (356, 460)), mix(easel.sitter.skin, hair, 0.3)
    )


def glasses(easel: Easel) -> None:
    ink = mix(easel.sitter.hair, hexed("161320"), 0.8)
    for box in ((300, 292, 380, 358), (404, 290, 490, 358)):
        (left, _), (right, _) = sorted(easel.place(((box[0], 0), (box[2], 0))))
        easel.plate.ring((left, box[1], right, box[3]), 6, ink)
    easel.plate.line(easel.place(curve([(379, 320), (392, 312), (405, 320)], steps=5)), 6, ink)
    easel.plate.line(easel.place(((489, 316), (522, 312))), 6, ink)
