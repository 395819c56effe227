"""Factory, wind turbines and printing press."""

import math

from coranto.specimen.drawings.buildings import block, house, sheen, skyline, windows
from coranto.specimen.drawings.ink import Colour, Point, mix
from coranto.specimen.drawings.interiors import bars, daylight, oblong, pendant, room
from coranto.specimen.drawings.people import crowd, person
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.scenes.registry import indoors, outdoors
from coranto.specimen.drawings.shapes import blob, curve, cuts, down_to, rolling, turned
from coranto.specimen.drawings.sky import mist, paint_sky
from coranto.specimen.drawings.trees import crown, grasses, poplar, round_tree


@outdoors("factory")
def factory(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 680, (300, 0.42))
    plate.poly(down_to(rolling(plate, 600, 50), 800), light.tone(0.12))
    skyline(plate, 720, 130, 0.25)
    mist(plate, 720, 140, 0.7)
    for x, top, wide in ((760, 180, 27), (900, 110, 31), (1420, 250, 25)):
        _smoke(plate, x, top)
        _chimney(plate, x, top, wide)
    wall = light.local("brick", 0.62)
    block(plate, (1010, 400, 1330, 800), mix(wall, light.tone(0.7), 0.35), 0.25)
    windows(plate, (1030, 430, 1250, 640), (5, 3), wall, (0.6, 0.7))
    for index in range(6):
        _sawtooth(plate, 540 + index * 180, wall)
    plate.rect((540, 640, 1640, 810), wall)
    plate.carve(
        oblong((540, 640, 1640, 810)), cuts(plate, (540, 640, 1600, 810), 160, (24, 0)), mix(wall, light.tone(0.8), 0.4)
    )
    windows(plate, (560, 664, 1640, 776), (14, 1), wall, (0.62, 0.8))
    plate.rect((470, 700, 640, 812), mix(wall, light.tone(0.8), 0.4))
    plate.rect((500, 726, 612, 812), light.lamp if light.lamplit else light.tone(0.92))
    plate.rect((458, 688, 652, 704), light.paper if light.snowy else light.tone(0.88))
    ground = light.ground("stone", 0.62)
    yard = [(0, 808), (1600, 808), (1600, 1000), (0, 1000)]
    plate.shade(yard, (mix(ground, light.sky[2], 0.2), mix(ground, light.tone(0.85), 0.45)))
    plate.carve(yard, cuts(plate, (0, 815, 1600, 1000), 190, (60, 0)), mix(ground, light.tone(0.8), 0.4))
    if light.weather == "rain":
        sheen(plate, (0, 850, 1600, 1000))
    crowd(plate, (380, 620), 850, 128, 6)
    for x, y, tall in ((330, 930, 200), (232, 946, 214), (120, 962, 226)):
        person(plate, (x, y), tall, 0.9)
    for x, tall in ((1290, 150), (1400, 190), (1540, 160)):
        crown(plate, (x, 1000), (tall, tall * 0.55), 0.95)


def _chimney(plate: Plate, x: float, top: float, wide: float) -> None:
    light = plate.light
    brick = mix(light.local("brick", 0.6), light.tone(0.6), 0.2)
    plate.poly([(x - wide * 0.72, top), (x + wide * 0.72, top), (x + wide, 720), (x - wide, 720)], brick)
    plate.poly(
        [(x + wide * 0.2, top), (x + wide * 0.72, top), (x + wide, 720), (x + wide * 0.3, 720)],
        mix(brick, light.tone(0.85), 0.45),
    )
    plate.rect((x - wide * 0.9, top - 4, x + wide * 0.9, top + 16), light.tone(0.85))
    for y in (top + 46, top + 74):
        plate.rect((x - wide * 0.76, y, x + wide * 0.76, y + 12), mix(light.paper, brick, 0.3))


