"""Fields, greenhouse and orchard."""

from coranto.specimen.drawings.buildings import gable, house
from coranto.specimen.drawings.ink import Point, mix, thin
from coranto.specimen.drawings.people import person
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.scenes.registry import outdoors
from coranto.specimen.drawings.shapes import blob, curve, cuts, down_to, rolling
from coranto.specimen.drawings.sky import birds, mist, paint_sky
from coranto.specimen.drawings.trees import crown, grasses, poplar, round_tree


@outdoors("fields")
def fields(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 480, (470, 0.44))
    for level, swell, depth in ((420, 60, 0.08), (462, 40, 0.2)):
        plate.poly(down_to(rolling(plate, level, swell), 1000), light.tone(depth))
    mist(plate, 476, 100, 0.6)
    pigments = ("moss", "grain", "leaf", "clay")
    for index in range(4):
        level = 500 + index * 38
        hill = down_to(rolling(plate, level, 18, 0.9), 1000)
        ink = light.ground(pigments[index], 0.34 + 0.07 * index)
        plate.poly(hill, ink)
        slant = 90 if index % 2 else -120
        plate.carve(
            hill,
            [((x, level - 20), (x + slant, level + 80), 1.8) for x in range(-100, 1750, 15 + index * 5)],
            mix(ink, light.tone(0.7), 0.3),
        )
        for x in range(-20, 1640, 54):
            if plate.chance(0.42):
                size = plate.between(10, 20) * (0.8 + index * 0.2)
                crown(plate, (x, level - 2), (size * 1.4, size), 0.42 + 0.07 * index)
    _furrows(plate)
    for x, y, tall in ((1180, 640, 190), (1220, 646, 220), (1262, 650, 200), (1530, 650, 230), (1572, 656, 200)):
        poplar(plate, (x, y), tall, 0.62)
    barn = light.accent if not light.dark else mix(light.accent, light.tone(0.8), 0.5)
    plate.rect((1300, 575, 1430, 652), mix(barn, light.tone(0.7), 0.2))
    gable(plate, (1288, 528, 1442, 578), light.tone(0.75))
    house(plate, (1424, 546, 1504, 652), light.local("plaster", 0.6), light.tone(0.8))
    _tractor(plate, 560, 760)
    grasses(plate, 1004, 170, 110, light.tone(0.97))
    birds(plate, (640, 700), 7, 13)


def _furrows(plate: Plate) -> None:
    """The near field, ploughed towards a point on the horizon right of the middle."""
    light = plate.light
    line = curve([(-20, 672), (400, 650), (900, 640), (1640, 660)], steps=12)
    area = down_to(line, 1000)
    soil = light.ground("grain", 0.66)
    plate.shade(area, (mix(soil, light.sky[2], 0.25), soil, mix(soil, light.tone(0.85), 0.4)))
    vanish = (1010.0, 560.0)
    rows = [(vanish, (vanish[0] + step * 128, 1090.0), 2.0 + abs(step) * 0.3) for step in range(-17, 14)]
    wedges = [(start, (end[0] + 34, end[1])) for start, end, _ in rows]
    dark = mix(soil, light.tone(0.85), 0.45)
    plate.carve(area, [(end, start, 26.0) for start, end in wedges], dark)
    plate.carve(area, [((end[0] - 60, end[1]), start, 5.0) for start, end in wedges], mix(soil, light.paper, 0.5))


def _tractor(plate: Plate, x: float, y: float) -> None:
    light = plate.light
    body, dark = mix(light.accent, light.tone(0.8), 0.1), light.tone(1)
    plate.oval((x - 50, y - 10, x + 230, y + 16), thin(dark, 0.4))
    plate.poly(
        [(x, y - 96), (x + 16, y - 160), (x + 96, y - 160), (x + 110, y - 96)], mix(light.sky[1], light.paper, 0.3)
    )
    plate.line(((x, y - 96), (x + 16, y - 160), (x + 96, y - 160), (x + 110, y - 96)), 7, body)
    plate.rect((x + 52, y - 160, x + 58, y - 90), body)
    plate.poly([(x - 8, y - 100), (x + 110, y - 100), (x + 206, y - 92), (x + 212, y - 40), (x - 8, y - 30)], body)
    plate.rect((x + 150, y - 142, x + 158, y - 92), dark)
    plate.rect((x + 120, y - 66, x + 208, y - 54), mix(body, light.paper, 0.4))
    for wheel, radius in ((26, 58), (180, 36)):
        plate.disc((x + wheel, y - radius + 6), radius, dark)
        plate.disc((x + wheel, y - radius + 6), radius * 0.5, light.local("grain", 0.85))
        plate.disc((x + wheel, y - radius + 6), radius * 0.18, dark)
    if light.lamplit:
        plate.glow((x + 212, y - 70), 120, light.lamp, 0.9)


