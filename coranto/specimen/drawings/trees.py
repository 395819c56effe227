"""Trees and smaller plants."""

import math

from coranto.specimen.drawings.ink import Ink, Point, mix
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.shapes import blob, curve, cuts

TWIG = 8.0  # shorter branches than this no longer fork
SMALL = 30  # a narrower crown is too far away to show its shaded side


def crown(plate: Plate, centre: Point, radii: Point, depth: float, pigment: str = "leaf") -> None:
    """Leaves as one mass with a lit shoulder and gouge cuts."""
    light = plate.light
    x, y = centre
    shape = blob(plate, centre, radii)
    leaves = light.local(pigment, depth)
    frosted = light.snowy and not plate.sheltered
    if frosted:
        leaves = mix(leaves, mix(light.paper, light.tone(depth * 0.6), 0.4), 0.66)
    plate.poly(shape, leaves)
    lit = light.paper if frosted else mix(leaves, light.lamp, 0.4)
    box = (x - radii[0] * 0.9, y - radii[1], x + radii[0] * 0.35, y + radii[1] * 0.1)
    plate.carve(shape, cuts(plate, box, int(8 + radii[0] * 0.35), (radii[0] * 0.22, -radii[1] * 0.1)), lit)
    if radii[0] < SMALL:
        return
    box = (x - radii[0] * 0.5, y + radii[1] * 0.1, x + radii[0], y + radii[1])
    shadow = mix(leaves, light.tone(min(1, depth + 0.25)), 0.75)
    plate.carve(shape, cuts(plate, box, int(8 + radii[0] * 0.35), (radii[0] * 0.24, -radii[1] * 0.1)), shadow)


def round_tree(plate: Plate, foot: Point, height: float, depth: float, pigment: str = "leaf") -> None:
    """A broad-leaved tree: a crown on a trunk, bare once it has snowed."""
    x, y = foot
    if plate.light.snowy:
        bare_tree(plate, foot, height, plate.light.tone(min(1, depth + 0.15)))
        return
    width = height * 0.035
    ink = plate.light.tone(min(1, depth + 0.2))
    plate.poly(
        [(x - width, y), (x - width * 0.6, y - height * 0.55), (x + width * 0.6, y - height * 0.55), (x + width, y)],
        ink,
    )
    crown(plate, (x, y - height * 0.64), (height * 0.31, height * 0.36), depth, pigment)


def poplar(plate: Plate, foot: Point, height: float, depth: float) -> None:
    x, y = foot
    plate.rect((x - height * 0.015, y - height * 0.2, x + height * 0.015, y), plate.light.tone(min(1, depth + 0.2)))
    crown(plate, (x, y - height * 0.55), (height * 0.12, height * 0.45), depth, "leaf")


def conifer(plate: Plate, foot: Point, height: float, depth: float, ink: Ink | None = None) -> None:
    """A spruce: ragged tiers, with snow on the left of each when it has snowed."""
    light = plate.light
    x, y = foot
    fill = ink or light.local("pine", depth)
    plate.rect((x - height * 0.018, y - height * 0.1, x + height * 0.018, y), light.tone(min(1, depth + 0.2)))
    tiers = 7
    left, right = [], []
    for tier in range(tiers):
        share = (tier + 1) / tiers
        level = y - height + height * 0.93 * share
        reach = height * 0.21 * share**0.85
        left += [(x - reach * plate.between(0.88, 1.08), level), (x - reach * 0.55, level - height * 0.022)]
        right += [(x + reach * plate.between(0.88, 1.08), level), (x + reach * 0.55, level - height * 0.022)]
    outline = [(x, y - height), *right, *reversed(left)]
    plate.poly(outline, fill)
    far = ink is not None
    edge = mix(light.paper, fill, 0.55 if far else 0.0) if light.snowy else mix(fill, light.sky[2], 0.28)
    for tier in range(1, tiers):
        share = (tier + 1) / tiers
        level = y - height + height * 0.93 * share
        reach = height * 0.21 * share**0.85
        width = height * (0.032 if light.snowy and not far else 0.014)
        plate.stroke((x - reach * 0.92, level - 2), (x - reach * 0.05, level - height * 0.09), width, edge)


def bare_tree(plate: Plate, foot: Point, height: float, ink: Ink) -> None:
    """A winter tree, forking down to twigs."""
    _branch(plate, foot, -math.pi / 2 + plate.between(-0.06, 0.06), height * 0.3, ink)


def _branch(plate: Plate, start: Point, angle: float, length: float, ink: Ink) -> None:
    end = (start[0] + math.cos(angle) * length, start[1] + math.sin(angle) * length)
    plate.line((start, end), max(0.8, length * 0.085), ink)
    if length > TWIG:
        for turn in (-1, 1) if plate.chance(0.75) else (-1, 0, 1):
            bend = angle + turn * plate.between(0.22, 0.55) + plate.between(-0.08, 0.08)
            _branch(plate, end, bend, length * plate.between(0.62, 0.78), ink)


def grasses(plate: Plate, level: float, count: int, height: float, ink: Ink) -> None:
    """Blades along the bottom edge, bending right."""
    for _ in range(count):
        x, tall = plate.between(-20, plate.width), height * plate.between(0.35, 1.0)
        lean = tall * plate.between(0.05, 0.4)
        plate.poly(
            [
                *curve([(x, level), (x + lean * 0.25, level - tall * 0.6), (x + lean, level - tall)], steps=4),
                *curve([(x + lean, level - tall), (x + lean * 0.4 + 3, level - tall * 0.55), (x + 5, level)], steps=4),
            ],
            ink,
        )
