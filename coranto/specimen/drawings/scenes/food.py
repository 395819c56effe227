"""Kitchen and market."""

from coranto.specimen.drawings.buildings import house, sheen, skyline
from coranto.specimen.drawings.ink import mix, thin
from coranto.specimen.drawings.interiors import bars, oblong, pendant, room
from coranto.specimen.drawings.people import crowd, person
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.scenes.registry import indoors, outdoors
from coranto.specimen.drawings.shapes import blob, curve, cuts
from coranto.specimen.drawings.sky import mist, paint_sky
from coranto.specimen.drawings.trees import crown


@indoors("kitchen")
def kitchen(plate: Plate) -> None:
    light = plate.light
    pane = (560.0, 110.0, 1010.0, 480.0)
    room(plate, [oblong(pane)], 800, (470, 860))
    plate.rect((0, 470, plate.width, 566), mix(light.room[0], light.paper, 0.3))
    for x in range(0, plate.width, 64):
        for row in range(2):
            plate.rect(
                (x + (row % 2) * 32, 486 + row * 40, x + 61 + (row % 2) * 32, 523 + row * 40),
                mix(light.local("teal", 0.4), light.room[0], plate.between(0.35, 0.7)),
            )
    bars(plate, pane, (3, 2), 9)
    for x, pigment in ((600, "leaf"), (690, "pine"), (940, "leaf")):
        crown(plate, (x, 430), (36, 40), 0.8, pigment)
        plate.poly([(x - 26, 444), (x + 26, 444), (x + 19, 486), (x - 19, 486)], light.local("brick", 0.8))
    _cupboards(plate)
    _stove(plate)
    _cook(plate)
    pendant(plate, (1180, 300), 78, mix(light.accent, light.tone(0.7), 0.12))
    _table(plate)


def _cupboards(plate: Plate) -> None:
    light = plate.light
    front = light.local("pine", 0.6)
    plate.rect((0, 584, 1240, 810), front)
    plate.rect((-10, 562, 1250, 588), mix(light.local("timber", 0.6), light.paper, 0.2))
    for door in range(0, 1240, 155):
        plate.rect((door + 8, 604, door + 147, 790), mix(front, light.tone(0.85), 0.2))
        plate.rect((door + 60, 618, door + 96, 624), light.local("grain", 0.8))
    for level in (160, 310):
        plate.rect((1090, level, 1600, level + 14), light.local("timber", 0.7))
        x = 1110.0
        while x < plate.width - 40:
            wide, high = plate.between(34, 66), plate.between(46, 96)
            ink = light.local(("plaster", "brick", "grain", "teal", "clay")[plate.rng.randrange(5)], 0.65)
            jar = curve(
                [
                    (x, level),
                    (x + 2, level - high * 0.8),
                    (x + wide * 0.3, level - high),
                    (x + wide * 0.7, level - high),
                    (x + wide - 2, level - high * 0.8),
                    (x + wide, level),
                ],
                steps=4,
            )
            plate.poly(jar, ink)
            plate.rect((x + wide * 0.72, level - high * 0.74, x + wide * 0.84, level - 6), mix(ink, light.paper, 0.45))
            x += wide + plate.between(8, 26)


def _stove(plate: Plate) -> None:
    light = plate.light
    steel = mix(light.tone(0.75), light.room[1], 0.2)
    plate.rect((90, 552, 330, 812), steel)
    plate.rect((120, 640, 300, 770), light.lamp if light.lamplit else light.tone(0.95))
    plate.rect((90, 546, 330, 562), light.tone(0.95))
    plate.poly(curve([(120, 548), (118, 470), (126, 462), (250, 462), (258, 470), (256, 548)], steps=3), light.accent)
    plate.rect((112, 452, 264, 466), mix(light.accent, light.tone(0.9), 0.4))
    for step, opacity in ((0, 0.35), (30, 0.28), (-26, 0.25)):
        plume = curve(
            [
                (184 + step, 450),
                (160 + step, 380),
                (206 + step, 320),
                (170 + step, 230),
                (196 + step, 160),
                (190 + step, 240),
                (222 + step, 322),
                (180 + step, 384),
                (196 + step, 450),
            ],
            steps=6,
        )
        plate.poly(plume, thin(light.paper, opacity))


