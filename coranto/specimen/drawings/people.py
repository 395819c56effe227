"""Small figures, seen across a street: planes of tone, no features."""

from coranto.specimen.drawings.ink import Ink, Point, hexed, mix
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.shapes import curve

SKINS = tuple(hexed(code) for code in ("E8C3A0", "C98F66", "9C6644", "6B4430", "F0D2B6"))
COATS = ("brick", "slate", "grain", "teal", "pine", "plaster", "timber", "clay")
COAT = (
    (-0.05, 0.14),
    (0.05, 0.14),
    (0.105, 0.2),
    (0.125, 0.42),
    (0.13, 0.62),
    (-0.13, 0.62),
    (-0.125, 0.42),
    (-0.105, 0.2),
)


def person(plate: Plate, foot: Point, height: float, depth: float, coat: Ink | None = None) -> None:
    """Someone standing or walking; under an umbrella when it rains, more often than not."""
    light = plate.light
    x, y = foot[0], foot[1] - height
    side = 1 if plate.chance(0.5) else -1
    cloth = coat or light.local(COATS[plate.rng.randrange(len(COATS))], depth)
    dark = light.tone(min(1.0, depth + 0.15))
    skin = mix(light.local("clay", depth), SKINS[plate.rng.randrange(len(SKINS))], 0.35)
    step = plate.between(0.01, 0.09)
    for leg in (-1, 1):
        hip, sole = leg * 0.05, leg * (0.05 + step)
        _place(
            plate,
            (x, y),
            height,
            ((hip - 0.05, 0.55), (hip + 0.05, 0.55), (sole + 0.035, 1.0), (sole - 0.035, 1.0)),
            dark,
        )
    outline = curve([(x + side * u * height, y + v * height) for u, v in COAT], closed=True, steps=3)
    plate.poly(outline, cloth)
    shadow = mix(cloth, dark, 0.45)
    _place(plate, (x, y), height, ((0.02, 0.16), (0.1, 0.2), (0.125, 0.42), (0.13, 0.61), (0.05, 0.61)), shadow)
    _arms(plate, (x, y), height, (mix(cloth, dark, 0.22), mix(cloth, dark, 0.6), skin))
    plate.rect((x - height * 0.022, y + height * 0.1, x + height * 0.022, y + height * 0.17), skin)
    plate.oval((x - height * 0.05, y + height * 0.01, x + height * 0.05, y + height * 0.135), skin)
    _hair(plate, (x, y), height, dark)
    if light.weather == "rain" and not plate.sheltered and plate.chance(0.7):
        umbrella(plate, (x + side * height * 0.08, y), height, light.accent if plate.chance(0.15) else dark)
    elif plate.chance(0.3):
        plate.rect(
            (x + side * height * 0.14, y + height * 0.5, x + side * height * 0.14 + height * 0.1, y + height * 0.66),
            dark,
        )


def _arms(plate: Plate, corner: Point, height: float, inks: tuple[Ink, Ink, Ink]) -> None:
    """Sleeves beside the coat, the far one in shade, a hand below each."""
    lit, shaded, skin = inks
    for side, sleeve in ((-1, lit), (1, shaded)):
        x, y = corner[0] + side * height * 0.135, corner[1] + height * 0.545
        plate.oval((x - height * 0.024, y - height * 0.03, x + height * 0.024, y + height * 0.03), skin)
        arm = ((0.075, 0.175), (0.112, 0.2), (0.15, 0.36), (0.165, 0.53), (0.112, 0.535), (0.1, 0.38), (0.082, 0.26))
        plate.poly(
            curve([(corner[0] + side * u * height, corner[1] + v * height) for u, v in arm], closed=True, steps=3),
            sleeve,
        )


def _hair(plate: Plate, corner: Point, height: float, ink: Ink) -> None:
    x, y = corner
    cap = ((-0.056, 0.075), (-0.055, 0.02), (0, -0.008), (0.055, 0.02), (0.056, 0.06), (0.02, 0.04), (-0.03, 0.05))
    _place(plate, (x, y), height, cap, ink)
    if plate.chance(0.4):
        _place(plate, (x, y), height, ((-0.058, 0.04), (-0.02, 0.04), (-0.03, 0.16), (-0.07, 0.15)), ink)


def _place(plate: Plate, corner: Point, height: float, shape: tuple[Point, ...], ink: Ink) -> None:
    plate.poly([(corner[0] + u * height, corner[1] + v * height) for u, v in shape], ink)


def umbrella(plate: Plate, head: Point, height: float, ink: Ink) -> None:
    x, y = head[0], head[1] - height * 0.1
    reach = height * 0.28
    dome = curve(
        [
            (x - reach, y + height * 0.08),
            (x - reach * 0.7, y - height * 0.05),
            (x, y - height * 0.11),
            (x + reach * 0.7, y - height * 0.05),
            (x + reach, y + height * 0.08),
        ],
        steps=5,
    )
    scallops = curve(
        [
            (x + reach, y + height * 0.08),
            (x + reach * 0.5, y + height * 0.05),
            (x, y + height * 0.08),
            (x - reach * 0.5, y + height * 0.05),
            (x - reach, y + height * 0.08),
        ],
        steps=3,
    )
    plate.line(((x, y), (x, y + height * 0.5)), height * 0.012, plate.light.tone(0.9))
    plate.poly([*dome, *scallops], ink)
    plate.poly(
        [dome[10], (x + reach * 0.5, y + height * 0.05), (x, y + height * 0.07)], mix(ink, plate.light.paper, 0.15)
    )


def crowd(plate: Plate, span: tuple[float, float], foot: float, height: float, count: int) -> None:
    """People spread over `span`, the farther ones first."""
    places = sorted((foot + plate.between(-0.08, 0.08) * height, plate.between(*span)) for _ in range(count))
    for level, x in places:
        person(plate, (x, level), height * plate.between(0.92, 1.06), 0.7)


def heads(plate: Plate, level: float, size: float, ink: Ink) -> None:
    """A row of heads and shoulders from behind, across the whole picture."""
    x = -size * 0.5
    while x < plate.width + size:
        y = level + plate.between(-0.22, 0.22) * size
        shoulders = [
            (x - size, y + size * 2.4),
            (x - size * 0.92, y + size * 1.0),
            (x - size * 0.3, y + size * 0.62),
            (x + size * 0.3, y + size * 0.62),
            (x + size * 0.92, y + size * 1.0),
            (x + size, y + size * 2.4),
        ]
        plate.poly(curve(shoulders, steps=4), ink)
        plate.oval((x - size * 0.42, y - size * 0.5, x + size * 0.42, y + size * 0.55), ink)
        x += size * plate.between(1.9, 2.5)
