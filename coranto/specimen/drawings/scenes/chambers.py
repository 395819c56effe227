"""Council chamber and ballot."""

from coranto.specimen.drawings.ink import Colour, Point, mix, thin
from coranto.specimen.drawings.interiors import arched, bars, bust, daylight, oblong, room
from coranto.specimen.drawings.people import person
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.scenes.registry import indoors
from coranto.specimen.drawings.shapes import curve, cuts


@indoors("council-chamber")
def council_chamber(plate: Plate) -> None:
    light = plate.light
    panes = [(x, 70, x + 130, 440) for x in (620, 830, 1040, 1250, 1460)]
    room(plate, [arched(box) for box in panes], 640, (420, 1120))
    for box in panes:
        bars(plate, (box[0], box[1] + 65, box[2], box[3]), (2, 4), 5)
    _panelling(plate)
    dais = light.local("timber", 0.7)
    for index, x in enumerate((650, 800, 950, 1100, 1250, 1400)):
        bust(plate, (x, 530), 33, light.local(("slate", "teal", "brick", "pine", "slate", "clay")[index], 0.75))
    plate.rect((560, 566, 1500, 584), mix(dais, light.paper, 0.25))
    plate.rect((560, 584, 1500, 700), dais)
    for x in range(580, 1490, 76):
        plate.rect((x, 602, x + 58, 686), mix(dais, light.tone(0.9), 0.3))
    for x in (650, 800, 950, 1100, 1250, 1400):
        plate.line(((x + 40, 566), (x + 30, 528)), 3, light.tone(0.95))
        plate.poly([(x - 30, 566), (x + 14, 566), (x + 8, 558), (x - 24, 558)], light.paper)
    if light.lamplit:
        for x in (720, 1030, 1340):
            plate.glow((x, 545), 150, light.lamp, 0.4)
    _speaker(plate, 330, 900)
    for row, (level, size) in enumerate(((752, 56), (858, 82))):
        bench = [
            (-20, level + 74),
            *curve([(-20, level + 90), (400, level + 52), (900, level + 34), (1640, level + 20)], steps=8),
            (1640, 1010),
            (-20, 1010),
        ]
        ink = mix(light.local("timber", 0.9), light.tone(0.97), 0.35 + row * 0.3)
        seat = 640.0 + row * 60
        while seat < plate.width:
            _from_behind(plate, (seat, level), size, light.tone(0.86 + 0.1 * row))
            seat += size * plate.between(2.9, 3.6)
        plate.poly(bench, ink)
        plate.line(bench[1:-2], 7, mix(ink, light.paper, 0.3))


def _panelling(plate: Plate) -> None:
    light = plate.light
    wood = mix(light.local("timber", 0.55), light.room[1], 0.35)
    plate.rect((0, 480, plate.width, 640), wood)
    for x in range(10, plate.width, 92):
        plate.rect((x, 500, x + 74, 622), mix(wood, light.tone(0.8), 0.22))
    plate.rect((0, 474, plate.width, 486), mix(wood, light.paper, 0.3))
    plate.disc((330, 250), 118, mix(wood, light.tone(0.8), 0.2))
    plate.disc((330, 250), 100, light.room[0])
    shield = curve([(270, 190), (330, 180), (390, 190), (392, 260), (330, 330), (268, 260)], closed=True, steps=5)
    plate.poly(shield, light.accent)
    plate.poly(
        [(330, 180), *curve([(390, 190), (392, 260), (330, 330)], steps=5)], mix(light.accent, light.tone(0.8), 0.3)
    )
    plate.poly([(300, 280), (300, 226), (316, 240), (330, 218), (344, 240), (360, 226), (360, 280)], light.paper)
    plate.shade(
        [(0, 640), (1600, 640), (1600, 1000), (0, 1000)],
        (mix(light.accent, light.tone(0.7), 0.55), mix(light.accent, light.tone(0.95), 0.75)),
    )


