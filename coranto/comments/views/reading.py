"""One comment as anybody finds it, what a reader may do about it, and who the reader is to the page's script."""

from __future__ import annotations

from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coranto.comments import operations, queries
from coranto.comments.forms import ReportForm
from coranto.comments.models import Comment, Mute
from coranto.comments.operations.writing import TooOftenError
from coranto.comments.views.writing import own_address, place_of
from coranto.kit import clock
from coranto.kit.addresses import address_of_request
from coranto.kit.ids import LARGEST_ID
from coranto.newsroom.views import is_open_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from coranto.comments.queries.own import Writer
    from coranto.masthead.models import Account


def _shown(request: HttpRequest, pk: int) -> Comment:
    comment = queries.find_shown(pk) if pk <= LARGEST_ID else None
    if comment is None or not is_open_to(request, comment.article):
        raise Http404
    return comment


@never_cache
@require_safe
def find_comment(request: HttpRequest, section_slug: str, slug: str, pk: int) -> HttpResponse:
    """On to the page of the thread that holds this comment now."""
    comment = _shown(request, pk)
    address: str = comment.article.address
    if not address.endswith(f"/{section_slug}/{slug}/"):
        return redirect(place_of(comment))
    cursor = queries.page_holding(comment)
    return redirect(f"{address}{f'?comments={cursor}' if cursor else ''}#comment-{comment.pk}")


@never_cache
@require_safe
def show_comment(request: HttpRequest, pk: int) -> HttpResponse:
    """What one may do about a comment: answer, report, mute; to one's own, change it or take it back."""
    comment = _shown(request, pk)
    writer = queries.writer_of(request)
    if _is_own(comment, writer):
        return redirect(own_address(comment))
    return render(request, "comments/comment.html", _page(comment, writer))


def _is_own(comment: Comment, writer: Writer) -> bool:
    return writer.is_confirmed and bool(comment.confirmed_at) and comment.commenter == writer.mark


def _page(comment: Comment, writer: Writer) -> dict[str, Any]:
    is_muted = writer.is_reader and Mute.objects.filter(account=writer.account, commenter=comment.commenter).exists()
    return {
        "comment": comment,
        "article": comment.article,
        "writer": writer,
        "is_muted": is_muted,
        "place": place_of(comment),
    }


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, pk: int) -> HttpResponse:
    comment, writer = _shown(request, pk), queries.writer_of(request)
    form = ReportForm(request.POST if request.method == "POST" else None)
    page, status = _page(comment, writer) | {"form": form}, HTTPStatus.OK
    if form.is_valid():
        try:
            operations.report_comment(
                comment=comment,
                writer=writer,
                reason=form.cleaned_data["reason"],
                words=form.cleaned_data["words"],
                address=address_of_request(request.META, settings.TRUSTED_PROXIES),
                now=clock.now(),
            )
        except TooOftenError as error:
            form.add_error(None, str(error))
            status = HTTPStatus.TOO_MANY_REQUESTS
        else:
            return render(request, "comments/reported.html", page)
    elif request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "comments/report.html", page, status=status)


def _for_readers(view: Callable[[HttpRequest, int], HttpResponse]) -> Callable[[HttpRequest, int], HttpResponse]:
    """Whoever signs in first comes back by a link, which does nothing: to the page with the button."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(reverse("comments_comment", args=[pk]))
        return view(request, pk)

    return guarded


@csrf_exempt
@never_cache
@require_POST
@_for_readers
def mute(request: HttpRequest, pk: int) -> HttpResponse:
    """See no more of whoever wrote this."""
    comment = _shown(request, pk)
    operations.mute_commenter(comment=comment, by=_account(request), now=clock.now())
    return redirect("comments_comment", pk)


@csrf_exempt
@never_cache
@require_POST
@_for_readers
def hear(request: HttpRequest, pk: int) -> HttpResponse:
    comment = _shown(request, pk)
    operations.hear_commenter(comment=comment, by=_account(request))
    return redirect("comments_comment", pk)


def _account(request: HttpRequest) -> Account:
    account: Account = request.user  # type: ignore[assignment]  # nobody else comes here
    return account


@never_cache
@require_safe
def show_me(request: HttpRequest) -> HttpResponse:
    """Who this browser is known as, for the form in a page that is the same for everybody."""
    writer = queries.writer_of(request)
    return JsonResponse(
        {
            "name": writer.name,
            "known": writer.is_confirmed,
            "signed_in": writer.is_reader,
            "mark": writer.mark if writer.is_confirmed else "",
            "muted": list(Mute.objects.filter(account=writer.account).values_list("commenter", flat=True))
            if writer.is_reader
            else [],
        }
    )
