"""What every page of the site shows of the publication itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import BigIntegerField, BooleanField, CharField, Count, Value
from django.db.models.functions import Coalesce
from wagtail.models import Page, ReferenceIndex

from coranto.delivery.tags import carry, tag
from coranto.masthead.models import ChannelLink, Discovery, NavigationLink, Picture, Publication
from coranto.masthead.rules import address_of
from coranto.masthead.rules.rights import WARNED_DAYS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from django.http import HttpRequest

    from coranto.masthead.models.picture import PictureQuerySet

_CHANNELS = "channels"  # beside the places of the navigation
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
    channels: Sequence[MenuLine]
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
    carry("publication")
    return Publication.objects.select_related("logo").first() or Publication()


def publication_for(request: HttpRequest) -> Publication:
    """The same, as the middleware holds it for this request where it does."""
    found: Publication = getattr(request, "publication", None) or publication()
    return found


def discovery() -> Discovery:
    """What programs that look for us are told; nothing where nothing was saved yet. One query."""
    carry("discovery")
    return Discovery.objects.first() or Discovery()


def frame(of: Publication) -> Frame:
    """One query."""
    # The row itself was read before the page was begun: by the middleware, for its language.
    carry("publication", "menu")
    if of.pk is None:
        return Frame(publication=of, channels=(), top=(), foot=())
    if of.logo_id:
        carry(tag("picture", of.logo_id))
    lines: dict[str, list[MenuLine]] = {_CHANNELS: [], NavigationLink.Place.TOP: [], NavigationLink.Place.FOOT: []}
    for _order, place, label, url, page_id, title, path, is_live in sorted(_lines(of), key=itemgetter(0)):
        if page_id:
            carry(tag("page", page_id))
        if is_live is not False:
            lines[place].append(MenuLine(label=label or title, url=address_of(path) if page_id else url))
    return Frame(
        publication=of,
        channels=lines[_CHANNELS],
        top=lines[NavigationLink.Place.TOP],
        foot=lines[NavigationLink.Place.FOOT],
    )


def _lines(of: Publication) -> Iterable[tuple[Any, ...]]:
    """Channels and navigation at once: order, place, label, address; of a page its id, title, path, if it is live."""
    order = Coalesce("sort_order", 0)
    navigation = (
        NavigationLink.objects.filter(publication=of)
        .order_by()
        .values_list(order, "place", "label", "url", "page_id", "page__title", "page__url_path", "page__live")
    )
    nothing = [
        Value(None, output_field=field) for field in (BigIntegerField(), CharField(), CharField(), BooleanField())
    ]
    channels = (
        ChannelLink.objects.filter(publication=of)
        .order_by()
        .values_list(order, Value(_CHANNELS), "label", "url", *nothing)
    )
    return navigation.union(channels, all=True)


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
