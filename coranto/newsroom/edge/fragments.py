"""Parts of pages with tags and a life of their own. Each depends on its parameters alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from coranto.delivery.fragments import Fragment, UnknownFragmentError, id_given
from coranto.delivery.fragments import register as register_fragment
from coranto.delivery.tags import carry, tag
from coranto.kit import clock
from coranto.newsroom import placements, queries
from coranto.newsroom.models import Listing

if TYPE_CHECKING:
    from django.http import HttpRequest

NEWEST: Final = 3
MORE: Final = 4


def register() -> None:
    register_fragment(Fragment("breaking", render=breaking_strip, parameters=("front",)))
    register_fragment(Fragment("placement", render=placement, parameters=("kind", "options")))
    register_fragment(Fragment("related", render=related, parameters=("article",)))
    register_fragment(Fragment("more-from-section", render=more_from_section, parameters=("section",)))


def breaking_strip(request: HttpRequest, front: str = "") -> str:
    """The breaking strip, empty while there is none; on other pages than the front only one meant for all."""
    if front not in {"0", "1"}:
        raise UnknownFragmentError
    carry("publication")
    strip = queries.breaking_strip(on_front=front == "1", now=clock.now())
    return render_to_string("parts/breaking.html", {"strip": strip}, request) if strip else ""


def placement(request: HttpRequest, kind: str = "", options: str = "") -> str:
    """What another room puts here; nothing for a kind no room fills (any more)."""
    carry("publication")
    return placements.render(kind, options, request)


def more_from_section(request: HttpRequest, section: str = "") -> str:
    """What follows an article not everybody may read, which is in no list itself: the newest of its section."""
    section_id = id_given(section)
    carry("publication")
    known = queries.sections_for(request)
    found = next((each for each in known.values() if each.pk == section_id), None)
    if found is None:
        return ""
    cards = queries.headlines(Listing.Kind.SECTION, found.pk, known=known, length=MORE)
    if not cards:
        return ""
    return render_to_string("parts/more_from_section.html", {"section": found, "cards": cards}, request)


def related(request: HttpRequest, article: str = "") -> str:
    """Stories that speak of the same as an article; nothing while none are known."""
    article_id = id_given(article)
    carry("publication", tag("page", article_id))  # what is not public now may be so later
    found = queries.find_public_article(article_id)
    cards = queries.related_articles(found, queries.sections_for(request)) if found else []
    if not found or not cards:
        return ""
    return render_to_string("parts/related_stories.html", {"article": found, "cards": cards}, request)


def newest_articles(request: HttpRequest, options: str) -> str:
    """The newest articles, of the section whose slug `options` names, or of all."""
    known = queries.sections_for(request)
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
