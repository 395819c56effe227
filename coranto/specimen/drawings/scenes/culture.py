"""Stage and cinema."""

import math

from coranto.specimen.drawings.buildings import block, sheen, skyline, street_lamp, windows
from coranto.specimen.drawings.ink import Colour, Point, mix, thin
from coranto.specimen.drawings.people import crowd, heads, person
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.scenes.registry import indoors, outdoors
from coranto.specimen.drawings.shapes import curve, cuts, down_to, rolling
from coranto.specimen.drawings.sky import mist, paint_sky, weather


@indoors("stage")
def stage(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 660, (1010, 0.36))
    for level, swell, depth in ((600, 60, 0.12), (640, 40, 0.3)):
        plate.poly(down_to(rolling(plate, level, swell), 760), light.tone(depth))
    weather(plate, (240, 100, 1360, 660))
    boards = light.local("timber", 0.75)
    floor = [(120, 676), (1480, 676), (1700, 850), (-100, 850)]
    plate.shade(floor, (mix(boards, light.sky[2], 0.25), mix(boards, light.tone(0.9), 0.35)))
    plate.carve(
        floor,
        [((800 + step * 40, 660), (800 + step * 66, 860), 2.5) for step in range(-22, 23)],
        mix(boards, light.tone(0.95), 0.5),
    )
    for lamp, tip in ((520, 1010), (1180, 560)):
        plate.poly(
            [(lamp - 8, 60), (lamp + 8, 60), (tip + 150, 770), (tip - 150, 770)],
            thin(mix(light.lamp, light.paper, 0.5), 0.2),
        )
        plate.oval((tip - 150, 745, tip + 150, 800), thin(mix(light.lamp, light.paper, 0.5), 0.35))
    _cellist(plate, 560, 772)
    _singer(plate, 1010, 778)
    _curtains(plate)
    plate.rect((-10, 846, 1610, 880), light.tone(0.92))
    for x in range(90, 1600, 142):
        plate.glow((x, 850), 54, light.lamp, 0.8)
        plate.poly([(x - 18, 850), (x + 18, 850), (x + 12, 836), (x - 12, 836)], light.tone(1))
    plate.rect((-10, 880, 1610, 1000), light.tone(0.97))
    heads(plate, 915, 56, mix(light.tone(0.97), light.lamp, 0.13))
    heads(plate, 972, 74, light.tone(1))


def _curtains(plate: Plate) -> None:
    light = plate.light
    cloth = mix(light.accent, light.tone(0.9), 0.45)
    deep, lit = mix(cloth, light.tone(1), 0.5), mix(cloth, light.lamp, 0.22)
    for side in (-1, 1):
        edge = 800 + side * 820
        inner = curve(
            [
                (800 + side * 500, -20),
                (800 + side * 520, 300),
                (800 + side * 640, 560),
                (800 + side * 560, 640),
                (800 + side * 590, 850),
            ],
            steps=8,
        )
        drape = [*inner, (edge, 850), (edge, -20)]
        plate.poly(drape, cloth)
        for fold in range(9):
            x = 800 + side * (530 + fold * 34)
            plate.carve(drape, [((x, -40), (x + side * 40, 900), plate.between(10, 17))], deep if fold % 2 else lit)
        plate.line(
            curve([(800 + side * 655, 560), (800 + side * 720, 590), (edge, 580)], steps=5),
            13,
            light.local("grain", 0.9),
        )
    valance: list[Point] = [(-20, -20), (1620, -20)]
    for index in range(8, -1, -1):
        x = index * 200
        valance += curve([(x + 100, 120), (x, 170), (x - 100, 120)], steps=6)
    plate.poly(valance, cloth)
    for index in range(9):
        x = index * 200
        for fold in (-70, -35, 0, 35, 70):
            plate.stroke((x + fold * 1.3, -30), (x + fold * 0.6, 150 - abs(fold) * 0.4), 13, deep if fold else lit)
        plate.line(curve([(x - 100, 120), (x, 170), (x + 100, 120)], steps=6), 8, light.local("grain", 0.9))