def _cook(plate: Plate) -> None:
    """Someone at the stove, seen from behind, one arm to the pot."""
    light = plate.light
    shirt, apron = light.local("grain", 0.85), mix(light.local("slate", 0.9), light.tone(0.9), 0.3)
    skin, hair = mix(light.local("timber", 0.9), light.local("clay", 0.9), 0.4), light.tone(0.97)
    fold = mix(shirt, light.tone(0.9), 0.35)
    plate.poly(
        curve(
            [(372, 520), (330, 560), (270, 500), (238, 470), (226, 490), (262, 560), (330, 640), (384, 600)],
            closed=True,
            steps=6,
        ),
        fold,
    )
    plate.poly(curve([(222, 456), (240, 452), (256, 474), (240, 494), (222, 482)], closed=True, steps=5), skin)
    body = curve(
        [
            (392, 478),
            (430, 462),
            (480, 462),
            (520, 482),
            (548, 560),
            (540, 680),
            (556, 820),
            (560, 1010),
            (350, 1010),
            (356, 820),
            (372, 680),
            (360, 560),
        ],
        closed=True,
        steps=6,
    )
    plate.poly(body, shirt)
    plate.poly(curve([(356, 740), (450, 716), (544, 740), (566, 1020), (344, 1020)], steps=6), apron)
    plate.poly([(370, 722), (544, 722), (546, 746), (368, 746)], apron)
    plate.poly(
        [(446, 746), (470, 746), (486, 850), (462, 846), (452, 780), (434, 850), (420, 840)],
        mix(apron, light.paper, 0.3),
    )
    plate.line(((398, 474), (440, 724)), 11, apron)
    plate.line(((514, 476), (470, 724)), 11, apron)
    plate.poly(
        curve(
            [(520, 484), (566, 560), (572, 640), (540, 700), (516, 690), (528, 630), (512, 570)], closed=True, steps=6
        ),
        fold,
    )
    plate.rect((434, 420, 478, 472), mix(skin, light.tone(0.9), 0.3))
    plate.poly(
        curve(
            [(400, 392), (404, 340), (450, 312), (500, 336), (506, 392), (480, 436), (430, 438)], closed=True, steps=6
        ),
        hair,
    )
    plate.disc((486, 306), 34, hair)
    plate.poly(curve([(396, 392), (402, 370), (412, 392), (410, 422), (398, 412)], closed=True, steps=4), skin)
    plate.carve(body, cuts(plate, (370, 480, 550, 720), 26, (14, 40)), mix(shirt, light.paper, 0.4))


def _table(plate: Plate) -> None:
    light = plate.light
    wood = light.local("timber", 0.85)
    plate.poly([(640, 780), (1620, 780), (1620, 900), (520, 900)], mix(wood, light.paper, 0.16))
    plate.carve(
        [(640, 780), (1620, 780), (1620, 900), (520, 900)],
        cuts(plate, (540, 784, 1600, 896), 50, (150, 0)),
        mix(wood, light.tone(0.9), 0.3),
    )
    plate.rect((520, 898, 1620, 930), mix(wood, light.tone(0.95), 0.4))
    for x in (570, 1480):
        plate.rect((x, 930, x + 50, 1000), mix(wood, light.tone(0.97), 0.6))
    bowl = curve([(1080, 748), (1110, 830), (1180, 852), (1260, 852), (1330, 830), (1360, 748)], steps=6)
    for x, y, pigment in (
        (1140, 742, "grain"),
        (1200, 728, "brick"),
        (1262, 734, "grain"),
        (1310, 744, "moss"),
        (1230, 700, "brick"),
    ):
        plate.poly(blob(plate, (x, y), (42, 40), 0.05), light.local(pigment, 0.9))
        plate.poly(blob(plate, (x - 12, y - 14), (12, 8), 0.05), mix(light.local(pigment, 0.9), light.paper, 0.55))
    plate.poly(bowl, light.local("teal", 0.85))
    plate.poly(
        curve([(1260, 852), (1330, 830), (1360, 748), (1300, 748), (1290, 820)], steps=5),
        mix(light.local("teal", 0.85), light.tone(0.95), 0.4),
    )
    pot = curve([(760, 846), (736, 800), (760, 744), (820, 726), (880, 744), (904, 800), (880, 846)], steps=6)
    plate.ring((880, 750, 950, 830), 11, light.paper)
    plate.poly([(752, 812), (742, 780), (694, 738), (684, 746), (718, 808)], light.paper)
    plate.poly(pot, light.paper)
    plate.poly(
        curve([(850, 732), (886, 750), (904, 800), (880, 846), (840, 846), (868, 800)], closed=True, steps=5),
        mix(light.paper, light.tone(0.6), 0.35),
    )
    plate.rect((790, 716, 850, 730), light.accent)
    plate.disc((820, 710), 11, light.accent)
    plate.poly([(960, 836), (1046, 826), (1060, 856), (966, 866)], mix(light.paper, light.tone(0.4), 0.1))
    for row in range(3):
        plate.line(((976, 844 + row * 7), (1036, 837 + row * 7)), 2, mix(light.paper, light.tone(0.8), 0.5))


