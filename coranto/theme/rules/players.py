"""Where a film or a recording that lives elsewhere can be played."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit


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
