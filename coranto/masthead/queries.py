"""What every page of the site shows of the publication itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from wagtail.models import Page, ReferenceIndex

from coranto.masthead.models import NavigationLink, Picture, Publication
from coranto.masthead.rules import address_of
from coranto.masthead.rules.rights import WARNED_DAYS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from coranto.masthead.models import ChannelLink
    from coranto.masthead.models.picture import PictureQuerySet

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class MenuLine:
    """A line of a menu: what it says and where it leads."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Frame:
    """Head and foot of every page."""

    publication: Publication
    channels: Sequence[ChannelLink]
    top: Sequence[MenuLine]
    foot: Sequence[MenuLine]

    @property
    def direction(self) -> str:
        return "rtl" if self.publication.language.split("-")[0] in RIGHT_TO_LEFT else "ltr"

    @property
    def legal_lines(self) -> Sequence[str]:
        return [line for line in self.publication.legal_lines.splitlines() if line.strip()]


def publication() -> Publication:
    """The publication's row; one with the defaults where none was saved yet. One query."""
    return Publication.objects.select_related("logo").first() or Publication()


def frame(of: Publication) -> Frame:
    """Two queries."""
    if of.pk is None:
        return Frame(publication=of, channels=(), top=(), foot=())
    links = list(of.navigation.select_related("page").filter(_leads_somewhere()).order_by("sort_order"))
    return Frame(
        publication=of,
        channels=list(of.channels.order_by("sort_order")),
        top=[_line(link) for link in links if link.place == NavigationLink.Place.TOP],
        foot=[_line(link) for link in links if link.place == NavigationLink.Place.FOOT],
    )


def _leads_somewhere() -> Q:
    return Q(page=None) | Q(page__live=True)


def _line(link: NavigationLink) -> MenuLine:
    if link.page is None:
        return MenuLine(label=link.label, url=link.url)
    return MenuLine(label=link.label or link.page.title, url=address_of(link.page.url_path))


def pictures_with_rights_ending(
    *, on: date, within_days: int = WARNED_DAYS, ids: Collection[int] | None = None
) -> PictureQuerySet:
    """Pictures whose rights have expired on that day or end within so many days after it, the first to end first.

    With `ids`, among these alone. `within_days=-1` finds the expired. One query, when it is read.
    """
    pictures = Picture.objects.with_rights_ending(by=on + timedelta(days=within_days))
    if ids is not None:
        pictures = pictures.among(ids)
    return pictures.order_by("rights_expire_on", "pk")


def pages_using(*, picture_ids: Collection[int]) -> dict[int, int]:
    """In how many pages each of the pictures stands, by its id, drafts included; without those that stand in none.

    One query, once content types are known.
    """
    rows = (
        ReferenceIndex.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Page),
            to_content_type=ContentType.objects.get_for_model(Picture),
            to_object_id__in=[str(each) for each in picture_ids],
        )
        .values_list("to_object_id")
        .annotate(pages=Count("object_id", distinct=True))
    )
    return {int(picture_id): pages for picture_id, pages in rows}
