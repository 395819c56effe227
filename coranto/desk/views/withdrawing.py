"""The kill switch's page: are you sure, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request
from wagtail.admin.views.pages.unpublish import UnpublishView

from coranto.desk.forms import WithdrawalForm
from coranto.desk.operations.withdrawing import withdraw_now
from coranto.desk.queries.visibility import may, visible_articles
from coranto.kit import clock
from coranto.newsroom.models import Article

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from coranto.desk.operations.withdrawing import Withdrawal
    from coranto.masthead.models import Account


class WithdrawView(UnpublishView):
    """In the place of Wagtail's page for unpublishing: every button of that name leads here."""

    page_title = gettext_lazy("Withdraw at once")
    template_name = "desk/withdraw.html"
    object: Article

    def get_object(self, queryset: Any = None) -> Article:  # noqa: ARG002 - Django's signature
        article = get_object_or_404(Article, pk=self.pk)
        # An alias follows its article and would be brought back by it: what goes is the article, everywhere.
        return article.alias_of.specific if article.alias_of_id else article

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = cast("Account", request.user)  # Wagtail lets nobody else in
        if not visible_articles(account).filter(pk=self.object.pk).exists():
            raise Http404
        if not may(account, "publish", self.object):
            raise PermissionDenied
        # Wagtail's own would refuse what a colleague has locked and what is scheduled but not out yet.
        handler = self.post if request.method == "POST" else self.get
        return handler(request, *args, **kwargs)

    def post(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        form = WithdrawalForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        done = withdraw_now(
            article=self.object, by=cast("Account", request.user), reason=form.cleaned_data["reason"], now=clock.now()
        )
        if done.did_anything:
            messages.success(request, _told(self.object, done))
        else:
            messages.info(request, _("“%(headline)s” was neither out nor about to be.") % {"headline": self.object})
        return redirect(self.get_next_url())

    def get_next_url(self) -> str:
        edit = reverse("wagtailadmin_pages:edit", args=[self.object.pk])
        return get_valid_next_url_from_request(self.request) or edit

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", WithdrawalForm())
        return {
            "article": self.object,
            "page_title": self.get_page_title(),
            "page_subtitle": self.object.get_admin_display_title(),
            "next_url": self.get_next_url(),
            "header_icon": self.header_icon,
            **kwargs,
        }


def _told(article: Article, done: Withdrawal) -> str:
    """What was done, in a sentence for each."""
    said = []
    if done.was_public:
        said.append(_("“%(headline)s” is withdrawn: no reader finds it any more.") % {"headline": article})
    else:
        said.append(_("“%(headline)s” will not come out.") % {"headline": article})
    if done.places:
        said.append(
            ngettext("So is its other place.", "So are its %(count)d other places.", done.places)
            % {"count": done.places}
        )
    if done.dates_cancelled:
        said.append(_("Its date of publication is cancelled."))
    if done.review_ended:
        said.append(_("Its review has ended."))
    return " ".join(said)
