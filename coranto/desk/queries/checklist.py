"""An article gone through before it goes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.utils.timezone import localdate
from wagtail.models import Comment, Page, Revision

from coranto.desk.models import Checklist, PublishedHeadline
from coranto.desk.queries import links as of_links
from coranto.desk.queries.desk import LONG_AGO
from coranto.desk.queries.links import Outside
from coranto.desk.rules.checklist import (
    ArticleFacts,
    CreditFacts,
    Passage,
    PictureFacts,
    Point,
    Weight,
    find_all,
)
from coranto.desk.rules.headlines import folded_headline
from coranto.desk.rules.links import links_of_body
from coranto.masthead.models import Picture
from coranto.newsroom.models import Article, Section
from coranto.newsroom.queries.versions import pending_change_of_draft
from coranto.newsroom.rules import texts_of_block

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from coranto.desk.rules.checklist import Finding, LinkFacts
    from coranto.desk.rules.links import Link

SHOWS_SOMETHING = {"picture", "embed", "placement"}
MOST_TWINS = 3
NOTHING_OUTSIDE = Outside(answers={}, unvisited=0, waiting=0)


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found, what is in order, and what visits to other sites have not told."""

    findings: Sequence[Finding]
    in_order: Sequence[Point]
    outside: Outside

    @property
    def blocking(self) -> list[Finding]:
        return [each for each in self.findings if each.blocks]

    @property
    def reminding(self) -> list[Finding]:
        return [each for each in self.findings if not each.blocks]


@dataclass(frozen=True, slots=True)
class _Scheduled:
    """An article whose hour will come."""

    article_id: int
    headline: str
    at: datetime


def checklist() -> Checklist:
    """The editor-in-chief's settings, or the usual ones. One query."""
    return Checklist.objects.first() or Checklist()


def examine(article: Article, *, now: datetime) -> Examined:
    """Go through the checklist with an article as a revision holds it (`get_latest_revision_as_object`).

    Six queries, and at most eleven more for what it refers to: pictures, pages, visits to other sites, addresses of
    ours that are written out, and what is published of it.
    """
    settings = checklist()
    facts, outside = _facts(article, now=now, visits=settings.visits_outside_links)
    weights = settings.weights
    findings = find_all(facts, weights=weights, limits=settings.limits)
    untold = {each.point for each in findings}
    if outside.unvisited or outside.waiting or not settings.visits_outside_links:
        untold.add(Point.LINK_OUTSIDE)
    in_order = [point for point in Point if weights[point] != Weight.OFF and point not in untold]
    return Examined(findings=findings, in_order=in_order, outside=outside)


def outside_urls_of(article: Article) -> list[str]:
    """Addresses on other sites that an article links to or names as an original."""
    return of_links.outside_urls(links_of_body(article.raw_body), _originals(article))


def _facts(article: Article, *, now: datetime, visits: bool) -> tuple[ArticleFacts, Outside]:
    raw = article.raw_body
    goes_out_at = max(article.go_live_at or now, now)
    scheduled = _scheduled()
    written = list(links_of_body(raw))
    twins = _twins(article, scheduled)
    places = of_links.places_of(written)
    pages = of_links.known_pages(
        ids={*twins, *(link.page_id for link in written if link.page_id is not None)},
        places=places,
        scheduled={each.article_id: each.at for each in scheduled},
    )
    originals = _originals(article)
    outside = NOTHING_OUTSIDE
    if visits:
        outside = of_links.outside_answers(of_links.outside_urls(written, originals), now=now)
    section = Section.objects.filter(path=article.path[: -Page.steplen]).values_list("title", "live").first()
    change = pending_change_of_draft(article)
    facts = ArticleFacts(
        headline=article.title,
        standfirst=article.standfirst,
        passages=list(_passages(article, raw)),
        is_empty=not any(block["type"] in SHOWS_SOMETHING for block in raw) and not article.body_text.strip(),
        authors=len(article.bylines.all()),
        pictures=_pictures(article, raw),
        credits=_credits(article),
        links=[
            *of_links.inside_facts(written, places, pages, at=goes_out_at),
            *_outside_facts(written, originals, outside, visits=visits),
        ],
        twins=[pages[pk].address for pk in twins if pk in pages],
        section=section[0] if section else "",
        section_is_live=bool(section and section[1]),
        visibility=article.visibility,
        has_password=bool(article.password),
        embargoed_until=article.embargoed_until,
        goes_out_at=goes_out_at,
        goes_out_on=localdate(goes_out_at),
        open_notes=Comment.objects.filter(page_id=article.pk, resolved_at=None).count(),
        differs=change is not None and change.is_changed,
        change_kind=article.change_kind if change else "",
        change_note=article.change_note,
        has_passage=change is None or change.has_passage(article.change_passage),
    )
    return facts, outside


