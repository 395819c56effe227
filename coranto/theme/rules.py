"""Arithmetic of how things look: colours one can read, a seal for a name, players of videos."""

from __future__ import annotations

import colorsys
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from coranto.masthead.rules import contrast, is_colour

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Colours ------------------------------------------------------------------------------------------------

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
    """The style sheet that carries a publication's accent colour into both schemes."""
    light, dark = accents(colour)
    return (
        f":root{{--accent:{light};--on-accent:#ffffff}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{--accent:{dark};--on-accent:{DARK_GROUNDS[0]}}}}}\n"
    )


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


# Data in pages ------------------------------------------------------------------------------------------

# JSON may write any character as an escape. With these no parser of HTML can see the end of the element, or
# the beginning of a comment, inside it; the last two end lines in older readers of JSON.
_UNSAFE_IN_HTML: Final = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}


def json_for_html(data: Mapping[str, Any]) -> str:
    """JSON that may stand inside a script element."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE_IN_HTML)


# Seals: a drawing that stands for a name --------------------------------------------------------------------

SEAL_INKS: Final = 6
_SIDE: Final = 4
_HALF: Final = _SIDE // 2

# Shapes that fill a cell of 8 by 8, as path data from the cell's corner.
_SHAPES: Final = (
    "h8v8h-8z",
    "h8l-8 8z",
    "m8 0v8h-8z",
    "a8 8 0 0 0 8 8v-8z",
    "m0 8a8 8 0 0 1 8-8v8z",
    "m4 0l4 4-4 4-4-4z",
    "m4 0a4 4 0 0 1 0 8a4 4 0 0 1 0-8z",
    "v4h8v4h-4v-8z",
)
_MIRRORED: Final = (
    "h8v8h-8z",
    "h8v8z",
    "v8h8z",
    "v8a8 8 0 0 0 8-8z",
    "v8h8a8 8 0 0 0-8-8z",
    "m4 0l4 4-4 4-4-4z",
    "m4 0a4 4 0 0 1 0 8a4 4 0 0 1 0-8z",
    "m8 0v4h-8v4h4v-8z",
)


@dataclass(frozen=True, slots=True)
class Seal:
    """A square drawing of 32 by 32, the same for the same name: one path and which ink to print it in."""

    path: str
    ink: int


def seal_of(name: str) -> Seal:
    digest = hashlib.sha256(" ".join(name.casefold().split()).encode()).digest()
    return Seal(path="".join(_pieces(digest)), ink=digest[-1] % SEAL_INKS)


def _pieces(digest: bytes) -> Iterator[str]:
    """One cell after the other, the left half mirrored to the right; about one in five stays empty."""
    for place in range(_HALF * _SIDE):
        row, column = divmod(place, _HALF)
        chosen = digest[place] % (len(_SHAPES) + 2)
        if chosen >= len(_SHAPES):
            continue
        yield f"M{column * 8} {row * 8}{_SHAPES[chosen]}"
        yield f"M{(_SIDE - 1 - column) * 8} {row * 8}{_MIRRORED[chosen]}"


# Players --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Player:
    """Where an embedded film or recording can be played inside a page, once the reader asks for it."""

    url: str

    @property
    def origin(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"


_WORD: Final = "([A-Za-z0-9_-]{1,64})"
_REST: Final = r"/?(?:[?&].*)?"
_YOUTUBE: Final = "https://www.youtube-nocookie.com/embed/{}?autoplay=1"

# Hosts, what an address of a film looks like there from the path on, and the address of its player.
_PLAYERS: Final = (
    (
        frozenset({"youtube.com", "m.youtube.com", "music.youtube.com", "youtube-nocookie.com"}),
        re.compile(rf"/(?:watch\?(?:.*&)?v=|(?:embed|live|shorts|v)/){_WORD}{_REST}"),
        _YOUTUBE,
    ),
    (frozenset({"youtu.be"}), re.compile(f"/{_WORD}{_REST}"), _YOUTUBE),
    (
        frozenset({"vimeo.com", "player.vimeo.com"}),
        re.compile(f"/(?:video/)?([0-9]{{1,20}}){_REST}"),
        "https://player.vimeo.com/video/{}?autoplay=1&dnt=1",
    ),
    (
        frozenset({"dailymotion.com"}),
        re.compile(f"/video/{_WORD}{_REST}"),
        "https://www.dailymotion.com/embed/video/{}?autoplay=1",
    ),
)
# PeerTube is at home on any host; only its paths tell.
_PEERTUBE: Final = re.compile(f"/(?:w|videos/watch|videos/embed)/{_WORD}{_REST}")
_HOST: Final = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")


def host_of(url: str) -> str:
    """The host of an address as a reader knows it, without `www.`; empty for an address without one."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def player_of(url: str) -> Player | None:
    """The player for an address, or nothing where we know none; a link is all there is then."""
    host = host_of(url)
    parts = urlsplit(url if host else "")
    if parts.scheme != "https" or _HOST.fullmatch(parts.netloc.lower()) is None:  # no port, no user
        return None
    asked = f"{parts.path}?{parts.query}"
    for hosts, pattern, player in _PLAYERS:
        if host in hosts:
            found = pattern.fullmatch(asked)
            return Player(player.format(found[1])) if found else None
    found = _PEERTUBE.fullmatch(asked)
    return Player(f"https://{parts.hostname}/videos/embed/{found[1]}?autoplay=1&p2p=0") if found else None
