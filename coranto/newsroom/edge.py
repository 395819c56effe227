"""Fragments the newsroom puts into pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from coranto.kit import clock
from coranto.newsroom import queries
from coranto.newsroom.models import Listing

if TYPE_CHECKING:
    from django.http import HttpRequest

NEWEST = 3


def newest_articles(request: HttpRequest, options: str) -> str:
    """The newest articles, of the section whose slug `options` names, or of all."""
    known = queries.sections()
    section = known.get(options.strip())
    kind, subject_id = (Listing.Kind.SECTION, section.pk) if section else (Listing.Kind.LATEST, 0)
    listing = queries.list_page(kind, subject_id, known=known, length=NEWEST)
    return render_to_string("newsroom/placements/newest.html", {"cards": listing.cards}, request)


def check_newest(options: str) -> str:
    """A sentence for the editor when there is no such section."""
    slug = options.strip()
    if not slug or slug in queries.sections():
        return ""
    return _("There is no section with the address “%(slug)s”. Leave this empty for all sections.") % {"slug": slug}


def breaking_strip(request: HttpRequest, *, on_front: bool) -> str:
    """The breaking strip, empty while there is none; on other pages than the front only one meant for all."""
    strip = queries.breaking_strip(on_front=on_front, now=clock.now())
    return render_to_string("parts/breaking.html", {"strip": strip}, request) if strip else ""
