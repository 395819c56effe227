"""Feeds of the site, of sections, authors and topics, and of corrections: in each of three formats."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from coranto.delivery.pages import public
from coranto.delivery.tags import carry, tag
from coranto.feeds import queries
from coranto.feeds.documents import WRITERS
from coranto.feeds.documents.entries import Feed
from coranto.feeds.rules import xml_text
from coranto.masthead.queries import discovery, publication_for
from coranto.newsroom.documents import absolute
from coranto.newsroom.models import Listing
from coranto.newsroom.queries import find_author, find_topic, sections_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from coranto.feeds.documents.entries import Entry


class Subject(NamedTuple):
    """What a feed is of: the page it belongs to, and what stands in it."""

    title: str
    address: str
    about: str
    entries: Sequence[Entry]


def feed_of(find: Callable[..., Subject]) -> Callable[..., HttpResponse]:
    """A view that writes what `find` found in the format its address names."""

    # Outside of what is offered to the store: an edge compares entity tags itself, and nobody else has one.
    @conditional_page
    @require_safe
    @public(name=f"feeds.{find.__name__}")
    @wraps(find)
    def view(request: HttpRequest, name: str, **given: Any) -> HttpResponse:
        return _answer(request, name, find(request, **given))

    return view


def _answer(request: HttpRequest, name: str, subject: Subject) -> HttpResponse:
    of = publication_for(request)
    carry("publication", "discovery")
    if of.logo_id:
        carry(tag("picture", of.logo_id))
    # Formats want names in which there is something.
    our_name = xml_text(of.name) or urlsplit(settings.ORIGIN).netloc
    feed = Feed(
        title=xml_text(subject.title) or our_name,
        address=iri_to_uri(subject.address),
        about=subject.about,
        publication=our_name,
        language=of.language,
        entries=subject.entries,
        hub=discovery().hub_url,
        icon=absolute(of.logo.file.url) if of.logo else "",
    )
    writer = WRITERS[name]
    response = HttpResponse(writer.write(feed), content_type=f"{writer.MEDIA_TYPE}; charset=utf-8")
    response["Link"] = _links(feed, name)
    return response


def _links(feed: Feed, name: str) -> str:
    """Where a subscriber looks for them first (WebSub, 4)."""
    links = [(feed.file_url(name), "self"), *([(feed.hub, "hub")] if feed.hub else [])]
    return ", ".join(f'<{iri_to_uri(url)}>; rel="{rel}"' for url, rel in links)


@feed_of
def site(request: HttpRequest) -> Subject:
    of = publication_for(request)
    entries = queries.article_entries(Listing.Kind.LATEST, 0, sections_for(request))
    return Subject("", "/", of.tagline, entries)


@feed_of
def section(request: HttpRequest, slug: str) -> Subject:
    known = sections_for(request)
    if slug not in known:
        raise Http404
    found = known[slug]
    carry(tag("page", found.pk))
    entries = queries.article_entries(Listing.Kind.SECTION, found.pk, known)
    return Subject(_titled(request, found.title), found.address, found.description, entries)


@feed_of
def author(request: HttpRequest, slug: str) -> Subject:
    found = find_author(slug)
    if found is None:
        raise Http404
    entries = queries.article_entries(Listing.Kind.AUTHOR, found.pk, sections_for(request))
    return Subject(_titled(request, found.name), found.address, found.biography, entries)


@feed_of
def topic(request: HttpRequest, slug: str) -> Subject:
    found = find_topic(slug)
    if found is None:
        raise Http404
    entries = queries.article_entries(Listing.Kind.TOPIC, found.pk, sections_for(request))
    return Subject(_titled(request, found.name), found.address, "", entries)


@feed_of
def corrections(request: HttpRequest) -> Subject:
    entries = queries.correction_entries(sections_for(request))
    return Subject(_titled(request, _("Corrections")), "/corrections/", "", entries)


def _titled(request: HttpRequest, title: str) -> str:
    of = publication_for(request)
    return f"{title} – {of.name}"  # noqa: RUF001 - as in the titles of pages