def _singer(plate: Plate, x: float, foot: float) -> None:
    """In a long dress, one arm raised."""
    light = plate.light
    dress, skin, dark = light.accent, mix(light.local("timber", 0.8), light.local("clay", 0.8), 0.3), light.tone(1)
    plate.poly(
        curve(
            [
                (x - 26, foot - 232),
                (x + 26, foot - 232),
                (x + 21, foot - 160),
                (x + 36, foot - 90),
                (x + 78, foot),
                (x - 82, foot),
                (x - 38, foot - 90),
                (x - 22, foot - 160),
            ],
            closed=True,
            steps=6,
        ),
        dress,
    )
    plate.poly(
        curve(
            [
                (x + 6, foot - 228),
                (x + 26, foot - 232),
                (x + 21, foot - 160),
                (x + 36, foot - 90),
                (x + 78, foot),
                (x + 22, foot),
                (x + 14, foot - 110),
            ],
            closed=True,
            steps=6,
        ),
        mix(dress, dark, 0.4),
    )
    plate.line(((x - 24, foot - 228), (x - 68, foot - 262), (x - 92, foot - 322)), 12, skin)
    plate.line(((x + 24, foot - 226), (x + 50, foot - 182), (x + 14, foot - 170)), 12, skin)
    plate.rect((x - 8, foot - 262, x + 8, foot - 228), skin)
    plate.oval((x - 19, foot - 304, x + 19, foot - 252), skin)
    plate.poly(
        curve(
            [
                (x - 20, foot - 280),
                (x - 14, foot - 308),
                (x + 10, foot - 312),
                (x + 26, foot - 296),
                (x + 36, foot - 262),
                (x + 18, foot - 256),
                (x + 14, foot - 286),
                (x - 8, foot - 294),
            ],
            closed=True,
            steps=5,
        ),
        dark,
    )
    plate.line(((x - 112, foot), (x - 112, foot - 220), (x - 60, foot - 262)), 5, dark)
    plate.oval((x - 66, foot - 272, x - 44, foot - 250), dark)


def _cellist(plate: Plate, x: float, foot: float) -> None:
    light = plate.light
    suit, skin, wood = light.tone(0.92), light.local("clay", 0.85), light.local("brick", 0.85)
    plate.rect((x - 78, foot - 92, x + 10, foot - 82), light.tone(1))
    for leg in (-74, 2):
        plate.rect((x + leg, foot - 84, x + leg + 6, foot), light.tone(1))
    plate.poly(
        curve(
            [
                (x - 58, foot - 214),
                (x - 12, foot - 218),
                (x + 8, foot - 150),
                (x - 6, foot - 84),
                (x - 76, foot - 84),
                (x - 74, foot - 150),
            ],
            closed=True,
            steps=6,
        ),
        suit,
    )
    plate.line(((x - 40, foot - 96), (x + 44, foot - 92), (x + 52, foot)), 27, suit)
    plate.rect((x - 40, foot - 240, x - 24, foot - 212), skin)
    plate.oval((x - 50, foot - 284, x - 12, foot - 232), skin)
    plate.poly(
        curve(
            [
                (x - 54, foot - 250),
                (x - 50, foot - 286),
                (x - 22, foot - 292),
                (x - 8, foot - 272),
                (x - 34, foot - 268),
                (x - 42, foot - 246),
            ],
            closed=True,
            steps=5,
        ),
        light.tone(1),
    )
    cello = curve(
        [
            (x + 22, foot - 180),
            (x + 52, foot - 172),
            (x + 48, foot - 128),
            (x + 76, foot - 84),
            (x + 48, foot - 28),
            (x + 8, foot - 38),
            (x - 4, foot - 92),
            (x + 14, foot - 134),
        ],
        closed=True,
        steps=6,
    )
    plate.poly(cello, wood)
    plate.carve(cello, cuts(plate, (x, foot - 180, x + 70, foot - 30), 18, (6, 26)), mix(wood, light.paper, 0.4))
    plate.line(((x + 24, foot - 50), (x + 12, foot - 290)), 8, light.tone(1))
    plate.line(((x + 30, foot - 40), (x + 34, foot)), 4, light.tone(1))
    plate.line(((x - 22, foot - 200), (x - 24, foot - 236), (x + 14, foot - 250)), 13, suit)
    plate.line(((x - 40, foot - 196), (x - 20, foot - 130), (x + 34, foot - 104)), 15, suit)
    plate.line(((x - 50, foot - 74), (x + 118, foot - 118)), 3, light.paper)
    plate.disc((x + 36, foot - 102), 9, skin)
    plate.disc((x + 14, foot - 250), 8, skin)


