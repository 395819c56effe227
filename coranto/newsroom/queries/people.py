"""Authors and topics over their own pages: those the public has something to read of."""

from __future__ import annotations

from coranto.delivery.tags import carry, tag
from coranto.newsroom.models import Author, Listing, Topic


def published_authors() -> list[Author]:
    """Everybody who has signed something public, by name. Two queries."""
    found = Author.objects.published().select_related("picture").prefetch_related("picture__renditions")
    authors = list(found.order_by("name"))
    carry("authors")
    for each in authors:
        _carry_author(each)
    return authors


def find_author(slug: str) -> Author | None:
    """The author whose page is at a slug. Three queries."""
    found = Author.objects.published().select_related("picture").prefetch_related("picture__renditions", "links")
    author = found.filter(slug=slug).first()
    if author:
        _carry_author(author)
    return author


def find_topic(slug: str) -> Topic | None:
    """The topic whose page is at a slug. One query."""
    topic = Topic.objects.filter(Listing.objects.having(Listing.Kind.TOPIC), slug=slug).first()
    if topic:
        carry(tag("topic", topic.pk))
    return topic


def _carry_author(author: Author) -> None:
    carry(tag("author", author.pk))
    if author.picture_id:
        carry(tag("picture", author.picture_id))
