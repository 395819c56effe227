"""What Wagtail asks about pages, answered by the newsroom's roles: which are seen, which changed, which removed.

Roles are groups with Wagtail's own permissions; two things those cannot say are said here. Whoever may only add
pages somewhere sees and changes there what is their own, as long as it is a draft. And a permission on a section
is about what stands in it: whoever holds it cannot remove the section.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import Page
from wagtail.models.pages import PagePermissionTester
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry

from coranto.desk.queries.visibility import below
from coranto.desk.rules import roles
from coranto.newsroom.models import Article, FrontPage, Section
from coranto.newsroom.rules import Visibility

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wagtail.query import PageQuerySet

    from coranto.masthead.models import Account


class NewsroomPagePolicy(PagePermissionPolicy):
    """Wagtail's policy, by which nobody is told of a page they may not see.

    To Wagtail's actions it adds *view*: to see a page in the admin, its drafts included.
    """

    def grants(self, user: Account) -> list[tuple[str, str]]:
        """Where the user was given what: (path, action). One query, the first time a request asks."""
        return [
            (each.page.path, each.permission.codename.rpartition("_")[0])
            for each in self.get_cached_permissions_for_user(user)
        ]

    def may_see(self, user: Account, page: Page) -> bool:
        base = self._base_user_has_permission(user)
        if base is not None:
            return bool(base)
        return roles.may_see(self.grants(user), path=page.path, is_own=page.owner_id == user.pk, is_open=_is_open(page))

    def sees_the_whole_paper(self, user: Account) -> bool:
        front = FrontPage.objects.order_by("path").first()
        return user.is_superuser or (front is not None and "publish" in self._actions_at(user, front.path))

    def _actions_at(self, user: Account, path: str) -> set[str]:
        return {action for place, action in self.grants(user) if path.startswith(place)}

    def seen(self, user: Account) -> Q:
        """The same rule for the database: what the user may see."""
        if user.is_superuser:
            return Q(pk__isnull=False)
        everything, own, places = Q(pk__in=()), Q(pk__in=()), set()
        for place, action in self.grants(user):
            places.add(place)
            if action in roles.SEEING_ALL:
                everything |= below(place)
            else:
                own |= below(place)
        return everything | Q(path__in=places) | (own & (Q(owner=user) | _open_pages()))

    def openable_pages(self, user: Account) -> PageQuerySet:
        """What an address of the admin may be about: what the user sees, and sections wherever they are."""
        return Page.objects.filter(self.seen(user) | _open_pages())

    def user_has_any_permission_for_instance(self, user: Account, actions: Iterable[str], instance: Page) -> bool:
        if "view" in actions and self.may_see(user, instance):
            return True
        return bool(super().user_has_any_permission_for_instance(user, set(actions) - {"view"}, instance))

    def instances_user_has_any_permission_for(self, user: Account, actions: Iterable[str]) -> PageQuerySet:
        if not user.is_active or user.is_superuser:
            return self._base_queryset_for_user(user)
        actions = set(actions)
        granted, own = Q(pk__in=()), Q(pk__in=())
        for place, action in self.grants(user):
            if action in actions:
                granted |= below(place)
            elif action == "add" and "change" in actions:
                own |= below(place)
        return self.model.objects.filter(self.seen(user), granted | (own & Q(owner=user)))

    def explorable_instances(self, user: Account) -> PageQuerySet:
        if not user.is_active or user.is_superuser:
            return self._base_queryset_for_user(user)
        places = {place for place, _action in self.grants(user)}
        return self.model.objects.filter(self.seen(user) | Q(path__in=_ways_to(places)))


def _ways_to(places: set[str]) -> set[str]:
    """The paths above these places, up to the last page above all of them."""
    ways = {place[:end] for place in places for end in range(Page.steplen, len(place), Page.steplen)}
    top = max((way for way in ways | places if all(place.startswith(way) for place in places)), key=len, default="")
    return {way for way in ways if way.startswith(top)}


def _open_pages() -> Q:
    return Q(live=True) & ~Q(content_type=ContentType.objects.get_for_model(Article))


def _is_open(page: Page) -> bool:
    return bool(page.live and page.content_type_id != ContentType.objects.get_for_model(Article).pk)


def page_policy() -> NewsroomPagePolicy:
    policy: NewsroomPagePolicy = policy_registry.get_by_type(Page)
    return policy


def linkable_pages(account: Account) -> PageQuerySet:
    """What somebody may be shown as the target of a link: what readers get, and what they may see anyway."""
    public = Q(live=True) & (Q(article=None) | Q(article__visibility=Visibility.PUBLIC))
    return Page.objects.filter(public | page_policy().seen(account))


class NewsroomPermissionTester(PagePermissionTester):
    """What one account may do to one page, asked by every act of the editor."""

    def can_edit(self) -> bool:
        if not super().can_edit():
            return False
        if self.user.is_superuser or self.permissions & {"change", "publish"}:
            return True
        return not self.page.live

    def can_add_subpage(self) -> bool:
        if isinstance(self.page.specific_deferred, FrontPage) and not self._may("publish"):
            return False  # sections and plain pages are the editor-in-chief's
        return bool(super().can_add_subpage())

    def can_delete(self, ignore_bulk: bool = False) -> bool:  # noqa: FBT001, FBT002 - Wagtail's signature
        return bool(super().can_delete(ignore_bulk=ignore_bulk)) and self._may_remove()

    def can_unpublish(self) -> bool:
        return bool(super().can_unpublish()) and (self._is_leaf_of_the_paper() or self._may_above("publish"))

    def _may(self, action: str) -> bool:
        return bool(self.user.is_superuser or (self.user.is_active and action in self.permissions))

    def _may_remove(self) -> bool:
        if self.user.is_superuser:
            return True
        if not self._is_leaf_of_the_paper():
            return self._may_above("publish")
        return "publish" in self.permissions or self.page.owner_id == self.user.pk

    def _is_leaf_of_the_paper(self) -> bool:
        return not isinstance(self.page.specific_deferred, FrontPage | Section)

    def _may_above(self, action: str) -> bool:
        """Whether the action was granted on a page above this one, and not on this one alone."""
        if self.user.is_superuser:
            return True
        granted: list[tuple[str, Any]] = self.permission_policy.grants(self.user)
        return any(
            action == given and self.page.path.startswith(place) and place != self.page.path for place, given in granted
        )
