"""Pictures for the specimen newspaper, drawn by code: the same name gives the same bytes."""

from coranto.specimen.drawings import palettes
from coranto.specimen.drawings.logo import draw_logo
from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.portraits import SITTERS, draw_portrait
from coranto.specimen.drawings.press import print_jpeg
from coranto.specimen.drawings.scenes import KNOWN, draw_scene

__all__ = ["LIGHTS", "SCENES", "draw"]

LANDSCAPE = (1600, 1000)
SQUARE = (800, 800)

SCENES: tuple[str, ...] = tuple(KNOWN)
LIGHTS: tuple[str, ...] = tuple(palettes.LIGHTS)


def draw(name: str) -> bytes:
    """The picture called `name`, the same bytes each time.

    "<scene>/<light>" is a JPEG of 1600 by 1000, "portrait/<n>" one of 800 by 800, "logo" a PNG of 512 by 512 with a
    transparent ground. Any other name is a ValueError that tells the known ones.
    """
    if name == "logo":
        return draw_logo()
    subject, _, variant = name.partition("/")
    if subject in SCENES and variant in LIGHTS:
        plate = Plate(LANDSCAPE, palettes.LIGHTS[variant], name)
        draw_scene(subject, plate)
        return print_jpeg(plate)
    numbers = {str(number): number for number in range(1, len(SITTERS) + 1)}
    if subject == "portrait" and variant in numbers:
        plate = Plate(SQUARE, palettes.DAY, name)
        draw_portrait(numbers[variant], plate)
        return print_jpeg(plate)
    raise ValueError(
        f"No drawing is called {name!r}. Known: logo; portrait/1 to portrait/{len(SITTERS)}; "
        f"<scene>/<light> with the scenes {', '.join(SCENES)} and the lights {', '.join(LIGHTS)}."
    )
