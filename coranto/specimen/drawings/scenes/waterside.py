"""Harbour, ferry, lighthouse, bridge and sea."""

import math

from coranto.specimen.drawings.buildings import house, skyline, street_lamp
from coranto.specimen.drawings.ink import Colour, Point, mix, thin
from coranto.specimen.drawings.people import person
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.scenes.registry import outdoors
from coranto.specimen.drawings.shapes import curve, cuts, down_to
from coranto.specimen.drawings.sky import birds, hills, mist, paint_sky
from coranto.specimen.drawings.trees import bare_tree
from coranto.specimen.drawings.water import glitter, mirror, ripples, surface

STEP = 10  # how finely a wave is cut


def _hull(plate: Plate, bow: Point, length: float, height: float, ink: Colour) -> None:
    """A wooden boat facing left: sheer line, planking, waterline in the accent."""
    x, y = bow
    light = plate.light
    sheer = curve(
        [
            (x, y - height),
            (x + length * 0.3, y - height * 0.66),
            (x + length * 0.7, y - height * 0.6),
            (x + length, y - height * 0.8),
        ]
    )
    keel = [(x + length * 0.96, y), (x + length * 0.1, y)]
    outline = [*sheer, *keel]
    plate.poly(outline, ink)
    plate.carve(
        outline,
        [((x, y - height * share), (x + length, y - height * (share - 0.08)), 1.4) for share in (0.3, 0.42, 0.54)],
        mix(ink, light.paper, 0.3),
    )
    plate.poly(
        [
            (x + length * 0.075, y - height * 0.2),
            (x + length * 0.97, y - height * 0.2),
            (x + length * 0.96, y),
            (x + length * 0.1, y),
        ],
        mix(light.accent, light.tone(0.8), 0.25),
    )
    plate.line(sheer, height * 0.07, mix(ink, light.paper, 0.55))


def _trawler(plate: Plate, bow: Point, length: float) -> None:
    x, y = bow
    light = plate.light
    height = length * 0.21
    deck = y - height * 0.64
    cabin = mix(light.local("plaster", 0.8), light.paper, 0.35)
    plate.rect((x + length * 0.56, deck - length * 0.2, x + length * 0.8, deck + 4), cabin)
    plate.rect((x + length * 0.7, deck - length * 0.2, x + length * 0.8, deck + 4), mix(cabin, light.tone(0.8), 0.3))
    plate.rect((x + length * 0.54, deck - length * 0.225, x + length * 0.82, deck - length * 0.195), light.accent)
    glass = light.lamp if light.lamplit else light.tone(0.8)
    for step in range(4):
        left = x + length * (0.575 + step * 0.055)
        plate.rect((left, deck - length * 0.165, left + length * 0.04, deck - length * 0.105), glass)
    mast = x + length * 0.36
    ink = light.tone(0.95)
    plate.line(((mast, deck), (mast, deck - length * 0.62)), length * 0.012, ink)
    plate.line(((mast, deck - length * 0.1), (mast - length * 0.27, deck - length * 0.46)), length * 0.009, ink)
    for end in (
        (x + length * 0.02, y - height),
        (x + length * 0.68, deck - length * 0.21),
        (x + length * 0.98, y - height * 0.8),
    ):
        plate.line(((mast, deck - length * 0.6), end), 1.5, ink)
    plate.line(
        ((x + length * 0.66, deck - length * 0.2), (x + length * 0.66, deck - length * 0.4)), length * 0.008, ink
    )
    _hull(plate, bow, length, height, light.local("teal", 0.85) if not light.dark else light.tone(0.85))


