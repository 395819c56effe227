"""Who provides what stands elsewhere, by host name."""

from __future__ import annotations

from typing import Final

from coranto.importers.rules.addresses import host_of

_PROVIDERS: Final = {
    "youtube.com": "YouTube",
    "youtube-nocookie.com": "YouTube",
    "youtu.be": "YouTube",
    "vimeo.com": "Vimeo",
    "dailymotion.com": "Dailymotion",
    "dai.ly": "Dailymotion",
    "rumble.com": "Rumble",
    "odysee.com": "Odysee",
    "bitchute.com": "BitChute",
    "twitter.com": "X",
    "x.com": "X",
    "facebook.com": "Facebook",
    "instagram.com": "Instagram",
    "tiktok.com": "TikTok",
    "t.me": "Telegram",
    "reddit.com": "Reddit",
    "bsky.app": "Bluesky",
    "soundcloud.com": "SoundCloud",
    "mixcloud.com": "Mixcloud",
    "spotify.com": "Spotify",
    "podcasts.apple.com": "Apple Podcasts",
    "ted.com": "TED",
    "videopress.com": "VideoPress",
    "wordpress.tv": "WordPress.tv",
    "flickr.com": "Flickr",
    "flic.kr": "Flickr",
    "slideshare.net": "SlideShare",
    "scribd.com": "Scribd",
    "issuu.com": "Issuu",
    "speakerdeck.com": "Speaker Deck",
    "kickstarter.com": "Kickstarter",
    "giphy.com": "GIPHY",
    "imgur.com": "Imgur",
    "datawrapper.dwcdn.net": "Datawrapper",
    "flourish.studio": "Flourish",
    "documentcloud.org": "DocumentCloud",
    "archive.org": "Internet Archive",
    "peertube.tv": "PeerTube",
}


def provider_of(url: str) -> str:
    """A name people know, else the host's."""
    host = host_of(url)
    known = host
    while known:
        if known in _PROVIDERS:
            return _PROVIDERS[known]
        known = known.partition(".")[2]
    return host[:100]


def is_player(url: str) -> bool:
    """Whether an address alone on its line is meant to be played and not only read."""
    return provider_of(url) != host_of(url)[:100]
