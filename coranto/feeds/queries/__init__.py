"""What is read for feeds, sitemaps and programs that ask about one article, each in a fixed number of queries."""

from coranto.feeds.queries.entries import FEED_LENGTH, article_entries, correction_entries
from coranto.feeds.queries.places import Place, places_of
from coranto.feeds.queries.sitemaps import (
    LAST_PART,
    NEWS_LENGTH,
    NEWS_LIFE,
    SitemapPart,
    news_items,
    sitemap_lines,
    sitemap_parts,
    sitemap_tag,
)

__all__ = [
    "FEED_LENGTH",
    "LAST_PART",
    "NEWS_LENGTH",
    "NEWS_LIFE",
    "Place",
    "SitemapPart",
    "article_entries",
    "correction_entries",
    "news_items",
    "places_of",
    "sitemap_lines",
    "sitemap_parts",
    "sitemap_tag",
]
