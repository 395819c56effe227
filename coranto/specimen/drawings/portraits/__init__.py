"""Eight people from the invented newspaper, cut in planes of tone."""

from coranto.specimen.drawings.ink import hexed, mix
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.portraits.clothes import COLLARS, OPEN, body
from coranto.specimen.drawings.portraits.faces import beard, features, glasses, neck_and_face
from coranto.specimen.drawings.portraits.hair import hair_before, hair_behind
from coranto.specimen.drawings.portraits.sitters import MIDDLE, SITTERS, Easel, Sitter
from coranto.specimen.drawings.shapes import cuts

__all__ = ["SITTERS", "draw_portrait"]


def draw_portrait(number: int, plate: Plate) -> None:
    sitter = SITTERS[number - 1]
    easel = Easel(plate, sitter)
    _background(plate, sitter, number)
    hair_behind(easel)
    body(easel)
    collar = COLLARS[sitter.garment]
    for part in (collar, neck_and_face) if sitter.garment in OPEN else (neck_and_face, collar):
        part(easel)
    if sitter.beard:
        beard(easel)
    features(easel)
    hair_before(easel)
    if sitter.glasses:
        glasses(easel)


def _background(plate: Plate, sitter: Sitter, number: int) -> None:
    wall, shape = sitter.ground
    plate.blend((0, 0, 800, 800), (wall, mix(wall, hexed("132C38"), 0.16)))
    if number % 2:
        plate.disc((MIDDLE + sitter.facing * 90, 330), 270, shape)
    else:
        left = MIDDLE - sitter.facing * 150
        plate.disc((left, 330), 195, shape)
        plate.rect((left - 195, 330, left + 195, 800), shape)
    whole = [(0.0, 0.0), (800.0, 0.0), (800.0, 800.0), (0.0, 800.0)]
    plate.carve(whole, cuts(plate, (-40, 0, 800, 800), 60, (46, -18)), mix(wall, hexed("FCF5E6"), 0.22))