def _from_behind(plate: Plate, middle: Point, size: float, ink: Colour) -> None:
    x, y = middle
    body = curve(
        [
            (x - size * 1.2, y + size * 2),
            (x - size, y + size * 0.95),
            (x - size * 0.3, y + size * 0.55),
            (x + size * 0.3, y + size * 0.55),
            (x + size, y + size * 0.95),
            (x + size * 1.2, y + size * 2),
        ],
        steps=4,
    )
    plate.poly(body, ink)
    plate.oval((x - size * 0.44, y - size * 0.55, x + size * 0.44, y + size * 0.6), ink)
    rim = mix(ink, plate.light.lamp if plate.light.lamplit else plate.light.paper, 0.4)
    plate.poly(
        curve(
            [
                (x - size * 0.44, y),
                (x - size * 0.36, y - size * 0.38),
                (x, y - size * 0.55),
                (x - size * 0.26, y - size * 0.32),
                (x - size * 0.36, y),
            ],
            closed=True,
            steps=4,
        ),
        rim,
    )


def _speaker(plate: Plate, x: float, foot: float) -> None:
    light = plate.light
    person(plate, (x, foot), 400, 0.85)
    wood = light.local("timber", 0.85)
    plate.poly(
        [(x + 30, foot - 236), (x + 190, foot - 250), (x + 196, foot - 226), (x + 34, foot - 210)],
        mix(wood, light.paper, 0.25),
    )
    plate.poly([(x + 56, foot - 214), (x + 172, foot - 226), (x + 160, foot + 20), (x + 66, foot + 20)], wood)
    plate.poly(
        [(x + 120, foot - 220), (x + 172, foot - 226), (x + 160, foot + 20), (x + 120, foot + 20)],
        mix(wood, light.tone(0.95), 0.4),
    )
    plate.line(((x + 120, foot - 236), (x + 96, foot - 300)), 4, light.tone(1))
    plate.oval((x + 88, foot - 314, x + 104, foot - 292), light.tone(1))


@indoors("ballot")
def ballot(plate: Plate) -> None:
    light = plate.light
    panes = [(90.0, 80.0, 360.0, 430.0), (430.0, 80.0, 700.0, 430.0)]
    room(plate, [oblong(box) for box in panes], 620, (400, 250))
    for box in panes:
        bars(plate, box, (3, 3), 6)
        daylight(plate, box, 620, 150)
    for index, x in enumerate((850, 1060, 1270, 1480)):
        _booth(plate, x, index)
    for x, y, tall in ((120, 792, 318), (236, 800, 330), (372, 796, 312), (690, 770, 300)):
        person(plate, (x, y), tall, 0.55)
    table = light.local("timber", 0.85)
    plate.poly([(-20, 850), (1620, 850), (1620, 1010), (-20, 1010)], table)
    plate.carve(
        [(-20, 850), (1620, 850), (1620, 1010), (-20, 1010)],
        cuts(plate, (0, 855, 1600, 1000), 60, (190, 0)),
        mix(table, light.tone(0.95), 0.4),
    )
    plate.rect((-20, 846, 1620, 856), mix(table, light.paper, 0.35))
    _box(plate)
    _hand(plate)


def _booth(plate: Plate, x: float, index: int) -> None:
    light = plate.light
    frame = mix(light.tone(0.55), light.room[1], 0.3)
    plate.rect((x - 90, 250, x + 90, 700), mix(light.room[1], light.tone(0.6), 0.45))
    cloth = light.local("teal", 0.5) if index != 1 else mix(light.local("teal", 0.5), light.tone(0.6), 0.3)
    reach = 80 if index != 1 else 20
    drape = [
        (x - 80, 270),
        (x + reach, 270),
        *curve([(x + reach, 270), (x + reach - 8, 440), (x + reach + 2, 590)], steps=4),
        (x - 80, 590),
    ]
    if index == 1:
        person(plate, (x + 20, 716), 330, 0.6)
    plate.poly(drape, cloth)
    plate.carve(
        drape,
        [((x + step, 268), (x + step + plate.between(-8, 8), 594), plate.between(3, 6)) for step in range(-74, 80, 18)],
        mix(cloth, light.tone(0.75), 0.5),
    )
    for edge in (-90, 84):
        plate.rect((x + edge, 236, x + edge + 7, 716), frame)
    plate.rect((x - 96, 236, x + 98, 256), frame)


