"""Who sits for a portrait, and the easel they are drawn on."""

from collections.abc import Sequence
from dataclasses import dataclass

from coranto.specimen.drawings.ink import Colour, Point, hexed
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.shapes import curve, cuts

MIDDLE = 400


@dataclass(frozen=True)
class Sitter:
    skin: Colour
    hair: Colour
    cloth: Colour
    ground: tuple[Colour, Colour]  # behind the head: the wall, and the shape on it
    style: str
    garment: str
    facing: int = 1  # 1 looks left, -1 right
    glasses: bool = False
    beard: bool = False


def _sitter(inks: str, style: str, garment: str, facing: int = 1) -> Sitter:
    skin, hair, cloth, wall, shape = (hexed(code) for code in inks.split())
    return Sitter(skin, hair, cloth, (wall, shape), style, garment, facing)


def _with(sitter: Sitter, *, glasses: bool = False, beard: bool = False) -> Sitter:
    return Sitter(
        sitter.skin,
        sitter.hair,
        sitter.cloth,
        sitter.ground,
        sitter.style,
        sitter.garment,
        sitter.facing,
        glasses,
        beard,
    )


SITTERS: tuple[Sitter, ...] = (
    _sitter("E3B48F 2A2A35 2F6B77 E9DCC0 DB553C", "bob", "rollneck"),
    _with(_sitter("8A5638 1C1A22 E0AE4C 9FC0BF 3A6C78", "crop", "jacket", -1), beard=True),
    _with(_sitter("EBC6A6 B9BBB8 3B3F63 E2B0A0 F7DDBB", "bun", "shirt"), glasses=True),
    _sitter("6B412C 17151C C8483A E5C068 F3E4BF", "afro", "shirt", -1),
    _with(_sitter("D9A57C 8C8580 37474F B9C4BE 7F9B98", "bald", "jacket"), beard=True, glasses=True),
    _sitter("C98F66 2F7C70 224754 DCCFB2 C98963", "scarf", "shawl", -1),
    _sitter("F0CDB2 9C4A2C 5E7F52 3A5566 E1A24E", "long", "rollneck"),
    _with(_sitter("A9714A 3A3130 EADBBB 8E5C5A D98E6A", "parted", "jacket", -1), glasses=True),
)


class Easel:
    """A plate on which a sitter looks left, and which mirrors everything for one who looks right."""

    def __init__(self, plate: Plate, sitter: Sitter) -> None:
        self.plate, self.sitter = plate, sitter

    def place(self, points: Sequence[Point]) -> list[Point]:
        return [(MIDDLE + self.sitter.facing * (x - MIDDLE), y) for x, y in points]

    def flat(self, points: Sequence[Point], ink: Colour) -> None:
        self.plate.poly(self.place(points), ink)

    def round(self, points: Sequence[Point], ink: Colour) -> None:
        self.plate.poly(self.place(curve(points, closed=True, steps=8)), ink)

    def stroke(self, start: Point, end: Point, width: float, ink: Colour) -> None:
        (first, second) = self.place((start, end))
        self.plate.stroke(first, second, width, ink)

    def carve(self, points: Sequence[Point], box: tuple[float, float, float, float], reach: Point, ink: Colour) -> None:
        """Forty-odd gouge cuts inside the curve through the points."""
        marks = [(self.place((start, end)), width) for start, end, width in cuts(self.plate, box, 46, reach)]
        shape = self.place(curve(points, closed=True, steps=8))
        self.plate.carve(shape, [(start, end, width) for (start, end), width in marks], ink)
