"""Where the links of an article lead: to our own pages by our own tables, elsewhere by what visits told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, Q
from django.urls import Resolver404, resolve
from django.utils.encoding import uri_to_iri
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page

from coranto.desk.models import LinkCheck
from coranto.desk.queries.permissions import page_policy
from coranto.desk.rules.checklist import LinkFacts, LinkState
from coranto.desk.rules.links import Answer, digest_of, outside_url, own_path, still_holds
from coranto.masthead.rules import address_of
from coranto.newsroom.models import Author, FormerAddress, Topic
from coranto.newsroom.rules import Visibility

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from coranto.desk.rules.links import Link


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A page of ours; `opens_at` is when the clock will publish it, if it is scheduled."""

    pk: int
    title: str
    address: str
    is_live: bool
    is_private: bool
    opens_at: datetime | None

    def state(self, at: datetime) -> LinkState:
        if self.is_private:
            return LinkState.PRIVATE
        opens = self.is_live or (self.opens_at is not None and self.opens_at <= at)
        return LinkState.FINE if opens else LinkState.DRAFT


@dataclass(frozen=True, slots=True)
class Place:
    """An address of ours as the site's own routes read it."""

    url: str
    path: str
    route: str  # the name of the route, or nothing where none answers
    section_slug: str = ""
    slug: str = ""

    @property
    def is_a_page(self) -> bool:
        return self.route in {"section", "article", "deeper_page", "wagtail_serve"}


@dataclass(slots=True)
class _Atlas:
    """All that has to be known to tell where addresses of ours lead."""

    pages: Mapping[int, KnownPage]
    by_address: Mapping[str, KnownPage]
    authors: Collection[str]
    topics: Collection[str]
    heirs: Mapping[tuple[str, str], str] = field(default_factory=dict)
    redirected: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outside:
    """Links to other sites: what is known of each, how many nobody has visited lately, how many are being visited."""

    answers: Mapping[str, str]
    unvisited: int
    waiting: int


def own_host() -> str:
    return urlsplit(settings.ORIGIN).netloc


def outside_urls(links: Iterable[Link], originals: Iterable[str]) -> list[str]:
    """Addresses on other sites that an article names, each once, in order."""
    host = own_host()
    named = [*(link.url for link in links), *originals]
    return list(dict.fromkeys(url for each in named if (url := outside_url(each, host=host))))


def places_of(links: Iterable[Link]) -> list[Place]:
    host = own_host()
    urls = dict.fromkeys(link.url for link in links if link.url)
    return [_place(url, path) for url in urls if (path := own_path(url, host=host)) is not None]


def _place(url: str, path: str) -> Place:
    # As Django's own middleware does with an address that lacks its last slash.
    if "\0" in path:
        return Place(url, path, "unutterable")  # no database could be asked for it
    closed = path if path.endswith("/") or "." in path.rpartition("/")[2] else f"{path}/"
    try:
        match = resolve(closed)
    except Resolver404:
        return Place(url, closed, "")
    route = "admin" if match.route.startswith("admin/") else match.url_name or "answered"
    return Place(url, closed, route, match.kwargs.get("section_slug", ""), match.kwargs.get("slug", ""))


def known_pages(
    *, ids: Collection[int], places: Sequence[Place], scheduled: Mapping[int, datetime]
) -> dict[int, KnownPage]:
    """Pages by their ids, and those that may stand at the places. One query."""
    slugs = {place.path.rstrip("/").rpartition("/")[2] for place in places if place.is_a_page} - {""}
    fields = ("title", "url_path", "live", "path", "owner", "content_type")
    pages = Page.objects.filter(Q(pk__in=ids) | Q(slug__in=slugs)).only(*fields)
    return {page.pk: _known(page, scheduled) for page in pages.annotate(visibility=F("article__visibility"))}


def _known(page: Page, scheduled: Mapping[int, datetime]) -> KnownPage:
    is_private = page.visibility == Visibility.PRIVATE
    # A link can be set by somebody who may not know what the page is called.
    viewer = get_active_log_context().user
    is_told = (page.live and not is_private) or viewer is None or page_policy().may_see(viewer, page)
    title = page.title if is_told else ""
    return KnownPage(page.pk, title, address_of(page.url_path), page.live, is_private, scheduled.get(page.pk))


def inside_facts(
    links: Sequence[Link], places: Sequence[Place], pages: Mapping[int, KnownPage], *, at: datetime
) -> list[LinkFacts]:
    """Where links to our own pages lead at the given moment. Four queries at most, none for nothing."""
    atlas = _atlas(places, pages)
    _add_former(atlas, [place for place in places if _is_lost(place, atlas, at)])
    states = {place.url: _present(place, atlas, at) for place in places}
    facts = []
    for link in links:
        if link.page_id is not None:
            page = pages.get(link.page_id)
            gone = _("a page that is not published") if page else _("a page that was deleted")
            label = (page.title if page else "") or link.text or gone
            state = page.state(at) if page else LinkState.NOWHERE
            facts.append(LinkFacts(anchor=link.anchor, label=label, state=state))
        elif link.url in states:
            facts.append(LinkFacts(anchor=link.anchor, label=link.url, state=states[link.url]))
    return list(dict.fromkeys(facts))


