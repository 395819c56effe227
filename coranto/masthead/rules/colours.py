"""Colours an editor may choose."""

from __future__ import annotations

import re

SRGB_KNEE = 0.04045

_COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


def is_colour(value: str) -> bool:
    """Whether `value` is a colour written as CSS Color 4 hexadecimal, `#rrggbb`."""
    return _COLOUR.fullmatch(value) is not None


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= SRGB_KNEE else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
