"""Forest, mountains and river."""

from coranto.specimen.drawings.buildings import house
from coranto.specimen.drawings.ink import Colour, Point, mix, thin
from coranto.specimen.drawings.people import person
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.scenes.registry import outdoors
from coranto.specimen.drawings.shapes import curve, cuts, down_to, jagged, rolling
from coranto.specimen.drawings.sky import birds, hills, mist, paint_sky
from coranto.specimen.drawings.trees import conifer, crown, grasses
from coranto.specimen.drawings.water import glitter, mirror, ripples


@outdoors("forest")
def forest(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 720, (930, 0.5))
    for layer, depth in enumerate((0.04, 0.16, 0.3)):
        level = 640 + layer * 30
        ink = mix(light.tone(depth), light.local("pine", depth), 0.4)
        for x in range(-40, 1660, 46 + layer * 16):
            tall = plate.between(300, 520) + layer * 40
            conifer(plate, (x + plate.between(-20, 20), level + 20), tall, depth, ink)
        plate.rect((0, level, 1600, 800), ink)
        mist(plate, level, 200, 0.55)
    if light.disc is not None:
        for tip in (150, 430, 760, 1120, 1420):
            plate.poly(
                [(900, -40), (970, -40), (tip + 120, 1000), (tip - 40, 1000)],
                thin(mix(light.disc, light.lamp, 0.3), 0.04 if light.dark else 0.1),
            )
    floor = down_to(rolling(plate, 730, 14), 1000)
    ground = light.ground("moss", 0.66)
    plate.shade(floor, (mix(ground, light.sky[2], 0.15), light.ground("pine", 0.92)))
    path = [
        *curve([(900, 728), (860, 760), (980, 810), (1000, 870), (760, 1010)], steps=8),
        *curve([(1290, 1010), (1180, 880), (1060, 800), (910, 756), (930, 728)], steps=8),
    ]
    plate.poly(path, light.ground("clay", 0.5))
    plate.carve(floor, cuts(plate, (0, 740, 1600, 1000), 300, (24, -10)), mix(ground, light.paper, 0.3))
    person(plate, (940, 800), 120, 0.8, light.accent)
    _dog(plate, 1004, 806)
    for x, wide in ((600, 34), (1240, 38), (1420, 50), (330, 54)):
        _trunk(plate, x, wide, 790 + wide, 0.76)
    for x, wide in ((120, 104), (1560, 110)):
        _trunk(plate, x, wide, 1010, 0.97)
    plate.poly(down_to(curve([(-20, 900), (150, 930), (340, 970), (520, 1010)], steps=6), 1020), light.tone(1))
    grasses(plate, 1004, 150, 130, light.tone(1))


def _dog(plate: Plate, x: float, y: float) -> None:
    ink = plate.light.tone(0.95)
    plate.poly(
        curve(
            [
                (x, y - 22),
                (x + 30, y - 24),
                (x + 36, y - 36),
                (x + 50, y - 34),
                (x + 56, y - 28),
                (x + 42, y - 20),
                (x + 34, y - 10),
                (x + 2, y - 10),
            ],
            closed=True,
            steps=4,
        ),
        ink,
    )
    for leg in (2, 8, 28, 34):
        plate.line(((x + leg, y - 14), (x + leg - 1, y)), 3, ink)
    plate.line(((x, y - 20), (x - 10, y - 32)), 3, ink)


def _trunk(plate: Plate, x: float, wide: float, foot: float, depth: float) -> None:
    light = plate.light
    ink = mix(light.tone(depth), light.local("timber", depth), 0.3)
    shape = curve(
        [(x - wide * 1.1, foot), (x - wide * 0.56, foot - wide * 1.2), (x - wide * 0.5, 400), (x - wide * 0.42, -20)],
        steps=6,
    ) + curve(
        [(x + wide * 0.42, -20), (x + wide * 0.5, 400), (x + wide * 0.56, foot - wide * 1.2), (x + wide * 1.2, foot)],
        steps=6,
    )
    for side, level in ((-1, 150), (1, 260), (-1, 380), (1, 90)):
        end = (x + side * wide * plate.between(2.2, 3.4), level - wide * plate.between(0.4, 1.4))
        plate.poly([(x, level), end, (x, level + wide * 0.3)], ink)
    plate.poly(shape, ink)
    plate.carve(
        shape,
        cuts(plate, (x - wide * 0.6, -20, x + wide * 0.2, foot), int(wide * 1.1), (3, 62)),
        mix(ink, light.paper if light.snowy else light.sky[2], 0.42),
    )
    plate.carve(
        shape, cuts(plate, (x + wide * 0.1, -20, x + wide * 0.6, foot), int(wide * 0.7), (2, 80)), light.tone(1)
    )


GAP = (560, 1010)  # an opening between the nearer trees


@outdoors("mountains")
def mountains(plate: Plate) -> None:
    light = plate.light
    shore = 690.0
    paint_sky(plate, shore, (420, 0.26))
    _range(plate, (600, 330, 6), 0.1)
    mist(plate, 590, 160, 0.5)
    _range(plate, (700, 520, 4), 0.34)
    mist(plate, 680, 150, 0.7)
    for layer, depth in enumerate((0.5, 0.64)):
        for x in range(-30, 1660, 34 + layer * 10):
            gap = GAP[0] < x < GAP[1] and layer == 1
            if not gap:
                conifer(plate, (x + plate.between(-12, 12), shore), plate.between(60, 120) + layer * 46, depth)
    mirror(plate, shore, plate.height, 0.6)
    ripples(plate, shore, plate.height, 110)
    glitter(plate, 420, shore, plate.height)
    bank = curve([(900, 1010), (1020, 930), (1200, 880), (1400, 870), (1640, 840)], steps=8)
    plate.poly([*bank, (1640, 1010)], light.ground("moss", 0.85))
    plate.carve(
        [*bank, (1640, 1010)],
        cuts(plate, (900, 850, 1600, 1000), 110, (30, -14)),
        mix(light.ground("moss", 0.85), light.paper, 0.3),
    )
    house(plate, (1230, 730, 1376, 892), light.local("timber", 0.82), light.tone(0.95))
    if light.lamplit:
        plate.glow((1300, 840), 190, light.lamp, 0.55)
    for x, y, tall in ((1150, 920, 270), (1440, 920, 430), (1540, 960, 560), (70, 1030, 480), (-10, 1040, 620)):
        conifer(plate, (x, y), tall, 0.93)
    birds(plate, (560, 150), 5, 15)


