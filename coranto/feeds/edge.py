"""What a change makes the sitemaps forget; feeds carry the tags of what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.models import Page
from wagtail.signals import post_page_move

from coranto.delivery import operations as delivery
from coranto.delivery.tags import purge_on_change
from coranto.feeds.queries import sitemap_tag
from coranto.kit import events
from coranto.masthead.edge import UNSEEN
from coranto.masthead.models import PlainPage
from coranto.newsroom.events import ArticlePublished, ArticleWithdrawn
from coranto.newsroom.models import Article, FrontPage, Listing, Section

if TYPE_CHECKING:
    from collections.abc import Iterable


def connect() -> None:
    purge_on_change(Article, lambda article: _tags_of(article.pk), unless_only=UNSEEN)
    for model in (FrontPage, Section, PlainPage):
        # Of a page with others below it all of their addresses.
        purge_on_change(model, lambda _page: ("sitemap",), unless_only=UNSEEN)
    # The addresses of what is moved are written behind the back of its model.
    post_page_move.connect(_on_moved, dispatch_uid="feeds-sitemap-purged")
    purge_on_change(Listing, _tags_of_listing)
    # An import writes many articles at once, and no signal tells of them.
    events.subscribe(ArticlePublished, _on_news, when=events.WITHIN)
    events.subscribe(ArticleWithdrawn, _on_news, when=events.WITHIN)


def _on_moved(instance: Page, **_kwargs: Any) -> None:
    is_article = issubclass(instance.specific_class or Page, Article)
    delivery.purge_tags(tags=_tags_of(instance.pk) if is_article else ("sitemap", "sitemap-index"))


def _on_news(event: ArticlePublished | ArticleWithdrawn) -> None:
    delivery.purge_tags(tags=_tags_of(event.article_id))


def _tags_of(article_id: int) -> Iterable[str]:
    return (sitemap_tag(article_id), "sitemap-index", "news")


def _tags_of_listing(listing: Listing) -> Iterable[str]:
    """Of one that is gone: a topic may have been left without an article."""
    return ("topics", "sitemap-index") if listing.kind == Listing.Kind.TOPIC else ("sitemap-index",)
