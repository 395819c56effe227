"""What an article is when somebody puts its address on a page of theirs."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from coranto.delivery.pages import public
from coranto.delivery.tags import carry
from coranto.feeds.documents import oembed
from coranto.masthead.queries import publication_for
from coranto.newsroom.queries import cards_of, find_article, sections_for

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

    from coranto.newsroom.queries import Card


@conditional_page
@require_safe
@public(parameters=["url", "format", "maxwidth", "maxheight"])
def link(request: HttpRequest) -> HttpResponse:
    """Of a public article at an address of ours; of anything else there is nothing to say."""
    form = request.GET.get("format", "json")
    if form not in oembed.MEDIA_TYPES:
        # As oEmbed 1.0 has it, 2.3.3.
        said = _("This is given as JSON and as XML.")
        return HttpResponse(said, status=HTTPStatus.NOT_IMPLEMENTED, content_type="text/plain; charset=utf-8")
    card = _find(request, request.GET.get("url", ""))
    if card is None:
        raise Http404
    of = publication_for(request)
    carry("publication")
    data = oembed.link_data(
        card, provider=of.name, width=_measure(request.GET, "maxwidth"), height=_measure(request.GET, "maxheight")
    )
    return HttpResponse(oembed.write(data, form), content_type=oembed.MEDIA_TYPES[form])


def _find(request: HttpRequest, url: str) -> Card | None:
    try:
        parts = urlsplit(url)
    except ValueError:  # such as a bracket where a host stands
        return None
    own = urlsplit(settings.ORIGIN)
    slugs = unquote(parts.path).strip("/").split("/")
    if parts.netloc != own.netloc or parts.scheme not in {"http", "https"} or len(slugs) != 2:  # noqa: PLR2004
        return None
    if "\0" in parts.path or "\0" in unquote(parts.path):
        return None  # PostgreSQL has no such text
    carry("missing")
    article = find_article(*slugs)
    if article is None or not article.is_public:
        return None
    return next(iter(cards_of([article.pk], sections_for(request))), None)


def _measure(given: QueryDict, name: str) -> int | None:
    text = given.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None  # noqa: PLR2004 - in pixels