def _smoke(plate: Plate, x: float, top: float) -> None:
    """A plume leaning with the wind, built from swelling puffs."""
    light = plate.light
    ink = mix(light.sky[2], light.paper, 0.5) if not light.dark else mix(light.sky[1], light.sky[2], 0.6)
    shade = mix(ink, light.tone(0.3), 0.35)
    for tint, shift in ((shade, 9), (ink, 0)):
        for step in range(11):
            share = step / 10
            centre = (x + 24 + share**1.4 * 420, top - 18 - share**0.8 * 110 + shift + math.sin(step * 2.1) * 9)
            plate.poly(blob(plate, centre, (18 + 54 * share, 14 + 30 * share), 0.1), tint)


def _sawtooth(plate: Plate, left: float, wall: Colour) -> None:
    light = plate.light
    plate.poly([(left, 642), (left, 520), (left + 182, 642)], wall)
    plate.poly(
        [(left, 512), (left + 190, 642), (left + 168, 642), (left, 530)],
        light.paper if light.snowy else light.tone(0.85),
    )
    glass = light.lamp if light.lamplit else mix(light.tone(0.5), light.sky[1], 0.5)
    plate.poly([(left + 8, 636), (left + 8, 544), (left + 62, 582), (left + 62, 636)], glass)
    plate.rect((left + 33, 550, left + 37, 638), wall)
    plate.rect((left - 8, 506, left + 4, 642), light.tone(0.8))


@outdoors("wind-turbines")
def wind_turbines(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 620, (430, 0.5))
    for level, swell, depth in ((540, 60, 0.08), (590, 50, 0.2)):
        plate.poly(down_to(rolling(plate, level, swell), 1000), light.tone(depth))
    for x, foot, tall, spin in ((220, 600, 190, 0.4), (640, 590, 210, 1.3), (1490, 580, 200, 0.9)):
        _turbine(plate, (x, foot), tall, spin)
    mist(plate, 610, 130, 0.7)
    for level, swell, pigment, depth in ((665, 44, "moss", 0.38), (740, 52, "grain", 0.5)):
        hill = down_to(rolling(plate, level, swell, 1.1), 1000)
        ink = light.ground(pigment, depth)
        plate.poly(hill, ink)
        plate.carve(
            hill,
            [((x, level - 60 + (x % 7) * 4), (x - 150, level + 210), 2.4) for x in range(0, 1800, 22)],
            mix(ink, light.tone(0.7), 0.22),
        )
        for x in range(-20, 1640, 120):
            if plate.chance(0.5):
                crown(plate, (x, level + 16), (plate.between(20, 46), plate.between(14, 26)), depth + 0.1)
    _turbine(plate, (1060, 800), 560, 0.25)
    _turbine(plate, (540, 770), 400, 1.0)
    near = down_to(rolling(plate, 860, 40, 0.8), 1000)
    green = light.ground("leaf", 0.72)
    plate.shade(near, (green, light.ground("pine", 0.9)))
    plate.carve(near, cuts(plate, (0, 830, 1600, 1000), 260, (26, -12)), mix(green, light.paper, 0.3))
    for _ in range(9):
        _sheep(plate, plate.between(90, 900), plate.between(885, 945))
    house(plate, (1330, 770, 1424, 868), light.local("plaster", 0.7), light.accent)
    round_tree(plate, (1470, 880), 150, 0.75)
    poplar(plate, (1530, 890), 230, 0.78)
    grasses(plate, 1004, 120, 90, light.tone(0.97))


