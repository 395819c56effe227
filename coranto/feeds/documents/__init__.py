"""What is written for programs: feeds, sitemaps, what stands for an article elsewhere."""

from __future__ import annotations

from typing import Final, NamedTuple

from coranto.feeds.documents import atom, jsonfeed, rss

__all__ = ["FORMATS", "WRITERS", "Format"]

WRITERS: Final = {each.FILE: each for each in (rss, atom, jsonfeed)}


class Format(NamedTuple):
    """What a feed's file is called below the page it is of, its media type, and what people call it."""

    file: str
    media_type: str
    name: str


FORMATS: Final = tuple(Format(each.FILE, each.MEDIA_TYPE, each.NAME) for each in WRITERS.values())