@outdoors("harbour")
def harbour(plate: Plate) -> None:
    light = plate.light
    shore = 560.0
    paint_sky(plate, shore, (420, 0.42))
    hills(plate, 470, 70, 0.12)
    hills(plate, 510, 38, 0.3)
    mist(plate, shore - 10, 120, 0.5)
    walls = ("plaster", "clay", "brick", "stone", "teal", "grain")
    x = 690.0
    while x < plate.width + 40:
        wide, tall = plate.between(92, 128), plate.between(170, 262)
        wall = light.local(walls[plate.rng.randrange(len(walls))], 0.55)
        house(plate, (x, shore - 22 - tall, x + wide, shore - 14), wall, light.tone(0.75))
        x += wide + 3
    plate.rect((640, shore - 18, plate.width, shore), light.tone(0.72))
    mirror(plate, shore, plate.height)
    ripples(plate, shore, plate.height, 150)
    glitter(plate, 420, shore, plate.height)
    _trawler(plate, (200, 770), 640)
    for step in range(7):
        y = 776 + step * 6
        plate.stroke(
            (210 + plate.between(-40, 40), y), (820 + plate.between(-60, 60), y), 7, thin(light.tone(0.9), 0.45)
        )
    _quay(plate)
    birds(plate, (620, 210), 7, 17)


def _quay(plate: Plate) -> None:
    light = plate.light
    top = mix(light.paper, light.tone(0.3), 0.3) if light.snowy else light.tone(0.78)
    plate.poly([(980, 1000), (1130, 880), (1600, 862), (1600, 1000)], light.tone(0.95))
    plate.poly([(1130, 880), (1600, 862), (1600, 892), (1118, 906)], top)
    for x in (1190, 1430):
        plate.poly(
            curve([(x - 24, 886), (x - 15, 846), (x - 28, 826), (x + 28, 826), (x + 15, 846), (x + 24, 886)], steps=5),
            light.tone(1),
        )
    plate.line(curve([(1190, 848), (1060, 876), (900, 818), (806, 700)]), 3.5, light.tone(1))
    person(plate, (1322, 888), 196, 0.85)


@outdoors("ferry")
def ferry(plate: Plate) -> None:
    light = plate.light
    shore = 520.0
    paint_sky(plate, shore, (1250, 0.4))
    hills(plate, 455, 66, 0.1)
    hills(plate, 492, 30, 0.28)
    mist(plate, shore, 110, 0.55)
    surface(plate, shore, plate.height)
    glitter(plate, 1250, shore, plate.height)
    ripples(plate, shore, plate.height, 160)
    _ship(plate)
    for step in range(60):
        x = 250 + step * 17 + plate.between(-20, 20)
        plate.stroke(
            (x, 708 + plate.between(-6, 16)),
            (x + plate.between(40, 130), 712 + plate.between(-6, 16)),
            6,
            thin(light.paper, 0.55),
        )
    for step in range(34):
        y = 724 + step * 6
        start = 330 + plate.between(-50, 50) + step * 5
        plate.stroke((start, y), (start + plate.between(300, 780), y), 5, thin(light.tone(0.85), 0.3))
    ink = light.tone(1)
    plate.rect((0, 928, plate.width, 942), ink)
    for x in range(30, plate.width, 130):
        plate.rect((x, 928, x + 9, 1000), ink)
    plate.rect((0, 972, plate.width, 978), ink)
    person(plate, (250, 1060), 330, 0.95)
    person(plate, (385, 1080), 320, 0.95)
    birds(plate, (560, 240), 8, 20)