@outdoors("greenhouse")
def greenhouse(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 600, (360, 0.4))
    plate.poly(down_to(rolling(plate, 520, 60), 800), light.tone(0.12))
    plate.poly(down_to(rolling(plate, 580, 30), 800), light.tone(0.25))
    for x in range(-30, 620, 78):
        crown(plate, (x, 640), (60, plate.between(40, 80)), 0.42, "pine")
    mist(plate, 640, 130, 0.6)
    _glasshouse(plate)
    ground = light.ground("timber", 0.66)
    bed = [(0, 770), (1600, 770), (1600, 1000), (0, 1000)]
    plate.shade(bed, (mix(ground, light.sky[2], 0.2), mix(ground, light.tone(0.9), 0.4)))
    for row, level in enumerate((800, 850, 920, 1000)):
        size = 20 + row * 11
        plate.rect((0, level - size * 0.2, 1600, level + size * 0.6), mix(ground, light.tone(0.9), 0.5))
        for x in range(-20 - row * 13, 1640, round(size * 1.7)):
            pigment = ("leaf", "moss", "pine", "leaf")[row]
            shape = blob(plate, (x, level - size * 0.45), (size * 0.85, size * 0.62), 0.16)
            ink = light.ground(pigment, 0.6 + row * 0.1)
            plate.poly(shape, ink)
            rib = mix(ink, light.paper, 0.4)
            for turn in (-0.5, 0, 0.5):
                plate.stroke((x, level), (x + turn * size, level - size * 0.9), size * 0.1, rib)
    person(plate, (330, 886), 250, 0.88, light.local("grain", 0.85))
    plate.poly([(372, 822), (436, 822), (426, 872), (382, 872)], light.local("timber", 0.9))
    for x, y in ((388, 818), (404, 810), (420, 818)):
        plate.disc((x, y), 13, light.accent)


def _glasshouse(plate: Plate) -> None:
    light = plate.light
    left, front, right = 560.0, 860.0, 1640.0
    glow = mix(light.lamp, light.local("moss", 0.5), 0.3)
    glass = glow if light.lamplit else mix(light.sky[2], light.local("leaf", 0.3), 0.22)
    if light.lamplit:
        plate.glow((1060, 560), 620, light.lamp, 0.5)
    gable_end = [(left, 780), (left, 490), ((left + front) / 2, 330), (front, 490), (front, 780)]
    side = [(front, 780), (front, 490), (right, 500), (right, 780)]
    roof = [((left + front) / 2, 330), (right, 360), (right, 500), (front, 490)]
    plate.shade(gable_end, (mix(glass, light.paper, 0.35), glass))
    plate.shade(side, (mix(glass, light.paper, 0.15), mix(glass, light.tone(0.5), 0.15)))
    for _ in range(42):
        x, tall = plate.between(left + 40, right - 30), plate.between(60, 190)
        for leaf in range(5):
            lean = (leaf - 2) * tall * 0.2
            ink = mix(light.local("leaf", 0.55), light.tone(0.7), plate.between(0.0, 0.5))
            plate.poly(
                curve(
                    [
                        (x, 780),
                        (x + lean * 0.4 - 7, 780 - tall * 0.6),
                        (x + lean, 780 - tall),
                        (x + lean * 0.4 + 9, 780 - tall * 0.55),
                    ],
                    closed=True,
                    steps=4,
                ),
                ink,
            )
        if plate.chance(0.5):
            for _ in range(3):
                plate.disc((x + plate.between(-24, 24), 780 - tall * plate.between(0.4, 0.9)), 8, light.accent)
    plate.poly(side, thin(glass, 0.28))
    sheet = mix(light.paper, light.tone(0.2), 0.1) if light.snowy else mix(glass, light.sky[1], 0.55)
    plate.shade(roof, (sheet, mix(sheet, glass, 0.5)))
    plate.poly([(1010, 346), (1090, 348), (1260, 496), (1160, 494)], thin(light.paper, 0.35))
    _glazing(plate, (left, front, right))


