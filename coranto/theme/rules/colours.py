"""The publication's accent colour, readable on every ground."""

from __future__ import annotations

import colorsys
from typing import Final

from coranto.masthead.rules import contrast, is_colour

# The grounds of tokens.css on which words in the accent colour stand.
LIGHT_GROUNDS: Final = ("#ffffff", "#f4f3ef")
DARK_GROUNDS: Final = ("#14161a", "#1d2025")
DEFAULT_ACCENT: Final = "#8a1c1c"
READABLE: Final = 4.5  # WCAG 2.2, 1.4.3
COMFORTABLE: Final = 6.0  # light words on a dark ground look thinner than they are

_STEPS: Final = 100


def accents(colour: str) -> tuple[str, str]:
    """The accent for light and for dark ground, both readable there; of the default where `colour` is none."""
    chosen = colour.lower() if is_colour(colour) else DEFAULT_ACCENT
    light = _shaded(chosen, towards=0.0, grounds=LIGHT_GROUNDS, ratio=READABLE)
    dark = _shaded(chosen, towards=1.0, grounds=DARK_GROUNDS, ratio=COMFORTABLE)
    return light, dark


def _shaded(colour: str, *, towards: float, grounds: tuple[str, ...], ratio: float) -> str:
    """The nearest lightness of the same hue that reaches the ratio on every ground."""
    red, green, blue = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    for step in range(_STEPS + 1):
        at = lightness + (towards - lightness) * step / _STEPS
        channels = colorsys.hls_to_rgb(hue, at, saturation)
        found = "#" + "".join(f"{round(each * 255):02x}" for each in channels)
        if min(contrast(found, ground) for ground in grounds) >= ratio:
            return found
    return "#000000" if towards == 0 else "#ffffff"


def colour_sheet(colour: str) -> str:
    """The style sheet that carries a publication's accent colour into both schemes.

    Which of a pair holds is for `color-scheme` to say; a browser that knows no pairs keeps to the light one.
    """
    light, dark = accents(colour)
    return (
        f":root{{--accent:{light};--on-accent:#ffffff}}\n"
        "@supports (color:light-dark(#ffffff,#000000)){"
        f":root{{--accent:light-dark({light},{dark});--on-accent:light-dark(#ffffff,{DARK_GROUNDS[0]})}}}}\n"
    )
