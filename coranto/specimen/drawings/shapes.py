"""Outlines: curves through points, ridges, blobs, and the cuts that give a surface its texture."""

import math
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from coranto.specimen.drawings.ink import Point
from coranto.specimen.drawings.plate import Plate

Cut = tuple[Point, Point, float]


def curve(points: Sequence[Point], *, closed: bool = False, steps: int = 8) -> list[Point]:
    """A Catmull-Rom curve through all the points."""
    count = len(points)
    last = count if closed else count - 1
    found: list[Point] = []
    for index in range(last):
        around = [
            points[(index + offset) % count] if closed else points[max(0, min(count - 1, index + offset))]
            for offset in (-1, 0, 1, 2)
        ]
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = around
        found.extend(
            (a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3) for a, b, c, d in _weights(steps)
        )
    if not closed:
        found.append(points[-1])
    return found


@cache
def _weights(steps: int) -> list[tuple[float, float, float, float]]:
    """How much each of four neighbouring points counts at each step between the middle two."""
    return [
        (
            -0.5 * t + t * t - 0.5 * t**3,
            1 - 2.5 * t * t + 1.5 * t**3,
            0.5 * t + 2 * t * t - 1.5 * t**3,
            -0.5 * t * t + 0.5 * t**3,
        )
        for t in (step / steps for step in range(steps))
    ]


def rolling(plate: Plate, level: float, swell: float, waves: float = 1.5) -> list[Point]:
    """The top line of soft hills from the left edge to the right."""
    phases = [plate.between(0, math.tau) for _ in range(3)]
    line = []
    for step in range(81):
        x = plate.width * step / 80
        turn = math.tau * waves * step / 80
        bend = math.sin(turn + phases[0]) + 0.5 * math.sin(turn * 1.9 + phases[1])
        line.append((x, level - swell * (bend + 0.22 * math.sin(turn * 4.3 + phases[2])) / 1.7))
    return line


def jagged(plate: Plate, level: float, height: float, peaks: int = 5) -> list[Point]:
    """The top line of mountains: midpoint displacement between a few peaks."""
    count = peaks * 2
    line: list[Point] = []
    for index in range(count + 1):
        high = height * (plate.between(0.55, 1.0) if index % 2 else plate.between(0.05, 0.4))
        line.append((plate.width * (index + plate.between(-0.3, 0.3)) / count, level - high))
    line[0], line[-1] = (-20, line[0][1]), (plate.width + 20, line[-1][1])
    rough = height * 0.12
    for _ in range(4):
        finer: list[Point] = []
        for (x0, y0), (x1, y1) in pairwise(line):
            middle = ((x0 + x1) / 2 + plate.between(-4, 4), (y0 + y1) / 2 + plate.between(-rough, rough))
            finer += [(x0, y0), middle]
        line = [*finer, line[-1]]
        rough *= 0.5
    return line


def down_to(line: Sequence[Point], bottom: float) -> list[Point]:
    """A line closed along the bottom, ready to be filled."""
    return [*line, (line[-1][0], bottom), (line[0][0], bottom)]


def blob(plate: Plate, centre: Point, radii: Point, wobble: float = 0.12) -> list[Point]:
    """A rounded, slightly irregular outline."""
    around = []
    for index in range(11):
        angle = math.tau * index / 11
        reach = 1 + plate.between(-wobble, wobble)
        around.append((centre[0] + math.cos(angle) * radii[0] * reach, centre[1] + math.sin(angle) * radii[1] * reach))
    return curve(around, closed=True, steps=5)


def turned(points: Sequence[Point], pivot: Point, angle: float) -> list[Point]:
    """The points turned clockwise around the pivot, in radians."""
    sine, cosine = math.sin(angle), math.cos(angle)
    return [
        (
            pivot[0] + (x - pivot[0]) * cosine - (y - pivot[1]) * sine,
            pivot[1] + (x - pivot[0]) * sine + (y - pivot[1]) * cosine,
        )
        for x, y in points
    ]


def cuts(plate: Plate, box: tuple[float, float, float, float], count: int, reach: Point) -> list[Cut]:
    """Scattered parallel gouge cuts in the box; `reach` is how far one runs right and down."""
    left, top, right, bottom = box
    found = []
    for _ in range(count):
        x, y = plate.between(left, right), plate.between(top, bottom)
        size = plate.between(0.5, 1.2)
        end = (x + reach[0] * size, y + reach[1] * size)
        found.append(((x, y), end, plate.between(1.2, 2.8)))
    return found