@outdoors("cinema")
def cinema(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 700, (250, 0.34))
    skyline(plate, 740, 280, 0.2)
    mist(plate, 740, 180, 0.7)
    for left, right, top, pigment in ((-20, 200, 330, "brick"), (190, 440, 420, "stone"), (1330, 1640, 300, "clay")):
        wall = light.local(pigment, 0.6)
        block(plate, (left, top, right, 830), wall, 0.0)
        windows(plate, (left + 16, top + 24, right - 16, 690), (4, 5), wall, (0.44, 0.6))
        plate.rect((left, 700, right, 830), mix(wall, light.tone(0.92), 0.6))
        plate.rect((left + 24, 730, right - 24, 806), light.lamp if light.lamplit else light.tone(0.7))
    _facade(plate)
    pavement = light.ground("stone", 0.6)
    plate.rect((0, 826, 1600, 900), pavement)
    plate.rect((0, 896, 1600, 906), mix(pavement, light.tone(0.9), 0.5))
    road = mix(light.ground("slate", 0.75), light.tone(0.8), 0.35)
    plate.blend((0, 906, 1600, 1000), (road, mix(road, light.tone(1), 0.4)))
    crowd(plate, (700, 1040), 856, 150, 7)
    if light.lamplit:
        for _ in range(70):
            x, y = plate.rng.gauss(860, 230), plate.between(850, 1000)
            plate.stroke((x, y), (x + plate.between(30, 120), y), 5, thin(light.lamp, 0.4))
    if light.weather == "rain":
        sheen(plate, (0, 860, 1600, 1000))
    person(plate, (300, 950), 260, 0.92)
    person(plate, (400, 960), 250, 0.92)
    street_lamp(plate, (1450, 920), 560)


def _facade(plate: Plate) -> None:
    light = plate.light
    wall = light.local("plaster", 0.66) if not light.dark else mix(light.local("plaster", 0.7), light.tone(0.6), 0.35)
    shade = mix(wall, light.tone(0.8), 0.35)
    accent = mix(light.accent, light.tone(0.8), 0.08)
    steps = [
        (480, 830),
        (480, 420),
        (540, 420),
        (540, 330),
        (620, 330),
        (620, 250),
        (1080, 250),
        (1080, 330),
        (1160, 330),
        (1160, 420),
        (1280, 420),
        (1280, 830),
    ]
    plate.poly(steps, wall)
    plate.rect((1180, 420, 1280, 830), shade)
    for x in range(650, 1060, 66):
        plate.rect((x, 270, x + 30, 560), mix(light.lamp, wall, 0.35) if light.lamplit else shade)
        plate.rect((x + 30, 270, x + 38, 560), mix(wall, light.paper, 0.5))
    if light.snowy:
        for left, right, top in (
            (480, 540, 420),
            (540, 620, 330),
            (620, 1080, 250),
            (1080, 1160, 330),
            (1160, 1280, 420),
        ):
            plate.rect((left - 4, top - 10, right + 4, top + 2), light.paper)
    fin = [(560, 590), (560, 170), *curve([(560, 150), (588, 120), (616, 150)], steps=5), (616, 590)]
    plate.poly(fin, accent)
    plate.poly([(600, 590), (600, 140), (616, 150), (616, 590)], mix(accent, light.tone(0.9), 0.4))
    for row in range(9):
        y = 180 + row * 44
        _star(plate, (581, y), 13, light.paper if not light.lamplit else light.lamp)
    if light.lamplit:
        plate.glow((580, 360), 300, light.accent, 0.35)
        plate.glow((860, 690), 420, light.lamp, 0.7)
    plate.rect(
        (500, 640, 1260, 830),
        mix(light.lamp, light.accent, 0.12) if light.lamplit else mix(light.tone(0.75), light.sky[1], 0.15),
    )
    for x in range(500, 1270, 95):
        plate.rect((x - 6, 640, x + 6, 830), light.tone(0.9))
    plate.rect((796, 690, 890, 830), light.tone(0.88))
    plate.poly([(440, 570), (1310, 570), (1340, 650), (410, 650)], accent)
    plate.poly(
        [(470, 584), (1282, 584), (1302, 632), (448, 632)],
        light.paper if not light.dark else mix(light.paper, light.lamp, 0.4),
    )
    for x in (560, 760, 980, 1140):
        plate.rect((x, 596, x + plate.between(60, 120), 620), mix(light.paper, light.tone(0.9), 0.75))
    for x in range(424, 1340, 26):
        plate.disc((x, 650), 6, light.lamp if light.lamplit else light.paper)
        plate.disc((440 + (x - 424) * 0.95, 570), 5, light.lamp if light.lamplit else light.paper)


def _star(plate: Plate, centre: Point, size: float, ink: Colour) -> None:
    points = []
    for step in range(10):
        reach = size if step % 2 == 0 else size * 0.42
        angle = -math.pi / 2 + math.tau * step / 10
        points.append((centre[0] + math.cos(angle) * reach, centre[1] + math.sin(angle) * reach))
    plate.poly(points, ink)
