"""Water: what it mirrors and how it moves."""

from PIL import Image

from coranto.specimen.drawings.ink import mix, thin
from coranto.specimen.drawings.plate import SCALE, Plate


def mirror(plate: Plate, shore: float, bottom: float, clarity: float = 0.55) -> None:
    """Turn what stands above `shore` upside down into the water below it, in slipping strips."""
    top, end = round(shore * SCALE), round(min(bottom, shore * 2) * SCALE)
    depth = end - top
    picture = plate.image.crop((0, top - depth, plate.width * SCALE, top))
    picture = picture.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    surface(plate, shore, bottom)
    water = plate.image.crop((0, top, plate.width * SCALE, end))
    picture = Image.blend(water, picture, clarity)
    row = 0
    while row < depth:
        strip = round(4 + 12 * row / depth + plate.between(0, 5))
        slip = round(plate.between(-1, 1) * (4 + 22 * row / depth))
        piece = picture.crop((0, row, picture.width, min(depth, row + strip)))
        plate.image.paste(piece, (slip, top + row))
        row += strip


def surface(plate: Plate, shore: float, bottom: float) -> None:
    light = plate.light
    far = mix(light.sky[2], light.tone(0.15), 0.35)
    plate.blend((0, shore, plate.width, bottom), (far, mix(light.sky[1], light.tone(0.4), 0.45), light.tone(0.62)))


def ripples(plate: Plate, shore: float, bottom: float, count: int = 190) -> None:
    """Dashes of light and shade, longer and wider towards the viewer."""
    light = plate.light
    for index in range(count):
        near = plate.rng.random() ** 1.4
        y = shore + 5 + (bottom - shore - 5) * near
        length = (18 + 130 * near) * plate.between(0.5, 1.2)
        x = plate.between(-60, plate.width + 20)
        bright = index % 3 != 0
        ink = mix(light.sky[2], light.paper, 0.35) if bright else light.tone(0.6 + 0.3 * near)
        plate.stroke((x, y), (x + length, y), 1.6 + 5.5 * near, thin(ink, 0.5 if bright else 0.4))


def glitter(plate: Plate, x: float, shore: float, bottom: float) -> None:
    """The path of sun, moon or a lamp on the water; nothing under a closed sky."""
    light = plate.light
    if light.disc is None:
        return
    for _ in range(120):
        near = plate.rng.random() ** 1.2
        y = shore + 3 + (bottom - shore) * near
        length = (14 + 90 * near) * plate.between(0.4, 1.1)
        start = x + plate.rng.gauss(0, 16 + 70 * near) - length / 2
        plate.stroke((start, y), (start + length, y), 2 + 5 * near, thin(mix(light.disc, light.lamp, 0.2), 0.8))
