"""Rooms: walls with windows on the weather outside, floors, lamps and what stands on tables."""

from collections.abc import Sequence

from coranto.specimen.drawings.buildings import skyline
from coranto.specimen.drawings.ink import Box, Point, mix, thin
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.shapes import curve, down_to, rolling
from coranto.specimen.drawings.sky import mist, paint_sky, weather

Outline = Sequence[Point]


def oblong(box: Box) -> list[Point]:
    left, top, right, bottom = box
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def arched(box: Box) -> list[Point]:
    """A window with a round head."""
    left, top, right, bottom = box
    middle, rise = (left + right) / 2, (right - left) / 2
    head = curve(
        [
            (left, top + rise),
            (left + rise * 0.3, top + rise * 0.29),
            (middle, top),
            (right - rise * 0.3, top + rise * 0.29),
            (right, top + rise),
        ],
        steps=6,
    )
    return [*head, (right, bottom), (left, bottom)]


def room(plate: Plate, holes: Sequence[Outline], floor: float, view: tuple[float, float] = (640, 1200)) -> None:
    """Wall and floor, with the town outside in each hole; `view` is the horizon and where the sun stands."""
    light = plate.light
    wall, shade, ground = light.room
    paint_sky(plate, view[0], (view[1], 0.4))
    plate.poly(down_to(rolling(plate, view[0] - 70, 40), plate.height), light.tone(0.12))
    skyline(plate, view[0], 150, 0.3)
    mist(plate, view[0], 120, 0.6)
    for hole in holes:
        xs, ys = [x for x, _ in hole], [y for _, y in hole]
        weather(plate, (min(xs), min(ys), max(xs), max(ys)))
    plate.sheet((mix(wall, shade, 0.7), wall, mix(wall, shade, 0.35)), holes)
    plate.blend((0, floor, plate.width, plate.height), (ground, mix(ground, light.tone(0.9), 0.55)))
    plate.rect((0, floor - 14, plate.width, floor), mix(shade, light.tone(0.8), 0.35))


def bars(plate: Plate, box: Box, grid: tuple[int, int], width: float = 7) -> None:
    """Frame and glazing bars over a window, and its sill."""
    left, top, right, bottom = box
    ink = mix(plate.light.room[1], plate.light.tone(0.85), 0.6)
    for column in range(grid[0] + 1):
        x = left + (right - left) * column / grid[0]
        plate.rect((x - width / 2, top, x + width / 2, bottom), ink)
    for row in range(grid[1] + 1):
        y = top + (bottom - top) * row / grid[1]
        plate.rect((left, y - width / 2, right, y + width / 2), ink)
    plate.rect((left - 16, bottom, right + 16, bottom + 14), mix(plate.light.room[0], plate.light.paper, 0.45))
    plate.rect((left - 16, bottom + 14, right + 16, bottom + 20), plate.light.room[1])


def daylight(plate: Plate, box: Box, floor: float, lean: float) -> None:
    """The patch a window throws on the floor; `lean` is how far it falls to the side."""
    left, _, right, _ = box
    strength = {"day": 0.4, "dawn": 0.3, "dusk": 0.26, "snow": 0.18, "rain": 0.1}.get(plate.light.name, 0.07)
    colour = plate.light.disc or plate.light.paper
    reach = (plate.height - floor) * 0.62
    far = floor + reach * 0.16
    width = (right - left) * 0.46
    for start in (left, left + (right - left) * 0.53):
        x = start + lean * 0.4
        plate.poly(
            [(x, far), (x + width, far), (x + width + lean, far + reach), (x - width * 0.1 + lean, far + reach)],
            thin(colour, strength),
        )


