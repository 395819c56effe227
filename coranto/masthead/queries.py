"""What every page of the site shows of the publication itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from coranto.masthead.models import NavigationLink, Publication
from coranto.masthead.rules import address_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from coranto.masthead.models import ChannelLink

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
