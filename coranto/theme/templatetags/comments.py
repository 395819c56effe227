"""The comments under an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from coranto.comments import queries
from coranto.theme import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from coranto.newsroom.models import Article

register = template.Library()


@register.inclusion_tag("parts/comments.html", takes_context=True)
def thread(context: Mapping[str, Any], article: Article) -> Mapping[str, Any]:
    """The article's comments, from the place `?comments=` names; one we did not write is the beginning."""
    try:
        page = queries.thread_page(article_id=article.pk, cursor=context["request"].GET.get("comments", ""))
    except ValueError:
        page = queries.thread_page(article_id=article.pk)
    return {"thread": page, "article": article}


@register.inclusion_tag("parts/seal.html")
def seal(name: str) -> Mapping[str, Any]:
    """A drawing that stands for a name."""
    return {"seal": rules.seal_of(name)}
