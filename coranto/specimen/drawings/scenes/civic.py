"""School, courthouse, hospital and library."""

from coranto.specimen.drawings.buildings import block, gable, pane, sheen, skyline, street_lamp, windows
from coranto.specimen.drawings.ink import Colour, mix, thin
from coranto.specimen.drawings.interiors import arched, bars, books, bust, daylight, room
from coranto.specimen.drawings.people import crowd, person
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.scenes.registry import indoors, outdoors
from coranto.specimen.drawings.shapes import curve, cuts, down_to, rolling
from coranto.specimen.drawings.sky import birds, mist, paint_sky
from coranto.specimen.drawings.trees import crown, round_tree


def _yard(plate: Plate, top: float, pigment: str) -> None:
    """Open ground in front of a building, down to the bottom edge."""
    light = plate.light
    ground = light.ground(pigment, 0.6)
    area = [(0, top), (1600, top), (1600, 1000), (0, 1000)]
    plate.shade(area, (mix(ground, light.sky[2], 0.25), ground, mix(ground, light.tone(0.85), 0.45)))
    plate.carve(area, cuts(plate, (0, top + 10, 1600, 1000), 200, (52, -2)), mix(ground, light.tone(0.75), 0.35))
    if light.weather == "rain":
        sheen(plate, (0, top + 60, 1600, 1000))


@outdoors("school")
def school(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 640, (330, 0.38))
    plate.poly(down_to(rolling(plate, 560, 40), 760), light.tone(0.15))
    skyline(plate, 690, 120, 0.26)
    mist(plate, 690, 120, 0.6)
    wall = light.local("brick", 0.68)
    stone = light.local("plaster", 0.7)
    _wing(plate, wall)
    front = [(560, 720), (560, 330), (700, 212), (840, 330), (840, 720)]
    plate.poly(front, mix(wall, light.paper, 0.1))
    plate.carve(
        front,
        [
            ((x, y), (x + 30, y), 1.2)
            for x, y in ((plate.between(560, 820), plate.between(240, 700)) for _ in range(90))
        ],
        mix(wall, light.tone(0.8), 0.35),
    )
    plate.line(((548, 340), (700, 208), (852, 340)), 17, light.paper if light.snowy else light.tone(0.85))
    plate.disc((700, 330), 38, stone)
    plate.disc((700, 330), 30, light.lamp if light.lamplit else mix(light.paper, light.tone(0.2), 0.2))
    plate.line(((700, 330), (700, 308)), 4, light.tone(1))
    plate.line(((700, 330), (714, 338)), 4, light.tone(1))
    for x in (596, 670, 744):
        plate.rect((x - 7, 402, x + 67, 536), stone)
        pane(plate, (x, 410, x + 26, 528), wall)
        pane(plate, (x + 33, 410, x + 60, 528), wall)
    plate.poly(arched((640, 574, 760, 722)), stone)
    plate.poly(arched((656, 592, 744, 722)), mix(light.tone(0.92), light.lamp, 0.5 if light.lamplit else 0))
    plate.rect((698, 592, 702, 722), stone)
    plate.rect((620, 712, 780, 726), stone)
    _yard(plate, 720, "stone")
    plate.poly(
        [(640, 724), (760, 724), (1010, 1000), (330, 1000)], mix(light.ground("plaster", 0.5), light.sky[2], 0.15)
    )
    round_tree(plate, (440, 770), 330, 0.7)
    for x, y, tall in (
        (640, 850, 118),
        (704, 862, 124),
        (560, 812, 100),
        (860, 808, 104),
        (930, 822, 110),
        (1180, 800, 96),
        (1120, 796, 94),
    ):
        _pupil(plate, x, y, tall)
    person(plate, (1010, 846), 190, 0.85)
    plate.rect((1180, 866, 1600, 874), light.tone(0.95))
    for x in range(1190, 1600, 26):
        plate.rect((x, 850, x + 6, 1000), light.tone(0.95))
    _bough(plate)


def _wing(plate: Plate, wall: Colour) -> None:
    light = plate.light
    block(plate, (790, 400, 1500, 720), wall, 0.06)
    gable(plate, (770, 300, 1520, 404), light.tone(0.8))
    for x in (1010, 1290):
        plate.rect((x, 250, x + 34, 330), light.tone(0.75))
    for row in (430, 574):
        for column in range(5):
            x = 880 + column * 118
            plate.rect((x - 7, row - 8, x + 91, row + 112), light.local("plaster", 0.7))
            for cell in range(3):
                pane(plate, (x + cell * 29, row, x + cell * 29 + 26, row + 104), wall)