def _ship(plate: Plate) -> None:
    light = plate.light
    white = mix(light.paper, light.tone(0.4), 0.12 if not light.dark else 0.45)
    shade = mix(white, light.tone(0.6), 0.4)
    hull = mix(light.accent, light.tone(0.85), 0.12)
    plate.poly(
        [*curve([(1010, 408), (960, 340), (870, 300), (700, 262), (560, 268)], steps=6), (700, 300), (940, 400)],
        thin(light.tone(0.35), 0.4),
    )
    for left, right, top, bottom in ((470, 1160, 520, 590), (530, 1090, 456, 522), (600, 900, 404, 458)):
        plate.rect((left, top, right, bottom), white)
        plate.rect((left, bottom - 14, right, bottom), shade)
        for x in range(left + 18, right - 22, 34):
            lit = plate.chance(light.lamplit * 1.3)
            plate.rect((x, top + 18, x + 20, top + 38), light.lamp if lit else light.tone(0.72))
    plate.poly([(590, 404), (600, 372), (690, 372), (700, 404)], white)
    plate.rect((598, 382, 694, 394), light.lamp if light.lamplit else light.tone(0.85))
    plate.poly([(960, 456), (975, 372), (1050, 372), (1065, 456)], light.accent)
    plate.rect((972, 386, 1054, 406), light.tone(0.95))
    plate.line(((650, 372), (650, 300)), 5, light.tone(0.9))
    outline = [(330, 574), *curve([(420, 588), (700, 596), (1210, 586)], steps=5), (1190, 720), (420, 720)]
    plate.poly(outline, light.tone(0.88))
    plate.poly([(410, 696), (1194, 696), (1190, 722), (420, 722)], hull)
    plate.line([(334, 580), *curve([(420, 594), (700, 602), (1208, 592)], steps=5)], 6, white)
    for x in range(500, 1160, 58):
        plate.disc((x, 640), 7, light.lamp if plate.chance(light.lamplit) else light.tone(0.5))


@outdoors("lighthouse")
def lighthouse(plate: Plate) -> None:
    light = plate.light
    shore = 640.0
    paint_sky(plate, shore, (430, 0.5))
    plate.poly(down_to([(0, 618), (180, 604), (420, 622), (520, shore)], shore), light.tone(0.18))
    surface(plate, shore, plate.height)
    glitter(plate, 430, shore, plate.height)
    ripples(plate, shore, plate.height, 170)
    if light.lamplit:
        for tip, opacity in (((-60, 60), 0.16), ((-60, 340), 0.16)):
            plate.poly([(1068, 236), (-60, tip[0]), (-60, tip[1])], thin(light.lamp, opacity))
        plate.poly([(1068, 236), (1700, 190), (1700, 330)], thin(light.lamp, 0.14))
    _headland(plate)
    _tower(plate, 1068)
    birds(plate, (700, 330), 9, 15)
    for x, y, reach in ((640, 860, 150), (560, 910, 220), (700, 800, 90)):
        for _ in range(16):
            start = x + plate.between(-reach, reach * 0.4)
            plate.stroke(
                (start, y + plate.between(-14, 14)),
                (start + plate.between(40, 140), y + plate.between(-12, 12)),
                7,
                thin(light.paper, 0.75),
            )


def _headland(plate: Plate) -> None:
    light = plate.light
    top = curve([(640, 900), (690, 800), (760, 742), (860, 690), (980, 655), (1180, 640), (1400, 600), (1640, 560)])
    rock = [*top, (1640, 1040), (520, 1040), (560, 960)]
    plate.shade(rock, (light.tone(0.66), light.tone(0.82), light.tone(0.98)))
    plate.carve(rock, cuts(plate, (600, 690, 1600, 1000), 150, (-46, 74)), light.tone(0.55))
    plate.carve(rock, cuts(plate, (700, 740, 1600, 1000), 90, (-30, 62)), light.tone(1))
    turf = [*top[16:], (1640, 660), *curve([(1400, 680), (1180, 700), (1010, 706), (880, 728), (800, 742)])]
    plate.poly(turf, light.ground("moss", 0.62))
    plate.carve(
        turf, cuts(plate, (760, 600, 1600, 720), 120, (18, -20)), mix(light.ground("moss", 0.62), light.paper, 0.35)
    )


