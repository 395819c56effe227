"""A backstop: no address of the admin speaks of a page that whoever asks may not see.

Wagtail asks for permission before it changes a page, and not always before it names one: choosers, lists of
what could not be done, messages. This asks first, for every address that has a page's id in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.views.defaults import page_not_found
from wagtail.log_actions import LogContext
from wagtail.models import Page

from coranto.desk.queries.permissions import linkable_pages, page_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest, HttpResponse, HttpResponseBase
    from django.urls import ResolverMatch

    from coranto.masthead.models import Account

ADMIN = "/admin/"
# What Wagtail, and our own screens, call a page's id in an address.
PAGE_IDS = frozenset({"page_id", "page_pk", "parent_page_id", "page_to_move_id", "destination_id"})
# Where a page's id is called as any other's.
PAGE_SPACES = frozenset({"wagtailadmin_pages", "wagtailadmin_api:pages"})
PAGE_NAMES = frozenset({"desk_compare"})
# Where pages are chosen from: what readers get is fair to link to.
CHOOSERS = "wagtailadmin_choose_page"
CHOSEN = frozenset({"id", "target_pages[]"})
# What counts or lists all articles there are, whoever asks.
OF_THE_WHOLE_PAPER = frozenset(
    {"wagtailadmin_reports:page_types_usage", "wagtailadmin_reports:page_types_usage_results"}
)


class HiddenPagesMiddleware:
    """Answers as if there were no such page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(ADMIN) or not request.user.is_authenticated:
            return self.get_response(request)
        # Wagtail knows on whose behalf a view runs, and forgets it before the answer is rendered.
        with LogContext(user=request.user, generate_uuid=False):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match, account = request.resolver_match, request.user
        if match is None or not request.path_info.startswith(ADMIN) or not account.is_authenticated:
            return None
        if account.is_superuser:
            return None
        if match.view_name in OF_THE_WHOLE_PAPER:
            hidden = not page_policy().sees_the_whole_paper(account)
        else:
            hidden = self._names_a_hidden_page(request, match, kwargs)
        return page_not_found(request, Exception(), template_name="wagtailadmin/404.html") if hidden else None

    def _names_a_hidden_page(self, request: HttpRequest, match: ResolverMatch, kwargs: dict[str, Any]) -> bool:
        account: Account = request.user  # type: ignore[assignment]
        wanted = set(_pages_of_address(match, kwargs))
        is_chooser = (match.url_name or "").startswith(CHOOSERS)
        if is_chooser:
            wanted |= {int(each) for name in CHOSEN for each in request.GET.getlist(name) if each.isdecimal()}
        if not wanted:
            return False
        seen = linkable_pages(account) if is_chooser else page_policy().openable_pages(account)
        return Page.objects.filter(pk__in=wanted, depth__gt=1).exclude(pk__in=seen.values("pk")).exists()


def _pages_of_address(match: ResolverMatch, kwargs: dict[str, Any]) -> Iterator[int]:
    for name, value in kwargs.items():
        is_page = name == "pk" and (match.namespace in PAGE_SPACES or match.view_name in PAGE_NAMES)
        if name in PAGE_IDS or is_page:
            yield int(value)
