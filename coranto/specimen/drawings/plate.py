"""The plate a picture is cut into before it is printed."""

import random
from collections.abc import Iterable, Sequence
from functools import cache

from PIL import Image, ImageChops, ImageDraw

from coranto.specimen.drawings.ink import Box, Colour, Ink, Point
from coranto.specimen.drawings.palettes import Light

SCALE = 2  # drawn twice as large and reduced, which is what makes the edges smooth
Area = tuple[int, int, int, int]  # left, top, right, bottom in pixels of the plate itself
OPAQUE = 3  # an ink with only three members covers completely


class Plate:
    """A sheet to draw on. All lengths are pixels of the finished picture; later shapes cover earlier ones."""

    def __init__(self, size: tuple[int, int], light: Light, seed: str) -> None:
        self.width, self.height = size
        self.sheltered = False  # under a roof: no umbrella is up and nothing is frosted
        self.light = light
        self.rng = random.Random(seed)  # noqa: S311 - the same picture each time is the point, not secrecy
        self.image = Image.new("RGB", (self.width * SCALE, self.height * SCALE))
        self._cover = ImageDraw.Draw(self.image)
        self._glaze = ImageDraw.Draw(self.image, "RGBA")

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.rng.random()

    def _pen(self, ink: Ink) -> ImageDraw.ImageDraw:
        return self._cover if len(ink) == OPAQUE else self._glaze

    def poly(self, points: Iterable[Point], ink: Ink) -> None:
        self._pen(ink).polygon([(x * SCALE, y * SCALE) for x, y in points], fill=ink)

    def rect(self, box: Box, ink: Ink) -> None:
        left, top, right, bottom = (round(edge * SCALE) for edge in box)
        if right > left and bottom > top:
            self._pen(ink).rectangle((left, top, right - 1, bottom - 1), fill=ink)

    def oval(self, box: Box, ink: Ink) -> None:
        left, top, right, bottom = (edge * SCALE for edge in box)
        self._pen(ink).ellipse((left, top, right, bottom), fill=ink)

    def disc(self, centre: Point, radius: float, ink: Ink) -> None:
        x, y = centre
        self.oval((x - radius, y - radius, x + radius, y + radius), ink)

    def line(self, points: Sequence[Point], width: float, ink: Ink) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self._pen(ink).line(scaled, fill=ink, width=max(1, round(width * SCALE)), joint="curve")

    def ring(self, box: Box, width: float, ink: Ink) -> None:
        left, top, right, bottom = (edge * SCALE for edge in box)
        self._pen(ink).ellipse((left, top, right, bottom), outline=ink, width=max(1, round(width * SCALE)))

    def stroke(self, start: Point, end: Point, width: float, ink: Ink) -> None:
        """A cut of the gouge: pointed at both ends, widest before the middle."""
        self.poly(_gouge(start, end, width / 2), ink)

    def blend(self, box: Box, stops: Sequence[Colour]) -> None:
        """Fill the box with a vertical blend through the colours, as a split-fountain roller would."""
        left, top, right, bottom = (round(edge * SCALE) for edge in box)
        if right > left and bottom > top:
            self.image.paste(_column(tuple(stops), right - left, bottom - top), (left, top))

    def shade(self, points: Sequence[Point], stops: Sequence[Colour]) -> None:
        """As `blend`, inside a polygon."""
        area = self._area(points)
        if area is None:
            return
        left, top, right, bottom = area
        if len({x for x, _ in points}) == len({y for _, y in points}) == 2:  # noqa: PLR2004 - an upright oblong
            self.image.paste(_column(tuple(stops), right - left, bottom - top), (left, top))
            return
        mask = self._mask(points, area)
        self.image.paste(_column(tuple(stops), right - left, bottom - top), (left, top), mask)

    def sheet(self, stops: Sequence[Colour], holes: Iterable[Sequence[Point]]) -> None:
        """Cover the whole plate with a vertical blend, but for the holes."""
        wide, high = self.image.size
        mask = Image.new("L", (wide, high), 255)
        pen = ImageDraw.Draw(mask)
        for hole in holes:
            pen.polygon([(x * SCALE, y * SCALE) for x, y in hole], fill=0)
        self.image.paste(_column(tuple(stops), wide, high), (0, 0), mask)

    def fade(self, box: Box, colour: Colour, opacities: tuple[float, float]) -> None:
        """A veil over the box whose opacity runs from the first value at the top to the second below."""
        left, top, right, bottom = (round(edge * SCALE) for edge in box)
        upper, lower = (round(255 * opacity) for opacity in opacities)
        veil = Image.linear_gradient("L").resize((1, bottom - top))
        veil = veil.point(lambda value: upper + (lower - upper) * value / 255)
        self.image.paste(colour, (left, top), veil.resize((right - left, bottom - top)))

    def glow(self, centre: Point, radius: float, colour: Colour, strength: float) -> None:
        """Light spreading from a point, fading to nothing at `radius`."""
        span = round(radius * 2 * SCALE)
        mask = _halo().point(lambda value: value * strength).resize((span, span), Image.Resampling.BILINEAR)
        corner = (round((centre[0] - radius) * SCALE), round((centre[1] - radius) * SCALE))
        self.image.paste(colour, corner, mask)

    def carve(self, points: Sequence[Point], cuts: Iterable[tuple[Point, Point, float]], ink: Ink) -> None:
        """Gouge cuts (start, end, width) that show only inside the polygon."""
        area = self._area(points)
        if area is None:
            return
        mask = self._mask(points, area)
        crossing: list[tuple[list[Point], Area]] = []
        for start, end, width in cuts:
            gouge = _gouge(start, end, width / SCALE)
            box = self._area(gouge)
            shared = box and _overlap(area, box)
            if not shared:
                continue
            lowest, highest = mask.crop(_within(shared, area)).getextrema()
            if lowest and shared == box:
                self.poly(gouge, ink)
            elif highest:
                crossing.append((gouge, shared))
        self._clip(crossing, mask, area, ink)

    def _clip(self, gouges: list[tuple[list[Point], Area]], mask: Image.Image, area: Area, ink: Ink) -> None:
        """Cuts that cross the edge: each through its own small mask, or all through one when that is less work."""
        if sum(_extent(box) for _, box in gouges) < _extent(area):
            stamps = [
                (ImageChops.darker(self._mask(each, box), mask.crop(_within(box, area))), box) for each, box in gouges
            ]
        else:
            layer = Image.new("L", mask.size)
            pen = ImageDraw.Draw(layer)
            for gouge, _ in gouges:
                pen.polygon([(x * SCALE - area[0], y * SCALE - area[1]) for x, y in gouge], fill=255)
            stamps = [(ImageChops.darker(layer, mask), area)]
        for stamp, (left, top, _, _) in stamps:
            thinned = stamp if len(ink) == OPAQUE else stamp.point(lambda value: value * ink[OPAQUE] // 255)
            self.image.paste(ink[:3], (left, top), thinned)

    def _area(self, points: Sequence[Point]) -> Area | None:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        left, top = max(0, int(min(xs) * SCALE)), max(0, int(min(ys) * SCALE))
        right = min(self.width * SCALE, int(max(xs) * SCALE) + 1)
        bottom = min(self.height * SCALE, int(max(ys) * SCALE) + 1)
        return (left, top, right, bottom) if right > left and bottom > top else None

    def _mask(self, points: Sequence[Point], area: Area) -> Image.Image:
        left, top, right, bottom = area
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon([(x * SCALE - left, y * SCALE - top) for x, y in points], fill=255)
        return mask


def _overlap(first: Area, second: Area) -> Area | None:
    left, top = max(first[0], second[0]), max(first[1], second[1])
    right, bottom = min(first[2], second[2]), min(first[3], second[3])
    return (left, top, right, bottom) if right > left and bottom > top else None


def _within(box: Area, area: Area) -> Area:
    """The box as seen from the area's own corner."""
    return box[0] - area[0], box[1] - area[1], box[2] - area[0], box[3] - area[1]


def _extent(area: Area) -> int:
    return (area[2] - area[0]) * (area[3] - area[1])


def _gouge(start: Point, end: Point, reach: float) -> list[Point]:
    """The outline of a cut that is `reach` to either side at its widest."""
    (x0, y0), (x1, y1) = start, end
    run, rise = x1 - x0, y1 - y0
    length = (run * run + rise * rise) ** 0.5 or 1.0
    across, along = -rise / length * reach, run / length * reach
    x, y = x0 + run * 0.4, y0 + rise * 0.4
    return [start, (x + across, y + along), end, (x - across, y - along)]


@cache
def _halo() -> Image.Image:
    return Image.radial_gradient("L").point(lambda value: max(0.0, 1 - value / 180) ** 2 * 255)


def _column(stops: tuple[Colour, ...], width: int, height: int) -> Image.Image:
    strip = Image.new("RGB", (1, len(stops)))
    strip.putdata(list(stops))
    if len(stops) == 1:
        return strip.resize((width, height))
    # Bilinear resizing holds the outer half of the end pixels flat: cut that half away to use the full range.
    strip = strip.resize((1, height), Image.Resampling.BILINEAR, box=(0, 0.5, 1, len(stops) - 0.5))
    return strip.resize((width, height), Image.Resampling.NEAREST)
