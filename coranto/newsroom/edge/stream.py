"""What comes after an article: links to what is read next, and each of those articles whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string

from coranto.delivery.fragments import Fragment, id_given
from coranto.delivery.fragments import register as register_fragment
from coranto.delivery.tags import carry, tag
from coranto.masthead.queries import publication_for
from coranto.newsroom import documents, queries

if TYPE_CHECKING:
    from django.http import HttpRequest


def register() -> None:
    register_fragment(Fragment("onward", render=onward, parameters=("article",)))
    register_fragment(Fragment("piece", render=piece, parameters=("article",)))


def onward(request: HttpRequest, article: str = "") -> str:
    """Links to what is read after an article; nothing where there is none."""
    article_id = id_given(article)
    carry("publication")
    cards = queries.onward(article_id, queries.sections_for(request))
    if not cards:
        return ""
    return render_to_string("parts/onward_links.html", {"cards": cards, "article_id": article_id}, request)


def piece(request: HttpRequest, article: str = "") -> str:
    """A whole article, to be read after another one; empty where it is not for everybody."""
    article_id = id_given(article)
    carry("publication", tag("page", article_id))  # what is not public now may be so later
    found = queries.find_public_article(article_id)
    if found is None:
        return ""
    content = queries.article_page(found, queries.sections_for(request))
    own_url = settings.ORIGIN + found.address
    shown, folded = queries.fold(content)
    context = {
        "article": found,
        "content": content,
        "own_url": own_url,
        "canonical_url": documents.canonical_url(own_url, content),
        "publication": publication_for(request),
        "shown": shown,
        "folded": folded,
        "is_piece": True,
        "is_preview": False,
    }
    return render_to_string("newsroom/next_piece.html", context, request)
