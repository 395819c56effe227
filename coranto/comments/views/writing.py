"""Writing a comment, and confirming that an address is one's own."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coranto.comments import operations, queries
from coranto.comments.forms import CommentForm
from coranto.comments.models import Comment
from coranto.comments.operations.writing import NotTakenError, Sent, TooOftenError, check_taken
from coranto.comments.queries.own import Writer, unconfirmed
from coranto.comments.rules import words
from coranto.comments.rules.policy import Refusal
from coranto.comments.rules.tokens import (
    CONFIRMING,
    COOKIE,
    OWN,
    REMEMBERED_FOR,
    Guest,
    read_token,
    write_guest,
    write_token,
)
from coranto.kit import clock
from coranto.kit.addresses import address_of_request
from coranto.kit.ids import LARGEST_ID, read_id
from coranto.newsroom.views import is_open_to

if TYPE_CHECKING:
    from coranto.newsroom.models import Article

# Forms here hold no token: they stand in pages the store keeps too. `OwnPagesMiddleware` tells where a post comes from.
COOKIE_PATH = "/-/comments/"


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, article_id: int) -> HttpResponse:
    """The form on a page of its own, and where the form below an article is sent."""
    article = _article(request, article_id)
    writer, parent = queries.writer_of(request), _answered(request, article)
    form = CommentForm(request.POST if request.method == "POST" else None, writer=writer)
    page = {"article": article, "writer": writer, "parent": parent, "form": form}
    try:
        _demand_answered(request, parent)
        if "preview" in request.POST or not form.is_valid():
            check_taken(article=article, writer=writer, parent=parent)
            return _asked(request, page, form)
        comment = operations.write_comment(
            article=article, writer=_named(writer, form), sent=_sent(request, form), parent=parent, now=clock.now()
        )
    except NotTakenError as error:
        return _not_taken(request, page, error.refusal)
    except TooOftenError as error:
        form.add_error(None, str(error))
        return _page(request, page, status=HTTPStatus.TOO_MANY_REQUESTS)
    return redirect(_next(comment, writer))


def _asked(request: HttpRequest, page: dict[str, Any], form: CommentForm) -> HttpResponse:
    """The form: empty, with what is wrong, or with a preview of the words."""
    if request.method != "POST":
        return _page(request, page)
    if not (form.has_words() if "preview" in request.POST else form.is_valid()):
        form.focus_on_error()
        return _page(request, page, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _page(request, page | {"preview": words.render(form.cleaned_data["words"])})


def _article(request: HttpRequest, article_id: int) -> Article:
    """The article, where whoever asks may read it."""
    article = queries.find_article(article_id) if article_id <= LARGEST_ID else None
    if article is None or not is_open_to(request, article):
        raise Http404
    return article


def _answered(request: HttpRequest, article: Article) -> Comment | None:
    known = read_id(request.POST.get("parent") or request.GET.get("parent") or "")
    found = queries.find_shown(known) if known is not None else None
    return found if found is not None and found.article_id == article.pk else None


def _demand_answered(request: HttpRequest, parent: Comment | None) -> None:
    """An answer does not become a comment of its own because what it answers has just gone."""
    if request.POST.get("parent") and parent is None:
        raise NotTakenError(Refusal.GONE)


def _named(writer: Writer, form: CommentForm) -> Writer:
    name, email = form.cleaned_data.get("name"), form.cleaned_data.get("email")
    if not writer.is_confirmed:
        return unconfirmed(Guest(name=name or "", email=email or ""))
    return replace(writer, name=name) if name else writer


def _sent(request: HttpRequest, form: CommentForm) -> Sent:
    return Sent(
        source=form.cleaned_data["words"],
        address=address_of_request(request.META, settings.TRUSTED_PROXIES),
        filled_trap=bool(form.cleaned_data.get("website")),
    )


def _page(request: HttpRequest, page: dict[str, Any], *, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    return render(request, "comments/write.html", page, status=status)


def _not_taken(request: HttpRequest, page: dict[str, Any], refusal: Refusal) -> HttpResponse:
    """Why, with the words that were typed: whoever has to sign in first finds them below."""
    if refusal is Refusal.SIGN_IN and request.method != "POST":
        return redirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
    status = HTTPStatus.OK if request.method != "POST" else HTTPStatus.FORBIDDEN
    return _page(request, page | {"refusal": refusal, "typed": request.POST.get("words", "")}, status=status)


def _next(comment: Comment, writer: Writer) -> str:
    if comment.is_approved:
        return place_of(comment)
    if not writer.is_confirmed:
        return reverse("comments_sent", args=[comment.article_id])
    return own_address(comment)


def place_of(comment: Comment) -> str:
    """Where a comment is found, whichever page of the thread it is on by then."""
    return f"{comment.article.address}comments/{comment.pk}/"


def own_address(comment: Comment) -> str:
    return reverse("comments_own", args=[write_token(comment.pk, purpose=OWN)])


@never_cache
@require_safe
def show_sent(request: HttpRequest, article_id: int) -> HttpResponse:
    """A guest reads that a mail is on its way. It tells nothing that only they may know."""
    return render(request, "comments/sent.html", {"article": _article(request, article_id)})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mailed link leads. Programs that look at mail open it too: it takes a button to confirm."""
    pk = read_token(token, purpose=CONFIRMING)
    comment = Comment.objects.with_article().filter(pk=pk).first() if pk else None
    if comment is None or comment.removed_at is not None:
        return render(request, "comments/confirm_gone.html", status=HTTPStatus.GONE)
    if request.method != "POST":
        return render(request, "comments/confirm.html", {"comment": comment, "token": token})
    confirmed = operations.confirm_guest(comment=comment, now=clock.now())
    response = redirect(own_address(confirmed))
    if request.POST.get("remember"):
        _remember(request, response, Guest(name=confirmed.author_name, email=confirmed.author_email))
    return response


def _remember(request: HttpRequest, response: HttpResponse, guest: Guest) -> None:
    response.set_cookie(
        COOKIE,
        write_guest(guest),
        max_age=REMEMBERED_FOR,
        path=COOKIE_PATH,  # pages of the store are never asked for with it
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


@csrf_exempt
@never_cache
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """This browser no longer knows the guest."""
    response = render(request, "comments/forgotten.html")
    response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Lax")
    return response