def _atlas(places: Sequence[Place], pages: Mapping[int, KnownPage]) -> _Atlas:
    authors = {place.slug for place in places if place.route == "author"}
    topics = {place.slug for place in places if place.route == "topic"}
    return _Atlas(
        pages=pages,
        by_address={page.address: page for page in pages.values()},
        authors=set(Author.objects.filter(slug__in=authors).values_list("slug", flat=True)) if authors else (),
        topics=set(Topic.objects.filter(slug__in=topics).values_list("slug", flat=True)) if topics else (),
    )


def _is_lost(place: Place, atlas: _Atlas, at: datetime) -> bool:
    return place.route != "unutterable" and _present(place, atlas, at) == LinkState.NOWHERE


def _add_former(atlas: _Atlas, lost: Sequence[Place]) -> None:
    """What once stood at the places nothing stands at now, and what was stored for them."""
    if not lost:
        return
    heirs = (
        FormerAddress.objects.filter(
            section_slug__in={place.path.strip("/").partition("/")[0] for place in lost},
            slug__in={place.slug for place in lost if place.section_slug} | {""},
            page__live=True,
        )
        .exclude(page__article__visibility=Visibility.PRIVATE)
        .values_list("section_slug", "slug", "page__url_path")
    )
    atlas.heirs = {(section, slug): address_of(path) for section, slug, path in heirs}
    wanted = {each for place in lost for each in _stored_paths(place.url)}
    rows = Redirect.objects.filter(old_path__in=wanted).filter(Q(redirect_page=None) | Q(redirect_page__live=True))
    public = rows.exclude(redirect_page__article__visibility=Visibility.PRIVATE)
    atlas.redirected = frozenset(public.values_list("old_path", flat=True))


def _stored_paths(url: str) -> list[str]:
    """How an address may stand among the redirects: with its query or without, encoded or not."""
    parts = urlsplit(url)
    full = Redirect.normalise_path(f"{parts.path}?{parts.query}" if parts.query else parts.path, decode_unicode=False)
    bare = full.partition("?")[0]
    return [full, uri_to_iri(full), bare, uri_to_iri(bare)]


def _present(place: Place, atlas: _Atlas, at: datetime) -> LinkState:
    match place.route:
        case "author":
            leads = place.slug in atlas.authors
        case "topic":
            leads = place.slug in atlas.topics
        case "admin" | "unutterable":
            leads = False  # readers are not let in; nothing stands there
        case _ if place.path in atlas.by_address:
            return atlas.by_address[place.path].state(at)
        case _ if place.is_a_page or not place.route:
            leads = _is_inherited(place, atlas)
        case _:
            leads = True
    return LinkState.FINE if leads else LinkState.NOWHERE


def _is_inherited(place: Place, atlas: _Atlas) -> bool:
    first = place.section_slug or place.slug
    second = place.slug if place.section_slug else ""
    if (first, second) in atlas.heirs:
        return True
    renamed = atlas.heirs.get((first, ""))
    if renamed and second:
        page = atlas.by_address.get(f"{renamed}{second}/")
        if page and page.is_live and not page.is_private:
            return True
    return not atlas.redirected.isdisjoint(_stored_paths(place.url))


def outside_answers(urls: Sequence[str], *, now: datetime) -> Outside:
    """What is known of addresses on other sites, as far as it still holds. One query."""
    rows = LinkCheck.objects.filter(url_digest__in=[digest_of(url) for url in urls])
    holding = {
        row.url: row.answer for row in rows if still_holds(row.answer, since=row.checked_at or row.asked_at, now=now)
    }
    return Outside(
        answers=holding,
        unvisited=sum(url not in holding for url in urls),
        waiting=sum(answer == Answer.WAITING for answer in holding.values()),
    )


def outside_facts(links: Iterable[Link], credits: Iterable[str], outside: Outside) -> list[LinkFacts]:
    """Facts of the links to other sites, those in the body and the originals of credits."""
    host = own_host()
    named = [*((link.anchor, link.url) for link in links), *(("credits", url) for url in credits)]
    facts = [
        LinkFacts(
            anchor=anchor,
            label=url,
            state=LinkState.DEAD if outside.answers.get(url) == Answer.GONE else LinkState.UNTOLD,
            is_outside=True,
        )
        for anchor, written in named
        if (url := outside_url(written, host=host))
    ]
    return list(dict.fromkeys(facts))