def pendant(plate: Plate, bulb: Point, size: float, colour: tuple[int, int, int] | None = None) -> None:
    """A lamp hanging from the ceiling, lit in every light but full day."""
    light = plate.light
    x, y = bulb
    ink = colour or light.tone(0.92)
    plate.rect((x - 2, 0, x + 2, y - size * 0.7), light.tone(0.95))
    if light.lamplit:
        plate.glow((x, y + size * 0.2), size * 5, light.lamp, 0.75 if light.dark else 0.5)
        plate.poly(
            [(x - size * 0.8, y), (x + size * 0.8, y), (x + size * 3.4, y + size * 6), (x - size * 3.4, y + size * 6)],
            thin(light.lamp, 0.1),
        )
        plate.oval((x - size * 0.5, y - size * 0.2, x + size * 0.5, y + size * 0.2), light.paper)
    shade = curve(
        [
            (x - size, y),
            (x - size * 0.8, y - size * 0.4),
            (x - size * 0.22, y - size * 0.72),
            (x + size * 0.22, y - size * 0.72),
            (x + size * 0.8, y - size * 0.4),
            (x + size, y),
        ],
        steps=5,
    )
    plate.poly(shade, ink)
    plate.poly(
        [
            *curve(
                [
                    (x - size * 0.8, y - size * 0.1),
                    (x - size * 0.66, y - size * 0.42),
                    (x - size * 0.2, y - size * 0.66),
                ],
                steps=4,
            ),
            (x - size * 0.5, y - size * 0.1),
        ],
        mix(ink, light.paper, 0.3),
    )


def bust(plate: Plate, chin: Point, size: float, ink: tuple[int, int, int]) -> None:
    """Someone seated behind a desk: head and shoulders, three planes."""
    light = plate.light
    x, y = chin
    skin = mix(light.local("clay", 0.8), light.local("timber", 0.8), plate.between(0, 1))
    body = curve(
        [
            (x - size * 1.25, y + size * 2.2),
            (x - size * 1.1, y + size * 0.7),
            (x - size * 0.3, y + size * 0.28),
            (x + size * 0.3, y + size * 0.28),
            (x + size * 1.1, y + size * 0.7),
            (x + size * 1.25, y + size * 2.2),
        ],
        steps=5,
    )
    plate.poly(body, ink)
    plate.poly(
        [(x - size * 0.28, y + size * 0.26), (x + size * 0.28, y + size * 0.26), (x, y + size * 0.9)],
        mix(light.paper, light.tone(0.4), 0.2),
    )
    plate.rect((x - size * 0.2, y - size * 0.2, x + size * 0.2, y + size * 0.38), mix(skin, light.tone(0.9), 0.25))
    plate.oval((x - size * 0.48, y - size * 1.15, x + size * 0.48, y + size * 0.12), skin)
    hair = curve(
        [
            (x - size * 0.54, y - size * 0.45),
            (x - size * 0.5, y - size * 1.0),
            (x, y - size * 1.3),
            (x + size * 0.5, y - size * 1.0),
            (x + size * 0.54, y - size * 0.5),
            (x + size * 0.2, y - size * 0.82),
            (x - size * 0.3, y - size * 0.8),
        ],
        closed=True,
        steps=4,
    )
    plate.poly(hair, mix(light.tone(0.95), light.local("timber", 0.9), plate.between(0, 0.5)))


def books(plate: Plate, box: Box, depth: float = 0.75) -> None:
    """One shelf of spines standing on the bottom edge of the box."""
    left, top, right, bottom = box
    light = plate.light
    pigments = ("brick", "teal", "grain", "plaster", "pine", "slate", "timber", "clay")
    x = left + 3
    while x < right - 12:
        wide = plate.between(9, 21)
        high = (bottom - top) * plate.between(0.62, 0.92)
        if plate.chance(0.08):
            x += wide * 1.6
            continue
        ink = light.local(pigments[plate.rng.randrange(len(pigments))], depth)
        spine = (x, bottom - high, min(x + wide - 1.5, right), bottom)
        plate.rect(spine, ink)
        if plate.chance(0.5):
            plate.rect((x, bottom - high * 0.8, spine[2], bottom - high * 0.74), mix(ink, light.paper, 0.5))
        x += wide
