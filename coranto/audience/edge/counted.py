"""How often an article was viewed, beside its date. Depends on the article alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from coranto.audience.queries import public_views
from coranto.delivery.fragments import Fragment, id_given
from coranto.delivery.fragments import register as register_fragment
from coranto.delivery.tags import carry, tag

if TYPE_CHECKING:
    from django.http import HttpRequest


def connect() -> None:
    register_fragment(Fragment("views", render=views_of_article, parameters=("article",)))


def views_of_article(request: HttpRequest, article: str = "") -> str:
    """The number, with the way to how it is counted; nothing while it is none, and of no article but a public one."""
    article_id = id_given(article)
    # `views` is purged by a recount, `publication` by another language.
    carry("publication", "views", tag("views", article_id), tag("page", article_id))
    views = public_views(article_id)
    if not views:
        return ""
    return render_to_string("parts/views_counted.html", {"article_id": article_id, "views": views}, request)
