"""The scenes by name; a scene is a function that draws itself on a plate."""

from collections.abc import Callable
from dataclasses import dataclass

from coranto.specimen.drawings.plate import Plate
from coranto.specimen.drawings.sky import weather

Draw = Callable[[Plate], None]


@dataclass(frozen=True)
class Scene:
    draw: Draw
    indoors: bool


KNOWN: dict[str, Scene] = {}


def outdoors(name: str) -> Callable[[Draw], Draw]:
    """Register a scene under the open sky: rain and snow fall in front of it."""
    return _register(name, indoors=False)


def indoors(name: str) -> Callable[[Draw], Draw]:
    """Register a scene that shows the light through its own windows, if at all."""
    return _register(name, indoors=True)


def _register(name: str, *, indoors: bool) -> Callable[[Draw], Draw]:
    def keep(draw: Draw) -> Draw:
        KNOWN[name] = Scene(draw, indoors)
        return draw

    return keep


def draw_scene(name: str, plate: Plate) -> None:
    scene = KNOWN[name]
    if scene.indoors:
        plate.light, plate.sheltered = plate.light.inside(), True
    scene.draw(plate)
    if not scene.indoors:
        weather(plate)
