"""The map."""

from itertools import pairwise

from coranto.specimen.drawings.ink import Box, Colour, Point, mix, thin
from coranto.specimen.drawings.interiors import oblong
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.scenes.registry import indoors
from coranto.specimen.drawings.shapes import blob, curve, turned


@indoors("map")
def map_scene(plate: Plate) -> None:
    """A town from above, printed on a folded sheet."""
    light = plate.light
    base = mix(light.paper, light.tone(0.35), 0.1 if not light.dark else 0.86)
    plate.rect((0, 0, 1600, 1000), base)
    street = mix(base, light.paper, 0.75 if not light.dark else 0.16)
    built = (
        mix(base, light.local("plaster", 0.8), 0.75) if not light.dark else mix(base, light.local("slate", 0.6), 0.5)
    )
    _blocks(plate, built, mix(built, light.tone(0.6), 0.35))
    for box, pigment in (
        ((120, 90, 420, 300), "leaf"),
        ((1130, 640, 1480, 900), "leaf"),
        ((780, 100, 960, 220), "moss"),
    ):
        _park(plate, box, pigment, street)
    water = mix(light.local("teal", 0.6), light.sky[1], 0.4)
    banks = curve(
        [(-40, 620), (180, 600), (400, 680), (620, 640), (800, 480), (980, 430), (1180, 470), (1400, 380), (1660, 240)],
        steps=10,
    )
    plate.line(banks, 112, street)
    plate.line(banks, 92, water)
    for shift in (-28, -8, 14, 30):
        for start in range(4, len(banks) - 8, 11):
            plate.line([(x, y + shift) for x, y in banks[start : start + 5]], 2.5, mix(water, light.paper, 0.4))
    for road, width in (
        ([(300, -20), (380, 240), (520, 420), (640, 640), (760, 1020)], 22),
        ([(-20, 380), (300, 420), (620, 360), (900, 300), (1620, 90)], 22),
        ([(1240, -20), (1180, 260), (1090, 480), (1060, 720), (1110, 1020)], 18),
    ):
        line = curve(road, steps=10)
        plate.line(line, width + 8, mix(base, light.tone(0.7), 0.35))
        plate.line(line, width, mix(light.local("grain", 0.7), light.paper, 0.35))
    rail = curve([(-20, 860), (300, 830), (620, 860), (980, 780), (1300, 560), (1620, 500)], steps=10)
    plate.line(rail, 9, light.tone(0.85))
    for (x0, y0), (x1, y1) in list(pairwise(rail))[::2]:
        plate.line(((x0, y0), ((x0 + x1) / 2, (y0 + y1) / 2)), 4, light.paper)
    for pin, size in (((980, 300), 1.5), ((430, 790), 0.9), ((1320, 770), 0.9)):
        _pin(plate, pin, 46 * size)
    for x in (400, 800, 1200):
        plate.rect((x - 90, 0, x, 1000), thin(light.tone(1), 0.07))
        plate.rect((x, 0, x + 3, 1000), thin(light.paper, 0.5))
    plate.rect((0, 498, 1600, 501), thin(light.paper, 0.45))
    plate.rect((0, 501, 1600, 590), thin(light.tone(1), 0.05))


def _blocks(plate: Plate, ink: Colour, dense: Colour) -> None:
    """City blocks on a grid that turns from quarter to quarter."""
    for pivot, angle, reach in (
        ((300, 260), 0.16, 520),
        ((1160, 240), -0.28, 640),
        ((420, 860), -0.1, 520),
        ((1250, 820), 0.3, 640),
    ):
        step = 74
        for column in range(-reach // step, reach // step):
            for row in range(-reach // step, reach // step):
                x, y = pivot[0] + column * step * 1.25, pivot[1] + row * step
                corners = turned(oblong((x, y, x + step * 1.25 - 11, y + step - 11)), (pivot[0], pivot[1]), angle)
                middle = corners[0]
                if abs(middle[0] - pivot[0]) > reach * 0.8 or abs(middle[1] - pivot[1]) > reach * 0.44:
                    continue
                plate.poly(corners, dense if plate.chance(0.3) else ink)
                if plate.chance(0.6):
                    yard = turned(
                        oblong((x + 18, y + 16, x + step * 1.25 - 30, y + step - 28)), (pivot[0], pivot[1]), angle
                    )
                    plate.poly(yard, mix(ink, plate.light.local("moss", 0.6), 0.45))


def _park(plate: Plate, box: Box, pigment: str, path: Colour) -> None:
    light = plate.light
    left, top, right, bottom = box
    middle, radii = ((left + right) / 2, (top + bottom) / 2), ((right - left) / 2, (bottom - top) / 2)
    shape = blob(plate, middle, radii, 0.14)
    green = light.local(pigment, 0.7)
    plate.line([*shape, shape[0]], 14, path)
    plate.poly(shape, green)
    plate.line(curve([(left + 20, bottom - 40), middle, (right - 20, top + 30)], steps=8), 7, path)
    for _ in range(26):
        x, y = plate.between(left + 40, right - 40), plate.between(top + 36, bottom - 36)
        plate.disc((x + 3, y + 4), 11, light.tone(0.85))
        plate.disc((x, y), 11, mix(green, light.tone(0.7), plate.between(0.1, 0.5)))


def _pin(plate: Plate, tip: Point, size: float) -> None:
    light = plate.light
    x, y = tip
    plate.oval((x - size * 0.5, y - size * 0.14, x + size * 0.7, y + size * 0.2), thin(light.tone(1), 0.4))
    drop = curve(
        [
            (x, y),
            (x - size * 0.5, y - size * 0.8),
            (x - size * 0.72, y - size * 1.5),
            (x, y - size * 2.2),
            (x + size * 0.72, y - size * 1.5),
            (x + size * 0.5, y - size * 0.8),
        ],
        closed=True,
        steps=6,
    )
    plate.poly(drop, light.accent)
    plate.poly(
        curve(
            [
                (x, y),
                (x + size * 0.5, y - size * 0.8),
                (x + size * 0.72, y - size * 1.5),
                (x, y - size * 2.2),
                (x + size * 0.3, y - size * 1.2),
            ],
            closed=True,
            steps=6,
        ),
        mix(light.accent, light.tone(0.9), 0.25),
    )
    plate.disc((x, y - size * 1.45), size * 0.3, light.paper)