def _pupil(plate: Plate, x: float, y: float, tall: float) -> None:
    person(plate, (x, y), tall, 0.8)
    bag = plate.light.accent if plate.chance(0.5) else plate.light.local("grain", 0.9)
    plate.poly(
        curve(
            [
                (x - tall * 0.09, y - tall * 0.78),
                (x + tall * 0.09, y - tall * 0.78),
                (x + tall * 0.1, y - tall * 0.48),
                (x - tall * 0.1, y - tall * 0.48),
            ],
            closed=True,
            steps=4,
        ),
        bag,
    )


def _bough(plate: Plate) -> None:
    """A branch across the upper right corner, close to us."""
    light = plate.light
    ink = light.tone(1)
    plate.line(curve([(1640, 150), (1500, 120), (1380, 70), (1240, 60)]), 13, ink)
    plate.line(curve([(1480, 114), (1400, 150), (1330, 156)]), 7, ink)
    for _ in range(46):
        x, y = plate.between(1220, 1600), plate.between(10, 190)
        if light.snowy:
            plate.stroke((x, y), (x + 40, y - 8), 6, light.paper)
        else:
            plate.poly(
                curve([(x, y), (x + 16, y - 12), (x + 42, y - 2), (x + 18, y + 10)], closed=True, steps=4),
                mix(light.local("leaf", 0.95), light.tone(1), plate.between(0.1, 0.6)),
            )


@outdoors("courthouse")
def courthouse(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 700, (330, 0.36))
    skyline(plate, 760, 260, 0.16)
    mist(plate, 760, 200, 0.8)
    stone = mix(light.local("stone", 0.62), light.paper, 0.25 if not light.dark else 0.0)
    shade = mix(stone, light.tone(0.75), 0.5)
    left, right = 520.0, 1640.0
    plate.rect((left + 40, 300, right, 760), mix(shade, light.tone(0.8), 0.55))
    for column in range(6):
        x = 660 + column * 178
        plate.rect((x, 430, x + 74, 700), mix(light.lamp, light.accent, 0.08) if light.lamplit else light.tone(0.85))
        plate.rect((x + 34, 430, x + 40, 700), light.tone(0.9))
    if light.lamplit:
        plate.glow((1060, 640), 460, light.lamp, 0.4)
    for column in range(7):
        _column_shaft(plate, 600 + column * 178, stone, shade)
    plate.rect((left, 268, right, 316), stone)
    plate.rect((left, 304, right, 316), shade)
    pediment = [(left - 20, 268), (1140, 84), (right + 160, 268)]
    plate.poly(pediment, light.paper if light.snowy else stone)
    inner = [(left + 90, 254), (1140, 112), (right + 60, 254)]
    plate.poly(inner, shade)
    plate.carve(inner, cuts(plate, (640, 120, 1600, 260), 130, (40, -14)), mix(stone, shade, 0.4))
    _scales(plate, 1140, 150, stone)
    for step in range(9):
        y = 744 + step * 17
        reach = step * 26
        tread = mix(stone, light.paper, 0.7) if light.snowy else mix(stone, light.paper, 0.12)
        plate.rect((left - 10 - reach, y, right, y + 9), tread)
        plate.rect((left - 10 - reach, y + 9, right, y + 17), shade)
    _yard(plate, 897, "stone")
    for x, y, tall in ((700, 800, 118), (760, 812, 122), (1010, 770, 112), (1290, 780, 114), (1340, 790, 116)):
        person(plate, (x, y), tall, 0.78)
    person(plate, (452, 935), 226, 0.9)
    street_lamp(plate, (238, 950), 520)
    birds(plate, (420, 210), 8, 15)


def _column_shaft(plate: Plate, x: float, stone: Colour, shade: Colour) -> None:
    plate.poly([(x - 30, 336), (x + 30, 336), (x + 35, 722), (x - 35, 722)], stone)
    plate.poly([(x + 6, 336), (x + 30, 336), (x + 35, 722), (x + 7, 722)], shade)
    for step in (-18, -6):
        plate.line(((x + step, 350), (x + step * 1.15, 714)), 2.5, mix(stone, shade, 0.6))
    plate.rect((x - 44, 316, x + 44, 328), stone)
    plate.rect((x - 36, 328, x + 36, 340), shade)
    plate.rect((x - 44, 718, x + 44, 746), stone)
    plate.rect((x + 8, 718, x + 44, 746), shade)


