"""Following an article's comments by mail: asking, saying yes by the link in a mail, and stopping."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from coranto.comments import operations, queries
from coranto.comments.forms import FollowForm
from coranto.comments.models import Follow
from coranto.comments.operations.writing import TooOftenError
from coranto.comments.queries.following import follow_of, stop_address
from coranto.comments.queries.own import NOBODY
from coranto.comments.rules.following import read_question, read_stop
from coranto.kit import clock
from coranto.kit.addresses import address_of_request
from coranto.kit.ids import LARGEST_ID
from coranto.kit.origins import open_to_others
from coranto.mailroom.kinds import BULK
from coranto.mailroom.queries import is_suppressed
from coranto.mailroom.rules.addresses import folded

if TYPE_CHECKING:
    from coranto.comments.queries.own import Writer
    from coranto.newsroom.models import Article

# Forms here hold no token: one stands in pages the store keeps. `OwnPagesMiddleware` tells where a post comes from.


def _article(article_id: int) -> Article:
    """An article anybody may read: of no other do words go into mails."""
    article = queries.find_article(article_id) if article_id <= LARGEST_ID else None
    if article is None or not article.is_public:
        raise Http404
    return article


def _asker(request: HttpRequest) -> Writer:
    """Who wants to follow. A guest this browser knows may give another address, which is still to be confirmed."""
    writer = queries.writer_of(request)
    other = folded(request.POST.get("email", ""))
    return NOBODY if other and not writer.is_reader and other != folded(writer.email) else writer


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest, article_id: int) -> HttpResponse:
    """The form on a page of its own, where the one below an article is sent; to whoever is known, how it stands."""
    article, writer = _article(article_id), _asker(request)
    known = follow_of(writer=writer, article=article) if writer.is_confirmed else None
    chosen = known.what if known else Follow.What.ALL
    form = FollowForm(request.POST if request.method == "POST" else None, writer=writer, initial={"what": chosen})
    page, status = {"article": article, "writer": writer, "form": form, "follow": known}, HTTPStatus.OK
    if form.is_valid():
        try:
            return redirect(_follow(request, article, writer, form.cleaned_data), article.pk)
        except TooOftenError as error:
            form.add_error(None, str(error))
            status = HTTPStatus.TOO_MANY_REQUESTS
    elif request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "comments/follow.html", page | _standing(writer, known), status=status)


def _follow(request: HttpRequest, article: Article, writer: Writer, sent: dict[str, Any]) -> str:
    """Do it, and say which page comes next."""
    if writer.is_confirmed:
        operations.follow_thread(article=article, writer=writer, what=sent["what"], now=clock.now())
        return "comments_follow"
    if not sent["website"]:
        operations.ask_to_follow(
            article=article,
            address=sent["email"],
            what=sent["what"],
            network_address=address_of_request(request.META, settings.TRUSTED_PROXIES),
            now=clock.now(),
        )
    return "comments_follow_sent"


def _standing(writer: Writer, known: Follow | None) -> dict[str, Any]:
    if known is None:
        return {}
    return {
        "stop_address": stop_address(known),
        "is_suppressed": is_suppressed(address=writer.email, stream=BULK),
    }


@never_cache
@require_safe
def show_sent(request: HttpRequest, article_id: int) -> HttpResponse:
    """A mail is on its way; whether the address follows already is nobody's business."""
    return render(request, "comments/follow_sent.html", {"article": _article(article_id)})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mailed link leads. Programs that look at mail open it too: it takes a button to say yes."""
    asked = read_question(token)
    known = Follow.objects.with_article().filter(pk=asked[1]).first() if asked else None
    if asked is None or known is None:
        return render(request, "comments/follow_gone.html", status=HTTPStatus.GONE)
    page = {"article": known.article, "what": Follow.What(asked[0]).label, "token": token}
    if request.method != "POST":
        return render(request, "comments/follow_confirm.html", page)
    followed = operations.confirm_follow(follow_id=known.pk, what=asked[0], now=clock.now())
    if followed is None:
        return render(request, "comments/follow_gone.html", status=HTTPStatus.GONE)
    return render(request, "comments/follow_confirmed.html", page | {"stop_address": stop_address(followed)})


@csrf_exempt
@open_to_others
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End it: a post from anywhere is enough (RFC 8058), a link that is opened is not.

    Mail programs post without cookies and take 200 alone for done, however often they ask.
    """
    named = read_stop(token)
    if named is None:
        raise Http404
    which, row_id = named
    known = Follow.objects.with_article().filter(pk=row_id).first() if which == "one" else None
    page = {"article": known.article if known else None, "is_one": which == "one", "token": token}
    if request.method != "POST":
        return render(request, "comments/follow_stop.html", page)
    operations.stop_following(which=which, row_id=row_id, now=clock.now())
    return render(request, "comments/follow_stopped.html", page)
