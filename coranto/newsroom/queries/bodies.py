"""Bodies of articles with all they refer to."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from wagtail.models import Page

from coranto.delivery.tags import carry, tag
from coranto.masthead.models import Picture
from coranto.masthead.rules import address_of
from coranto.newsroom import rules
from coranto.newsroom.models import Article
from coranto.newsroom.models.article import SHOWN_IN_LISTS
from coranto.newsroom.queries.cards import Card
from coranto.newsroom.queries.figures import figure
from coranto.newsroom.rules import Visibility

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from django.db.models import QuerySet

    from coranto.masthead.models import PlainPage
    from coranto.newsroom.models import Section


@dataclass(frozen=True, slots=True)
class BodyBlock:
    """A block of a body with everything it refers to resolved; the theme has a template for each kind."""

    kind: str
    id: str
    value: Mapping[str, Any]

    @property
    def template(self) -> str:
        return f"newsroom/blocks/{self.kind}.html"


@dataclass(frozen=True, slots=True)
class _Resolved:
    """What the raw blocks of a body refer to."""

    pictures: Mapping[int, Picture]
    articles: Mapping[int, Article]
    addresses: Mapping[int, str]
    cards: Mapping[int, Card]


def resolve_body(
    article: Article, known: Mapping[str, Section], addresses: Mapping[int, str], portraits: Sequence[Picture] = ()
) -> list[BodyBlock]:
    """The body's blocks with what they refer to; `addresses` are those of the pages linked to. Three queries."""
    return resolve_bodies([article], known, addresses, portraits)[0]


def resolve_bodies(
    of: Sequence[Article], known: Mapping[str, Section], addresses: Mapping[int, str], portraits: Sequence[Picture] = ()
) -> list[list[BodyBlock]]:
    """The blocks of each body, in order.

    Three queries for all: pictures, articles shown as cards, and the renditions of every picture shown, the main ones
    and `portraits` among them.
    """
    bodies = [each.raw_body for each in of]
    raw = list(chain.from_iterable(bodies))
    wanted_pictures = [b["value"]["picture"] for b in raw if b["type"] == "picture" and b["value"]["picture"]]
    wanted_articles = [b["value"]["article"] for b in raw if b["type"] == "related" and b["value"]["article"]]
    pictures = Picture.objects.in_bulk(wanted_pictures) if wanted_pictures else {}
    # Carried whether found or not: what is not there now may be there again.
    carry(*(tag("picture", each) for each in wanted_pictures), *(tag("page", each) for each in wanted_articles))
    public = Article.objects.public().only(*SHOWN_IN_LISTS).select_related("picture")
    articles = public.in_bulk(wanted_articles) if wanted_articles else {}
    shown = [*portraits, *pictures.values(), *(each.picture for each in (*of, *articles.values()) if each.picture)]
    prefetch_related_objects(shown, "renditions")
    resolved = _Resolved(
        pictures=pictures,
        articles=articles,
        addresses=addresses,
        cards={pk: Card(article=each, section=known.get(each.section_slug)) for pk, each in articles.items()},
    )
    return [[block for each in body if (block := _resolve(each, resolved)) is not None] for body in bodies]


def addresses_of(page_ids: Collection[int]) -> dict[int, str]:
    """Addresses of live pages by id. One query, none for nothing."""
    if not page_ids:
        return {}
    return {pk: address_of(path) for pk, path in public_pages(page_ids).values_list("pk", "url_path")}


def linked_pages(article: Article) -> set[int]:
    """Ids of the pages an article's text links to."""
    return {each for html in _rich_texts(article.raw_body) for each in rules.linked_page_ids(html)}


def public_pages(page_ids: Collection[int]) -> QuerySet[Page]:
    """Those of the pages whose addresses anybody may know."""
    carry("menu", *(tag("page", each) for each in page_ids))
    return Page.objects.live().exclude(article__visibility=Visibility.PRIVATE).filter(pk__in=page_ids)


def _rich_texts(raw: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for block in raw:
        value = block["value"]
        match block["type"]:
            case "paragraph":
                yield value
            case "quote":
                yield value["text"]
            case "list":
                yield from (_item(each) for each in value["items"])


def _item(raw: Any) -> str:
    return raw["value"] if isinstance(raw, dict) else raw


def _resolve(raw: Mapping[str, Any], found: _Resolved) -> BodyBlock | None:
    """One block, or nothing where what it refers to is gone."""
    kind, value = raw["type"], raw["value"]
    shown: Mapping[str, Any]
    match kind:
        case "paragraph":
            shown = {"html": rules.with_addresses(value, found.addresses)}
        case "html":
            shown = {"html": value}
        case "quote":
            shown = {**value, "html": rules.with_addresses(value["text"], found.addresses)}
        case "list":
            items = [rules.with_addresses(_item(each), found.addresses) for each in value["items"]]
            shown = {"ordered": value.get("ordered"), "items": items}
        case "picture":
            picture = found.pictures.get(value["picture"])
            if picture is None:
                return None
            shown = {"figure": figure(picture, value)}
        case "related":
            card = found.cards.get(value["article"])
            if card is None:
                return None
            shown = {"card": card, "label": value.get("label")}
        case "divider":
            shown = {}
        case _:
            shown = value or {}
    return BodyBlock(kind=kind, id=raw.get("id") or "", value=shown)


def plain_page_html(page: PlainPage) -> str:
    """A plain page's text, its links to public pages filled in, and what an import kept as HTML. One query."""
    return rules.with_addresses(page.body, addresses_of(rules.linked_page_ids(page.body))) + page.kept_html
