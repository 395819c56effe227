from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from wagtail.models import Page, PageLogEntry
from wagtail.models.pages import PageLogEntryManager
from wagtail.permissions import policy_registry

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from coranto.masthead.models import Account


class GonePageLogEntryManager(PageLogEntryManager):
    def viewable_by_user(self, user: Account) -> QuerySet[PageLogEntry]:
        """To whoever may publish anywhere in the paper; Wagtail tells superusers alone what became of deleted pages."""
        gone: QuerySet[PageLogEntry] = self.get_queryset().exclude(page__in=Page.objects.values("pk"))
        if user.is_superuser or not policy_registry.get_by_type(Page).sees_the_whole_paper(user):
            return gone.none()
        return gone


class GonePageLogEntry(PageLogEntry):
    """What was done to pages that are no more."""

    objects: ClassVar[Any] = GonePageLogEntryManager()

    class Meta:
        proxy = True
        verbose_name = PageLogEntry._meta.verbose_name
        verbose_name_plural = PageLogEntry._meta.verbose_name_plural
