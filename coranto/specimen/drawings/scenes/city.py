"""Skyline, tower block, tram and railway."""

from coranto.specimen.drawings.buildings import block, gable, house, pane, sheen, skyline, street_lamp, windows
from coranto.specimen.drawings.ink import Colour, mix, thin
from coranto.specimen.drawings.people import crowd, person
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.scenes.registry import outdoors
from coranto.specimen.drawings.shapes import curve, cuts, down_to, rolling
from coranto.specimen.drawings.sky import birds, mist, paint_sky
from coranto.specimen.drawings.trees import crown, round_tree


@outdoors("skyline")
def skyline_scene(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 720, (1420, 0.26))
    plate.poly(down_to(rolling(plate, 560, 60), 720), light.tone(0.06))
    skyline(plate, 700, 250, 0.2)
    mist(plate, 690, 170, 0.8)
    x = 300.0
    for wide, tall in (
        (96, 300),
        (120, 410),
        (84, 250),
        (150, 520),
        (100, 340),
        (130, 280),
        (110, 440),
        (160, 310),
        (140, 230),
    ):
        wall = light.tone(plate.between(0.4, 0.52))
        block(plate, (x, 800 - tall, x + wide, 820), wall)
        windows(plate, (x + 8, 812 - tall, x + wide - 6, 800), (wide // 22, tall // 34), wall, (0.46, 0.5))
        if tall > SPIRE:
            plate.line(((x + wide / 2, 800 - tall), (x + wide / 2, 720 - tall)), 4, wall)
        x += wide + plate.between(4, 24)
    mist(plate, 800, 150, 0.7)
    _cathedral(plate, 420, 830)
    x = -30.0
    while x < plate.width:
        breadth, height = plate.between(110, 180), plate.between(100, 170)
        wall = light.local(("brick", "plaster", "clay", "slate")[plate.rng.randrange(4)], 0.75)
        house(plate, (x, 900 - height, x + breadth, 960), wall, light.tone(0.85))
        x += breadth - 2
    plate.rect((0, 930, plate.width, 1000), light.tone(0.92))
    for place in range(-40, 1660, 92):
        crown(plate, (place + plate.between(-20, 20), 968), (82, 56), 0.92)
    birds(plate, (760, 190), 9, 15)


SPIRE = 400


def _cathedral(plate: Plate, x: float, ground: float) -> None:
    light = plate.light
    ink, lit = light.tone(0.72), mix(light.tone(0.72), light.sky[2], 0.28)
    green = light.ground("teal", 0.6)
    plate.rect((x - 150, ground - 190, x + 150, ground), ink)
    plate.rect((x - 150, ground - 190, x - 60, ground), lit)
    plate.rect((x - 84, ground - 270, x + 84, ground - 180), ink)
    dome = curve(
        [
            (x - 90, ground - 268),
            (x - 80, ground - 340),
            (x - 40, ground - 392),
            (x, ground - 408),
            (x + 40, ground - 392),
            (x + 80, ground - 340),
            (x + 90, ground - 268),
        ],
        steps=6,
    )
    plate.poly(dome, green)
    plate.carve(
        dome,
        [((x + step * 0.3, ground - 405), (x + step, ground - 262), 2.2) for step in range(-84, 90, 24)],
        mix(green, light.paper, 0.4),
    )
    plate.rect((x - 14, ground - 452, x + 14, ground - 402), ink)
    plate.poly([(x - 18, ground - 450), (x, ground - 520), (x + 18, ground - 450)], green)
    for step in range(-72, 80, 24):
        plate.rect(
            (x + step - 5, ground - 252, x + step + 5, ground - 200), light.lamp if light.lamplit else light.tone(0.9)
        )
    for step in (-118, -40, 40, 118):
        plate.rect(
            (x + step - 12, ground - 150, x + step + 12, ground - 60),
            light.lamp if plate.chance(light.lamplit) else light.tone(0.9),
        )


@outdoors("tower-block")
def tower_block(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 760, (360, 0.4))
    skyline(plate, 760, 140, 0.2)
    mist(plate, 750, 120, 0.6)
    for left, right, top, depth in ((150, 340, 430, 0.34), (1320, 1640, 330, 0.42)):
        wall = light.tone(depth)
        block(plate, (left, top, right, 800), wall)
        windows(plate, (left + 14, top + 20, right - 14, 770), ((right - left) // 38, (770 - top) // 44), wall)
    _slab(plate)
    ground = light.ground("leaf", 0.7)
    plate.shade(down_to([(0, 800), (1600, 790)], 1000), (ground, light.ground("pine", 0.85)))
    plate.carve(
        down_to([(0, 800), (1600, 790)], 1000),
        cuts(plate, (0, 810, 1600, 1000), 170, (30, -8)),
        mix(ground, light.paper, 0.25),
    )
    plate.poly([(640, 800), (800, 800), (540, 1000), (60, 1000)], light.ground("stone", 0.55))
    for x, tall in ((90, 190), (250, 150), (1240, 230), (1420, 260), (1540, 210)):
        round_tree(plate, (x, 846), tall, 0.72)
    street_lamp(plate, (1010, 880), 300)
    crowd(plate, (480, 640), 890, 118, 2)
    person(plate, (360, 970), 190, 0.85)
    round_tree(plate, (1570, 1030), 560, 0.95)
    birds(plate, (260, 190), 7, 15)


def _slab(plate: Plate) -> None:
    """The block itself: a lit face of balconies and a narrow face in shade."""
    light = plate.light
    left, corner, right, top, foot = 640.0, 1010.0, 1130.0, 96.0, 806.0
    wall = light.local("plaster", 0.75) if not light.dark else light.tone(0.55)
    dark = mix(wall, light.tone(0.85), 0.55)
    plate.rect((left, top, corner, foot), wall)
    plate.poly([(corner, top), (right, top + 30), (right, foot), (corner, foot)], dark)
    plate.rect((left + 90, top - 34, left + 190, top), dark)
    plate.line(((left + 250, top), (left + 250, top - 62)), 4, light.tone(0.9))
    floors, bays = 13, 5
    high, wide = (foot - top - 50) / floors, (corner - left - 20) / bays
    panels = (light.accent, light.local("grain", 0.7), light.local("teal", 0.7))
    for floor in range(floors):
        y = top + 16 + floor * high
        for bay in range(bays):
            x = left + 10 + bay * wide
            pane(plate, (x + 6, y, x + wide * 0.55, y + high * 0.62), wall)
            plate.rect((x + wide * 0.6, y, x + wide - 4, y + high * 0.86), mix(wall, light.tone(0.8), 0.35))
            if plate.chance(light.lamplit):
                plate.rect((x + wide * 0.64, y + 3, x + wide - 8, y + high * 0.6), light.lamp)
            panel = panels[(floor + bay) % 3] if (floor * 2 + bay) % 4 else mix(wall, light.paper, 0.4)
            plate.rect((x + wide * 0.57, y + high * 0.48, x + wide, y + high * 0.86), mix(panel, light.tone(0.7), 0.12))
        plate.line(((left, y + high * 0.92), (corner, y + high * 0.92)), 1.6, mix(wall, light.tone(0.8), 0.4))
        windows(plate, (corner + 24, y + 8, right - 22, y + high * 0.75 + 8), (2, 1), dark, (0.5, 0.9))
    plate.rect((left, foot - 40, corner, foot), dark)
    plate.rect((left + 120, foot - 36, left + 210, foot), light.lamp if light.lamplit else light.tone(0.85))
    if light.snowy:
        plate.rect((left - 3, top - 7, corner + 3, top + 3), light.paper)


@outdoors("tram")
def tram(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 640, (900, 0.35))
    skyline(plate, 660, 230, 0.18)
    mist(plate, 650, 150, 0.7)
    for edges, depth in (((0, 150, 470, 640), 0.62), ((-10, 20, 250, 660), 0.78)):
        _terrace(plate, edges, depth)
    for edges, depth in (((1180, 190, 1420, 640), 0.6), ((1380, 40, 1640, 660), 0.78)):
        _terrace(plate, edges, depth)
    street = [(0, 655), (1600, 655), (1600, 1000), (0, 1000)]
    road = mix(light.paper, light.tone(0.4), 0.25) if light.snowy else light.tone(0.55)
    plate.shade(street, (mix(road, light.sky[2], 0.4), road, mix(road, light.tone(0.85), 0.6)))
    plate.carve(street, cuts(plate, (0, 670, 1600, 1000), 200, (70, 0)), mix(road, light.sky[2], 0.3))
    for start, end in ((668, 330), (712, 590), (822, 1010), (866, 1270)):
        plate.poly([(start, 656), (start + 3, 656), (end + 13, 1000), (end, 1000)], light.tone(0.92))
    for x in (300, 1290):
        plate.line(((x, 700), (x, 210)), 7, light.tone(0.9))
    plate.line(((300, 250), (770, 300), (1290, 250)), 2.5, light.tone(0.9))
    plate.line(((770, 120), (772, 420)), 2, light.tone(0.9))
    _tramcar(plate)
    crowd(plate, (1120, 1420), 850, 200, 4)
    person(plate, (250, 940), 300, 0.9)
    if light.weather == "rain":
        sheen(plate, (250, 860, 1500, 1000))


def _terrace(plate: Plate, edges: tuple[float, float, float, float], depth: float) -> None:
    light = plate.light
    left, top, right, bottom = edges
    wall = light.local(("plaster", "brick", "clay", "stone")[plate.rng.randrange(4)], depth)
    block(plate, edges, wall, 0.0)
    gable(plate, (left - 14, top - 60, right + 14, top), light.tone(depth + 0.1))
    windows(plate, (left + 14, top + 16, right - 14, bottom - 120), (4, 5), wall, (0.42, 0.64))
    plate.rect((left, bottom - 118, right, bottom), mix(wall, light.tone(0.9), 0.6))
    for step in range(2):
        x = left + 20 + step * (right - left) * 0.48
        plate.rect(
            (x, bottom - 86, x + (right - left) * 0.38, bottom - 20), light.lamp if light.lamplit else light.tone(0.7)
        )
        plate.rect(
            (x - 6, bottom - 104, x + (right - left) * 0.4, bottom - 80),
            light.accent if step else light.local("teal", depth),
        )


def _tramcar(plate: Plate) -> None:
    """Coming towards us, a little left of the middle, its near side turned away to the right."""
    light = plate.light
    body = mix(light.accent, light.tone(0.75), 0.1 if not light.dark else 0.3)
    cream = mix(light.paper, light.tone(0.4), 0.12 if not light.dark else 0.4)
    dark = light.tone(0.95)
    glass: Colour = mix(light.lamp, light.paper, 0.2) if light.lamplit else mix(light.tone(0.75), light.sky[1], 0.3)
    plate.oval((590, 830, 1080, 900), thin(dark, 0.5))
    plate.poly([(880, 430), (1030, 492), (1030, 800), (880, 862)], mix(body, dark, 0.4))
    plate.poly([(880, 470), (1030, 512), (1030, 640), (880, 650)], mix(glass, dark, 0.25))
    for x in (918, 956, 994):
        plate.rect((x, 470, x + 9, 660), mix(body, dark, 0.4))
    shell = curve(
        [
            (622, 866),
            (616, 700),
            (618, 520),
            (640, 446),
            (700, 424),
            (800, 424),
            (862, 446),
            (884, 520),
            (886, 700),
            (880, 866),
        ],
        steps=6,
    )
    plate.poly(shell, body)
    plate.poly(curve([(632, 520), (650, 452), (706, 432), (796, 432), (852, 452), (870, 520)], steps=5), cream)
    plate.rect((640, 520, 862, 672), glass)
    plate.rect((744, 520, 754, 672), body)
    plate.poly([(650, 530), (740, 530), (660, 660), (650, 660)], mix(glass, light.paper, 0.35))
    plate.poly([(800, 672), (800, 610), (812, 586), (836, 586), (848, 610), (848, 672)], mix(dark, glass, 0.25))
    plate.disc((824, 572), 17, mix(dark, glass, 0.25))
    plate.rect((690, 456, 812, 494), light.lamp if light.lamplit else dark)
    plate.rect((616, 694, 886, 712), cream)
    plate.rect((618, 830, 884, 876), dark)
    for x in (662, 840):
        if light.lamplit:
            plate.glow((x, 770), 130, light.lamp, 0.85)
        plate.disc((x, 770), 21, light.paper)
    plate.line(((700, 428), (752, 352), (820, 428)), 5, dark)
    plate.line(((700, 350), (840, 350)), 6, dark)


@outdoors("railway")
def railway(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 560, (1400, 0.42))
    plate.poly(down_to(rolling(plate, 480, 60), 600), light.tone(0.12))
    skyline(plate, 570, 110, 0.28)
    mist(plate, 560, 120, 0.7)
    bed = [(0, 566), (1600, 566), (1600, 1000), (0, 1000)]
    stones = light.ground("stone", 0.62)
    plate.shade(bed, (mix(stones, light.sky[2], 0.3), stones, mix(stones, light.tone(0.9), 0.55)))
    plate.carve(bed, cuts(plate, (0, 590, 1600, 1000), 420, (16, 6)), mix(stones, light.tone(0.85), 0.5))
    for offset in (-470, 60, 1050):
        _track(plate, offset)
    _platform(plate)
    for x, y, scale in ((930, 590, 0.34), (1010, 640, 0.55), (1190, 740, 1.0)):
        _mast(plate, x, y, scale)
    _train(plate)
    plate.sheltered = True  # the platform has a roof
    person(plate, (214, 834), 270, 0.85)
    person(plate, (330, 770), 180, 0.75)
    person(plate, (396, 745), 150, 0.7)
    if light.weather == "rain":
        sheen(plate, (0, 700, 380, 1000))


def _track(plate: Plate, offset: float) -> None:
    """Rails running to the vanishing point at (690, 556)."""
    light = plate.light
    vanish, near = (690.0, 560.0), 1000.0
    share = 0.03
    while share < 1:
        y = vanish[1] + (near - vanish[1]) * share
        left = vanish[0] + (offset - 30 - vanish[0]) * share
        right = vanish[0] + (offset + 470 - vanish[0]) * share
        plate.rect((left, y, right, y + 26 * share), light.tone(0.86))
        if light.snowy:
            plate.rect((left, y, right, y + 8 * share), light.paper)
        share *= 1.13
    for x in (offset + 60, offset + 370):
        plate.poly([vanish, (x, 1002), (x + 22, 1002)], light.tone(0.95))
        plate.poly([vanish, (x + 4, 1002), (x + 11, 1002)], mix(light.sky[2], light.paper, 0.3))


def _platform(plate: Plate) -> None:
    light = plate.light
    plate.poly([(-10, 640), (640, 566), (652, 572), (-10, 1010)], light.ground("plaster", 0.6))
    plate.poly([(652, 572), (652, 580), (120, 1010), (-10, 1010), (-10, 1000)], light.tone(0.85))
    plate.poly([(640, 571), (648, 574), (30, 986), (-10, 990)], mix(light.paper, light.lamp, 0.25))
    plate.poly([(-10, 250), (612, 536), (560, 540), (-10, 372)], light.tone(0.8))
    plate.poly([(-10, 238), (612, 534), (612, 540), (-10, 268)], light.paper if light.snowy else light.accent)
    for x, top, foot, wide in ((120, 400, 800, 13), (330, 470, 690, 9), (456, 508, 640, 6), (530, 528, 612, 4)):
        plate.rect((x - wide, top, x + wide, foot), light.tone(0.92))
        if light.lamplit:
            plate.glow((x + wide * 3, top + 8), wide * 10, light.lamp, 0.85)


def _mast(plate: Plate, x: float, y: float, scale: float) -> None:
    ink = plate.light.tone(0.6 + 0.3 * scale)
    plate.line(((x, y), (x, y - 620 * scale)), 12 * scale, ink)
    plate.line(((x, y - 560 * scale), (x - 330 * scale, y - 560 * scale)), 7 * scale, ink)
    plate.line(((x, y - 480 * scale), (x - 300 * scale, y - 560 * scale)), 5 * scale, ink)
    plate.line(((x - 300 * scale, y - 560 * scale), (x - 300 * scale, y - 500 * scale)), 5 * scale, ink)


def _train(plate: Plate) -> None:
    light = plate.light
    body = mix(light.local("teal", 0.8), light.tone(0.85), 0.2)
    dark = light.tone(0.97)
    glass = light.lamp if light.lamplit else mix(light.tone(0.8), light.sky[1], 0.35)
    plate.poly([(712, 560), (760, 470), (760, 700), (716, 590)], mix(body, dark, 0.4))
    plate.poly([(714, 568), (760, 520), (760, 580), (714, 576)], mix(glass, dark, 0.2))
    nose = curve(
        [(756, 706), (752, 600), (760, 490), (792, 452), (880, 444), (968, 452), (1000, 490), (1008, 600), (1004, 706)],
        steps=6,
    )
    plate.poly(nose, body)
    plate.poly(
        [(776, 560), (788, 486), (972, 486), (984, 560), (880, 574)],
        glass if not light.lamplit else mix(light.tone(0.9), light.lamp, 0.25),
    )
    plate.poly([(790, 552), (800, 494), (850, 494), (820, 558)], thin(light.paper, 0.35))
    plate.poly(
        [(757, 596), (880, 618), (1003, 596), (1004, 660), (880, 682), (756, 660)],
        mix(light.accent, light.tone(0.8), 0.1),
    )
    plate.rect((756, 700, 1004, 738), dark)
    for x in (794, 966):
        if light.lamplit:
            plate.glow((x, 636), 120, light.lamp, 0.9)
        plate.disc((x, 636), 14, light.paper)