def _turbine(plate: Plate, foot: Point, tall: float, spin: float) -> None:
    light = plate.light
    x, y = foot
    scale = tall / 620
    white = mix(light.paper, light.tone(0.3), 0.06 + 0.5 * (1 - scale) * 0.6 + (0.4 if light.dark else 0))
    shade = mix(white, light.tone(0.6), 0.45)
    hub = (x, y - tall)
    plate.poly([(x - 7 * scale, hub[1]), (x + 7 * scale, hub[1]), (x + 15 * scale, y), (x - 15 * scale, y)], white)
    plate.poly([(x + 1, hub[1]), (x + 7 * scale, hub[1]), (x + 15 * scale, y), (x + 3 * scale, y)], shade)
    plate.poly(
        curve(
            [
                (x - 16 * scale, hub[1] - 14 * scale),
                (x + 34 * scale, hub[1] - 15 * scale),
                (x + 44 * scale, hub[1]),
                (x + 30 * scale, hub[1] + 13 * scale),
                (x - 16 * scale, hub[1] + 12 * scale),
            ],
            closed=True,
            steps=4,
        ),
        shade,
    )
    reach = tall * 0.56
    blade = [
        (x - 5 * scale, hub[1]),
        (x - 15 * scale, hub[1] - reach * 0.2),
        (x - 4 * scale, hub[1] - reach),
        (x + 5 * scale, hub[1] - reach * 0.2),
        (x + 5 * scale, hub[1]),
    ]
    edge = [
        (x + 2 * scale, hub[1]),
        (x - 1 * scale, hub[1] - reach * 0.2),
        (x - 4 * scale, hub[1] - reach),
        (x + 5 * scale, hub[1] - reach * 0.2),
        (x + 5 * scale, hub[1]),
    ]
    for turn in range(3):
        angle = spin + math.tau * turn / 3
        plate.poly(turned(blade, hub, angle), white)
        plate.poly(turned(edge, hub, angle), shade)
    plate.disc(hub, 14 * scale, white)
    if light.dark:
        plate.glow((x + 20 * scale, hub[1] - 20 * scale), 16 * scale + 12, light.accent, 0.8)
        plate.disc((x + 20 * scale, hub[1] - 20 * scale), 3 * scale + 1.5, light.accent)


def _sheep(plate: Plate, x: float, y: float) -> None:
    light = plate.light
    fleece = mix(light.paper, light.tone(0.3), 0.14 if not light.dark else 0.5)
    for leg in (-12, -6, 8, 14):
        plate.rect((x + leg, y, x + leg + 3, y + 15), light.tone(1))
    plate.poly(blob(plate, (x, y - 5), (21, 13), 0.1), fleece)
    plate.oval((x + 14, y - 14, x + 30, y - 2), light.tone(1))


@indoors("printing-press")
def printing_press(plate: Plate) -> None:
    light = plate.light
    panes = [(x, 50.0, x + 230.0, 250.0) for x in (60, 350, 640, 930, 1220)]
    room(plate, [oblong(box) for box in panes], 840, (330, 700))
    for box in panes:
        bars(plate, box, (4, 3), 6)
        daylight(plate, box, 840, 180)
    for x in (0, 330, 620, 910, 1200, 1500):
        plate.rect((x - 12, 0, x + 12, 330), mix(light.room[1], light.tone(0.8), 0.35))
    plate.rect((0, 290, 1600, 312), mix(light.room[1], light.tone(0.8), 0.5))
    for x in (470, 1080):
        pendant(plate, (x, 210), 60)
    _press_frame(plate)
    _web(plate)
    _delivery(plate)
    _printer(plate)


def _press_frame(plate: Plate) -> None:
    light = plate.light
    steel = mix(light.local("teal", 0.85), light.tone(0.85), 0.35)
    dark = mix(steel, light.tone(1), 0.5)
    for left in (520, 860, 1200):
        frame = curve(
            [(left, 860), (left - 6, 470), (left + 20, 410), (left + 250, 410), (left + 276, 470), (left + 270, 860)],
            steps=3,
        )
        plate.poly(frame, steel)
        plate.poly([(left + 24, 440), (left + 246, 440), (left + 240, 780), (left + 30, 780)], dark)
        plate.rect((left - 14, 838, left + 288, 872), light.tone(0.97))
        for x, y in ((left + 8, 500), (left + 8, 640), (left + 262, 500), (left + 262, 640)):
            plate.disc((x, y), 5, mix(steel, light.paper, 0.5))
    plate.rect((500, 384, 1500, 412), mix(steel, light.paper, 0.18))
    for x in range(510, 1500, 56):
        plate.rect((x, 332, x + 5, 386), dark)
    plate.rect((500, 330, 1500, 337), dark)
    person(plate, (1330, 386), 160, 0.8)


