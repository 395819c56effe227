"""All scenes. Importing this package registers them."""

from coranto.specimen.drawings.scenes import (
    cartography,
    chambers,
    city,
    civic,
    country,
    culture,
    food,
    industry,
    sport,
    waterside,
    wilds,
)
from coranto.specimen.drawings.scenes.registry import KNOWN, draw_scene

__all__ = [
    "KNOWN",
    "cartography",
    "chambers",
    "city",
    "civic",
    "country",
    "culture",
    "draw_scene",
    "food",
    "industry",
    "sport",
    "waterside",
    "wilds",
]
