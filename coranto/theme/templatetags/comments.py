"""The comments under an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from coranto.comments import queries
from coranto.theme import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest

    from coranto.newsroom.models import Article

register = template.Library()


@register.inclusion_tag("parts/comments.html", takes_context=True)
def thread(context: Mapping[str, Any], article: Article) -> Mapping[str, Any]:
    """The article's comments, from the place `?comments=` names; one we did not write is the beginning."""
    return {"thread": _page(context["request"], article), "article": article}


@register.simple_tag(takes_context=True)
def comment_count(context: Mapping[str, Any], article: Article) -> int:
    """How many comments stand on the article's page; the thread is read once for both."""
    return _page(context["request"], article).total


def _page(request: HttpRequest, article: Article) -> queries.ThreadPage:
    read: dict[int, queries.ThreadPage] = getattr(request, "threads_read", {})
    if article.pk not in read:
        read = request.threads_read = {**read, article.pk: _thread_page(request, article)}  # type: ignore[attr-defined]
    return read[article.pk]


def _thread_page(request: HttpRequest, article: Article) -> queries.ThreadPage:
    try:
        return queries.thread_page(article_id=article.pk, cursor=request.GET.get("comments", ""))
    except ValueError:
        return queries.thread_page(article_id=article.pk)


@register.inclusion_tag("parts/comments_link.html")
def comments_link(article: Article) -> Mapping[str, Any]:
    """How many comments an article has, and where they are, for a place where they are not shown."""
    return {"thread": queries.thread_page(article_id=article.pk, length=1), "article": article}


@register.inclusion_tag("parts/seal.html")
def seal(name: str) -> Mapping[str, Any]:
    """A drawing that stands for a name."""
    return {"seal": rules.seal_of(name)}
