"""Walls, windows, roofs and street lamps."""

from coranto.specimen.drawings.ink import Box, Colour, Ink, Point, mix, thin
from coranto.specimen.drawings.plate import Plate


def pane(plate: Plate, box: Box, wall: Colour) -> None:
    """One window: lamplit, or a dark pane that catches a little sky."""
    light = plate.light
    if plate.chance(light.lamplit):
        plate.rect(box, mix(light.lamp, light.accent, plate.between(0.0, 0.22)))
        if plate.chance(0.4):  # a blind half down
            plate.rect(
                (box[0], box[1], box[2], box[1] + (box[3] - box[1]) * plate.between(0.2, 0.5)),
                mix(light.lamp, wall, 0.45),
            )
        return
    glass = mix(wall, light.tone(0.95), 0.55)
    plate.rect(box, glass)
    if plate.chance(0.5):
        plate.poly([(box[0], box[1]), (box[2], box[1]), (box[0], box[3])], mix(glass, light.sky[1], 0.3))


def windows(plate: Plate, box: Box, grid: tuple[int, int], wall: Colour, fill: Point = (0.5, 0.55)) -> None:
    """A grid (columns, rows) of windows; `fill` is how much of each cell a window takes."""
    left, top, right, bottom = box
    columns, rows = grid
    across, down = (right - left) / columns, (bottom - top) / rows
    for column in range(columns):
        for row in range(rows):
            x, y = left + across * (column + (1 - fill[0]) / 2), top + down * (row + (1 - fill[1]) / 2)
            pane(plate, (x, y, x + across * fill[0], y + down * fill[1]), wall)


def block(plate: Plate, box: Box, wall: Colour, shaded: float = 0.3) -> None:
    """A wall with its right-hand part turned from the light, and snow along the top."""
    left, top, right, bottom = box
    plate.rect(box, wall)
    edge = right - (right - left) * shaded
    plate.rect((edge, top, right, bottom), mix(wall, plate.light.tone(0.85), 0.28))
    if plate.light.snowy:
        plate.rect((left - 2, top - max(3, (right - left) * 0.03), right + 2, top + 2), plate.light.paper)


def gable(plate: Plate, box: Box, ink: Colour) -> None:
    """A pitched roof seen from its long side; white when it has snowed."""
    left, top, right, bottom = box
    inset = (right - left) * 0.12
    roof = mix(plate.light.paper, plate.light.tone(0.2), 0.15) if plate.light.snowy else ink
    shape = [(left, bottom), (left + inset, top), (right - inset, top), (right, bottom)]
    plate.poly(shape, roof)
    for step in range(1, 6):
        y = top + (bottom - top) * step / 6
        reach = inset * (1 - step / 6)
        plate.line(((left + reach + 4, y), (right - reach - 4, y)), 1.2, thin(plate.light.tone(0.8), 0.3))


def house(plate: Plate, box: Box, wall: Colour, roof: Colour) -> None:
    """A house with its gable towards us; `box` includes the roof."""
    left, top, right, bottom = box
    eaves = top + (right - left) * 0.5
    middle = (left + right) / 2
    light = plate.light
    plate.poly([(left, eaves), (middle, top), (right, eaves), (right, bottom), (left, bottom)], wall)
    plate.poly(
        [
            (middle, top),
            (right, eaves),
            (right, bottom),
            (middle + (right - left) * 0.18, bottom),
            (middle + (right - left) * 0.18, top + (right - left) * 0.2),
        ],
        mix(wall, light.tone(0.85), 0.22),
    )
    width = (right - left) * (0.09 if light.snowy else 0.06)
    cover = light.paper if light.snowy else roof
    plate.line(
        ((left - width * 0.8, eaves + width * 0.5), (middle, top), (right + width * 0.8, eaves + width * 0.5)),
        width,
        cover,
    )
    rows = max(1, int((bottom - eaves) / ((right - left) * 0.42)))
    windows(plate, (left + width, eaves, right - width, bottom - (bottom - eaves) * 0.06), (3, rows), wall, (0.48, 0.6))


def street_lamp(plate: Plate, foot: Point, height: float) -> None:
    light = plate.light
    x, y = foot
    ink = light.tone(0.95)
    top = y - height
    plate.line(((x, y), (x, top)), height * 0.014, ink)
    plate.line(((x, top), (x + height * 0.1, top - height * 0.03), (x + height * 0.17, top)), height * 0.012, ink)
    head = (x + height * 0.17, top + height * 0.01)
    if light.lamplit:
        plate.glow(head, height * 0.42, light.lamp, 0.75)
        plate.disc((head[0], head[1] + height * 0.012), height * 0.02, light.paper)
    plate.poly(
        [
            (head[0] - height * 0.045, head[1] + height * 0.01),
            (head[0] - height * 0.015, head[1] - height * 0.02),
            (head[0] + height * 0.015, head[1] - height * 0.02),
            (head[0] + height * 0.045, head[1] + height * 0.01),
        ],
        ink,
    )


def skyline(plate: Plate, ground: float, height: float, depth: float) -> None:
    """Far roofs, towers and chimneys as one silhouette with a few lit windows."""
    light = plate.light
    x = -20.0
    ink: Ink = light.tone(depth)
    while x < plate.width:
        wide = plate.between(46, 130)
        tall = height * plate.between(0.35, 1.0)
        top = ground - tall
        plate.rect((x, top, x + wide + 1, ground), ink)
        if plate.chance(0.45):
            plate.poly([(x - 3, top), (x + wide / 2, top - wide * 0.4), (x + wide + 3, top)], ink)
        elif plate.chance(0.4):
            plate.rect((x + wide * 0.2, top - 22, x + wide * 0.3, top), ink)
        for _ in range(5):
            if plate.chance(light.lamplit * 0.8):
                u, v = x + plate.between(8, wide - 12), plate.between(top + 12, ground - 12)
                plate.rect((u, v, u + 5, v + 7), mix(light.lamp, ink, 0.25))
        x += wide


def sheen(plate: Plate, box: Box) -> None:
    """Wet ground: broken vertical light below whatever shines."""
    light = plate.light
    for _ in range(70):
        x, y = plate.between(box[0], box[2]), plate.between(box[1], box[3])
        plate.stroke((x, y), (x + plate.between(20, 90), y), plate.between(1.5, 4), thin(light.paper, 0.28))