def _scales(plate: Plate, x: float, y: float, ink: Colour) -> None:
    plate.rect((x - 4, y, x + 4, y + 86), ink)
    plate.rect((x - 26, y + 84, x + 26, y + 94), ink)
    plate.line(((x - 74, y + 22), (x, y + 10), (x + 74, y + 22)), 6, ink)
    for side in (-74, 74):
        plate.line(((x + side, y + 20), (x + side - 24, y + 62)), 2, ink)
        plate.line(((x + side, y + 20), (x + side + 24, y + 62)), 2, ink)
        plate.poly(curve([(x + side - 30, y + 62), (x + side, y + 82), (x + side + 30, y + 62)], steps=5), ink)


@outdoors("hospital")
def hospital(plate: Plate) -> None:
    light = plate.light
    paint_sky(plate, 680, (1330, 0.34))
    plate.poly(down_to(rolling(plate, 600, 50), 800), light.tone(0.12))
    skyline(plate, 740, 130, 0.24)
    mist(plate, 740, 150, 0.7)
    white = mix(light.paper, light.tone(0.4), 0.12 if not light.dark else 0.55)
    shade = mix(white, light.tone(0.7), 0.45)
    for x, tall in ((40, 210), (1330, 240), (1500, 280)):
        round_tree(plate, (x, 790), tall, 0.55)
    for left, right, top, rows, face in (
        (150, 470, 420, 5, shade),
        (440, 880, 190, 9, white),
        (860, 1270, 500, 4, white),
    ):
        block(plate, (left, top, right, 790), face, 0.16)
        high = (760 - top) / (rows + 0.4)
        for row in range(rows):
            y = top + 26 + row * high
            plate.rect((left + 16, y, right - 16, y + high * 0.5), light.tone(0.66))
            windows(
                plate,
                (left + 16, y, right - 16, y + high * 0.5),
                ((right - left) // 44, 1),
                light.tone(0.7),
                (0.86, 0.86),
            )
    sign = light.local("teal", 0.8)  # a red cross belongs to the Red Cross
    if light.dark:
        plate.glow((630, 292), 190, sign, 0.4)
    plate.rect((560, 222, 700, 362), sign)
    plate.rect((612, 240, 648, 344), light.paper)
    plate.rect((578, 274, 682, 310), light.paper)
    plate.rect((560, 660, 1010, 790), light.lamp if light.lamplit else light.tone(0.6))
    for x in range(600, 1010, 68):
        plate.rect((x, 660, x + 7, 790), shade)
    plate.poly([(520, 640), (1050, 640), (1080, 668), (500, 668)], light.paper if light.snowy else light.accent)
    crowd(plate, (580, 860), 806, 118, 4)
    _yard(plate, 790, "stone")
    crowd(plate, (600, 860), 822, 122, 3)
    plate.poly(
        [(-10, 880), (1610, 850), (1610, 1000), (-10, 1000)], mix(light.ground("slate", 0.7), light.tone(0.75), 0.35)
    )
    for x in range(20, 1600, 190):
        plate.poly([(x, 958), (x + 110, 956), (x + 112, 968), (x, 970)], mix(light.paper, light.tone(0.5), 0.3))
    _ambulance(plate, 1010, 918)
    crown(plate, (60, 960), (190, 110), 0.95)
    crown(plate, (240, 990), (130, 70), 0.92)


def _ambulance(plate: Plate, x: float, y: float) -> None:
    light = plate.light
    white = mix(light.paper, light.tone(0.4), 0.06 if not light.dark else 0.3)
    shade = mix(white, light.tone(0.7), 0.4)
    dark = light.tone(1)
    plate.oval((x - 20, y - 16, x + 430, y + 14), thin(dark, 0.45))
    body = [
        (x, y - 40),
        (x, y - 96),
        *curve([(x + 20, y - 112), (x + 60, y - 128), (x + 96, y - 190), (x + 116, y - 206)], steps=4),
        (x + 400, y - 206),
        (x + 408, y - 190),
        (x + 408, y - 30),
        (x, y - 22),
    ]
    plate.poly(body, white)
    plate.rect((x + 2, y - 62, x + 408, y - 24), shade)
    plate.rect((x + 2, y - 96, x + 408, y - 68), light.accent)
    plate.poly([(x + 76, y - 128), (x + 106, y - 188), (x + 154, y - 188), (x + 154, y - 128)], light.tone(0.75))
    plate.rect((x + 196, y - 184, x + 270, y - 128), light.lamp if light.lamplit else light.tone(0.7))
    plate.rect((x + 326, y - 182, x + 342, y - 112), light.local("teal", 0.8))
    plate.rect((x + 299, y - 155, x + 369, y - 139), light.local("teal", 0.8))
    plate.rect((x + 130, y - 224, x + 196, y - 206), light.local("teal", 0.8))
    if light.lamplit:
        plate.glow((x + 163, y - 216), 130, mix(light.local("teal", 0.2), light.paper, 0.4), 0.8)
        plate.glow((x, y - 76), 120, light.lamp, 0.8)
    for wheel in (84, 324):
        plate.disc((x + wheel, y - 24), 36, dark)
        plate.disc((x + wheel, y - 24), 16, shade)


@indoors("library")
def library(plate: Plate) -> None:
    light = plate.light
    panes = [(640, 90, 830, 610), (890, 90, 1080, 610)]
    room(plate, [arched(box) for box in panes], 800, (560, 985))
    for box in panes:
        bars(plate, (box[0], box[1] + 95, box[2], box[3]), (3, 5), 6)
        plate.rect(
            ((box[0] + box[2]) / 2 - 3, box[1], (box[0] + box[2]) / 2 + 3, box[1] + 95),
            mix(light.room[1], light.tone(0.85), 0.6),
        )
        daylight(plate, box, 800, -170)
    _shelves(plate, (-20, 30, 580, 800), 6)
    _shelves(plate, (1160, 30, 1640, 800), 6)
    plate.line(((452, 812), (512, 60)), 9, light.local("timber", 0.9))
    plate.line(((522, 812), (560, 60)), 9, light.local("timber", 0.9))
    for step in range(11):
        share = (step + 0.5) / 11
        y = 812 - 740 * share
        plate.line(((452 + 60 * share, y), (522 + 38 * share, y)), 6, light.local("timber", 0.9))
    for x, size in ((700, 40), (1010, 42), (1340, 42)):
        bust(plate, (x, 708), size, light.local(("teal", "brick", "slate")[int(size + x) % 3], 0.85))
    top = light.local("timber", 0.78)
    plate.poly([(520, 800), (1540, 800), (1700, 896), (380, 896)], top)
    plate.carve(
        [(520, 800), (1540, 800), (1700, 896), (380, 896)],
        cuts(plate, (400, 800, 1600, 896), 70, (120, 0)),
        mix(top, light.tone(0.9), 0.35),
    )
    plate.rect((380, 894, 1700, 924), mix(top, light.tone(0.95), 0.5))
    plate.rect((430, 924, 470, 1000), light.tone(0.95))
    for x in (600, 860, 1180, 1460):
        _desk_lamp(plate, x, 846)
    for x, y in ((700, 846), (1010, 836), (1340, 850)):
        plate.poly([(x - 64, y), (x - 2, y - 8), (x - 6, y + 28), (x - 74, y + 32)], light.paper)
        plate.poly(
            [(x + 2, y - 8), (x + 64, y), (x + 74, y + 32), (x - 4, y + 28)], mix(light.paper, light.tone(0.4), 0.25)
        )


def _shelves(plate: Plate, box: tuple[float, float, float, float], rows: int) -> None:
    light = plate.light
    left, top, right, bottom = box
    wood = light.local("timber", 0.82)
    plate.rect(box, mix(wood, light.tone(0.95), 0.6))
    high = (bottom - top) / rows
    for row in range(rows):
        books(plate, (left + 14, top + row * high + 8, right - 14, top + (row + 1) * high - 10))
        plate.rect((left, top + (row + 1) * high - 10, right, top + (row + 1) * high + 2), wood)
    for share in (0.0, 0.5, 1.0):
        x = left + (right - left) * share
        plate.rect((x - 9, top - 16, x + 9, bottom), wood)
        plate.rect((x + 3, top - 16, x + 9, bottom), mix(wood, light.tone(0.95), 0.4))


def _desk_lamp(plate: Plate, x: float, y: float) -> None:
    light = plate.light
    brass = light.local("grain", 0.8)
    plate.oval((x - 26, y - 6, x + 26, y + 8), brass)
    plate.rect((x - 3, y - 84, x + 3, y), brass)
    if light.lamplit:
        plate.glow((x, y - 60), 150, light.lamp, 0.8)
    plate.poly(
        [*curve([(x - 56, y - 72), (x - 40, y - 104), (x, y - 112), (x + 40, y - 104), (x + 56, y - 72)], steps=5)],
        light.local("pine", 0.7),
    )
    plate.rect((x - 52, y - 74, x + 52, y - 68), light.lamp if light.lamplit else brass)