def _glazing(plate: Plate, edges: tuple[float, float, float]) -> None:
    light = plate.light
    left, front, right = edges
    iron = mix(light.paper, light.tone(0.4), 0.12) if not light.dark else light.tone(0.85)
    ridge = (left + front) / 2
    for step in range(9):
        share = step / 8
        x = front + (right - front) * share
        plate.line(((x, 490 + 10 * share), (x, 780)), 6, iron)
        plate.line(((ridge + (right - ridge) * share, 330 + 30 * share), (x, 490 + 10 * share)), 5, iron)
    for x, top in ((left, 490), (left + 75, 412), (left + 225, 412), (front, 490)):
        plate.line(((x, top), (x, 780)), 6, iron)
    plate.line(((left, 490), (ridge, 330), (front, 490), (right, 500)), 9, iron)
    plate.line(((ridge, 330), (right, 360)), 9, iron)
    plate.line(((left, 490), (front, 490)), 6, iron)
    plate.line(((front, 620), (right, 624)), 5, iron)
    plate.rect((left - 8, 740, right, 790), light.local("brick", 0.7))
    plate.poly(
        [(left + 84, 790), (left + 84, 540), (left + 216, 540), (left + 216, 790)],
        mix(light.tone(0.6), light.lamp, 0.55 if light.lamplit else 0.0),
    )
    plate.line(((left + 84, 790), (left + 84, 540), (left + 216, 540), (left + 216, 790)), 8, iron)


MARGIN = 250  # trees this far outside still reach into the picture


NEAR = 100  # taller trees are close enough to show all their fruit


@outdoors("orchard")
def orchard(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 460, (1000, 0.45))
    plate.poly(down_to(rolling(plate, 400, 60), 700), light.tone(0.1))
    plate.poly(down_to(rolling(plate, 446, 30), 700), light.tone(0.24))
    mist(plate, 460, 110, 0.6)
    area = [(0, 462), (1600, 462), (1600, 1000), (0, 1000)]
    grass = light.ground("moss", 0.6)
    plate.shade(area, (light.ground("moss", 0.3), grass, light.ground("leaf", 0.85)))
    plate.poly([(900, 466), (918, 466), (1230, 1000), (560, 1000)], mix(grass, light.paper, 0.28))
    plate.carve(area, cuts(plate, (0, 490, 1600, 1000), 330, (26, -14)), mix(grass, light.paper, 0.35))
    for row in range(7):
        share = (row / 6) ** 1.9
        foot, tall = 482 + 440 * share, 70 + 560 * share
        for offset in (-2.1, -1.12, -0.42, 0.42, 1.12, 2.1):
            x = 908 + offset * (90 + 1080 * share) + (10 if offset > 0 else -10)
            if -MARGIN < x < plate.width + MARGIN:
                _fruit_tree(plate, (x, foot), tall, 0.32 + 0.6 * share)
    _ladder(plate)
    person(plate, (800, 900), 270, 0.9, light.local("plaster", 0.9))
    if not light.snowy:
        _baskets(plate)


def _baskets(plate: Plate) -> None:
    light = plate.light
    for x, y, size in ((690, 936, 58), (900, 950, 64)):
        for _ in range(12):
            plate.disc(
                (x + plate.between(-size * 0.6, size * 0.6), y - size * 0.35 + plate.between(-10, 6)),
                size * 0.17,
                mix(light.accent, light.tone(0.9), plate.between(0, 0.35)),
            )
        plate.poly(
            [
                (x - size * 0.85, y - size * 0.3),
                (x + size * 0.85, y - size * 0.3),
                (x + size * 0.65, y + size * 0.5),
                (x - size * 0.65, y + size * 0.5),
            ],
            light.local("timber", 0.9),
        )
        plate.line(((x - size * 0.8, y), (x + size * 0.8, y)), 4, light.tone(1))


def _fruit_tree(plate: Plate, foot: Point, tall: float, depth: float) -> None:
    light = plate.light
    x, y = foot
    plate.oval(
        (x - tall * 0.34, y - tall * 0.04, x + tall * 0.4, y + tall * 0.06),
        thin(light.tone(min(1, depth + 0.2)), 0.12 if light.snowy else 0.35),
    )
    round_tree(plate, foot, tall, depth)
    if light.snowy:
        return  # picked long ago
    for _ in range(18 if tall > NEAR else 6):
        u, v = plate.between(-0.2, 0.2), plate.between(-0.23, 0.23)
        plate.disc(
            (x + u * tall, y - tall * 0.64 + v * tall),
            tall * 0.017 + 1,
            mix(light.accent, light.tone(depth), 0.45 if light.dark else 0.15),
        )


def _ladder(plate: Plate) -> None:
    wood = plate.light.local("timber", 0.8)
    for shift in (0, 52):
        plate.line(((360 + shift, 930), (450 + shift * 0.6, 440)), 9, wood)
    for step in range(11):
        share = step / 11
        plate.line(((364 + 88 * share, 906 - 466 * share), (408 + 70 * share, 906 - 466 * share)), 6, wood)