def _tower(plate: Plate, x: float) -> None:
    light = plate.light
    white = mix(light.paper, light.tone(0.4), 0.1 if not light.dark else 0.5)
    top, foot = 290.0, 668.0

    def half(y: float) -> float:
        return float(34 + 30 * ((y - top) / (foot - top)) ** 1.2)

    house(plate, (x + 84, 566, x + 204, 662), white, mix(light.accent, light.tone(0.8), 0.3))
    sides = [(x - half(y), y) for y in range(290, 669, 18)] + [(x + half(y), y) for y in range(668, 289, -18)]
    plate.poly(sides, white)
    for upper, lower in ((352, 428), (506, 584)):
        plate.poly(
            [(x - half(upper), upper), (x + half(upper), upper), (x + half(lower), lower), (x - half(lower), lower)],
            light.accent,
        )
    dark = [(x + half(y) * 0.25, y) for y in range(290, 669, 18)] + [(x + half(y), y) for y in range(668, 289, -18)]
    plate.poly(dark, thin(light.tone(0.8), 0.32))
    for y in (330, 466, 612):
        plate.rect((x - 9, y, x + 7, y + 24), light.lamp if light.lamplit else light.tone(0.85))
    ink = light.tone(0.95)
    plate.rect((x - 52, 278, x + 52, 292), ink)
    plate.rect((x - 28, 214, x + 28, 280), light.lamp if light.lamplit else mix(light.sky[1], light.paper, 0.5))
    for step in (-28, -10, 8, 25):
        plate.rect((x + step, 214, x + step + 4, 280), ink)
    plate.poly([(x - 38, 216), *curve([(x - 30, 194), (x, 176), (x + 30, 194)], steps=5), (x + 38, 216)], light.accent)
    plate.rect((x - 2, 150, x + 2, 180), ink)
    if light.lamplit:
        plate.glow((x, 244), 230, light.lamp, 0.85)


@outdoors("bridge")
def bridge(plate: Plate) -> None:
    light = plate.light
    shore = 640.0
    paint_sky(plate, shore, (500, 0.36))
    hills(plate, 560, 60, 0.08)
    skyline(plate, shore, 150, 0.22)
    mist(plate, shore, 130, 0.7)
    _span(plate)
    mirror(plate, shore, plate.height, 0.5)
    ripples(plate, shore, plate.height, 150)
    glitter(plate, 500, shore, plate.height)
    bank = curve([(-20, 868), (160, 872), (330, 905), (470, 960), (560, 1020)])
    plate.poly([*bank, (-20, 1020)], light.ground("moss", 0.85))
    plate.carve(
        [*bank, (-20, 1020)],
        cuts(plate, (-20, 860, 560, 1000), 70, (30, -14)),
        mix(light.ground("moss", 0.85), light.paper, 0.3),
    )
    street_lamp(plate, (150, 905), 420)
    person(plate, (262, 930), 178, 0.9)
    bare_tree(plate, (20, 940), 620, light.tone(1))


def _span(plate: Plate) -> None:
    """A suspension bridge running from the right into the left distance."""
    light = plate.light
    ink, steel = light.tone(0.8), mix(light.accent, light.tone(0.75), 0.3)

    def deck(x: float) -> float:
        return float(596 - (max(0.0, x) / 1600) ** 1.3 * 100)

    near, far = 1090.0, 330.0
    for start, end in ((far, near), (near, 1860.0), (-420.0, far)):
        middle = (start + end) / 2
        dip = deck(middle) - 20 - (_top(start) + _top(end)) / 2
        shares = [step / 40 for step in range(41)]
        line = [
            (start + (end - start) * t, _top(start) + (_top(end) - _top(start)) * t + dip * 4 * t * (1 - t))
            for t in shares
        ]
        plate.line(line, 5, steel)
        for x, y in line[2:-1:2]:
            plate.line(((x, y), (x, deck(x))), 1.8, steel)
    plate.poly(
        [(-10, deck(0)), *[(x, deck(x)) for x in range(0, 1601, 100)], (1610, deck(1600) + 40), (-10, deck(0) + 12)],
        ink,
    )
    plate.line([(x, deck(x)) for x in range(0, 1601, 100)], 4, steel if not light.snowy else light.paper)
    for x, wide in ((near, 26), (far, 13)):
        for side in (-1.5, 1.5):
            plate.poly(
                [
                    (x + side * wide - wide * 0.5, 640),
                    (x + side * wide * 0.8 - wide * 0.35, _top(x)),
                    (x + side * wide * 0.8 + wide * 0.35, _top(x)),
                    (x + side * wide + wide * 0.5, 640),
                ],
                steel,
            )
        for share in (0.05, 0.32, 0.62):
            y = _top(x) + (deck(x) - _top(x)) * share
            plate.rect((x - wide * 1.5, y, x + wide * 1.5, y + wide * 0.6), steel)
        plate.rect((x - wide * 2.6, 612, x + wide * 2.6, 640), light.tone(0.9))
    for x in range(60, 1600, 124):
        if light.lamplit:
            plate.glow((x, deck(x) - 12), 26, light.lamp, 0.9)