def _box(plate: Plate) -> None:
    light = plate.light
    front = mix(light.local("plaster", 0.9), light.paper, 0.3 if not light.dark else 0.0)
    plate.oval((860, 900, 1560, 990), thin(light.tone(1), 0.35))
    plate.poly([(900, 600), (1330, 600), (1330, 950), (900, 950)], front)
    plate.poly([(1330, 600), (1490, 560), (1490, 890), (1330, 950)], mix(front, light.tone(0.85), 0.45))
    plate.poly([(880, 600), (1046, 548), (1512, 548), (1344, 600)], mix(front, light.paper, 0.5))
    plate.poly([(880, 600), (1344, 600), (1344, 634), (880, 634)], mix(front, light.tone(0.7), 0.2))
    plate.poly([(1344, 600), (1512, 548), (1512, 582), (1344, 634)], mix(front, light.tone(0.9), 0.55))
    plate.poly([(1050, 582), (1074, 566), (1336, 566), (1316, 582)], light.tone(1))
    plate.disc((1115, 780), 92, light.accent)
    plate.line(((1070, 782), (1104, 818), (1168, 742)), 22, light.paper)
    plate.rect((1000, 634, 1028, 668), light.local("grain", 0.9))
    plate.rect((1200, 634, 1228, 668), light.local("grain", 0.9))


def _hand(plate: Plate) -> None:
    """A hand letting a folded paper into the slot."""
    light = plate.light
    skin = mix(light.local("clay", 0.9), light.local("timber", 0.9), 0.35)
    shade, lit = mix(skin, light.tone(0.95), 0.35), mix(skin, light.paper, 0.25)
    sleeve = mix(light.local("slate", 0.9), light.tone(0.9), 0.35)
    fingers = [
        (950, 372),
        (1010, 352),
        (1096, 366),
        (1170, 396),
        (1214, 424),
        (1206, 446),
        (1160, 438),
        (1096, 424),
        (1060, 440),
        (1000, 452),
        (944, 440),
    ]
    plate.poly(
        curve(
            [(760, 330), (860, 334), (960, 366), (980, 420), (930, 456), (850, 440), (750, 420)], closed=True, steps=6
        ),
        skin,
    )
    plate.poly(curve(fingers, closed=True, steps=5), shade)
    paper = [(1096, 392), (1312, 374), (1324, 574), (1084, 574)]
    plate.poly(paper, light.paper)
    plate.poly([(1200, 384), (1312, 374), (1324, 574), (1204, 574)], mix(light.paper, light.tone(0.4), 0.2))
    for row in range(3):
        plate.rect((1120, 440 + row * 38, 1142, 462 + row * 38), mix(light.paper, light.tone(0.8), 0.4))
        plate.rect((1154, 447 + row * 38, 1190, 455 + row * 38), mix(light.paper, light.tone(0.8), 0.4))
    plate.line(((1123, 488), (1131, 497), (1142, 478)), 4, light.accent)
    thumb = curve(
        [
            (930, 404),
            (1010, 410),
            (1070, 420),
            (1130, 428),
            (1168, 446),
            (1164, 470),
            (1120, 470),
            (1050, 462),
            (980, 470),
            (900, 456),
        ],
        closed=True,
        steps=6,
    )
    plate.poly(thumb, skin)
    plate.poly(curve([(1128, 434), (1156, 444), (1158, 458), (1132, 454)], closed=True, steps=4), lit)
    plate.poly(curve([(880, 440), (960, 462), (1050, 456), (960, 480), (880, 462)], closed=True, steps=4), shade)
    plate.poly([(-20, 60), (780, 292), (800, 452), (-20, 420)], sleeve)
    plate.poly([(-20, 300), (792, 404), (800, 452), (-20, 420)], mix(sleeve, light.tone(1), 0.5))
    plate.carve(
        [(-20, 60), (780, 292), (800, 452), (-20, 420)],
        cuts(plate, (0, 100, 740, 430), 70, (90, 24)),
        mix(sleeve, light.paper, 0.22),
    )
    plate.poly([(772, 298), (822, 312), (842, 446), (792, 452)], light.paper)
    plate.poly([(790, 404), (836, 406), (842, 446), (794, 452)], mix(light.paper, light.tone(0.5), 0.35))
