"""Pictures in their places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coranto.delivery.tags import carry, tag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from coranto.masthead.models import Picture, PictureRendition
    from coranto.newsroom.models import Article

SHARED_WIDTH = 1280


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture in its place: with the caption, credit and description that hold there."""

    picture: Picture
    caption: str
    credit: str
    alt: str

    @property
    def sizes(self) -> Sequence[PictureRendition]:
        """Those up to `SHARED_WIDTH` that every program can show; from prefetched renditions only."""
        return [
            each
            for each in self.picture.renditions.all()
            if each.filter_spec.endswith("webp") and each.width <= SHARED_WIDTH
        ]

    @property
    def shared(self) -> PictureRendition | None:
        """The largest of these."""
        return max(self.sizes, key=lambda each: each.width, default=None)


def figure_of(article: Article) -> Figure | None:
    if article.picture is None:
        return None
    return figure(article.picture, {"caption": article.picture_caption})


def figure(picture: Picture, here: Mapping[str, Any]) -> Figure:
    carry(tag("picture", picture.pk))
    return Figure(
        picture=picture,
        caption=here.get("caption") or picture.caption,
        credit=here.get("credit") or picture.credit,
        alt=here.get("alt") or picture.description,
    )
