"""The desk, the calendar, the dashboard, the kill switch, embargoes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.log_actions import LogFormatter
from wagtail.models import Page

from coranto.desk.operations.withdrawing import WITHDRAWN
from coranto.desk.queries.visibility import below, may
from coranto.desk.rules import embargo
from coranto.desk.views import articles, calendar, dashboard, desk
from coranto.desk.views.articles import EMBARGO_CHANGED, zone_of
from coranto.desk.views.withdrawing import WithdrawView
from coranto.desk.views.writing import CompareView
from coranto.desk.wagtail_hooks.checklist import ArticleViewSet as CheckedArticleViewSet
from coranto.kit import clock
from coranto.newsroom.models import Article, Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from wagtail.admin.viewsets.pages import PageViewSet
    from wagtail.log_actions import LogActionRegistry
    from wagtail.models import PageLogEntry
    from wagtail.query import PageQuerySet

    from coranto.masthead.models import Account

NAMED = 5


@hooks.register("register_admin_urls")
def register_screens() -> list[URLPattern]:
    return [
        path("desk/", desk.DeskView.as_view(), name="desk"),
        path("desk/write/", desk.write_article, name="desk_write"),
        path("desk/all/<slug:name>/", desk.DeskListView.as_view(), name="desk_list"),
        path("calendar/", calendar.CalendarView.as_view(), name="desk_calendar"),
    ]


class ArticleViewSet(CheckedArticleViewSet):
    """All that is ours of an article's screens; sections list their articles in our columns."""

    parent_models = [Section]
    add_view_class = articles.ArticleCreateView
    edit_view_class = articles.ArticleEditView
    index_view_class = articles.ArticleIndexView
    unpublish_view_class = WithdrawView
    workflow_action_view_class = articles.ArticleWorkflowActionView
    revisions_compare_view_class = CompareView


# After the checklist's: the last one registered is the one that counts, and this one holds both.
@hooks.register("register_admin_viewset", order=100)
def register_articles() -> PageViewSet:
    return ArticleViewSet()


@hooks.register("construct_homepage_panels", order=100)
def show_today(_request: HttpRequest, panels: list[Any]) -> None:
    """In the place of Wagtail's: its summary counts pages, and each of its panels asks the database row by row."""
    panels[:] = [*(each for each in panels if not type(each).__module__.startswith("wagtail.")), dashboard.TodayPanel()]


@hooks.register("construct_page_chooser_queryset", order=100)
def show_newest_in_the_chooser(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """A section's latest articles first, where Wagtail begins with the oldest; found ones stay as well as they fit.

    With what each row says of dates and reviews, for which it would ask by itself.
    """
    pages = pages.annotate_approved_schedule().prefetch_workflow_states()
    parent = request.resolver_match.kwargs.get("parent_page_id") if request.resolver_match else None
    if parent is None or not Section.objects.filter(pk=parent).exists():
        return pages
    return pages.order_by(F("latest_revision_created_at").desc(nulls_last=True))


# The kill switch --------------------------------------------------------------------------------------------


def _is_out_or_about_to_be(page: Page) -> bool:
    return bool(page.live or page.approved_schedule)


class WithdrawItem(ActionMenuItem):
    """In the editor, for whoever may publish: whether or not the article is locked, or out only tomorrow."""

    name = "action-unpublish"
    label = gettext_lazy("Withdraw at once")
    icon_name = "warning"
    order = 20

    def is_shown(self, context: dict[str, Any]) -> bool:
        page = context.get("page")
        return bool(
            context["view"] == "edit"
            and isinstance(page, Article)
            and _is_out_or_about_to_be(page)
            and may(context["request"].user, "publish", page)
        )

    def get_url(self, context: dict[str, Any]) -> str:
        return reverse("wagtailadmin_pages:unpublish", args=[context["page"].pk])


@hooks.register("construct_page_action_menu")
def offer_withdrawal(items: list[Any], _request: HttpRequest, context: dict[str, Any]) -> None:
    if not isinstance(context.get("page"), Article):
        return
    items[:] = [each for each in items if each.name != WithdrawItem.name]
    withdraw = WithdrawItem()
    if withdraw.is_shown(context):
        items.append(withdraw)


class WithdrawButton(PageMenuItem):
    """Where Wagtail has no button of its own: on what a colleague has locked, and on what is only scheduled."""

    label = gettext_lazy("Withdraw at once")
    icon_name = "warning"
    url_name = "wagtailadmin_pages:unpublish"

    def is_shown(self, user: Account) -> bool:
        page = self.page
        return bool(
            page.specific_class is Article
            and _is_out_or_about_to_be(page)
            and may(user, "publish", page)
            and not page.permissions_for_user(user).can_unpublish()
        )


@hooks.register("register_page_listing_more_buttons")
def offer_withdrawal_in_lists(page: Page, next_url: str | None = None, **_asked: Any) -> Iterator[PageMenuItem]:
    yield WithdrawButton(page=page, next_url=next_url, priority=40)


@hooks.register("register_page_header_buttons")
def offer_withdrawal_above(page: Page, **_asked: Any) -> Iterator[PageMenuItem]:
    yield WithdrawButton(page=page, priority=60)


# Embargoes --------------------------------------------------------------------------------------------------


@hooks.register("before_bulk_action", order=-1)  # before the checklist's: an embargo cannot be put right
def keep_embargoes(request: HttpRequest, kind: str, objects: list[Any], action: Any) -> HttpResponse | None:
    """None of several is published when one of them must not be: half a bulk action is hard to undo."""
    if kind != "publish" or action.model is not Page:
        return None
    with_drafts = action.get_execution_context().get("include_descendants")
    held = _under_embargo(objects, with_descendants=bool(with_drafts))[: NAMED + 1]
    if not held:
        return None
    named = [
        f"“{each.draft_title}” ({embargo.moment(each.embargoed_until, zone_of(request))})" for each in held[:NAMED]
    ]
    if len(held) > NAMED:
        named.append(_("and further ones"))
    sentence = _("Nothing was published. Under embargo: %(articles)s.") % {"articles": ", ".join(named)}
    messages.error(request, sentence)
    return redirect(action.next_url)


def _under_embargo(pages: Iterable[Page], *, with_descendants: bool) -> Any:
    wanted = Q(pk__in=[each.pk for each in pages])
    if with_descendants:
        for page in pages:
            wanted |= below(page.path)
    return Article.objects.filter(wanted, embargoed_until__gt=clock.now()).order_by("embargoed_until", "pk")


# History ----------------------------------------------------------------------------------------------------


@hooks.register("register_log_actions")
def name_acts(actions: LogActionRegistry) -> None:
    @actions.register_action(WITHDRAWN)
    class Withdrawn(LogFormatter):
        label = gettext_lazy("Withdraw at once")

        def format_message(self, entry: PageLogEntry) -> str:
            reason = entry.data.get("reason")
            return _("Withdrawn at once: %(reason)s") % {"reason": reason} if reason else _("Withdrawn at once")

    @actions.register_action(EMBARGO_CHANGED)
    class EmbargoChanged(LogFormatter):
        label = gettext_lazy("Change the embargo")

        def format_message(self, entry: PageLogEntry) -> str:
            until = entry.data.get("until")
            return _("Embargo until %(time)s") % {"time": until} if until else _("Embargo lifted")
