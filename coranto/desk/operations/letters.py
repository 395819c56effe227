"""Letters about the way of an article to publication: after the act they tell of, and never in its way.

Wagtail sends its own within the transaction, and a mail server that is away undoes what somebody did.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from wagtail.admin.mail import (
    EmailNotificationMixin,
    Notifier,
    WorkflowStateApprovalEmailNotifier,
    WorkflowStateRejectionEmailNotifier,
)
from wagtail.models import Page, TaskState
from wagtail.permissions import policy_registry

from coranto.desk.models import SectionReview

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from coranto.masthead.models import Account


class AfterTheAct(Notifier):
    def __call__(self, instance: Any = None, **kwargs: Any) -> None:
        def send() -> None:
            super(AfterTheAct, self).__call__(instance, **kwargs)

        # Robust: what fails here is logged, and what it tells of has happened.
        transaction.on_commit(send, robust=True)


class ReviewAsked(AfterTheAct, EmailNotificationMixin, Notifier):
    """To everybody who may approve it, except whoever submitted it."""

    notification = "submitted"

    def __init__(self) -> None:
        super().__init__((TaskState,))

    def can_handle(self, instance: TaskState, **kwargs: Any) -> bool:
        return super().can_handle(instance, **kwargs) and isinstance(instance.task.specific, SectionReview)

    def get_context(self, task_state: TaskState, **kwargs: Any) -> dict[str, Any]:
        page = task_state.workflow_state.content_object.specific
        return {
            **super().get_context(task_state, **kwargs),
            "task": task_state.task.specific,
            "object": page,
            "page": page,
            "model_name": page._meta.verbose_name,
        }

    def get_recipient_users(
        self, task_state: TaskState, *, user: Account | None = None, **_kwargs: Any
    ) -> QuerySet[Account]:
        page = task_state.workflow_state.content_object
        editors = policy_registry.get_by_type(Page).users_with_permission_for_instance("publish", page)
        return editors.exclude(pk=user.pk) if user else editors


class Approved(AfterTheAct, WorkflowStateApprovalEmailNotifier):
    pass


class SentBack(AfterTheAct, WorkflowStateRejectionEmailNotifier):
    """With the reason."""
