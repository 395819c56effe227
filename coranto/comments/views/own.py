"""One's own comment: how it fares, changing it, taking it back. Whoever holds the link is its writer."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from coranto.comments import operations
from coranto.comments.forms import WordsForm
from coranto.comments.models import Comment
from coranto.comments.operations.changing import TooLateError, may_edit
from coranto.comments.operations.writing import NotTakenError
from coranto.comments.rules import words
from coranto.comments.rules.tokens import OWN, read_token
from coranto.comments.views.writing import place_of
from coranto.kit import clock

if TYPE_CHECKING:
    from typing import Any


def _own(token: str) -> Comment:
    pk = read_token(token, purpose=OWN)
    comment = Comment.objects.with_article().filter(pk=pk).first() if pk else None
    if comment is None:
        raise Http404
    return comment


def _page(comment: Comment, token: str) -> dict[str, Any]:
    return {
        "comment": comment,
        "article": comment.article,
        "token": token,
        "place": place_of(comment) if comment.is_approved else "",
        "may_edit": may_edit(comment, now=clock.now()),
    }


@never_cache
@require_safe
def show_own(request: HttpRequest, token: str) -> HttpResponse:
    return render(request, "comments/own.html", _page(_own(token), token))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, token: str) -> HttpResponse:
    """Change one's words, for as long as the site lets readers do so."""
    comment = _own(token)
    if comment.removed_at is not None:
        return redirect("comments_own", token)
    form = WordsForm(request.POST if request.method == "POST" else None, initial={"words": comment.source})
    page, status = _page(comment, token) | {"form": form}, HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            page["preview"] = words.render(form.cleaned_data["words"])
            return render(request, "comments/edit.html", page)
        try:
            edited = operations.edit_comment(comment=comment, source=form.cleaned_data["words"], now=clock.now())
        except TooLateError:
            page["may_edit"], status = False, HTTPStatus.FORBIDDEN
        except NotTakenError as error:
            form.add_error("words", str(error.refusal.label))
            status = HTTPStatus.FORBIDDEN
        else:
            return redirect(place_of(edited)) if edited.is_approved else redirect("comments_own", token)
    elif request.method == "POST":
        form.focus_on_error()
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "comments/edit.html", page, status=status)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, token: str) -> HttpResponse:
    """Take one's comment back. A link alone does nothing."""
    comment = _own(token)
    if request.method != "POST":
        return render(request, "comments/remove.html", _page(comment, token))
    operations.remove_comment(comment=comment, now=clock.now())
    return redirect("comments_own", token)