def _range(plate: Plate, form: tuple[float, float, int], depth: float) -> None:
    """A chain of peaks, each with its shaded flank and snow broken by rock."""
    light = plate.light
    level, height, peaks = form
    line = jagged(plate, level, height, peaks)
    rock = light.tone(depth)
    plate.poly(down_to(line, 760), rock)
    snow: Colour = mix(light.paper, light.tone(0.1), 0.1 if not light.dark else 0.45)
    summits = [
        place
        for place in range(6, len(line) - 6)
        if line[place][1] == min(y for _, y in line[place - 6 : place + 7]) and line[place][1] < level - height * 0.42
    ]
    for place in summits:
        x, y = line[place]
        drop = (level - y) * (0.62 if light.snowy else 0.46)
        _snowcap(plate, line, place, drop, snow)
        flank = [
            (x, y),
            *line[place : place + 10],
            (line[min(len(line) - 1, place + 9)][0] - drop * 0.2, level),
            (x + drop * 0.05, level),
            (x - drop * 0.12, y + drop * 1.1),
            (x + drop * 0.1, y + drop * 0.6),
        ]
        plate.poly(flank, thin(light.tone(depth + 0.28), 0.42))


def _snowcap(plate: Plate, line: list[Point], place: int, drop: float, snow: Colour) -> None:
    _, y = line[place]
    left = [point for point in line[max(0, place - 14) : place + 1] if point[1] < y + drop * 0.8]
    right = [point for point in line[place : place + 15] if point[1] < y + drop * 0.8]
    start, end = left[0], right[-1]
    teeth = []
    for step in range(1, 10):
        share = step / 10
        level = y + drop * (plate.between(0.85, 1.1) if step % 2 else plate.between(0.45, 0.65))
        teeth.append((end[0] + (start[0] - end[0]) * share, level))
    plate.poly([*left, *right, *teeth], snow)


BEND = (780, 1320)  # where the far bends of the river leave no room for bushes


@outdoors("river")
def river(plate: Plate) -> None:
    light = plate.light
    horizon = 430.0
    paint_sky(plate, horizon, (980, 0.42))
    for level, swell, depth in ((370, 80, 0.08), (404, 46, 0.2), (430, 26, 0.34)):
        hills(plate, level, swell, depth)
    mist(plate, 440, 110, 0.6)
    field = down_to([(0, 446), (1600, 440)], plate.height)
    base = light.ground("moss", 0.5)
    plate.shade(field, (light.ground("moss", 0.25), base, light.ground("leaf", 0.78)))
    plate.carve(field, cuts(plate, (0, 470, 1600, 1000), 240, (44, -6)), mix(base, light.paper, 0.25))
    left = curve(
        [(1010, 452), (900, 470), (1040, 505), (1080, 545), (820, 600), (560, 680), (520, 790), (640, 900), (700, 1010)]
    )
    right = curve(
        [
            (1700, 1010),
            (1480, 900),
            (1240, 790),
            (1060, 690),
            (1130, 610),
            (1290, 548),
            (1150, 500),
            (960, 470),
            (1030, 452),
        ]
    )
    stream = [*left, *right]
    plate.shade(
        stream,
        (light.sky[2], mix(light.sky[1], light.sky[2], 0.5), mix(light.sky[0], light.sky[1], 0.5), light.tone(0.5)),
    )
    plate.carve(
        stream,
        [
            ((x - 60, y), (x + 70, y), 1.5 + (y - 450) / 160)
            for x, y in ((plate.between(540, 1500), plate.between(470, 1000)) for _ in range(120))
        ],
        mix(light.sky[2], light.paper, 0.6),
    )
    for bank, lift in ((left, -1), (right, 1)):
        for x, y in bank[10::2]:
            for _ in range(3):
                tall = (y - 420) / 14 * plate.between(0.5, 1.3)
                root = x + lift * plate.between(-4, 18)
                plate.stroke(
                    (root, y + 3),
                    (root + plate.between(-5, 9), y - tall),
                    tall * 0.2,
                    light.tone(plate.between(0.55, 0.85)),
                )
    for y, tall in ((470, 14), (500, 22), (540, 30)):
        for x in range(-20, 1640, 46):
            if plate.chance(0.5) and not BEND[0] < x < BEND[1]:
                crown(plate, (x, y - tall * 0.4), (tall * plate.between(0.9, 1.7), tall * 0.5), 0.42 + tall / 150)
    for x, y, tall in (
        (240, 520, 150),
        (330, 510, 120),
        (150, 540, 170),
        (1400, 520, 140),
        (1490, 536, 170),
        (1330, 506, 96),
    ):
        crown(plate, (x, y - tall * 0.4), (tall * 0.42, tall * 0.45), 0.5)
    conifer(plate, (300, 960), 560, 0.85)
    conifer(plate, (130, 1010), 720, 0.95)
    grasses(plate, 1005, 150, 120, light.tone(0.98))
    birds(plate, (700, 230), 6, 13)
