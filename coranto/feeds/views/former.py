"""Feeds at the addresses they had before the move: subscribers' programs ask there for years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import Http404
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from coranto.feeds.documents import atom, jsonfeed, rss
from coranto.newsroom.queries import Whereabouts, stored_redirect, whereabouts
from coranto.newsroom.views import send_on

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FILES: Final = {"atom": atom.FILE, "json": jsonfeed.FILE}
FEEDS: Final = {"feed", "section_feed", "author_feed", "topic_feed"}


@require_safe
def wordpress(request: HttpRequest, place: str, kind: str = "") -> HttpResponse:
    """Sends on to the feed of what stands at `place`, or has moved from there (WordPress, "WordPress Feeds").

    A redirect an editor made goes before. The feeds of comments are not found.
    """
    stored = stored_redirect(request.get_full_path())
    if stored:
        return send_on(stored, request)
    moved = whereabouts(f"/{place}", f"/{place}") if place else None
    address = f"{moved.address if moved else f'/{place}'}{FILES.get(kind, rss.FILE)}"
    try:
        match = resolve(address)
    except Resolver404:
        raise Http404 from None
    if match.url_name not in FEEDS or place == "comments/":
        raise Http404
    return send_on(Whereabouts(address), request)
