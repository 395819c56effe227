"""Where pages report that an article is being read. It leaves no cookie, and keeps nothing of whoever asks."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import HttpResponse, JsonResponse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from coranto.audience import operations
from coranto.audience.rules import classify_referrer
from coranto.kit import clock
from coranto.kit.addresses import address_of_request
from coranto.kit.ids import read_id
from coranto.kit.origins import is_own_post
from coranto.newsroom.models import Article

if TYPE_CHECKING:
    from django.http import HttpRequest, QueryDict

# One see-through point, GIF89a.
PICTURE: Final = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
_AHEAD: Final = ("prefetch", "prerender", "preview")


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def seen(request: HttpRequest) -> HttpResponse:
    """Count a view of the article named by `article`; POST is answered with the number, GET with a picture.

    `referrer` is the host of the page the reader came from, empty where there was none; `language` that of the page.
    The answer is
    `{"views": {ID: number}, "shown": {ID: as the page writes it}}`, with nothing in them for no public article.

    Only pages of our own are believed: elsewhere a picture of ours could be put into any page.
    """
    if request.method == "POST":  # `OwnPagesMiddleware` has told where it comes from
        return _answer(request)
    is_own = is_own_post(request.headers, request.get_host())
    # Asked for as a picture, where the browser says as what it asks.
    if request.method == "GET" and is_own and request.headers.get("Sec-Fetch-Dest", "image") == "image":
        _count(request, request.GET)
    return HttpResponse(PICTURE, content_type="image/gif")


def _answer(request: HttpRequest) -> HttpResponse:
    article_id = _count(request, request.POST)
    if article_id is None:
        return JsonResponse({"views": {}, "shown": {}}, status=HTTPStatus.NOT_FOUND)
    views = operations.tell_views(article_id=article_id)
    language = request.POST.get("language", "")
    with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
        shown = intcomma(views)
    return JsonResponse({"views": {str(article_id): views}, "shown": {str(article_id): shown}})


def _count(request: HttpRequest, given: QueryDict) -> int | None:
    """The article, where there is one that anybody may read."""
    article_id = read_id(given.get("article", ""))
    if article_id is None or not Article.objects.public().filter(pk=article_id).exists():
        return None
    report = operations.Report(
        article_id=article_id,
        address=address_of_request(request.META, settings.TRUSTED_PROXIES),
        agent=request.headers.get("User-Agent", ""),
        referrer=classify_referrer(given.get("referrer", ""), own=request.get_host()),
        is_staff=request.user.has_perm("wagtailadmin.access_admin"),
        is_ahead=_is_ahead(request),
    )
    operations.count_view(report=report, now=clock.now())
    return article_id


def _is_ahead(request: HttpRequest) -> bool:
    """Whether a browser says that it only loads what may be looked at later."""
    said = " ".join(request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")).lower()
    return any(each in said for each in _AHEAD)
