"""What is asked before an article goes out: beside the editor, in the settings, and on every way to publication.

It is asked of people. The clock, imports and commands publish what they are told: what was scheduled passed
when it was scheduled, as of the hour it was scheduled for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.api.actions.publish import PublishPageAPIAction
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.api.v2.utils import BadRequestError
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, Revision

from coranto.desk.models import Checklist
from coranto.desk.operations import checklist as operations
from coranto.desk.operations.checklist import NotReady
from coranto.desk.tasks.links import visit_links_task
from coranto.desk.views import checklist as views
from coranto.kit import clock
from coranto.newsroom.models import Article

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.http import HttpRequest, HttpResponse
    from django.urls import URLPattern
    from wagtail.api.v2.router import WagtailAPIRouter

    from coranto.desk.rules.checklist import Finding

# Beside the editor ------------------------------------------------------------------------------------------


class ArticleViewSet(PageViewSet):
    model = Article
    parent_models: Sequence[type[Page]] = ()  # sections keep their own list of what stands in them
    add_view_class = views.ArticleCreateView
    edit_view_class = views.ArticleEditView
    workflow_action_view_class = views.ArticleWorkflowActionView


@hooks.register("register_admin_viewset")
def register_article_viewset() -> PageViewSet:
    return ArticleViewSet()


@hooks.register("register_admin_urls")
def register_checklist_urls() -> list[URLPattern]:
    return [
        path("desk/checklist/<int:page_id>/", views.show_checklist, name="desk_checklist"),
        path("desk/checklist/<int:page_id>/links/", views.check_links, name="desk_check_links"),
    ]


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def visit_links_in_review(_request: HttpRequest, page: Page) -> None:
    """A draft is its writer's; what is in review is about to be published, and its links may be visited."""
    if isinstance(page, Article) and page.workflow_in_progress:
        article = page.get_latest_revision_as_object()
        operations.ask_for_link_checks(article=article, queue=visit_links_task.enqueue, now=clock.now())


# On the way to publication ----------------------------------------------------------------------------------


@hooks.register("before_publish_page")
def hold_back_in_the_editor(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The draft is saved by now; it is what is examined."""
    held = dict(_held_back([page]))
    return views.hold_back(request, page, held[page]) if held else None


@hooks.register("before_bulk_action")
def hold_back_in_lists(request: HttpRequest, kind: str, objects: list[Any], action: Any) -> HttpResponse | None:
    if kind != "publish" or action.model is not Page:
        return None
    held = list(_held_back(_to_be_published(objects, request, **action.get_execution_context())))
    return views.hold_back_all(request, held, action.next_url) if held else None


def _to_be_published(
    pages: Iterable[Page], request: HttpRequest, *, include_descendants: bool = False, **_context: Any
) -> Iterator[Page]:
    """What Wagtail's bulk action will publish: the pages, and if so wanted the drafts below them."""
    for page in pages:
        yield page.specific
        if include_descendants:
            for below in page.get_descendants().not_live().specific().iterator():
                if below.permissions_for_user(request.user).can_publish():
                    yield below


def _held_back(pages: Iterable[Page]) -> Iterator[tuple[Page, Sequence[Finding]]]:
    for page in pages:
        if isinstance(page, Article):
            try:
                operations.hold_back_unready(article=page.get_latest_revision_as_object(), now=clock.now())
            except NotReady as held:
                yield page, held.findings


class PublishReadyArticle(PublishPageAPIAction):
    def execute(self, instance: Page, data: Any) -> Any:
        for _page, findings in _held_back([instance.specific]):
            raise BadRequestError(" ".join(each.message for each in findings))
        return super().execute(instance, data)


class CheckedPagesAPIViewSet(PagesAdminAPIViewSet):
    actions = {**PagesAdminAPIViewSet.actions, "publish": PublishReadyArticle}


@hooks.register("construct_admin_api")
def check_in_the_api(router: WagtailAPIRouter) -> None:
    router.register_endpoint("pages", CheckedPagesAPIViewSet)


# The last line: whatever way a person takes through the admin, approval at the end of a workflow among them.
# Publishing saves the whole article with another live revision; scheduling saves the revision's hour alone.


@receiver(pre_save, sender=Article, dispatch_uid="desk-checklist-published")
def hold_back_publication(
    instance: Article, *, update_fields: Iterable[str] | None = None, raw: bool = False, **_kwargs: Any
) -> None:
    if raw or update_fields is not None or not instance.live or not _a_person_acts():
        return
    revision_id = instance.live_revision_id
    if instance.pk is None or revision_id is None or instance.alias_of_id:
        return
    if not Page.objects.filter(pk=instance.pk, live_revision_id=revision_id).exists():
        operations.hold_back_unready(article=instance.live_revision.as_object(), now=clock.now())


@receiver(pre_save, sender=Revision, dispatch_uid="desk-checklist-scheduled")
def hold_back_scheduling(
    instance: Revision, *, update_fields: Iterable[str] | None = None, raw: bool = False, **_kwargs: Any
) -> None:
    if raw or not instance.approved_go_live_at or "approved_go_live_at" not in (update_fields or ()):
        return
    if _a_person_acts() and instance.content_type.model_class() is Article:
        operations.hold_back_unready(article=instance.as_object(), now=clock.now())


def _a_person_acts() -> bool:
    """Wagtail's admin knows on whose behalf each of its views runs; nothing else has such a context."""
    return get_active_log_context().user is not None


# Settings ---------------------------------------------------------------------------------------------------

Checklist.edit_handler = ObjectList(
    [
        HelpPanel(_("Each line says how an article ought to be. Choose what follows where it is not so.")),
        MultiFieldPanel(
            [
                FieldPanel("headline_length"),
                FieldPanel("headline_longest"),
                FieldPanel("headline_twin"),
                FieldPanel("standfirst"),
                FieldRowPanel([FieldPanel("standfirst_shortest"), FieldPanel("standfirst_longest")]),
                FieldPanel("byline"),
                FieldPanel("body"),
                FieldPanel("placeholder"),
            ],
            heading=_("Words"),
        ),
        MultiFieldPanel(
            [FieldPanel("picture_description"), FieldPanel("picture_credit"), FieldPanel("picture_rights")],
            heading=_("Pictures"),
        ),
        MultiFieldPanel(
            [FieldPanel("credit_licence"), FieldPanel("credit_original")], heading=_("Pieces from elsewhere")
        ),
        MultiFieldPanel(
            [FieldPanel("link_inside"), FieldPanel("link_outside"), FieldPanel("visits_outside_links")],
            heading=_("Links"),
        ),
        MultiFieldPanel(
            [FieldPanel("section"), FieldPanel("audience"), FieldPanel("notes")],
            heading=_("Place and people"),
        ),
    ]
)
