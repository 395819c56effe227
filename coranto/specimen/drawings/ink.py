"""Colours as the printer mixes them: RGB triples, with an alpha as fourth member when an ink is thin."""

Colour = tuple[int, int, int]
Ink = tuple[int, ...]
Point = tuple[float, float]
Box = tuple[float, float, float, float]


def hexed(code: str) -> Colour:
    """The colour written as six hexadecimal digits."""
    return int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16)


def mix(first: Ink, second: Ink, share: float) -> Colour:
    """`first` with `share` (0 to 1) of it replaced by `second`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first[:3], second[:3], strict=True))
    return red, green, blue


def thin(ink: Ink, opacity: float) -> Ink:
    """The ink laid on so thinly that what lies below shows through."""
    return (*ink[:3], round(255 * opacity))
