"""Pictures in their places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coranto.masthead.models import Picture
    from coranto.newsroom.models import Article


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture in its place: with the caption, credit and description that hold there."""

    picture: Picture
    caption: str
    credit: str
    alt: str


def figure_of(article: Article) -> Figure | None:
    if article.picture is None:
        return None
    return figure(article.picture, {"caption": article.picture_caption})


def figure(picture: Picture, here: Mapping[str, Any]) -> Figure:
    return Figure(
        picture=picture,
        caption=here.get("caption") or picture.caption,
        credit=here.get("credit") or picture.credit,
        alt=here.get("alt") or picture.description,
    )
