"""Pictures that come with an entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coranto.masthead.rules import renditions
from coranto.newsroom.documents import absolute

if TYPE_CHECKING:
    from coranto.masthead.models import PictureRendition


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that comes with an entry; RSS wants to know its length in bytes."""

    url: str
    media_type: str
    length: int


def media_type(made: PictureRendition) -> str:
    return renditions.media_type(made.filter_spec) or "image/webp"


def enclosed(made: PictureRendition) -> Enclosed | None:
    """None where the file is missing: a feed is worth more than one picture of it."""
    try:
        return Enclosed(absolute(made.url), media_type(made), made.file.size)
    except OSError:
        return None
