"""How often an article was viewed, beside its date. Depends on the article alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from django.template.loader import render_to_string

from coranto.audience.queries import public_views
from coranto.delivery.fragments import Fragment, UnknownFragmentError
from coranto.delivery.fragments import register as register_fragment
from coranto.delivery.tags import carry, tag

if TYPE_CHECKING:
    from django.http import HttpRequest

_ID: Final = re.compile(r"[1-9][0-9]{0,17}")  # of as many digits as both databases hold


def connect() -> None:
    register_fragment(Fragment("views", render=views_of_article, parameters=("article",)))


def views_of_article(request: HttpRequest, article: str = "") -> str:
    """The number, with the way to how it is counted; nothing while it is none, and of no article but a public one."""
    if not _ID.fullmatch(article):
        raise UnknownFragmentError
    # `views` is purged by a recount, `publication` by another language.
    carry("publication", "views", tag("views", article), tag("page", article))
    views = public_views(int(article))
    if not views:
        return ""
    return render_to_string("parts/views_counted.html", {"article_id": int(article), "views": views}, request)
