"""Sky and weather: what lies behind a scene and what falls in front of it."""

import math

from coranto.specimen.drawings.ink import Box, Ink, Point, mix, thin
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.shapes import curve, down_to, rolling

DISC_RADII = {"dawn": 58, "day": 50, "dusk": 78, "night": 44}


def paint_sky(plate: Plate, horizon: float, disc: Point = (1120, 0.45)) -> None:
    """The sky down to `horizon`. `disc` is where sun or moon stands: x, and height as a share of the sky."""
    light = plate.light
    plate.blend((0, 0, plate.width, horizon), (light.sky[0], light.sky_at(0.35), light.sky[1], light.sky[2]))
    plate.rect((0, horizon, plate.width, plate.height), mix(light.sky[2], light.tone(0.2), 0.4))
    if light.name == "night":
        _stars(plate, horizon)
    if light.disc is not None:
        low = {"dawn": 0.16, "dusk": 0.28}.get(light.name, 0.0)
        _sun(plate, (disc[0], horizon * min(0.93, disc[1] + low)))
    {"rain": _overcast, "snow": _overcast}.get(light.weather, _streaks)(plate, horizon)


def _sun(plate: Plate, centre: Point) -> None:
    light = plate.light
    ink = light.disc or light.paper
    radius = DISC_RADII[light.name]
    plate.glow(centre, 340, mix(ink, light.lamp, 0.35), 0.55 if light.name != "night" else 0.28)
    for step, opacity in ((2.3, 0.10), (1.6, 0.16)):
        plate.disc(centre, radius * step, thin(ink, opacity))
    plate.disc(centre, radius, ink)


def _stars(plate: Plate, horizon: float) -> None:
    for _ in range(120):
        y = horizon * 0.95 * plate.rng.random() ** 1.3
        size = plate.between(0.7, 1.9)
        plate.disc((plate.between(0, plate.width), y), size, mix(plate.light.sky[1], plate.light.paper, 0.8))


def cloud(plate: Plate, centre: Point, span: float, ink: Ink) -> None:
    """One flat cloud: level below, swelling above, pointed at both ends as a print would have it."""
    x, y = centre
    crest = [
        (x - span / 2 + span * step / 7, y - span * 0.075 * math.sin(math.pi * step / 7) * plate.between(0.5, 1.3))
        for step in range(8)
    ]
    belly = [(x + span / 2 - span * step / 4, y + span * 0.016 * math.sin(math.pi * step / 4)) for step in range(1, 4)]
    plate.poly([*curve(crest, steps=6), *belly], ink)


def _streaks(plate: Plate, horizon: float) -> None:
    light = plate.light
    bright = {"day": light.paper, "night": light.sky[2]}.get(light.name, mix(light.sky[2], light.paper, 0.3))
    shadow = mix(light.sky[1], light.tone(0.2), 0.5)
    for index in range(9):
        height = 0.14 + 0.74 * index / 9 + plate.between(-0.03, 0.05)
        ink = bright if index % 3 else shadow
        opacity = 0.75 if light.name == "day" else 0.42
        x = plate.between(-100, plate.width + 100)
        span = plate.between(220, 620) * (0.65 + 0.5 * height)
        cloud(plate, (x, horizon * height), span, thin(ink, opacity))
        if plate.chance(0.6):
            cloud(plate, (x + span * 0.3, horizon * height + 16), span * 0.6, thin(ink, opacity * 0.8))


def _overcast(plate: Plate, horizon: float) -> None:
    light = plate.light
    for index in range(6):
        level = horizon * (0.66 - 0.13 * index)
        ink = thin(mix(light.sky[0], light.tone(0.35 if light.weather == "rain" else 0.1), 0.4), 0.26)
        edge = [
            (plate.width * step / 9, level + plate.between(-26, 26) + 18 * math.sin(step + index)) for step in range(10)
        ]
        plate.poly([(0, 0), *curve(edge, steps=6), (plate.width, 0)], ink)


def birds(plate: Plate, centre: Point, count: int, size: float = 13) -> None:
    ink = plate.light.tone(0.75)
    for _ in range(count):
        x, y = centre[0] + plate.rng.gauss(0, 90), centre[1] + plate.rng.gauss(0, 36)
        wing, lift = size * plate.between(0.6, 1.2), plate.between(0.3, 0.6)
        plate.poly(
            curve([(x - wing, y - wing * lift), (x - wing * 0.4, y - wing * 0.5), (x, y)], steps=4)
            + curve([(x, y), (x + wing * 0.4, y - wing * 0.5), (x + wing, y - wing * lift)], steps=4)
            + [(x + wing * 0.4, y - wing * 0.3), (x, y + wing * 0.24), (x - wing * 0.4, y - wing * 0.3)],
            ink,
        )


def mist(plate: Plate, level: float, reach: float, strength: float = 0.6) -> None:
    """A bank of haze thickest at `level`."""
    colour = mix(plate.light.sky[2], plate.light.tone(0.0), 0.3)
    share = {"day": 0.5, "night": 0.55}.get(plate.light.name, 1.0) * strength
    plate.fade((0, level - reach, plate.width, level), colour, (0.0, share))
    plate.fade((0, level, plate.width, level + reach * 0.5), colour, (share, 0.0))


def weather(plate: Plate, box: Box | None = None) -> None:
    """Rain or snow in front of everything, or only behind a window (`box`)."""
    area = box or (0, 0, plate.width, plate.height)
    share = (area[2] - area[0]) * (area[3] - area[1]) / 1_600_000
    if plate.light.weather == "rain":
        _rain(plate, area, share)
    elif plate.light.snowy:
        _snow(plate, area, share)


def _rain(plate: Plate, area: Box, share: float) -> None:
    for _ in range(round(330 * share)):
        near = plate.rng.random() ** 2
        length = 26 + 70 * near
        x, y = plate.between(area[0] - 20, area[2]), plate.between(area[1], area[3])
        end = (x - length * 0.22, min(area[3], y + length))
        plate.stroke((x, y), end, 1.6 + 1.6 * near, thin(plate.light.paper, 0.22 + 0.3 * near))


def _snow(plate: Plate, area: Box, share: float) -> None:
    for _ in range(round(520 * share)):
        near = plate.rng.random() ** 4
        x, y = plate.between(area[0], area[2]), plate.between(area[1], area[3])
        plate.disc((x, y), 1.7 + 6.2 * near, thin(plate.light.paper, 0.9 - 0.25 * near))


def hills(plate: Plate, level: float, swell: float, depth: float) -> None:
    """Far hills in one tone, from edge to edge and down to the bottom."""
    plate.poly(down_to(rolling(plate, level, swell), plate.height), plate.light.tone(depth))
