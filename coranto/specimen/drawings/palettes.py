"""The six lights a scene can be printed in.

Each palette is a handful of inks: three for the sky from top to horizon, six tones from the farthest
silhouette to the nearest, paper, one loud accent, lamplight, and three for the inside of a room. Things with
a colour of their own (brick, leaf) borrow from these tones, so a picture never leaves its palette.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

from coranto.specimen.drawings.ink import Colour, hexed, mix

PIGMENTS: dict[str, Colour] = {
    "brick": hexed("B85A40"),
    "clay": hexed("C98963"),
    "grain": hexed("DDAE4E"),
    "leaf": hexed("5E8450"),
    "moss": hexed("8C9A4C"),
    "pine": hexed("2F5B50"),
    "plaster": hexed("EADBBB"),
    "slate": hexed("4F6170"),
    "snow": hexed("F7F9F8"),
    "stone": hexed("CDBE9F"),
    "teal": hexed("2F7C86"),
    "timber": hexed("94643F"),
}


@dataclass(frozen=True)
class Light:
    name: str
    sky: tuple[Colour, Colour, Colour]
    tones: tuple[Colour, ...]
    paper: Colour
    accent: Colour
    lamp: Colour
    room: tuple[Colour, Colour, Colour]  # wall, wall in shade, floor
    disc: Colour | None  # sun or moon; None under a closed sky
    illuminant: tuple[float, float, float]
    lamplit: float  # share of windows with a lamp behind them
    cast: float  # how far pigments give way to the tones
    weather: str = "dry"

    @property
    def dark(self) -> bool:
        return self.name in {"dusk", "night"}

    @property
    def snowy(self) -> bool:
        return self.weather == "snow"

    def inside(self) -> "Light":
        """The same hour in a room, where lamps and not the sky decide how things look after sunset."""
        if not self.dark:
            return self
        warm = (0.96, 0.72, 0.6) if self.name == "dusk" else (0.9, 0.72, 0.52)
        return replace(self, illuminant=warm, cast=0.3)

    def tone(self, depth: float) -> Colour:
        """The silhouette tone at `depth`: 0 is the horizon, 1 the nearest thing in the picture."""
        position = max(0.0, min(1.0, depth)) * (len(self.tones) - 1)
        index = min(int(position), len(self.tones) - 2)
        return mix(self.tones[index], self.tones[index + 1], position - index)

    def local(self, pigment: str, depth: float) -> Colour:
        """A thing's own colour, as this light shows it at that depth."""
        red, green, blue = (
            round(channel * lit) for channel, lit in zip(PIGMENTS[pigment], self.illuminant, strict=True)
        )
        near = max(0.0, min(1.0, depth))
        veil = self.cast + (1 - near) * (1 - self.cast) * 0.55
        return mix((red, green, blue), self.tone(depth), veil)

    def ground(self, pigment: str, depth: float) -> Colour:
        """As `local`, but white with a trace of shadow where snow has settled."""
        if self.snowy:
            return mix(self.paper, self.tone(depth * 0.5), 0.12 + depth * 0.16)
        return self.local(pigment, depth)

    def sky_at(self, height: float) -> Colour:
        """The sky's colour at `height`: 0 is the top of the picture, 1 the horizon."""
        stops = (0.0, 0.6, 1.0)
        for (low, high), (upper, lower) in zip(pairwise(stops), pairwise(self.sky), strict=True):
            if height <= high:
                return mix(upper, lower, max(0.0, height - low) / (high - low))
        return self.sky[-1]


def _tones(codes: str) -> tuple[Colour, ...]:
    return tuple(hexed(code) for code in codes.split())


def _three(codes: str) -> tuple[Colour, Colour, Colour]:
    first, second, third = _tones(codes)
    return first, second, third


DAWN = Light(
    name="dawn",
    sky=_three("7F93B4 E2B6AC FBDDB4"),
    tones=_tones("D3B4AF AE96A4 7F7793 56597B 373D60 20263F"),
    paper=hexed("FFF0DA"),
    accent=hexed("E2604C"),
    lamp=hexed("FFCE7A"),
    room=_three("E4C3AE B48F90 765E6C"),
    disc=hexed("FFF3DC"),
    illuminant=(1.0, 0.87, 0.84),
    lamplit=0.3,
    cast=0.34,
)
DAY = Light(
    name="day",
    sky=_three("7FB4C0 BFD8D2 F4EBD6"),
    tones=_tones("BCD0CB 8FB0B1 5C8A91 376A75 224754 132C38"),
    paper=hexed("FCF5E6"),
    accent=hexed("DB553C"),
    lamp=hexed("FFE2A0"),
    room=_three("EADFC6 CDBD9C A3835C"),
    disc=hexed("FFF8E6"),
    illuminant=(1.0, 1.0, 0.97),
    lamplit=0.0,
    cast=0.16,
)
DUSK = Light(
    name="dusk",
    sky=_three("33446B A3607A F5A05E"),
    tones=_tones("B5677A 814F70 5A3D62 3D2D52 281F40 171229"),
    paper=hexed("FFDDAA"),
    accent=hexed("F2693E"),
    lamp=hexed("FFC55E"),
    room=_three("90606A 63445A 3A2A44"),
    disc=hexed("FFD27F"),
    illuminant=(0.86, 0.56, 0.56),
    lamplit=0.5,
    cast=0.42,
)
NIGHT = Light(
    name="night",
    sky=_three("0B1733 17304F 34586F"),
    tones=_tones("35566B 27455C 1B344C 122539 0C1A2A 07101D"),
    paper=hexed("C6D6D8"),
    accent=hexed("DE5F48"),
    lamp=hexed("FCC768"),
    room=_three("6E5648 453B45 252233"),
    disc=hexed("F3EBD2"),
    illuminant=(0.42, 0.52, 0.64),
    lamplit=0.62,
    cast=0.46,
)
RAIN = Light(
    name="rain",
    sky=_three("66797F 93A3A2 C3CAC1"),
    tones=_tones("9EADAA 7C9091 5C747B 425B66 2C434F 1A2B36"),
    paper=hexed("DEE3DA"),
    accent=hexed("C8483A"),
    lamp=hexed("F3CB78"),
    room=_three("B6B7A8 8B938D 5D6564"),
    disc=None,
    illuminant=(0.78, 0.84, 0.86),
    lamplit=0.32,
    cast=0.34,
    weather="rain",
)
SNOW = Light(
    name="snow",
    sky=_three("A9BAC9 C8D3DB E9ECEA"),
    tones=_tones("BAC7D0 97A9B6 71899A 4F687D 344C62 1E3347"),
    paper=hexed("F8FAF8"),
    accent=hexed("CF4B3B"),
    lamp=hexed("F8CF82"),
    room=_three("D5D5CC A7AFB2 74797F"),
    disc=None,
    illuminant=(0.9, 0.93, 0.97),
    lamplit=0.3,
    cast=0.28,
    weather="snow",
)

LIGHTS: dict[str, Light] = {light.name: light for light in (DAWN, DAY, DUSK, NIGHT, RAIN, SNOW)}