def _top(x: float) -> float:
    """How high the bridge's towers reach: the nearer, the higher."""
    return float(420 - (max(0.0, x) / 1600) ** 1.1 * 430)


@outdoors("sea")
def sea(plate: Plate) -> None:
    light = plate.light
    shore = 470.0
    paint_sky(plate, shore, (1080, 0.5))
    surface(plate, shore, plate.height)
    glitter(plate, 1080, shore, 900)
    sail = mix(light.paper, light.tone(0.4), 0.08 if not light.dark else 0.4)
    plate.poly([*curve([(512, 300), (560, 380), (570, 470)]), (512, 470)], sail)
    plate.poly([*curve([(504, 318), (478, 400), (462, 466)]), (504, 470)], mix(sail, light.accent, 0.75))
    plate.rect((506, 292, 510, 486), light.tone(0.85))
    plate.poly([*curve([(444, 478), (520, 484), (590, 476)]), (570, 500), (468, 500)], light.tone(0.85))
    levels = [(500, 6), (540, 10), (590, 16), (655, 24), (735, 36), (835, 52), (945, 66)]
    for index, (level, swell) in enumerate(levels):
        depth = 0.25 + 0.11 * index
        phase, length = plate.between(0, math.tau), 130 + 56 * index
        line = [
            (x, level - swell * (abs(math.sin(x / length + phase)) ** 0.8) + swell * 0.25 * math.sin(x / 41 + index))
            for x in range(-STEP, 1621, STEP)
        ]
        wave = down_to(line, plate.height)
        ink = mix(light.tone(depth), light.local("teal", depth), 0.45)
        plate.poly(wave, ink)
        plate.carve(
            wave,
            [
                (
                    (x + plate.between(-60, 60), level + plate.between(-swell * 0.4, swell * 1.1)),
                    (x + plate.between(60, 150), level + plate.between(-swell * 0.4, swell * 1.2)),
                    1.5 + index * 0.5,
                )
                for x in range(0, 1600, 60)
            ],
            mix(ink, light.sky[2], 0.38),
        )
        _foam(plate, [(x, y + 1) for x, y in line if y < level - swell * 0.5], 2 + index * 1.3)
    birds(plate, (760, 200), 7, 19)


def _foam(plate: Plate, crests: list[Point], width: float) -> None:
    """White along the tops: each run of neighbouring points becomes one or two tapering cuts."""
    light = plate.light
    ink = mix(light.paper, light.tone(0.5), 0.08 if not light.dark else 0.45)
    for start in range(0, len(crests) - 6, 6):
        run = crests[start : start + 7]
        if run[-1][0] - run[0][0] < STEP * 7 and plate.chance(0.75):
            upper = [(x, y - width * math.sin(math.pi * place / 6)) for place, (x, y) in enumerate(run)]
            plate.poly(curve(upper, steps=3) + list(reversed(run)), ink)
