"""A reader's own pages: the overview, their data, the end of their account; and the drawn pictures."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coranto.delivery import pages
from coranto.kit import clock
from coranto.readers import operations, queries
from coranto.readers.forms import EraseForm, NameForm
from coranto.readers.rules.avatars import draw_avatar, is_seed

if TYPE_CHECKING:
    from django.http import HttpRequest

    from coranto.masthead.models import Account
    from coranto.readers.models import Reader

FOR_EVER = "public, max-age=31536000, immutable"


def _account(request: HttpRequest) -> Account:
    account: Account = request.user  # type: ignore[assignment]  # nobody else comes here
    return account


def _reader(request: HttpRequest) -> Reader:
    return operations.register_reader(account=_account(request), now=clock.now())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show_account(request: HttpRequest) -> HttpResponse:
    """The overview; what is posted is the name."""
    reader = _reader(request)
    form = NameForm(request.POST if request.method == "POST" else None, reader=reader)
    if form.is_valid():
        operations.rename_reader(reader=reader, display_name=form.cleaned_data["display_name"])
        return redirect("readers_account")
    page = queries.account_page(account=_account(request), reader=reader)
    return render(request, "readers/account.html", {"page": page, "form": form})


@require_POST
@login_required
def redraw(request: HttpRequest) -> HttpResponse:
    operations.redraw_avatar(reader=_reader(request))
    return redirect("readers_account")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def show_data(request: HttpRequest) -> HttpResponse:
    """What is known about somebody, as a file where it is asked for by a POST."""
    if request.method != "POST":
        return render(request, "readers/data.html", {"labels": queries.labels_of_data()})
    now = clock.now()
    data = operations.export_reader(account=_account(request), now=now)
    response = JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="my-data-{now:%Y-%m-%d}.json"'
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required(app="coranto.readers", allow_get=True)
def erase(request: HttpRequest) -> HttpResponse:
    form = EraseForm(request.POST if request.method == "POST" else None)
    is_staff = queries.must_have_second_factor(request.user)
    if form.is_valid() and not is_staff:
        leaves_words = form.cleaned_data["words"] == EraseForm.LEAVE
        operations.erase_reader(account=_account(request), leaves_words=leaves_words, now=clock.now())
        logout(request)
        return redirect("readers_erased")
    status = HTTPStatus.FORBIDDEN if is_staff and request.method == "POST" else HTTPStatus.OK
    return render(
        request,
        "readers/erase.html",
        {"form": form, "is_staff": is_staff, "labels": queries.labels_of_erasure()},
        status=status,
    )


@never_cache
@require_safe
def show_erased(request: HttpRequest) -> HttpResponse:
    return render(request, "readers/erased.html")


@pages.public(life=timedelta(days=1))
@require_safe
def show_avatar(request: HttpRequest, seed: str) -> HttpResponse:  # noqa: ARG001 - a view's signature
    """The picture drawn from a seed, which never means another one."""
    if not is_seed(seed):
        raise Http404
    return HttpResponse(draw_avatar(seed), content_type="image/svg+xml", headers={"Cache-Control": FOR_EVER})