def _outside_facts(
    written: Sequence[Link], originals: Sequence[str], outside: Outside, *, visits: bool
) -> list[LinkFacts]:
    return of_links.outside_facts(written, originals, outside) if visits else []


def _originals(article: Article) -> list[str]:
    return [credit.original_url for credit in article.credits.all() if credit.original_url]


def _scheduled() -> list[_Scheduled]:
    """All articles the clock will publish: never many, and found by an index. One query."""
    # What they are is looked at here: asked for it, SQLite would rather read every revision of every article.
    rows = Revision.objects.filter(approved_go_live_at__gte=LONG_AGO).values_list(
        "content_type_id", "object_id", "object_str", "approved_go_live_at"
    )
    of_articles = ContentType.objects.get_for_model(Article).pk
    return [_Scheduled(int(pk), headline, at) for kind, pk, headline, at in rows if kind == of_articles]


def _twins(article: Article, scheduled: Iterable[_Scheduled]) -> list[int]:
    """Other articles, published or scheduled, with the same headline. One query."""
    folded = folded_headline(article.title)
    published = PublishedHeadline.objects.filter(folded=folded).values_list("article_id", flat=True)
    same = [*published[: MOST_TWINS + 2], *(s.article_id for s in scheduled if folded_headline(s.headline) == folded)]
    own = {article.pk, article.alias_of_id}
    return [pk for pk in dict.fromkeys(same) if pk not in own][:MOST_TWINS]


def _passages(article: Article, raw: Iterable[Mapping[str, Any]]) -> Iterable[Passage]:
    yield Passage(anchor="title", text=article.title)
    yield Passage(anchor="standfirst", text=article.standfirst)
    for block in raw:
        for text in texts_of_block(block["type"], block["value"]):
            yield Passage(anchor=f"body.{block.get('id') or ''}", text=text)


def _pictures(article: Article, raw: Iterable[Mapping[str, Any]]) -> list[PictureFacts]:
    """The main picture and those in the body, each in its place. One query."""
    uses: list[tuple[str, int, Mapping[str, Any]]] = []
    if article.picture_id:
        uses.append(("picture", article.picture_id, {}))
    uses += [
        (f"body.{block.get('id') or ''}", block["value"]["picture"], block["value"])
        for block in raw
        if block["type"] == "picture" and block["value"].get("picture")
    ]
    pictures = Picture.objects.in_bulk([pk for _, pk, _ in uses]) if uses else {}
    return [_picture(anchor, pictures[pk], here) for anchor, pk, here in uses if pk in pictures]


def _picture(anchor: str, picture: Picture, here: Mapping[str, Any]) -> PictureFacts:
    return PictureFacts(
        anchor=anchor,
        title=picture.title,
        is_described=bool((here.get("alt") or picture.description).strip()),
        is_credited=bool((here.get("credit") or picture.credit).strip()),
        rights_end_on=picture.rights_expire_on,
    )


def _credits(article: Article) -> list[CreditFacts]:
    return [
        CreditFacts(
            name=", ".join(credit.people_list) or credit.outlet,
            has_licence=bool(credit.licence.strip()),
            has_original=bool(credit.original_url),
        )
        for credit in article.credits.all()
    ]
