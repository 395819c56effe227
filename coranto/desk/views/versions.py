"""The published versions of an article in the admin: what readers see of each, and the way to withdraw one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin import messages

from coranto.desk.forms import VersionWithdrawalForm
from coranto.desk.operations import versions as operations
from coranto.desk.operations.versions import StillReadError
from coranto.desk.queries.permissions import page_policy
from coranto.desk.queries.versions import published_versions
from coranto.kit import clock
from coranto.newsroom.models import Article, ArticleVersion

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from coranto.masthead.models import Account


@require_safe
def show_versions(request: HttpRequest, page_id: int) -> HttpResponse:
    """For whoever may edit or publish the article."""
    article, account = get_object_or_404(Article, pk=page_id), _account(request)
    may = article.permissions_for_user(account)
    if not (may.can_edit() or may.can_publish()):
        raise PermissionDenied
    try:
        listing = published_versions(article, before=request.GET.get("before", ""))
    except ValueError as error:
        raise Http404(_("There is no such place in this list.")) from error
    context = {
        "article": article,
        "listing": listing,
        "may_withdraw": page_policy().sees_the_whole_paper(account),
        "may_restore": account.is_superuser,
    }
    return render(request, "desk/versions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_version(request: HttpRequest, page_id: int, number: int) -> HttpResponse:
    account = _account(request)
    if not page_policy().sees_the_whole_paper(account):
        raise PermissionDenied
    version, article = _version(page_id, number), get_object_or_404(Article, pk=page_id)
    form = VersionWithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.withdraw_version(
                version=version, by=account, reason=form.cleaned_data["reason"], now=clock.now()
            )
        except StillReadError:
            form.add_error(None, _still_read())
        else:
            told = _("The words of version %(number)d are withdrawn; readers find the reason in their place.")
            messages.success(request, told % {"number": number})
            return redirect("desk_versions", page_id)
    return render(request, "desk/version_withdraw.html", {"article": article, "version": version, "form": form})


@require_POST
def restore_version(request: HttpRequest, page_id: int, number: int) -> HttpResponse:
    account = _account(request)
    if not account.is_superuser:
        raise PermissionDenied
    version = _version(page_id, number)
    if operations.restore_version(version=version, by=account, now=clock.now()):
        messages.success(request, _("The words of version %(number)d are shown again.") % {"number": number})
    else:
        messages.info(request, _("Version %(number)d was not withdrawn.") % {"number": number})
    return redirect("desk_versions", page_id)


def _still_read() -> str:
    return _(
        "This is the version readers have: withdrawing it here would leave its words in the article. "
        "Publish the article without them first, or withdraw the article."
    )


def _version(page_id: int, number: int) -> ArticleVersion:
    return get_object_or_404(ArticleVersion.objects.defer("document"), article_id=page_id, number=number)


def _account(request: HttpRequest) -> Account:
    return cast("Account", request.user)  # the admin lets nobody else in