def _roller(plate: Plate, centre: Point, radius: float, ink: Colour) -> None:
    light = plate.light
    plate.disc(centre, radius, ink)
    x, y = centre
    shadow = [(x + radius * math.cos(a / 10), y + radius * math.sin(a / 10)) for a in range(-6, 26)]
    plate.poly(
        [
            *shadow,
            *curve([(shadow[-1]), (x + radius * 0.2, y + radius * 0.5), (x + radius * 0.5, y), shadow[0]], steps=4),
        ],
        mix(ink, light.tone(1), 0.4),
    )
    plate.disc(centre, radius * 0.24, light.tone(0.97))
    plate.stroke(
        (x - radius * 0.7, y - radius * 0.2),
        (x - radius * 0.1, y - radius * 0.8),
        radius * 0.14,
        mix(ink, light.paper, 0.6),
    )


def _web(plate: Plate) -> None:
    """The paper's way from the reel over the rollers to the right."""
    light = plate.light
    paper, shade = light.paper, mix(light.paper, light.tone(0.5), 0.35)
    reel = (270.0, 690.0)
    plate.disc(reel, 176, shade)
    plate.disc((reel[0] - 10, reel[1]), 170, paper)
    for radius in range(40, 168, 11):
        plate.ring((reel[0] - 10 - radius, reel[1] - radius, reel[0] - 10 + radius, reel[1] + radius), 1.2, shade)
    plate.disc((reel[0] - 10, reel[1]), 26, light.tone(0.95))
    steel = mix(light.tone(0.55), light.paper, 0.2)
    for left in (520, 860, 1200):
        for x, y, radius, ink in (
            (80, 520, 58, steel),
            (196, 520, 50, light.accent),
            (80, 676, 58, steel),
            (196, 664, 58, mix(steel, light.tone(0.9), 0.3)),
        ):
            _roller(plate, (left + x, y), radius, ink)
    path = curve(
        [
            (262, 518),
            (430, 470),
            (540, 470),
            (600, 596),
            (690, 602),
            (790, 470),
            (900, 466),
            (940, 596),
            (1030, 602),
            (1130, 470),
            (1240, 466),
            (1280, 596),
            (1370, 602),
            (1470, 520),
            (1640, 500),
        ],
        steps=9,
    )
    plate.line(path, 15, shade)
    plate.line([(x, y - 3) for x, y in path], 8, paper)


def _delivery(plate: Plate) -> None:
    light = plate.light
    for left, level, count in ((1020, 940, 9), (1230, 956, 13), (1440, 940, 7)):
        for sheet in range(count):
            y = level - sheet * 9
            slip = plate.between(-5, 5)
            plate.rect(
                (left + slip, y - 8, left + slip + 170, y),
                mix(light.paper, light.tone(0.5), 0.12 if sheet % 2 else 0.3),
            )
        y = level - count * 9
        plate.poly([(left, y), (left + 170, y), (left + 150, y - 34), (left + 20, y - 34)], light.paper)
        plate.poly(
            [(left + 34, y - 28), (left + 90, y - 28), (left + 86, y - 8), (left + 24, y - 8)],
            mix(light.accent, light.paper, 0.2),
        )
        for row in range(3):
            plate.line(
                ((left + 98, y - 26 + row * 8), (left + 142 + row * 4, y - 26 + row * 8)),
                2,
                mix(light.paper, light.tone(0.9), 0.5),
            )


def _printer(plate: Plate) -> None:
    light = plate.light
    person(plate, (700, 985), 380, 0.9, light.local("slate", 0.85))
    plate.poly([(720, 770), (846, 752), (862, 838), (734, 858)], light.paper)
    plate.poly([(738, 782), (790, 774), (796, 812), (744, 820)], mix(light.accent, light.paper, 0.15))
    for row in range(4):
        plate.line(((800, 774 + row * 14), (846 - row, 767 + row * 14)), 3, mix(light.paper, light.tone(0.9), 0.5))