@outdoors("market")
def market(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 620, (480, 0.3))
    skyline(plate, 640, 260, 0.16)
    x = 560.0
    while x < plate.width:
        wide, tall = plate.between(140, 190), plate.between(330, 430)
        wall = light.local(("plaster", "clay", "stone", "brick")[plate.rng.randrange(4)], 0.46)
        house(plate, (x, 660 - tall, x + wide, 660), wall, light.tone(0.6))
        x += wide + 2
    mist(plate, 655, 120, 0.5)
    floor = light.ground("stone", 0.5)
    square = [(0, 655), (1600, 655), (1600, 1000), (0, 1000)]
    plate.shade(square, (mix(floor, light.sky[2], 0.3), floor, mix(floor, light.tone(0.8), 0.45)))
    plate.carve(square, cuts(plate, (0, 670, 1600, 1000), 260, (46, 0)), mix(floor, light.tone(0.7), 0.4))
    crowd(plate, (120, 1500), 735, 128, 13)
    for left, right, level, pigment in ((-60, 330, 0.8, "teal"), (390, 720, 0.72, "grain"), (1240, 1660, 0.82, "pine")):
        _stall(plate, (left, right), 470 + (0.8 - level) * 500, 820, pigment)
    crowd(plate, (740, 1180), 900, 230, 4)
    _stall(plate, (1010, 1480), 452, 930, "brick")
    person(plate, (880, 985), 330, 0.92)
    if light.weather == "rain":
        sheen(plate, (0, 880, 1600, 1000))


def _stall(plate: Plate, span: tuple[float, float], top: float, foot: float, pigment: str) -> None:
    light = plate.light
    left, right = span
    counter = foot - 105
    cloth = light.accent if pigment == "brick" else light.local(pigment, 0.78)
    pale = mix(light.paper, light.tone(0.4), 0.1 if not light.dark else 0.4)
    inside = mix(light.tone(0.8), light.lamp, 0.35 if light.lamplit else 0.0)
    plate.rect((left + 26, top + 60, right - 26, counter), mix(inside, light.tone(0.5), 0.2))
    plate.sheltered = True
    person(plate, ((left + right) / 2 + 20, counter + 70), 236, 0.8)
    plate.sheltered = False
    if light.lamplit:
        plate.glow(((left + right) / 2, top + 110), 190, light.lamp, 0.7)
        plate.disc(((left + right) / 2, top + 112), 11, light.paper)
    for x in (left + 18, right - 26):
        plate.rect((x, top + 50, x + 9, foot), light.tone(0.92))
    plate.rect((left + 8, counter, right - 8, foot - 14), light.local("timber", 0.85))
    plate.rect((left + 8, counter + 52, right - 8, counter + 58), light.tone(0.9))
    produce = (light.accent, light.local("grain", 0.85), light.local("leaf", 0.85), light.local("clay", 0.85))
    step = (right - left - 40) / 4
    for bin_index in range(4):
        for row in range(3):
            for place in range(5 - row):
                x = left + 28 + step * bin_index + (place + row * 0.5 + 0.5) * step / 5.6
                plate.disc(
                    (x, counter - 6 - row * step * 0.13),
                    step / 10.5,
                    mix(produce[bin_index], light.tone(0.8), plate.between(0, 0.3)),
                )
    bands = 9
    wide = (right - left + 40) / bands
    for band in range(bands):
        x = left - 20 + band * wide
        ink = cloth if band % 2 == 0 else pale
        upper = left + 20 + band * (right - left - 40) / bands
        plate.poly(
            [(upper, top), (upper + (right - left - 40) / bands, top), (x + wide, top + 86), (x, top + 86)],
            light.paper if light.snowy else ink,
        )
        plate.poly(
            [
                (x, top + 86),
                (x + wide, top + 86),
                *curve([(x + wide, top + 104), (x + wide / 2, top + 122), (x, top + 104)], steps=4),
            ],
            mix(ink, light.tone(0.8), 0.18),
        )
