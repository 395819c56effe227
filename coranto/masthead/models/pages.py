from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.fields import RichTextField
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page
from wagtail.models.pages import PagePermissionTester
from wagtail.permissions import policy_registry

from coranto.masthead import rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from wagtail.models import Revision

    from coranto.masthead.models.account import Account


FRONT_PAGE_DEPTH: Final = 2  # below the root of Wagtail's tree
TAKEN_BY_THE_SITE: Final = _("The site itself answers at this address. Choose another.")


class SitePage(Page):
    """What every page of the site shares. Pages do not serve themselves: views do, through `on_serve_page`."""

    copy_form_class: type[Any]  # set by `panels`
    private_page_options: list[str] = []  # who may read an article is a field of the article
    show_in_menus_default = False
    permission_tester: type[PagePermissionTester] = PagePermissionTester  # a room above may know more of roles

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        """The page's path on the site, `/` for the front page; known from the row itself, without a query."""
        return rules.address_of(self.url_path)

    # Wagtail writes a page, what belongs to it and the addresses of the pages below one after the other. As one act,
    # nobody reads half of it, and what caches are told to forget follows the whole.

    def save(self, *args: Any, **kwargs: Any) -> Any:
        with _one_act():
            return super().save(*args, **kwargs)

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> Any:
        with _one_act():
            return super().publish(revision, *args, **kwargs)

    def unpublish(self, *args: Any, **kwargs: Any) -> Any:
        with _one_act():
            return super().unpublish(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        if rules.is_reserved(self.slug, is_top_level=self.is_top_level()):
            raise ValidationError({"slug": TAKEN_BY_THE_SITE})

    def is_top_level(self) -> bool:
        """Whether the page stands directly below the front page; overridden where the kind decides it."""
        return self.depth in {None, FRONT_PAGE_DEPTH + 1}

    def is_reserved_below(self, parent: Page) -> bool:
        """Whether the site itself answers where this page would stand below `parent`."""
        return rules.is_reserved(self.slug, is_top_level=parent.depth == FRONT_PAGE_DEPTH)

    def can_move_to(self, parent: Page) -> bool:
        return not self.is_reserved_below(parent) and bool(super().can_move_to(parent))

    def permissions_for_user(self, user: Account) -> PagePermissionTester:
        return self.permission_tester(user, self)

    def get_admin_display_title(self) -> str:
        """The title of the latest draft, for who may see it; for all others the one readers get, if they get one.

        Wagtail shows titles in many more places than it guards: choosers, lists of what could not be done, reports.
        """
        if self._may_be_seen():
            return str(super().get_admin_display_title())
        return self.title if self.is_public else str(_("(not yours to see)"))

    def get_url_parts(self, *args: Any, **kwargs: Any) -> tuple[int, str, str] | None:
        # An address is made of the headline, and the editor shows where a link leads.
        parts: tuple[int, str, str] | None = super().get_url_parts(*args, **kwargs)
        return parts if self.is_public or self._may_be_seen() else None

    def _may_be_seen(self) -> bool:
        """By whoever works in the admin right now; outside of it nothing is asked."""
        viewer = get_active_log_context().user
        return viewer is None or policy_registry.get(self).user_has_permission_for_instance(viewer, "view", self)

    @property
    def is_public(self) -> bool:
        """Whether anybody may read it."""
        return bool(self.live)

    def serve(self, *_args: Any, **_kwargs: Any) -> HttpResponse:
        raise Http404  # no view has taken this kind of page

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        request.is_preview = True  # type: ignore[attr-defined]
        request.preview_mode = mode_name  # type: ignore[attr-defined]
        serve: Callable[..., HttpResponse] = _serve_itself
        for hook in reversed(hooks.get_hooks("on_serve_page")):
            serve = hook(serve)
        return serve(self, request, [], {})


def _one_act() -> AbstractContextManager[object]:
    """A transaction where there is none; a savepoint within another would cost two statements for nothing."""
    return nullcontext() if transaction.get_connection().in_atomic_block else transaction.atomic()


def _serve_itself(page: Page, request: HttpRequest, args: Any, kwargs: Any) -> HttpResponse:
    return page.serve(request, *args, **kwargs)


class PlainPage(SitePage):
    """A page that is no article: about, privacy, imprint, contact."""

    body = RichTextField(
        _("text"),
        blank=True,
        features=["h2", "h3", "bold", "italic", "link", "ol", "ul", "hr", "superscript", "subscript"],
    )
    kept_html = models.TextField(
        _("kept HTML"),
        blank=True,
        editable=False,
        help_text=_("What an import could not turn into text; always sanitised."),
    )

    subpage_types = ["masthead.PlainPage"]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
