"""Shoulders and what they wear."""

from collections.abc import Callable

from coranto.specimen.drawings.ink import hexed, mix
from coranto.specimen.drawings.portraits.sitters import Easel
from coranto.specimen.drawings.shapes import curve

BODY = (
    (20, 830),
    (56, 700),
    (150, 632),
    (290, 592),
    (344, 556),
    (404, 600),
    (486, 554),
    (530, 590),
    (660, 634),
    (744, 700),
    (786, 830),
)


def body(easel: Easel) -> None:
    cloth = easel.sitter.cloth
    dark = mix(cloth, hexed("141a2c"), 0.42)
    easel.flat(curve(BODY, steps=8), cloth)
    easel.flat(
        curve([(500, 560), (560, 600), (660, 634), (744, 700), (786, 830), (560, 830), (600, 730)], steps=8), dark
    )
    easel.carve(BODY, (60, 620, 560, 800), (22, 60), mix(cloth, hexed("FCF5E6"), 0.22))


def _jacket(easel: Easel) -> None:
    cloth = easel.sitter.cloth
    dark, pale = mix(cloth, hexed("141a2c"), 0.55), hexed("F5EDDC")
    easel.flat([(330, 560), (404, 650), (494, 560), (470, 830), (350, 830)], pale)
    easel.flat([(414, 640), (494, 560), (470, 830), (420, 830)], mix(pale, hexed("3A4A60"), 0.25))
    easel.flat(
        [(330, 556), (300, 592), (270, 680), (320, 690), (300, 712), (392, 830), (404, 830), (350, 650)],
        mix(cloth, dark, 0.35),
    )
    easel.flat([(494, 556), (524, 592), (556, 680), (506, 690), (526, 712), (420, 830), (404, 830), (456, 660)], dark)
    easel.flat(
        [(404, 640), (386, 664), (398, 690), (384, 830), (428, 830), (412, 690), (424, 664)],
        mix(easel.sitter.ground[1], dark, 0.3),
    )


def _rollneck(easel: Easel) -> None:
    cloth = easel.sitter.cloth
    dark = mix(cloth, hexed("141a2c"), 0.45)
    easel.round(
        (
            (336, 522),
            (370, 540),
            (410, 546),
            (460, 536),
            (500, 512),
            (514, 580),
            (474, 640),
            (400, 660),
            (340, 624),
            (328, 570),
        ),
        mix(cloth, hexed("FCF5E6"), 0.1),
    )
    easel.round(((430, 544), (470, 530), (500, 512), (514, 580), (474, 640), (416, 659), (444, 590)), dark)
    for step in range(9):
        x = 346 + step * 18
        easel.stroke((x, 534), (x + (404 - x) * 0.12, 634), 4, dark)


def _shirt(easel: Easel) -> None:
    cloth = easel.sitter.cloth
    dark, pale = mix(cloth, hexed("141a2c"), 0.5), mix(cloth, hexed("FCF5E6"), 0.16)
    easel.flat([(344, 556), (300, 590), (340, 690), (404, 634)], pale)
    easel.flat([(488, 552), (530, 590), (480, 690), (404, 634)], dark)
    easel.stroke((404, 634), (402, 830), 5, dark)
    for y in (690, 756):
        easel.round(((410, y), (416, y + 6), (410, y + 12), (404, y + 6)), pale)


def _shawl(easel: Easel) -> None:
    scarf = easel.sitter.hair
    dark = mix(scarf, hexed("141a2c"), 0.42)
    easel.round(
        (
            (284, 500),
            (330, 536),
            (404, 548),
            (480, 530),
            (524, 480),
            (590, 600),
            (560, 700),
            (430, 740),
            (290, 700),
            (236, 620),
        ),
        scarf,
    )
    easel.round(((430, 556), (490, 530), (524, 480), (590, 600), (560, 700), (440, 738), (500, 650)), dark)
    for step in range(5):
        easel.stroke((286 + step * 10, 566 + step * 26), (520 + step * 8, 584 + step * 24), 5, dark)


COLLARS: dict[str, Callable[[Easel], None]] = {
    "jacket": _jacket,
    "rollneck": _rollneck,
    "shirt": _shirt,
    "shawl": _shawl,
}


OPEN = {"jacket", "shirt"}  # the neck stands in front of these; the others close over it
